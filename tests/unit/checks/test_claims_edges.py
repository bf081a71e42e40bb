"""`claims` at each of its limits, with everything that is told."""

from typing import Any

import pytest

from labgrader.checks.finding import Finding, cause, failed, passed
from labgrader.checks.scope import Scope
from tests.unit.checks.claimants import DB, USING, VOLUME, WEB, judge, running, web
from tests.unit.checks.objects import Body, claim, container, deployment
from tests.unit.checks.test_claims_used import database, member

OF_WEB: dict[str, Any] = {**WEB, "namespace": "kim"}
OF_DB: dict[str, Any] = {**DB, "namespace": "kim"}
HERE: dict[str, Any] = {"claim": "data", "namespace": "kim"}


def found(*objects: Body, **params: Any) -> Finding:
    return judge(*objects, **params).finding


def test_a_bound_claim_is_told_with_what_it_has() -> None:
    assert found(claim()) == passed("ClaimBound", claim="data", capacity="1Gi")
    used = found(claim(), web(), *running(web()), usedBy=WEB)
    assert used == passed("ClaimUsed", **WEB, claim="data", capacity="1Gi")


def changed(**fields: Any) -> Body:
    body = claim()
    for part, more in fields.items():
        body[part] |= more
    return body


@pytest.mark.parametrize(
    ("body", "params", "told"),
    [
        (changed(status={"phase": "Lost"}), {}, failed("ClaimLost", **HERE)),
        (changed(status={"phase": "Odd"}), {}, failed("ClaimNotBound", **HERE, seen="Odd")),
        (changed(status={"phase": None}), {}, failed("ClaimNotBound", **HERE, seen="-")),
        (
            claim(),
            {"storageClass": "fast"},
            failed("ClaimClassDiffers", **HERE, expected="fast", seen="standard"),
        ),
        (
            changed(spec={"storageClassName": None}),
            {"storageClass": "fast"},
            failed("ClaimClassDiffers", **HERE, expected="fast", seen="-"),
        ),
        (
            changed(spec={"accessModes": ["ReadWriteOnce", "ReadOnlyMany"]}),
            {"accessModes": ["ReadWriteMany", "ReadWriteOncePod", "ReadWriteOnce"]},
            failed(
                "ClaimModeAbsent",
                **HERE,
                expected="ReadWriteMany, ReadWriteOncePod",
                seen="ReadWriteOnce, ReadOnlyMany",
            ),
        ),
        (
            changed(spec={"accessModes": None}),
            {"accessModes": ["ReadWriteMany"]},
            failed("ClaimModeAbsent", **HERE, expected="ReadWriteMany", seen="-"),
        ),
        (
            claim(size="1Gi"),
            {"size": {"min": "2Gi"}},
            failed("ClaimTooSmall", **HERE, min="2Gi", seen="1Gi"),
        ),
        (
            changed(status={"capacity": None}),
            {"size": {"min": "2Gi"}},
            failed("ClaimTooSmall", **HERE, min="2Gi", seen="-"),
        ),
        (
            changed(spec={"resources": {"requests": {"storage": "2Gi"}}}),
            {"size": {"min": "2Gi"}},
            failed("ClaimTooSmall", **HERE, min="2Gi", seen="1Gi").because(
                cause("ClaimNotResized", **HERE, asked="2Gi")
            ),
        ),
    ],
)
def test_what_a_claim_lacks_is_told(body: Body, params: Any, told: Finding) -> None:
    assert found(body, **params).because() == told.because()
    if told.causes:
        assert found(body, **params) == told


def volume(name: str, of: str) -> Body:
    return {"name": name, "persistentVolumeClaim": {"claimName": of}}


def spec(*volumes: Body, **fields: Any) -> Body:
    return {"containers": [container(**fields)], "volumes": list(volumes)}


def test_claims_that_the_template_has_instead_are_told() -> None:
    assert found(claim(), web(spec()), usedBy=WEB) == failed(
        "ClaimNotInTemplate", **OF_WEB, claim="data", seen="-"
    )
    others = [volume(f"v{n}", f"c{n}") for n in (2, 1)]
    assert found(claim(), web(spec(*others)), usedBy=WEB) == failed(
        "ClaimNotInTemplate", **OF_WEB, claim="data", seen="c1, c2"
    )


def test_a_volume_that_nobody_mounts_is_told() -> None:
    for fields in ({}, {"volumeMounts": [{"name": "other", "mountPath": "/x"}]}):
        body = web(spec(VOLUME, **fields))
        told = failed("ClaimNotMounted", **OF_WEB, claim="data", volume="v")
        assert found(claim(), body, usedBy=WEB) == told


def test_a_raw_device_is_mounted_too() -> None:
    raw = spec(VOLUME, volumeDevices=[{"name": "v", "devicePath": "/dev/x"}])
    assert found(claim(), web(raw), *running(web(raw), raw), usedBy=WEB).reason == "ClaimUsed"


@pytest.mark.parametrize("phase", ["Pending", "Unknown", "Running", "Succeeded", "Failed"])
def test_a_claim_is_used_by_a_pod_that_ran(phase: str) -> None:
    finding = found(claim(), web(), *running(web(), phase=phase), usedBy=WEB)
    if phase in {"Running", "Succeeded"}:
        assert finding.reason == "ClaimUsed"
    else:
        assert finding.because() == failed("ClaimNotUsed", **OF_WEB, claim="data")


def without_number() -> Body:
    body = database()
    del body["spec"]["replicas"]
    return body


@pytest.mark.parametrize(
    ("body", "ordinals"),
    [
        (database(2), (0, 1)),
        (without_number(), (0,)),
        (database(1, ordinals={"start": 3}), (3,)),
        (database(2, ordinals={"start": 1}), (1, 2)),
        (database(1, ordinals={"start": None}), (0,)),
    ],
)
def test_every_replica_has_its_own_claim(body: Body, ordinals: tuple[int, ...]) -> None:
    objects = [one for ordinal in ordinals for one in member(body, ordinal)]
    assert found(body, *objects, usedBy=DB) == passed(
        "ClaimUsed",
        kind="StatefulSet",
        name="db",
        claim="data",
        capacity="1Gi",
    )
    lacking = [one for one in objects if one["metadata"]["name"] != f"data-db-{ordinals[-1]}"]
    missing = found(body, *lacking, usedBy=DB)
    assert (missing.reason, dict(missing.params)["name"]) == ("NotFound", f"data-db-{ordinals[-1]}")


def test_no_replicas_use_nothing() -> None:
    assert found(database(0), usedBy=DB) == failed("NoReplicas", **OF_DB)


def test_claims_and_pods_are_asked_for_at_once() -> None:
    scope = Scope("kim")
    rounds = judge(claim(), web(), *running(web()), usedBy=WEB).rounds
    pods = (scope.all("Pod"), scope.all("ReplicaSet"))
    one = scope.named("PersistentVolumeClaim", "data")
    assert rounds == ((scope.named("Deployment", "web"), one, *pods),)
    every = judge(database(0), usedBy=DB).rounds[0]
    listed = scope.all("PersistentVolumeClaim")
    assert every == (scope.named("StatefulSet", "db"), listed, scope.all("Pod"))


def test_a_deployment_without_replicas_uses_nothing() -> None:
    idle = deployment(replicas=0)
    idle["spec"]["template"]["spec"] = USING
    assert found(claim(), idle, usedBy=WEB).because() == failed(
        "ClaimNotUsed", **OF_WEB, claim="data"
    )
