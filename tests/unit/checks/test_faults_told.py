"""What is told of a workload after a fault: how it recovered, or which cause kept it from that."""

from typing import Any

import pytest

from labgrader.checks.diagnosis.budgets import chooses
from labgrader.checks.finding import Outcome
from labgrader.evidence.timeline import PodsSeen, Sample, Timeline
from tests.support.corpus import patched, shared_objects
from tests.unit.checks.faulted import (
    BUDGET,
    DISTURBED,
    DOWN,
    LIVENESS,
    SICK,
    heals,
    judged,
    record,
    told,
)


def test_a_recovery_tells_what_was_done_and_the_lowest_number_of_pods() -> None:
    up = PodsSeen(4_000, ("p-web-1", "p-web-2"), (), 2)
    again = (3_000, "container-restarted", "p-web-1")
    found = judged(heals("KillProcess"), record(DISTURBED, again, seen=(DOWN, up)))
    assert told(found) == (
        "Deployment web recovered in 3.0 s (allowed: 30 s); at the worst moment 1 of 2 pods were"
        " Ready. What was done: kill -TERM 1, in container web of 1 pod, to end its process."
    )
    assert found.says("ko") == (
        "디플로이먼트 web이 3.0초 만에 복구되었습니다(제한: 30초). 가장 적을 때 파드 2개 중 1개가 준비(Ready)"
        " 상태였습니다. 점검 내용: 파드 1개의 컨테이너 web에서 프로세스를 끝내려고 kill -TERM 1을 실행했습니다."
    )


def test_new_pods_that_do_not_become_ready_before_the_fault_are_told() -> None:
    """The grader has taken the old ones away: nothing of this is the learner's, or for certain."""
    made = (900, "pod-renewed", "web-1"), (950, "pod-renewed", "web-2")
    late = (31_000, "pod-unplaced", "web-3 0/1 nodes are available")
    seen = (PodsSeen(20_000, ("p-web-3",), ("p-web-4",), 2),)
    found = judged(
        heals("KillProcess"), record(*made, (30_000, "not-renewed", ""), late, seen=seen)
    )
    assert (found.finding.outcome, found.finding.transient) == (Outcome.UNKNOWN, False)
    assert found.causes[0] == "Unschedulable"
    assert told(found).startswith(
        "Pods of Deployment web had been restarted a short while ago, and the kubelet would have"
        " made the next restart wait; so they were replaced before anything was done (web-1, web-2)."
        " But within 120 s only 1 of 2 pods were Ready again, and nothing more was done. Wait until"
        " all pods are Ready, then hand in again."
    )
    assert "교체했지만(web-1, web-2) 120초 안에 파드 2개 중 1개만" in found.says("ko")


def test_an_app_that_ends_by_itself_is_told() -> None:
    made = (900, "pod-renewed", "web-1"), (9_000, "ends-by-itself", "")
    found = judged(heals("KillProcess"), record(*made))
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "EndsByItself")
    assert told(found).startswith(
        "Container web of Deployment web should run until something is done to it, but it ends by"
        " itself: its pods had been restarted several times, and a new pod was restarted again"
        " before anything was done."
    )
    assert "컨테이너 web은 무언가를 하기 전까지" in found.says("ko")


def test_lost_requests_are_told_with_their_moment() -> None:
    known = shared_objects()
    again = (3_000, "container-restarted", "p-web-1")
    up = PodsSeen(4_000, ("p-web-1", "p-web-2"), (), 2)
    samples = tuple(
        Sample(at, 0, 0 if 1_500 <= at < 3_000 else 200, "") for at in range(0, 12_000, 50)
    )
    timeline = record(DISTURBED, again, seen=(DOWN, up))
    timeline = Timeline(timeline.actions, timeline.pods, samples=samples, ended_ms=12_000)
    params = heals("KillProcess", availability={"service": "web", "port": 80, "min": "95"})
    found = judged(params, timeline, known["web-service"], known["web-slice"])
    assert found.finding.reason == "RecoveredButUnavailable"
    assert "30 of 201 requests to http://web:80/ failed in the 10.0 s after" in told(found)
    assert "between 0.5 s and 2.0 s after it" in told(found)
    assert "0.5초에서 2.0초 사이" in found.says("ko")


@pytest.mark.parametrize(
    ("container", "reason", "said"),
    [
        ({}, "NoLivenessProbe", "no liveness probe"),
        ({"livenessProbe": LIVENESS}, "LivenessStaysGood", "(GET :8080/healthz) did not notice"),
        (
            {"livenessProbe": {**LIVENESS, "periodSeconds": 20}},
            "LivenessTooSlow",
            "only after 3 failures, one every 20 s: 60 s, where 30 s are allowed",
        ),
        ({"livenessProbe": "(null)"}, "NoLivenessProbe", "no liveness probe"),
        ({"livenessProbe": {"periodSeconds": "x"}}, "LivenessStaysGood", "did not notice"),
    ],
)
def test_why_a_sick_app_stays(container: dict[str, Any], reason: str, said: str) -> None:
    params = heals("FailLiveness", by=SICK)
    found = judged(params, record(DISTURBED), container=container)
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "NotRecovered")
    assert found.causes[:2] == ("AppMadeSick", reason)
    assert said in told(found)
    assert "2 pods should have been Ready again within 30 s, but only 1 were" in told(found)


def test_a_restarted_app_is_not_told_to_lack_a_probe() -> None:
    again = (3_000, "container-restarted", "p-web-1")
    late = PodsSeen(3_000, ("p-web-2",), ("p-web-1",), 2)
    found = judged(heals("FailLiveness", by=SICK), record(DISTURBED, again, seen=(DOWN, late)))
    assert "NoLivenessProbe" not in found.causes


def test_a_container_that_waits_before_its_restart() -> None:
    waiting = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}}
    status = {"name": "web", "ready": False, "restartCount": 4, "state": waiting}
    pod = patched(shared_objects()["web-1"], {"status": {"containerStatuses": [status]}})
    found = judged(heals("KillProcess"), record(DISTURBED), pod)
    assert "RestartBackOff" in found.causes
    assert "was restarted 4 times and now waits" in told(found)


def test_a_container_that_its_policy_does_not_start_again() -> None:
    found = judged(heals("KillProcess"), record(DISTURBED), container={"restartPolicy": "Never"})
    assert "RestartPolicyKeepsEnded" in found.causes
    assert "restartPolicy Never" in told(found)


def test_a_process_that_was_told_to_end_and_goes_on() -> None:
    found = judged(heals("KillProcess"), record(DISTURBED, seen=()))
    assert found.finding.reason == "ProcessGoesOn"
    assert "kill -TERM 1 should end the process, but it still ran after 30 s" in told(found)


def test_an_app_that_does_not_take_the_fault() -> None:
    refused = (1_000, "fault-refused", "pod web-1: HTTP 404")
    found = judged(heals("FailLiveness", by=SICK), record(refused, seen=()))
    assert found.finding.reason == "FaultRefused"
    assert "GET :8080/sick" in told(found)
    assert "pod web-1: HTTP 404" in told(found)


def test_a_budget_that_lets_nothing_go_is_named_with_its_rule() -> None:
    chosen, held = (1_000, "node-chosen", "node2"), (16_000, "budget-held", "pod web-1: no")
    found = judged(heals("EvictFromNode"), record(chosen, held, seen=()), BUDGET)
    assert (found.finding.reason, found.causes) == ("EvictionForbidden", ("BudgetForbids",))
    assert "on node node2 should be able to leave" in told(found)
    assert "PodDisruptionBudget web (minAvailable: 2) allows no disruption of its 2 pods" in told(
        found
    )


def test_two_budgets_are_named() -> None:
    clash = (1_000, "budgets-clash", "pod web-1: more than one")
    other = patched(BUDGET, {"metadata": {"name": "other", "uid": "o"}})
    elsewhere = patched(
        BUDGET, {"metadata": {"name": "x"}, "spec": {"selector": {"matchLabels": {"app": "db"}}}}
    )
    found = judged(heals("DrainNode"), record(clash, seen=()), BUDGET, other, elsewhere)
    assert (found.finding.reason, found.causes) == ("BudgetsClash", ("BudgetsOver",))
    assert "choose these pods: other, web." in told(found)


@pytest.mark.parametrize(
    ("seconds", "causes"),
    [(300, ("ToleratesLostNode",)), (5, ()), (None, ("ToleratesLostNode",))],
)
def test_pods_that_wait_for_a_lost_node(seconds: int | None, causes: tuple[str, ...]) -> None:
    toleration = {"key": "node.kubernetes.io/unreachable", "effect": "NoExecute"}
    if seconds is not None:
        toleration["tolerationSeconds"] = seconds  # type: ignore[assignment]
    pod = patched(shared_objects()["web-1"], {"spec": {"tolerations": [toleration]}})
    stopped = (1_500, "node-stopped", "node2")
    found = judged(heals("StopNode"), record(DISTURBED, stopped), pod)
    assert found.causes[0] == "NodeSwitchedOff"
    assert tuple(one for one in found.causes if one == "ToleratesLostNode") == causes


def test_what_the_scheduler_said_meanwhile_is_told() -> None:
    unplaced = (31_000, "pod-unplaced", "web-new 0/3 nodes are available: 1 is unschedulable.")
    found = judged(heals("DrainNode"), record(DISTURBED, unplaced))
    assert found.causes[:2] == ("NodeDrained", "Unschedulable")
    assert "no node for pod web-new: 0/3 nodes are available: 1 is unschedulable." in told(found)


ODD: tuple[Any, ...] = (["x"], {"a": 1}, 3, None, "", True)


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize("fault", ["KillProcess", "FailLiveness", "EvictFromNode", "StopNode"])
def test_odd_objects_are_no_trouble(fault: str, odd: Any) -> None:
    probe = {"periodSeconds": odd, "failureThreshold": odd, "httpGet": odd}
    template = {"restartPolicy": odd, "terminationGracePeriodSeconds": odd}
    tolerations = [{"key": odd, "effect": odd, "tolerationSeconds": odd}, odd]
    status = {"containerStatuses": [{"name": "web", "state": odd, "restartCount": odd}]}
    pod = patched(
        shared_objects()["web-1"], {"spec": {"tolerations": tolerations}, "status": status}
    )
    odd_budget = patched(BUDGET, {"spec": {"selector": odd, "minAvailable": odd}, "status": odd})
    params = heals(fault, by=SICK) if fault in {"KillProcess", "FailLiveness"} else heals(fault)
    held = (1_500, "budget-held", "pod web-1: no")
    stopped = (1_500, "node-stopped", "n")
    for more in (stopped, held):
        found = judged(
            params,
            record(DISTURBED, more),
            pod,
            odd_budget,
            container={"livenessProbe": probe, "restartPolicy": odd},
            template=template,
        )
        assert found.finding.outcome is Outcome.FAILED
        told(found)


def test_a_learner_who_scales_down_meanwhile_gets_no_verdict() -> None:
    fewer = PodsSeen(2_000, ("p-web-2",), (), 1)
    found = judged(heals("KillProcess"), record(DISTURBED, seen=(fewer,)))
    assert (found.finding.outcome, found.finding.reason) == (Outcome.UNKNOWN, "ScaledMeanwhile")


@pytest.mark.parametrize(
    ("selector", "chosen"),
    [
        ({}, True),
        ({"matchLabels": {"app": "web"}}, True),
        ({"matchLabels": {"app": "db"}}, False),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["web"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}, False),
        ({"matchExpressions": [{"key": "x", "operator": "DoesNotExist"}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": None, "operator": ["odd"], "values": 3}]}, False),
    ],
)
def test_a_budgets_selector(selector: dict[str, Any], *, chosen: bool) -> None:
    assert chooses(selector, {"app": "web"}) is chosen
