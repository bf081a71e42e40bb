"""Whatever stands in a template or a claim, judging ends in a verdict that can be told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.checks.finding import Outcome
from labgrader.checks.hygiene.images import parse_image
from tests.support.specimens import EXERCISE
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import Body, claim, config_map, deployment, pod, replica_set

PARAMS = {
    kind: {**check[kind]}
    for check in EXERCISE["spec"]["checks"]
    for kind in ("configures", "claims")
    if kind in check
}
NAMES = st.sampled_from(
    [
        "name",
        "image",
        "env",
        "envFrom",
        "value",
        "valueFrom",
        "secretKeyRef",
        "configMapKeyRef",
        "secretRef",
        "configMapRef",
        "optional",
        "key",
        "prefix",
        "ports",
        "containerPort",
        "readinessProbe",
        "livenessProbe",
        "startupProbe",
        "httpGet",
        "exec",
        "path",
        "port",
        "host",
        "periodSeconds",
        "resources",
        "limits",
        "requests",
        "cpu",
        "memory",
        "securityContext",
        "runAsNonRoot",
        "runAsUser",
        "capabilities",
        "drop",
        "add",
        "seccompProfile",
        "type",
        "volumeMounts",
        "mountPath",
        "readOnly",
        "configMap",
        "secret",
        "projected",
        "sources",
        "persistentVolumeClaim",
        "claimName",
        "emptyDir",
        "restartPolicy",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 9000)
    | st.floats(-2, 2)
    | st.text(max_size=5)
    | st.sampled_from(["web", "TOKEN", "token", "/etc/web", "1Gi", "500m", "http", "ALL", "Always"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=25,
)
MAPS = st.dictionaries(NAMES, VALUES, max_size=6)
LISTS = VALUES | st.lists(MAPS, max_size=3)
SPECS = st.fixed_dictionaries(
    {},
    optional={
        "containers": LISTS,
        "initContainers": LISTS,
        "volumes": LISTS,
        "securityContext": VALUES,
        "resources": VALUES,
    },
)


def told(judged: Judged) -> str:
    assert judged.finding.outcome in {Outcome.PASSED, Outcome.FAILED}
    assert len(judged.finding.causes) <= 6
    return judged.says("ko") + judged.says("en")


def with_template(spec: Any) -> list[Body]:
    body = deployment()
    body["spec"]["template"]["spec"] = spec
    owner = replica_set(body)
    made = pod("web-1", owner)
    made["status"]["qosClass"] = spec.get("resources") if isinstance(spec, dict) else spec
    data = config_map("web") | {"data": {"TOKEN": "x"}}
    return [body, owner, made, data, claim()]


@given(SPECS | VALUES, st.booleans())
def test_any_template_is_judged(spec: Any, named: bool) -> None:  # noqa: FBT001 (a drawn value)
    params = {**PARAMS["configures"], "containers": ["web"] if named else []}
    assert told(Namespace(with_template(spec)).judge(configures=params))


@given(SPECS | VALUES)
def test_claims_of_any_template_are_judged(spec: Any) -> None:
    assert told(Namespace(with_template(spec)).judge(claims=PARAMS["claims"]))


@pytest.mark.slow
@given(VALUES, VALUES)
def test_any_claim_is_judged(spec: Any, status: Any) -> None:
    odd = claim() | {"spec": spec, "status": status}
    params = {key: value for key, value in PARAMS["claims"].items() if key != "usedBy"}
    assert told(Namespace([odd]).judge(claims=params))


@given(st.text(max_size=40))
def test_any_image_has_a_repository_with_a_registry(name: str) -> None:
    assert "/" in parse_image(name).repository or "." in parse_image(name).repository
