"""What `heals` says of each fault, with everything that its sentences need."""

from typing import Any

import pytest

from labgrader.api.kinds import Heals
from labgrader.checks import faults
from labgrader.checks.finding import Cause, Finding, cause, failed
from labgrader.checks.recovery import Fault
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Items
from labgrader.evidence.experiments import DeletePod, Disturb, HttpTarget, Means
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import Action, PodsSeen, Timeline
from tests.unit.checks.objects import Body, container, deployment, meta, pod, replica_set

SCOPE = Scope("kim")
WEB: dict[str, Any] = {"kind": "Deployment", "name": "web", "namespace": "kim"}
SICK = {"path": "/sick", "port": 8080}
BEFORE = PodsSeen(0, ("a", "b"), (), 2)
FAULT = Fault(1_000, frozenset({"a", "b"}), BEFORE)
CLIENTS = HttpTarget("kim", "web", 80, "/")
KILL = "kill -TERM 1"


def heals(fault: str, **more: Any) -> Heals:
    ref = {"kind": "Deployment", "name": "web"}
    return Heals.model_validate({"object": ref, "fault": fault, "within": "30s", **more})


def workload(*containers: Body) -> Body:
    body = deployment("web")
    body["spec"]["template"]["spec"]["containers"] = list(containers)
    return body


BODY = workload(container("app"), container("side"))


def record(*actions: Action, seen: tuple[PodsSeen, ...] = (BEFORE,)) -> Timeline:
    return Timeline(actions, pods=seen)


def test_a_container_that_is_not_there_is_told_with_those_that_are() -> None:
    named = heals("KillProcess", by={"container": "db", "command": ["x"]})
    missing = failed("FaultContainerMissing", **WEB, container="db", containers="app, side")
    assert faults.unreachable(named, BODY) == missing
    assert faults.unreachable(heals("KillProcess"), BODY) is None
    bare = workload()
    nothing = failed("FaultContainerMissing", **WEB, container="-", containers="-")
    assert faults.unreachable(heals("KillProcess"), bare) == nothing
    del bare["spec"]["template"]["spec"]["containers"]
    assert faults.unreachable(heals("KillProcess"), bare) == nothing
    assert faults.unreachable(heals("DeletePod"), bare) is None
    assert faults.unreachable(named, workload(container("db"))) is None


IT: dict[str, Any] = {
    "namespace": "kim",
    "api_version": "apps/v1",
    "kind": "Deployment",
    "name": "web",
    "uid": "uid-of-web",
    "within_ms": 30_000,
    "clients": CLIENTS,
}


@pytest.mark.parametrize(
    ("params", "wanted"),
    [
        (heals("DeletePod"), DeletePod(**IT)),
        (
            heals("DeletePod", share="50"),
            Disturb(**IT, fault="DeletePod", share=50_000, means=None),
        ),
        (heals("StopNode"), Disturb(**IT, fault="StopNode", share=0, means=None)),
        (
            heals("KillProcess"),
            Disturb(**IT, fault="KillProcess", share=0, means=Means("app", ("kill", "-TERM", "1"))),
        ),
        (
            heals("FailLiveness", by={"container": "side", **SICK}),
            Disturb(**IT, fault="FailLiveness", share=0, means=Means("side", (), 8080, "/sick")),
        ),
        (
            heals("KillProcess", by={"command": ["stop", "now"]}),
            Disturb(**IT, fault="KillProcess", share=0, means=Means("app", ("stop", "now"), 0, "")),
        ),
    ],
)
def test_an_experiment_is_told_everything(params: Heals, wanted: DeletePod | Disturb) -> None:
    request = SCOPE.named("Deployment", "web")
    assert faults.request(params, request, BODY, CLIENTS) == wanted


def policy(name: str) -> Body:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": meta(name),
        "spec": {"podSelector": {}, "policyTypes": ["Ingress"]},
    }


def budget(name: str, allowed: int = 0) -> Body:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": meta(name),
        "spec": {"minAvailable": 2, "selector": {"matchLabels": {"app": "web"}}},
        "status": {"disruptionsAllowed": allowed, "expectedPods": 2},
    }


def not_done(params: Heals, *actions: Action) -> Finding | None:
    owner = replica_set(BODY)
    answers: dict[Request, Answer] = {
        SCOPE.all("Pod"): Items((pod("web-1", owner),)),
        SCOPE.all("ReplicaSet"): Items((owner,)),
        SCOPE.all("NetworkPolicy"): Items((policy("deny"),)),
        SCOPE.all("PodDisruptionBudget"): Items((budget("second"), budget("first", 1))),
    }
    return faults.not_done(params, BODY, record(*actions), SCOPE, Snapshot(answers))


def test_a_fault_that_was_refused_is_told_with_policies_where_it_was_asked_by_http() -> None:
    refused = Action(1, "fault-refused", "pod web-1: HTTP 404")
    by_http = heals("FailLiveness", by=SICK)
    told = failed("FaultRefused", **WEB, how="GET :8080/sick", said="pod web-1: HTTP 404")
    finding = not_done(by_http, Action(0, "other"), refused)
    assert finding is not None
    assert finding.because() == told
    assert finding.causes == (cause("PoliciesRestrict", names="deny"),)
    by_command = heals("FailLiveness", by={"command": ["touch", "/sick"]})
    said = failed("FaultRefused", **WEB, how="touch /sick", said="pod web-1: HTTP 404")
    assert not_done(by_command, refused) == said
    plain = failed("FaultRefused", **WEB, how=KILL, said="pod web-1: HTTP 404")
    assert not_done(heals("KillProcess"), refused) == plain
    assert not_done(by_http, Action(0, "other")) is None


def test_budgets_that_keep_pods_are_told() -> None:
    clash = Action(1, "budgets-clash", "pod web-1: two")
    assert not_done(heals("DrainNode"), clash) == failed(
        "BudgetsClash", **WEB, said="pod web-1: two"
    ).because(cause("BudgetsOver", names="first, second", namespace="kim"))
    held = Action(1, "budget-held", "pod web-1: no")
    forbids = cause(
        "BudgetForbids", budget="second", namespace="kim", rule="minAvailable: 2", pods=2
    )
    assert not_done(heals("DrainNode"), held) == failed(
        "EvictionForbidden", **WEB, node="-", said="pod web-1: no", waited="30"
    ).because(forbids)
    chosen = (Action(0, "other", "x"), Action(0, "node-chosen", "node2"))
    assert not_done(heals("DrainNode"), *chosen, held) == failed(
        "EvictionForbidden", **WEB, node="node2", said="pod web-1: no", waited="30"
    ).because(forbids)


def test_a_process_that_goes_on_is_told() -> None:
    on = failed("ProcessGoesOn", **WEB, container="app", how=KILL, within="30")
    killed = heals("KillProcess")
    assert faults.untouched(killed, BODY, record(seen=(BEFORE,)), FAULT) == on
    more = PodsSeen(5, ("a", "b", "c"), (), 2)
    assert faults.untouched(killed, BODY, record(seen=(BEFORE, more)), FAULT) == on
    gone = PodsSeen(5, ("a",), ("b",), 2)
    assert faults.untouched(killed, BODY, record(seen=(BEFORE, gone)), FAULT) is None
    again = Fault(1_000, FAULT.uids, BEFORE, again={"a": 4})
    assert faults.untouched(killed, BODY, record(seen=(more,)), again) is None
    assert faults.untouched(heals("DeletePod"), BODY, record(), FAULT) is None


def test_diagnosis_learns_who_was_disturbed_and_who_was_started_again() -> None:
    again = Fault(1_000, FAULT.uids, BEFORE, again={"a": 4, "b": 6})
    last = PodsSeen(5, (), (), 2)
    found = faults.unhealed(
        heals("FailLiveness", by=SICK), BODY, record(seen=(BEFORE, last)), again
    )
    assert (found.fault, found.workload, found.within_ms) == ("FailLiveness", BODY, 30_000)
    assert (found.container, found.uids, found.restarted) == ("app", FAULT.uids, frozenset({"a"}))


def test_the_first_pod_without_a_node_is_told() -> None:
    unplaced = [Action(1, "pod-unplaced", f"web-{n} 0/3 nodes: no.") for n in (7, 8)]
    told = cause("Unschedulable", pod="web-7", namespace="kim", detail="0/3 nodes: no")
    assert faults.unplaced(record(Action(0, "other", "x y"), *unplaced), SCOPE) == (told,)
    assert faults.unplaced(record(), SCOPE) == ()


@pytest.mark.parametrize(
    ("params", "told"),
    [
        (heals("DeletePod"), ()),
        (heals("DeletePod", share="100"), (cause("PodsDeleted", count=2),)),
        (heals("KillProcess"), (cause("ProcessEnded", count=2, container="app", how=KILL),)),
        (heals("FailLiveness", by=SICK), (cause("AppMadeSick", count=2, how="GET :8080/sick"),)),
        (heals("EvictFromNode"), (cause("PodsEvicted", count=2, node="node2"),)),
        (heals("DrainNode"), (cause("NodeDrained", count=2, node="node2"),)),
        (heals("StopNode"), (cause("NodeSwitchedOff", count=2, node="node2"),)),
    ],
)
def test_what_was_done_is_told(params: Heals, told: tuple[Cause, ...]) -> None:
    timeline = record(Action(0, "node-chosen", "node2"), Action(1, "node-chosen", "node3"))
    assert faults.done(params, timeline, FAULT, BODY) == told


def test_a_node_that_nobody_chose_is_a_hyphen() -> None:
    assert faults.done(heals("DrainNode"), record(), FAULT, BODY) == (
        cause("NodeDrained", count=2, node="-"),
    )
