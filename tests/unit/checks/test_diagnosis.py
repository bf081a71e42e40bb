"""Why a workload's pods are not Ready: each cause, from what a real cluster shows."""

from typing import Any

import pytest

from tests.unit.checks.diagnosing import CHECK, LATER, diagnose, with_status
from tests.unit.checks.namespaces import FORBIDDEN, Namespace
from tests.unit.checks.objects import (
    Body,
    container,
    container_status,
    crashing,
    deployment,
    event,
    pod,
    replica_set,
    stateful_set,
    unready,
    waiting,
)

PULLING = 'Back-off pulling image "wbe:9": ErrImagePull: not found'


@pytest.mark.parametrize(
    ("status", "image", "reason"),
    [
        (waiting("ImagePullBackOff", PULLING), "wbe:9", "ImagePullBackOff"),
        (waiting("ErrImagePull", "not found"), "wbe:9", "ImagePullBackOff"),
        (waiting("InvalidImageName", "x"), "Web:1", "InvalidImageName"),
        (waiting("ErrImageNeverPull", "x"), "wbe:9", "ImageNeverPulled"),
    ],
)
def test_images_that_cannot_be_had_are_named(status: Body, image: str, reason: str) -> None:
    judged = diagnose(with_status(status, containers=[container(image=image)]))
    assert judged.causes == (reason,)
    assert image in judged.says("en")
    assert image in judged.says("ko")


def test_an_image_that_cannot_be_pulled() -> None:
    broken = with_status(waiting("ImagePullBackOff"), containers=[container(image="wbe:9")])
    judged = diagnose(broken)
    assert judged.says("en") == (
        "Deployment web should have 2 available pods, but it has 0. "
        "The image wbe:9 of container web in pod web-1 cannot be pulled (ImagePullBackOff): "
        "check its name and tag. Look: kubectl -n kim describe pod web-1"
    )
    assert judged.says("ko") == (
        "디플로이먼트 web에 사용 가능한 파드가 2개 있어야 하지만 0개 있습니다. "
        "파드 web-1의 컨테이너 web에서 이미지 wbe:9를 가져올 수 없습니다(ImagePullBackOff). "
        "이미지 이름과 태그를 확인하세요. 확인: kubectl -n kim describe pod web-1"
    )


def test_a_crash_is_told_with_exit_code_and_last_log_line() -> None:
    judged = diagnose(
        with_status(crashing(3)), logs={"web-1": ["starting", "cannot open config", "  "]}
    )
    assert judged.causes == ("CrashLoopBackOff",)
    assert judged.says("en").endswith(
        "Container web of pod web-1 keeps crashing (CrashLoopBackOff) with exit code 3; "
        'its last log line: "cannot open config". Look: kubectl -n kim logs web-1 -c web'
    )
    assert judged.says("ko").endswith(
        "파드 web-1의 컨테이너 web이 종료 코드 3으로 계속 중단됩니다(CrashLoopBackOff). "
        '마지막 로그: "cannot open config". 확인: kubectl -n kim logs web-1 -c web'
    )


def test_a_crash_without_a_log_is_told_too() -> None:
    assert diagnose(with_status(crashing(4))).causes == ("CrashLoopSilent",)


def test_a_crash_is_told_where_logs_may_not_be_read() -> None:
    web = deployment(status={"availableReplicas": 0})
    owner = replica_set(web)
    broken = pod(owner=owner, statuses=[crashing(3)])
    judged = Namespace([web, owner, broken], trouble={"Log": FORBIDDEN}).judge(**CHECK)
    assert judged.causes == ("CrashLoopSilent",)


def test_a_program_that_ends_well_should_not_end() -> None:
    judged = diagnose(with_status(crashing(0, "Completed")))
    assert judged.causes == ("ContainerCompletes",)
    assert "must keep running" in judged.says("en")


def test_out_of_memory_is_told_with_the_limit() -> None:
    limited = container(resources={"limits": {"memory": "16Mi"}})
    judged = diagnose(with_status(crashing(137, "OOMKilled"), containers=[limited]))
    assert judged.causes == ("OutOfMemory",)
    assert "(16Mi)" in judged.says("ko")


def test_of_what_the_runtime_says_the_end_is_kept() -> None:
    said = (
        "failed to create containerd task: OCI runtime create failed: runc create failed: "
        'unable to start container process: exec: "/no": stat /no: no such file or directory'
    )
    judged = diagnose(with_status(crashing(128, "StartError", message=said)))
    assert judged.causes == ("ContainerCannotStart",)
    assert 'cannot be started: exec: "/no": stat /no: no such' in judged.says("en")


def test_a_missing_config_map_is_named() -> None:
    said = 'configmap "settings" not found'
    judged = diagnose(with_status(waiting("CreateContainerConfigError", said)))
    assert judged.causes == ("CreateContainerConfigError",)
    assert said in judged.says("en")
    assert said in judged.says("ko")


def test_a_failing_init_container_is_the_cause() -> None:
    body = with_status(waiting("PodInitializing"))
    body["spec"]["initContainers"] = [container("prepare")]
    body["status"]["initContainerStatuses"] = [crashing(7) | {"name": "prepare"}]
    judged = diagnose(body, logs={"web-1": ["no database"]})
    assert judged.causes == ("CrashLoopBackOff",)
    assert "Container prepare of pod web-1" in judged.says("en")
    assert '"no database"' in judged.says("en")


def test_the_schedulers_words_are_told() -> None:
    said = "0/1 nodes are available: 1 Insufficient cpu."
    body = pod(statuses=[])
    body["spec"].pop("nodeName")
    body["status"] = {
        "phase": "Pending",
        "conditions": [
            {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": said}
        ],
    }
    judged = diagnose(body)
    assert judged.causes == ("Unschedulable",)
    assert f"The scheduler finds no node for pod web-1: {said} Look:" in judged.says("en")
    assert f"배치할 노드를 찾지 못합니다: {said} 확인:" in judged.says("ko")


def test_a_volume_that_cannot_be_mounted() -> None:
    body = with_status(waiting("ContainerCreating"))
    said = 'MountVolume.SetUp failed for volume "v" : configmap "nothere" not found'
    judged = diagnose(body, events=[event(body, "FailedMount", said)])
    assert judged.causes == ("VolumeFails",)
    assert said in judged.says("en")


def change(body: Body, **metadata: Any) -> Body:
    body["metadata"] |= metadata
    return body


def test_other_states_of_a_pod() -> None:
    gated = with_status(container_status(), readinessGates=[{"conditionType": "kim/gate"}])
    gated["status"]["conditions"][2]["status"] = "False"
    evicted = pod(statuses=[])
    evicted["status"] |= {"phase": "Failed", "reason": "Evicted", "message": "low on memory"}
    new = pod(statuses=[])
    new["spec"].pop("nodeName")
    new["status"] = {"phase": "Pending"}
    assert diagnose(gated).causes == ("ReadinessGateWaits",)
    assert diagnose(evicted).causes == ("PodFailed",)
    assert diagnose(new).causes == ("NotScheduledYet",)
    assert diagnose(change(with_status(unready()), deletionTimestamp=LATER)).causes == (
        "PodTerminating",
    )
    assert diagnose(with_status(waiting("Strange", "odd"))).causes == ("ContainerWaits",)


def test_a_pod_that_ended_for_good() -> None:
    ended = {"terminated": {"exitCode": 2, "reason": "Error"}}
    body = with_status(container_status(state=ended))
    body["status"]["phase"] = "Failed"
    judged = diagnose(body, logs={"web-1": ["oh"]})
    assert judged.causes == ("ContainerEnded",)
    assert 'its last log line: "oh"' in judged.says("en")


def test_pods_with_the_same_trouble_are_told_once_the_newest_first() -> None:
    bodies = [
        change(pod(f"web-{n}", statuses=[crashing(1)]), creationTimestamp=f"2026-03-02T09:0{n}:00Z")
        for n in range(4)
    ]
    pulling = with_status(waiting("ImagePullBackOff"))
    judged = diagnose(pulling, *bodies)
    assert judged.causes == ("CrashLoopSilent", "ImagePullBackOff")
    assert "web-3" in judged.says("en")


def test_a_paused_rollout_is_told_with_the_way_out() -> None:
    judged = diagnose(paused=True)
    assert judged.causes == ("RolloutPaused",)
    assert judged.says("en").endswith(
        "The rollout of Deployment web is paused. Look: kubectl -n kim describe deployment web"
    )


def test_pods_that_are_ready_but_not_for_long_enough() -> None:
    judged = diagnose(pod(), minReadySeconds=60)
    assert judged.causes == ("MinReadySeconds",)
    assert "60 seconds" in judged.says("en")


def test_an_update_that_waits_for_deletions() -> None:
    body = stateful_set("web", status={"updatedReplicas": 0}, updateStrategy={"type": "OnDelete"})
    check = {"ready": {"object": {"kind": "StatefulSet", "name": "web"}}}
    assert Namespace([body]).judge(**check).causes == ("UpdatesOnDelete",)


def test_pods_of_other_workloads_explain_nothing() -> None:
    web = deployment(status={"availableReplicas": 0})
    foreign = replica_set(deployment("other"))
    adopted = pod(owner=foreign, statuses=[crashing(1)])
    assert Namespace([web, replica_set(web), foreign, adopted]).judge(**CHECK).causes == ()


def test_everything_that_explains_is_asked_for_together() -> None:
    rounds = diagnose(with_status(waiting("ImagePullBackOff"))).rounds
    assert [len(requests) for requests in rounds] == [3, 1]
