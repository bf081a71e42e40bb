"""Why a workload did not recover from a fault, with everything that the sentence needs."""

from typing import Any

import pytest

from labgrader.checks.diagnosis.faults import Unhealed, fault_causes
from labgrader.checks.finding import Cause, cause
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Items
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import MissingEvidence, Snapshot
from tests.unit.checks.objects import (
    Body,
    container,
    crashing,
    deployment,
    pod,
    replica_set,
    stateful_set,
    waiting,
)

SCOPE = Scope("kim")
WEB = {"kind": "Deployment", "name": "web", "namespace": "kim", "container": "web"}
PROBE = {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 2}
LOST = "node.kubernetes.io/unreachable"


def workload(
    kind: str = "Deployment", *containers: Body, template: Any = None, **more: Any
) -> Body:
    """Of one container, which ``more`` changes; ``template`` goes into the pods' spec."""
    body = stateful_set("web") if kind == "StatefulSet" else deployment("web")
    spec = {"containers": list(containers) or [container(**more)], **(template or {})}
    body["spec"]["template"] = {"spec": spec}
    return body | {"kind": kind}


def found(fault: str, body: Body, *pods: Body, **more: Any) -> list[Cause]:
    """Of a fault done to all of these pods, unless ``uids`` names them."""
    uids = more.pop("uids", frozenset(one["metadata"]["uid"] for one in pods))
    given = {"within_ms": 30_000, "container": "web", "restarted": frozenset(), **more}
    answers: dict[Request, Answer] = {SCOPE.all("Pod"): Items(pods)}
    if body["kind"] == "Deployment":
        answers[SCOPE.all("ReplicaSet")] = Items((replica_set(body),))
    unhealed = Unhealed(fault, body, uids=uids, **given)
    return list(fault_causes(unhealed, SCOPE, Snapshot(answers)))


def of(body: Body, name: str = "web-1", **more: Any) -> Body:
    """A pod of the workload."""
    return pod(name, replica_set(body) if body["kind"] == "Deployment" else body, **more)


def test_pods_and_what_stands_between_are_asked_for_at_once() -> None:
    unhealed = Unhealed("StopNode", workload(), 1, "web", frozenset(), frozenset())
    with pytest.raises(MissingEvidence) as missing:
        list(fault_causes(unhealed, SCOPE, Snapshot()))
    assert missing.value.requests == (SCOPE.all("Pod"), SCOPE.all("ReplicaSet"))


def test_a_sick_app_without_a_probe() -> None:
    assert found("FailLiveness", workload()) == [cause("NoLivenessProbe", **WEB)]
    odd: tuple[Any, ...] = (None, {}, "x")
    for probe in odd:
        body = workload(livenessProbe=probe)
        assert found("FailLiveness", body) == [cause("NoLivenessProbe", **WEB)]
    other = workload("Deployment", container("side", livenessProbe=PROBE), container())
    assert found("FailLiveness", other) == [cause("NoLivenessProbe", **WEB)]


def test_a_probe_that_did_not_notice_is_told_as_it_asks() -> None:
    assert found("FailLiveness", workload(livenessProbe=PROBE)) == [
        cause("LivenessStaysGood", **WEB, probe="GET :8080/healthz")
    ]
    side = container("side", livenessProbe=PROBE)
    both = workload("Deployment", container(livenessProbe={"tcpSocket": {"port": 1}}), side)
    assert found("FailLiveness", both, container="side") == [
        cause("LivenessStaysGood", **WEB | {"container": "side"}, probe="GET :8080/healthz")
    ]


@pytest.mark.parametrize(
    ("probe", "within_ms", "told"),
    [
        ({"periodSeconds": 20}, 30_000, {"seconds": 60, "period": 20, "threshold": 3}),
        ({"failureThreshold": 4}, 39_999, {"seconds": 40, "period": 10, "threshold": 4}),
        ({"failureThreshold": 4}, 40_000, None),
        ({}, 29_500, {"seconds": 30, "period": 10, "threshold": 3}),
        ({}, 30_000, None),
        ({"periodSeconds": "x", "failureThreshold": None}, 30_000, None),
        ({"periodSeconds": True}, 29_999, {"seconds": 30, "period": 10, "threshold": 3}),
    ],
)
def test_a_probe_that_takes_too_long_is_counted_out(
    probe: Body, within_ms: int, told: Body | None
) -> None:
    body = workload(livenessProbe={"tcpSocket": {"port": 80}, **probe})
    (first,) = found("FailLiveness", body, within_ms=within_ms)
    if told is None:
        assert first == cause("LivenessStaysGood", **WEB, probe="TCP :80")
    else:
        within = f"{within_ms / 1000:g}"
        assert first == cause("LivenessTooSlow", **WEB, **told, within=within)


def test_what_was_restarted_had_its_probe() -> None:
    assert found("FailLiveness", workload(), restarted=frozenset({"uid-of-web-1"})) == []


@pytest.mark.parametrize("fault", ["FailLiveness", "KillProcess"])
@pytest.mark.parametrize("policy", ["Never", "OnFailure"])
def test_a_policy_that_leaves_containers_ended_is_told_once(fault: str, policy: str) -> None:
    ended = cause("RestartPolicyKeepsEnded", **WEB, policy=policy)
    always = {"restartPolicy": "Always"}
    restarted = frozenset({"u"})
    for body in (
        workload(restartPolicy=policy),
        workload(template={"restartPolicy": policy}),
        workload(restartPolicy=policy, template={"restartPolicy": policy}),
        workload(restartPolicy=policy, template=always),
        workload(restartPolicy="Always", template={"restartPolicy": policy}),
    ):
        assert found(fault, body, restarted=restarted) == [ended]
    own = workload("Deployment", container(restartPolicy="Never"), container("side"))
    assert found(fault, own, restarted=restarted, container="side") == []
    for odd in ("Always", None, ["Never"]):
        assert found(fault, workload(restartPolicy=odd), restarted=restarted) == []


def test_the_containers_own_policy_comes_first() -> None:
    body = workload(restartPolicy="Never", template={"restartPolicy": "OnFailure"})
    assert found("KillProcess", body) == [cause("RestartPolicyKeepsEnded", **WEB, policy="Never")]


def test_one_container_that_backs_off_is_told() -> None:
    body = workload()
    quiet = [waiting("ContainerCreating"), crashing(1) | {"name": "side"}]
    status = crashing(1) | {"restartCount": 7}
    pods = [
        of(body, "web-1", statuses=quiet),
        of(body, "web-2", statuses=[quiet[1], status]),
        of(body, "web-3", statuses=[crashing(1)]),
    ]
    told = {"pod": "web-2", "namespace": "kim", "container": "web", "restarts": 7}
    assert found("KillProcess", body, *pods) == [cause("RestartBackOff", **told)]
    assert found("FailLiveness", body, *pods)[1:] == [cause("RestartBackOff", **told)]
    assert found("KillProcess", body, pods[0]) == []


def test_only_disturbed_pods_of_the_workload_are_looked_at() -> None:
    body = workload()
    mine, other = of(body, statuses=[crashing(1)]), pod("web-9", statuses=[crashing(1)])
    assert found("KillProcess", body, mine, uids=frozenset({"uid-of-web-2"})) == []
    assert found("KillProcess", body, other) == []
    assert len(found("KillProcess", body, mine)) == 1
    bare = of(body)
    bare["status"] = {}
    assert found("KillProcess", body, bare) == []


@pytest.mark.parametrize("kind", ["StatefulSet", "DaemonSet"])
def test_a_pod_that_goes_slowly_keeps_its_place(kind: str) -> None:
    body = workload(kind, template={"terminationGracePeriodSeconds": 45})
    pods = [of(body, f"web-{number}") for number in (1, 2, 3)]
    assert found("DeletePod", body, *pods) == []
    for one in pods[1:]:
        one["metadata"]["deletionTimestamp"] = "2026-03-02T09:30:00Z"
    long = cause("GracePeriodLong", kind=kind, pod="web-2", namespace="kim", seconds=45)
    assert found("DeletePod", body, *pods) == found("DrainNode", body, *pods) == [long]
    assert found("DeletePod", body, *pods, within_ms=45_000) == []
    assert found("DeletePod", body, *pods, within_ms=44_999) == [long]


def test_a_pod_has_half_a_minute_to_go_where_nothing_is_written() -> None:
    body = workload("StatefulSet")
    going = of(body)
    going["metadata"]["deletionTimestamp"] = "2026-03-02T09:30:00Z"
    told = {"kind": "StatefulSet", "pod": "web-1", "namespace": "kim", "seconds": 30}
    assert found("DeletePod", body, going, within_ms=29_999) == [cause("GracePeriodLong", **told)]
    assert found("DeletePod", body, going, within_ms=30_000) == []


def test_a_deployment_does_not_wait_for_what_goes() -> None:
    body = workload(template={"terminationGracePeriodSeconds": 300})
    going = of(body)
    going["metadata"]["deletionTimestamp"] = "2026-03-02T09:30:00Z"
    assert found("DeletePod", body, going) == []


def test_pods_of_a_stateful_set_wait_for_their_node() -> None:
    body = workload("StatefulSet")
    told = WEB | {"kind": "StatefulSet"}
    assert found("StopNode", body, of(body)) == [cause("StatefulPodWaitsForNode", **told)]


def tolerant(body: Body, *tolerations: Any) -> Body:
    return of(body, tolerations=list(tolerations))


@pytest.mark.parametrize(
    ("tolerations", "within_ms", "seconds"),
    [
        ([{"key": LOST, "effect": "NoExecute", "tolerationSeconds": 300}], 30_000, 300),
        ([{"key": LOST, "tolerationSeconds": 300}], 30_000, 300),
        ([{"key": "node.kubernetes.io/not-ready", "tolerationSeconds": 31}], 30_000, 31),
        ([{"key": LOST, "tolerationSeconds": 30}], 30_000, None),
        ([{"key": LOST, "tolerationSeconds": 30}], 29_999, 30),
        ([{"key": LOST}], 30_000, "∞"),
        ([{"key": LOST, "tolerationSeconds": 2**31 - 1}], 30_000, 2**31 - 1),
        ([{"key": LOST, "tolerationSeconds": 2**31}], 30_000, "∞"),
        ([{"key": LOST, "effect": "NoSchedule"}], 30_000, None),
        ([{"key": LOST, "effect": None}], 30_000, None),
        ([{"key": "other"}, {}, "odd"], 30_000, None),
        (
            [{"key": LOST, "tolerationSeconds": 40}, {"key": LOST, "tolerationSeconds": 50}],
            30_000,
            50,
        ),
        ([], 30_000, None),
    ],
)
def test_pods_stay_on_a_lost_node_as_long_as_they_tolerate_it(
    tolerations: list[Any], within_ms: int, seconds: int | str | None
) -> None:
    body = workload()
    told = [] if seconds is None else [cause("ToleratesLostNode", **WEB, seconds=seconds)]
    assert found("StopNode", body, tolerant(body, *tolerations), within_ms=within_ms) == told


def test_a_template_without_containers_is_no_trouble() -> None:
    body = workload()
    nothing: tuple[Any, ...] = (None, [])
    for containers in nothing:
        body["spec"]["template"]["spec"]["containers"] = containers
        assert found("KillProcess", body) == []
        assert found("FailLiveness", body) == [cause("NoLivenessProbe", **WEB)]
