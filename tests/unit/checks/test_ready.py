from typing import Any

import pytest

from labgrader.api.kinds import Ready
from labgrader.checks.finding import Outcome
from labgrader.checks.registry import KINDS
from tests.unit.checks.namespaces import FORBIDDEN, Namespace
from tests.unit.checks.objects import (
    Body,
    container,
    container_status,
    daemon_set,
    deployment,
    pod,
    replica_set,
    stateful_set,
)


def ready(kind: str = "Deployment", name: str = "web", least: int = 1) -> dict[str, Any]:
    return {"ready": {"object": {"kind": kind, "name": name}, "replicas": {"min": least}}}


def test_a_rolled_out_deployment_passes_in_one_round() -> None:
    judged = Namespace([deployment(replicas=3)]).judge(**ready(least=3))
    assert judged.finding.outcome is Outcome.PASSED
    assert [len(requests) for requests in judged.rounds] == [3]
    assert judged.says("en") == "Deployment web is rolled out with 3 Ready pods."
    assert judged.says("ko") == "디플로이먼트 web의 롤아웃이 끝났고 파드 3개가 준비되었습니다."


@pytest.mark.parametrize(
    ("workload", "name"),
    [
        (stateful_set(), "db"),
        (stateful_set(updateStrategy={"rollingUpdate": {"partition": 1}}), "db"),
        (
            stateful_set(
                status={"updatedReplicas": 1},
                updateStrategy={"rollingUpdate": {"partition": 1}},
            ),
            "db",
        ),
        (daemon_set(), "agent"),
        (replica_set(deployment()), "web-6c4d5db555"),
        (pod("single"), "single"),
    ],
)
def test_other_workloads_that_are_ready_pass(workload: Body, name: str) -> None:
    judged = Namespace([workload]).judge(**ready(workload["kind"], name))
    assert judged.finding.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("workload", "reason"),
    [
        (deployment(status={"availableReplicas": 1}), "NotReady"),
        (
            deployment(status={"availableReplicas": 2, "readyReplicas": 2, "replicas": 3}),
            "NotRolledOut",
        ),
        (deployment(status={"updatedReplicas": 1}), "NotRolledOut"),
        (deployment(replicas=1), "TooFewReplicas"),
        (deployment(replicas=0), "TooFewReplicas"),
        (stateful_set("web", status={"updatedReplicas": 1}), "NotRolledOut"),
        (stateful_set("web", status={"availableReplicas": 0}), "NotReady"),
        (daemon_set("web", numberAvailable=2), "NotReady"),
        (daemon_set("web", updatedNumberScheduled=2), "NotRolledOut"),
        (daemon_set("web", nodes=0), "TooFewNodes"),
    ],
)
def test_what_is_not_rolled_out_fails(workload: Body, reason: str) -> None:
    judged = Namespace([workload]).judge(**ready(workload["kind"], least=2))
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, reason)


@pytest.mark.parametrize(
    "workload",
    [
        deployment(status={"observedGeneration": 2}),
        deployment(status={"availableReplicas": None}) | {"status": {}},
        daemon_set("web", observedGeneration=2),
    ],
)
def test_a_controller_that_has_not_looked_yet_is_not_the_learners_failure(workload: Body) -> None:
    finding = Namespace([workload]).judge(**ready(workload["kind"], least=2)).finding
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, "NotObservedYet")
    assert finding.transient


def test_a_pod_that_is_not_ready_fails() -> None:
    judged = Namespace([pod("single", statuses=[container_status(ready=False)])]).judge(
        **ready("Pod", "single")
    )
    assert judged.says("en").startswith("Pod single should be Ready, but it is not.")


def test_what_is_being_deleted_is_not_ready() -> None:
    going = deployment()
    going["metadata"]["deletionTimestamp"] = "2026-03-02T10:00:00Z"
    judged = Namespace([going]).judge(**ready())
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "BeingDeleted")


def test_the_numbers_are_told_in_both_languages() -> None:
    judged = Namespace([deployment(replicas=1)]).judge(**ready(least=2))
    assert judged.says("en") == (
        "Deployment web should have at least 2 replicas, but it asks for 1. "
        "Look: kubectl -n kim get deployment web"
    )
    assert judged.says("ko") == (
        "디플로이먼트 web의 레플리카는 2개 이상이어야 하지만 1개로 설정되어 있습니다. "
        "확인: kubectl -n kim get deployment web"
    )


def test_the_verdict_stands_where_nothing_that_explains_it_may_be_read() -> None:
    kinds = ("Pod", "ReplicaSet", "Event")
    namespace = Namespace(
        [deployment(status={"availableReplicas": 0})],
        trouble=dict.fromkeys(kinds, FORBIDDEN),
    )
    judged = namespace.judge(**ready())
    assert (judged.finding.outcome, judged.causes) == (Outcome.FAILED, ())


@pytest.mark.parametrize(
    ("ref", "least", "text"),
    [
        ({"kind": "Job", "name": "x"}, 1, "not Job"),
        ({"apiVersion": "example.com/v1", "kind": "Deployment", "name": "x"}, 1, "example.com/v1"),
        ({"kind": "Pod", "name": "x"}, 2, "replicas.min cannot be 2"),
    ],
)
def test_what_runs_no_pods_is_refused_before_grading(ref: Any, least: int, text: str) -> None:
    params = Ready.model_validate({"object": ref, "replicas": {"min": least}})
    (problem,) = KINDS["ready"].problems(params)
    assert problem.reason == "Invalid"
    assert text in problem.text


def test_what_runs_no_pods_is_the_fault_of_the_check() -> None:
    judged = Namespace().judge(**ready("Job", "x"))
    assert judged.finding.outcome is Outcome.ERROR
    assert "Job" in judged.says("en")


def running(**metadata: Any) -> tuple[Body, Body, Body]:
    """A Deployment, its ReplicaSet, and a pod of it that runs another image."""
    web = deployment(replicas=1)
    owner = replica_set(web)
    odd = pod("web-1", owner, containers=[container(image="web:2")])
    odd["metadata"] |= metadata
    return web, owner, odd


OLDER = "2026-01-01T00:00:00Z"


@pytest.mark.parametrize("past", [{"generation": 2}, {"creationTimestamp": OLDER}])
def test_a_pod_changed_in_place_or_taken_in_is_none_of_the_templates(past: dict[str, Any]) -> None:
    judged = Namespace(list(running(**past))).judge(**ready())
    assert (judged.finding.outcome, judged.finding.reason) == (
        Outcome.FAILED,
        "PodNotFromTemplate",
    )
    assert "image of container web should be web:1, but it is web:2" in judged.says("en")
    assert "kubectl -n kim get pod web-1 -o yaml" in judged.says("ko")


def test_an_image_that_admission_rewrote_accuses_nobody() -> None:
    judged = Namespace(list(running(generation=1))).judge(**ready())
    assert judged.finding.outcome is Outcome.PASSED


def test_a_pod_resized_in_place_with_a_sidecar_is_the_templates() -> None:
    web, owner, same = running(generation=4)
    same["spec"]["containers"] = [container("istio-proxy", "proxy:1"), container()]
    assert Namespace([web, owner, same]).judge(**ready()).finding.outcome is Outcome.PASSED


def test_a_sleeping_command_by_hand_is_found_in_a_stateful_set() -> None:
    db = stateful_set("web", replicas=1)
    odd = pod("web-0", db, containers=[container(command=["sleep", "9999"])])
    odd["metadata"]["creationTimestamp"] = OLDER
    judged = Namespace([db, odd]).judge(**ready("StatefulSet"))
    assert (judged.finding.reason, judged.params["field"]) == ("PodNotFromTemplate", "command")
    assert 'container web should be -, but it is ["sleep", "9999"].' in judged.says("en")
