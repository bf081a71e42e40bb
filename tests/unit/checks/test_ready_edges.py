"""Rollouts at their edges: what a status leaves out, partitions, pods that are still to go."""

from typing import Any

import pytest

from labgrader.api.kinds import Ready
from labgrader.checks.finding import Outcome
from labgrader.checks.registry import KINDS
from tests.unit.checks.namespaces import Judged, Namespace
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


def judge(workload: Body, least: int = 1) -> Judged:
    ref = {"kind": workload["kind"], "name": workload["metadata"]["name"]}
    return Namespace([workload]).judge(ready={"object": ref, "replicas": {"min": least}})


def without(body: Body, part: str, *fields: str) -> Body:
    kept = {key: value for key, value in body[part].items() if key not in fields}
    return {**body, part: kept}


def partitioned(partition: int | None, **status: Any) -> Body:
    return stateful_set(updateStrategy={"rollingUpdate": {"partition": partition}}, status=status)


@pytest.mark.parametrize(
    "workload",
    [
        partitioned(5, updatedReplicas=0),
        partitioned(None),
        stateful_set(updateStrategy={"type": "OnDelete", "rollingUpdate": None}),
        stateful_set(updateStrategy=None),
        without(deployment(replicas=1), "spec", "replicas"),
        without(without(deployment(), "metadata", "generation"), "status", "observedGeneration"),
        without(daemon_set(), "metadata", "generation"),
        deployment(status={"observedGeneration": 4}),
        without(replica_set(deployment()), "status", "updatedReplicas"),
    ],
)
def test_what_may_be_left_out_is_no_failure(workload: Body) -> None:
    assert judge(workload).finding.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("workload", "told"),
    [
        (without(deployment(), "status", "updatedReplicas"), ("0", "2", "2")),
        (without(deployment(), "status", "updatedReplicas", "replicas"), ("0", "2", "0")),
        (deployment(status={"replicas": 5, "updatedReplicas": 2}), ("2", "2", "3")),
        (deployment(status={"replicas": 3}), ("2", "2", "1")),
        (partitioned(1, updatedReplicas=0), ("1", "2", "1")),
        (partitioned(1, updatedReplicas=1, replicas=3), ("2", "2", "1")),
        (replica_set(deployment(), replicas=3), ("2", "2", "1")),
        (without(daemon_set(), "status", "updatedNumberScheduled"), ("0", "3", "0")),
    ],
)
def test_how_far_a_rollout_is_is_told(workload: Body, told: tuple[str, str, str]) -> None:
    judged = judge(workload)
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "NotRolledOut")
    params = judged.params
    assert (params["updated"], params["wanted"], params["outdated"]) == told


@pytest.mark.parametrize(
    ("workload", "ready", "wanted"),
    [
        (without(deployment(), "status", "availableReplicas"), "0", "2"),
        (without(stateful_set(), "status", "availableReplicas"), "0", "2"),
        (without(replica_set(deployment()), "status", "availableReplicas"), "0", "2"),
        (without(daemon_set(), "status", "numberAvailable"), "0", "3"),
        (deployment(status={"availableReplicas": 1}), "1", "2"),
        (without(deployment(status={"availableReplicas": 0}), "spec", "replicas"), "0", "1"),
    ],
)
def test_pods_that_nobody_counts_are_not_available(workload: Body, ready: str, wanted: str) -> None:
    judged = judge(workload)
    assert (judged.finding.reason, judged.params["ready"], judged.params["wanted"]) == (
        "NotReady",
        ready,
        wanted,
    )


def test_a_daemon_set_that_nobody_has_scheduled_runs_nowhere() -> None:
    judged = judge(without(daemon_set(), "status", "desiredNumberScheduled"))
    assert (judged.finding.reason, judged.params["wanted"]) == ("TooFewNodes", "0")
    assert judged.says("en").startswith(
        "DaemonSet agent should run on at least 1 node, but its nodeSelector, affinity and "
        "tolerations fit 0."
    )


@pytest.mark.parametrize("least", [1, 2])
def test_as_many_as_wanted_are_enough(least: int) -> None:
    assert judge(deployment(replicas=2), least).finding.outcome is Outcome.PASSED
    assert judge(deployment(replicas=least - 1), least).finding.reason == "TooFewReplicas"


def test_a_first_version_that_no_controller_has_seen_is_not_judged() -> None:
    new = without(deployment(), "status", "observedGeneration")
    judged = judge({**new, "metadata": {**new["metadata"], "generation": 1}})
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.UNKNOWN, "NotObservedYet")


def test_one_object_is_asked_for_where_a_pod_is_meant() -> None:
    judged = judge(pod("single"))
    assert judged.finding.outcome is Outcome.PASSED
    assert [len(asked) for asked in judged.rounds] == [1]


def test_one_pod_may_be_wanted_of_a_pod() -> None:
    params = Ready.model_validate({"object": {"kind": "Pod", "name": "x"}, "replicas": {"min": 1}})
    assert KINDS["ready"].problems(params) == ()


def test_a_kind_of_another_group_is_told_with_its_group() -> None:
    ref = {"apiVersion": "example.com/v1", "kind": "Deployment", "name": "x"}
    (problem,) = KINDS["ready"].problems(Ready.model_validate({"object": ref}))
    assert problem.text == (
        "ready knows Deployment, StatefulSet, DaemonSet, ReplicaSet, Pod, "
        "not example.com/v1 Deployment"
    )


@pytest.mark.parametrize(
    ("workload", "en", "ko"),
    [
        (pod("single"), "Pod single is Ready.", "파드 single이 준비되었습니다."),
        (
            pod("single", statuses=[container_status(ready=False)]),
            (
                "Pod single should be Ready, but it is not. Pod single is not Ready yet; the "
                "cluster reports no error. Look: kubectl -n kim describe pod single"
            ),
            (
                "파드 single이 준비(Ready) 상태여야 하지만 그렇지 않습니다. 파드 single이 아직 "
                "준비되지 않았으며, 클러스터가 알리는 오류는 없습니다. "
                "확인: kubectl -n kim describe pod single"
            ),
        ),
        (
            deployment(status={"availableReplicas": 1}),
            (
                "Deployment web should have 2 available pods, but it has 1. "
                "Look: kubectl -n kim describe deployment web"
            ),
            (
                "디플로이먼트 web에 사용 가능한 파드가 2개 있어야 하지만 1개 있습니다. "
                "확인: kubectl -n kim describe deployment web"
            ),
        ),
        (
            daemon_set(nodes=0),
            (
                "DaemonSet agent should run on at least 1 node, but its nodeSelector, affinity and "
                "tolerations fit 0. Look: kubectl -n kim describe daemonset agent"
            ),
            (
                "데몬셋 agent는 노드 1개 이상에서 실행되어야 하지만, nodeSelector와 어피니티, "
                "톨러레이션에 맞는 노드는 0개입니다. "
                "확인: kubectl -n kim describe daemonset agent"
            ),
        ),
        (
            deployment(status={"replicas": 3}),
            (
                "Deployment web is not fully rolled out: 2 of 2 pods got the present version, and "
                "1 older pod must still go. Look: kubectl -n kim rollout status deployment/web"
            ),
            (
                "디플로이먼트 web의 롤아웃이 끝나지 않았습니다. 파드 2개 중 2개가 현재 버전이고, "
                "이전 버전의 파드 1개가 남아 있습니다. "
                "확인: kubectl -n kim rollout status deployment/web"
            ),
        ),
    ],
    ids=["PodReady", "PodNotReady", "NotReady", "TooFewNodes", "NotRolledOut"],
)
def test_what_was_found_is_told_with_where_to_look(workload: Body, en: str, ko: str) -> None:
    judged = judge(workload)
    assert judged.says("en") == en
    assert judged.says("ko") == ko


def test_a_pod_that_is_none_of_the_templates_is_told_with_its_workload() -> None:
    web = deployment(replicas=1)
    owner = replica_set(web)
    odd = pod("web-1", owner, containers=[container(image="web:2")])
    odd["metadata"]["generation"] = 2
    ref = {"kind": "Deployment", "name": "web"}
    judged = Namespace([web, owner, odd]).judge(ready={"object": ref})
    assert judged.says("en") == (
        "Deployment web counts a pod that is not made from its template: in pod web-1, the image "
        "of container web should be web:1, but it is web:2. Delete the pod; the controller makes "
        "a new one. Look: kubectl -n kim get pod web-1 -o yaml"
    )
    assert judged.says("ko").startswith(
        "디플로이먼트 web이 템플릿으로 만들지 않은 파드를 세고 있습니다."
    )


@pytest.mark.parametrize("workload", [stateful_set(), daemon_set()])
def test_replica_sets_are_asked_for_where_a_deployment_is_meant_only(workload: Body) -> None:
    judged = judge(workload)
    assert judged.finding.reason == "WorkloadReady"
    assert [len(asked) for asked in judged.rounds] == [2]


@pytest.mark.parametrize(
    ("workload", "reason", "about"),
    [
        (
            deployment(status={"observedGeneration": 2}),
            "NotObservedYet",
            {"kind": "Deployment", "name": "web", "namespace": "kim"},
        ),
        (
            pod("single", statuses=[container_status(ready=False)]),
            "PodNotReady",
            {"name": "single", "namespace": "kim"},
        ),
    ],
)
def test_a_finding_knows_what_it_is_about(
    workload: Body, reason: str, about: dict[str, str]
) -> None:
    judged = judge(workload)
    assert (judged.finding.reason, judged.params) == (reason, about)


def test_what_runs_no_pods_has_a_reason_of_its_own() -> None:
    judged = Namespace().judge(ready={"object": {"kind": "Job", "name": "x"}})
    assert judged.finding.reason == "NotAWorkload"
