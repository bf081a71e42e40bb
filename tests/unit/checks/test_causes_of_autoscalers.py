"""Why an autoscaler cannot scale, or did not, with everything that is told."""

from typing import Any

import pytest

from labgrader.api.kinds import Scales
from labgrader.checks.diagnosis.autoscaler import (
    about_it,
    paced,
    requested,
    unfit,
    unhurried,
)
from labgrader.checks.finding import Cause, Finding, cause, failed
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Items
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import MissingEvidence, Snapshot
from tests.unit.checks.objects import Body, container, deployment, meta, pod, replica_set

SCOPE = Scope("kim")
ABOUT: dict[str, Any] = {
    "autoscaler": "web",
    "namespace": "kim",
    "kind": "Deployment",
    "name": "web",
    "to": 3,
    "within": "120",
    "metrics": "cpu",
}
CPU = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}}


def resource(source: Body = CPU, sort: str = "Resource") -> Body:
    return {"type": sort, f"{sort[0].lower()}{sort[1:]}": source}


MEMORY = resource({"name": "memory", "target": {"type": "AverageValue", "averageValue": "64Mi"}})
OF_WEB = resource({"container": "web", **CPU}, "ContainerResource")
HITS = {"metric": {"name": "hits"}, "target": {"type": "AverageValue", "averageValue": "5"}}
PODS = {"type": "Pods", "pods": HITS}


def hpa(name: str = "web", *metrics: Body, behavior: Any = None, **spec: Any) -> Body:
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": meta(name),
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
            "minReplicas": 1,
            "maxReplicas": 5,
            "metrics": list(metrics) or [resource()],
            **({"behavior": behavior} if behavior else {}),
            **spec,
        },
    }


def target(*containers: Body, **spec: Any) -> Body:
    body = deployment("web")
    given = containers or (container(resources={"requests": {"cpu": "50m"}}),)
    body["spec"]["template"]["spec"] = {"containers": list(given), **spec}
    return body


def scales(**more: Any) -> Scales:
    params = {"load": {"service": "web", "port": 80}, "up": {"to": 3, "within": "2m"}}
    return Scales.model_validate({"autoscaler": "web", **params, **more})


def found(
    own: Body, *others: Body, of: Body | None = None, pods: Any = (), **more: Any
) -> Finding | None:
    body = of or target()
    answers: dict[Request, Answer] = {
        SCOPE.all("HorizontalPodAutoscaler"): Items((own, *others)),
        SCOPE.all("Pod"): Items(tuple(pods)),
        SCOPE.all("ReplicaSet"): Items((replica_set(body),)),
    }
    return unfit(scales(**more), own, body, SCOPE, Snapshot(answers))


def test_an_autoscaler_that_can_scale_is_fit() -> None:
    assert found(hpa()) is None
    assert about_it(scales(), hpa("web", resource(), PODS)) == ABOUT | {"metrics": "cpu, hits"}
    assert about_it(scales(), hpa("web", {"type": "odd"}))["metrics"] == "-"


@pytest.mark.parametrize(
    ("spec", "reason", "told"),
    [
        ({"minReplicas": 5}, "NoRoomToScale", {"replicas": 5}),
        ({"maxReplicas": 1}, "NoRoomToScale", {"replicas": 1}),
        ({"maxReplicas": 2}, "MaximumTooLow", {"maximum": 2}),
        ({"minReplicas": 3}, "MinimumTooHigh", {"minimum": 3}),
        ({"minReplicas": 2, "maxReplicas": 3}, None, {}),
    ],
)
def test_the_bounds_must_leave_room(spec: Body, reason: str | None, told: Body) -> None:
    expected = None if reason is None else failed(reason, **ABOUT, **told)
    assert found(hpa(**spec)) == expected


def test_one_replica_is_the_least_where_nothing_is_written() -> None:
    bare = hpa()
    del bare["spec"]["minReplicas"]
    assert found(bare) is None
    bare["spec"]["maxReplicas"] = 1
    assert found(bare) == failed("NoRoomToScale", **ABOUT, replicas=1)


def test_it_must_scale_on_the_metric_that_is_asked_for() -> None:
    both = hpa("web", resource(), PODS)
    assert found(both, metric="hits") is None
    about = ABOUT | {"metrics": "cpu, hits"}
    assert found(both, metric="queue") == failed("ScalesOnOther", **about, wanted="queue")


def test_others_of_the_same_workload_compete() -> None:
    other = hpa("other")
    elsewhere = hpa(
        "elsewhere", scaleTargetRef={"apiVersion": "apps/v1", "kind": "Deployment", "name": "db"}
    )
    going = hpa("going")
    going["metadata"]["deletionTimestamp"] = "2026-03-02T09:30:00Z"
    assert found(hpa(), elsewhere, going) is None
    expected = failed("AutoscalersCompete", **ABOUT, others="other, web-2")
    assert found(hpa(), hpa("web-2"), other, elsewhere) == expected


def lacking(name: str, resource: str = "cpu") -> Cause:
    return cause("NoRequest", container=name, resource=resource, kind="Deployment", name="web")


def test_a_share_of_nothing_cannot_be_read() -> None:
    bare = target(container(), container("side"))
    cannot = failed("AutoscalerCannotRead", **ABOUT)
    assert found(hpa(), of=bare) == cannot.because(lacking("web"), lacking("side"))
    limited = target(container(resources={"limits": {"cpu": "1"}}), container("side"))
    assert found(hpa(), of=limited) == cannot.because(lacking("side"))
    of_web = ABOUT | {"metrics": "web/cpu"}
    assert found(hpa("web", OF_WEB), of=bare) == failed("AutoscalerCannotRead", **of_web).because(
        lacking("web")
    )
    whole = target(container(), resources={"requests": {"cpu": "1"}})
    assert found(hpa(), of=whole) is None
    assert found(hpa("web", OF_WEB), of=whole) is not None
    memory = resource(
        {"name": "memory", "target": {"type": "Utilization", "averageUtilization": 9}}
    )
    told = found(hpa("web", memory))
    assert told is not None
    assert told.causes == (lacking("web", "memory"),)


def test_one_metric_that_can_be_read_is_enough() -> None:
    assert found(hpa("web", resource(), MEMORY), of=target(container())) is None
    assert found(hpa("web", MEMORY), of=target(container())) is None


def test_pods_are_asked_where_the_template_has_no_request() -> None:
    bare = target(container())
    given = container(resources={"requests": {"cpu": "1"}})
    owner = replica_set(bare)
    pods = [pod("web-1", owner, containers=[given]), pod("stranger", containers=[container()])]
    assert found(hpa(), of=bare, pods=pods) is None
    mixed = [*pods, pod("web-2", owner, containers=[container()])]
    told = found(hpa(), of=bare, pods=mixed)
    assert told is not None
    assert told.causes == (lacking("web"),)
    snapshot = Snapshot({SCOPE.all("HorizontalPodAutoscaler"): Items(())})
    with pytest.raises(MissingEvidence) as missing:
        unfit(scales(), hpa(), bare, SCOPE, snapshot)
    assert missing.value.requests == (SCOPE.all("Pod"), SCOPE.all("ReplicaSet"))


def window(way: str, seconds: Any, **more: Any) -> Body:
    return {way: {"stabilizationWindowSeconds": seconds, **more}}


UP_LATE, DOWN_LATE = "CannotScaleUpInTime", "CannotScaleDownInTime"


@pytest.mark.parametrize(
    ("behavior", "more", "told"),
    [
        (window("scaleUp", 119), {}, None),
        (
            window("scaleUp", 120),
            {},
            failed(UP_LATE, **ABOUT).because(
                cause("StabilizationTooLong", way="scaleUp", seconds=120)
            ),
        ),
        (
            {"scaleUp": {"selectPolicy": "Disabled"}},
            {},
            failed(UP_LATE, **ABOUT).because(cause("PolicyDisabled", way="scaleUp")),
        ),
        ({"scaleDown": {"selectPolicy": "Disabled"}}, {}, None),
        (window("scaleDown", 119), {"down": {"within": "90s"}}, None),
        (
            window("scaleDown", 120),
            {"down": {"within": "90s"}},
            failed(DOWN_LATE, **ABOUT, down="90").because(
                cause("StabilizationTooLong", way="scaleDown", seconds=120)
            ),
        ),
        (
            None,
            {"down": {"within": "270s"}},
            failed(DOWN_LATE, **ABOUT, down="270").because(
                cause("StabilizationTooLong", way="scaleDown", seconds=300)
            ),
        ),
        (None, {"down": {"within": "271s"}}, None),
        (window("scaleDown", seconds=True), {"down": {"within": "271s"}}, None),
        (
            {"scaleDown": {"selectPolicy": "Disabled", "stabilizationWindowSeconds": 0}},
            {"down": {"within": "90s"}},
            failed(DOWN_LATE, **ABOUT, down="90").because(cause("PolicyDisabled", way="scaleDown")),
        ),
    ],
)
def test_rules_that_make_it_too_slow(behavior: Any, more: Body, told: Finding | None) -> None:
    assert found(hpa(behavior=behavior), **more) == told


def test_rules_just_let_it_be_in_time() -> None:
    hasty = {"to": 3, "within": "1s"}
    assert found(hpa(), up=hasty) is None
    assert found(hpa(behavior=window("scaleUp", 119)), up=hasty | {"within": "119100ms"}) is None
    slow = hpa(behavior=window("scaleDown", 149))
    assert found(slow, down={"within": "119100ms"}) is None


def test_rules_are_told_only_where_they_matter() -> None:
    slow = hpa(behavior=window("scaleUp", 60))
    assert list(unhurried(slow, "scaleUp", 60_001)) == []
    told = cause("StabilizationTooLong", way="scaleUp", seconds=60)
    assert list(unhurried(slow, "scaleUp", 60_000)) == [told]


@pytest.mark.parametrize(
    ("policy", "replicas", "is_slow"),
    [
        ({"type": "Pods", "value": 1, "periodSeconds": 60}, 3, False),
        ({"type": "Pods", "value": 1, "periodSeconds": 60}, 4, True),
        ({"type": "Pods", "value": 1, "periodSeconds": 61}, 3, True),
        ({"type": "Pods", "value": 2, "periodSeconds": 60}, 6, False),
        ({"type": "Pods", "value": 2, "periodSeconds": 60}, 7, True),
        ({"type": "Pods", "value": 2, "periodSeconds": 61}, 5, True),
        ({"type": "Percent", "value": 1, "periodSeconds": 60}, 99, False),
        ({"type": "Pods", "value": 0, "periodSeconds": 60}, 99, False),
        ({"type": "Pods", "value": 1, "periodSeconds": 0}, 99, False),
        ({"type": "Pods", "value": 1, "periodSeconds": "x"}, 99, False),
    ],
)
def test_policies_that_go_step_by_step(policy: Body, replicas: int, *, is_slow: bool) -> None:
    own = hpa(behavior={"scaleUp": {"policies": [{"type": "Percent"}, policy]}})
    told = cause(
        "PolicyTooSlow", way="scaleUp", value=policy["value"], seconds=policy["periodSeconds"]
    )
    assert list(paced(own, "scaleUp", 120_000, replicas)) == ([told] if is_slow else [])
    assert list(paced(own, "scaleDown", 120_000, replicas)) == []


@pytest.mark.parametrize(
    ("body", "milli"),
    [
        (target(container(resources={"requests": {"cpu": "50m"}, "limits": {"cpu": "1"}})), 50),
        (target(container(resources={"limits": {"cpu": "1"}}), container("side")), 1000),
        (target(*(container(n, resources={"requests": {"cpu": "0.5"}}) for n in "ab")), 1000),
        (
            target(
                container(resources={"requests": {"cpu": "1"}}),
                resources={"requests": {"cpu": "2"}},
            ),
            2000,
        ),
        (target(container()), 0),
    ],
)
def test_what_one_pod_requests(body: Body, milli: int) -> None:
    assert requested(body) == milli
