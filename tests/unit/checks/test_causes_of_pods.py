"""Which cause is told of which pod, with everything that its sentence needs."""

from typing import Any

import pytest

from labgrader.checks.diagnosis.pods import causes
from labgrader.checks.finding import Cause, cause
from labgrader.evidence.snapshot import Snapshot
from tests.unit.checks.objects import Body, container_status, event, pod, unready, waiting

LATER = "2026-03-02T09:30:00Z"
HERE = {"pod": "web-1", "namespace": "kim"}


def found(*pods: Body, events: Any = ()) -> tuple[Cause, ...]:
    return causes(Snapshot(), pods, events)


def waits(name: str = "web-1", **more: Any) -> Body:
    return pod(name, statuses=[unready()], **more)


def leaving(name: str = "web-1") -> Body:
    body = waits(name)
    body["metadata"]["deletionTimestamp"] = LATER
    return body


def unscheduled(name: str = "web-1", **said: str) -> Body:
    body = pod(name, statuses=[], nodeName="")
    body["status"]["conditions"] = [{"type": "PodScheduled", "status": "False", **said}]
    return body


def failed(**said: str) -> Body:
    body = waits()
    body["status"] |= {"phase": "Failed", **said}
    return body


def test_pods_that_are_ready_have_no_cause() -> None:
    assert found() == found(pod("web-1"), pod("web-2")) == ()


def test_a_pod_that_ends_is_told_only_where_no_other_waits() -> None:
    assert found(leaving()) == (cause("PodTerminating", **HERE),)
    assert found(leaving("web-2"), waits()) == (cause("PodNotReadyYet", **HERE),)


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        (
            {"message": "0/1 nodes are available", "reason": "Unschedulable"},
            "0/1 nodes are available",
        ),
        ({"reason": "SchedulingGated"}, "SchedulingGated"),
        ({"message": "", "reason": "SchedulerError"}, "SchedulerError"),
        ({}, ""),
    ],
)
def test_what_the_scheduler_says_is_told(said: dict[str, str], detail: str) -> None:
    assert found(unscheduled(**said)) == (cause("Unschedulable", **HERE, detail=detail),)


def test_a_pod_that_no_scheduler_has_seen() -> None:
    assert found(waits(nodeName="")) == (cause("NotScheduledYet", **HERE),)


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        ({"reason": "Evicted", "message": "The node was low on memory."}, "Evicted: The node was"),
        ({"reason": "NodeLost"}, "NodeLost:"),
    ],
)
def test_a_pod_that_failed_as_a_whole(said: dict[str, str], detail: str) -> None:
    (told,) = found(failed(**said))
    assert told.reason == "PodFailed"
    params = dict(told.params)
    assert params.pop("detail").startswith(detail)
    assert "None" not in dict(told.params)["detail"]
    assert params == HERE


def test_a_pod_that_failed_without_a_word_is_told_by_its_containers() -> None:
    assert found(failed()) == (cause("PodNotReadyYet", **HERE),)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("FailedMount", "VolumeFails"),
        ("FailedAttachVolume", "VolumeFails"),
        ("FailedCreatePodSandBox", "SandboxFails"),
    ],
)
def test_what_happens_before_any_container_is_told(reason: str, told: str) -> None:
    body = waits()
    other = pod("web-2")
    events = [
        event(body, reason, "the first"),
        event(body, reason, "the last", at=LATER),
        event(other, reason, "of another pod", at=LATER),
        event(body, "Scheduled", "of another reason", at=LATER),
    ]
    assert found(body, events=events) == (cause(told, **HERE, detail="the last"),)
    assert found(body, events=events[2:]) == (cause("PodNotReadyYet", **HERE),)


def test_volumes_come_before_sandboxes() -> None:
    body = waits()
    events = [
        event(body, "FailedCreatePodSandBox", "no network", at=LATER),
        event(body, "FailedMount", "no volume"),
    ]
    assert found(body, events=events) == (cause("VolumeFails", **HERE, detail="no volume"),)


def test_a_gate_that_waits_is_named() -> None:
    gates = [{"conditionType": "example.com/lit"}, {"conditionType": "example.com/warm"}]
    body = waits(readinessGates=gates)
    assert found(body) == (cause("ReadinessGateWaits", **HERE, gate="example.com/lit"),)
    body["status"]["conditions"] += [
        {"type": "example.com/lit", "status": "True"},
        {"type": "example.com/warm", "status": "False"},
    ]
    assert found(body) == (cause("ReadinessGateWaits", **HERE, gate="example.com/warm"),)
    body["status"]["conditions"][-1]["status"] = "True"
    assert found(body) == (cause("PodNotReadyYet", **HERE),)


def test_of_pods_with_the_same_trouble_the_newest_is_told() -> None:
    pods = [waits("web-1"), waits("web-2"), unscheduled("web-3", message="full")]
    for minute, body in enumerate(pods):
        body["metadata"]["creationTimestamp"] = f"2026-03-02T09:0{minute}:00Z"
    assert found(*pods) == (
        cause("Unschedulable", pod="web-3", namespace="kim", detail="full"),
        cause("PodNotReadyYet", pod="web-2", namespace="kim"),
    )


def test_at_most_three_are_told() -> None:
    pods = [unscheduled(f"web-{number}", message=str(number)) for number in range(5)]
    assert [dict(one.params)["detail"] for one in found(*pods)] == ["0", "1", "2"]


def test_an_init_container_that_did_its_work_is_not_told() -> None:
    done = container_status("init", state={"terminated": {"exitCode": 0, "reason": "Completed"}})
    body = pod(statuses=[waiting("PodInitializing")])
    body["status"]["initContainerStatuses"] = [done]
    assert [one.reason for one in found(body)] == ["PodNotReadyYet"]
    body["status"]["initContainerStatuses"] = [
        container_status("init", state={"waiting": {"reason": "ErrImagePull"}})
    ]
    (told,) = found(body)
    assert (told.reason, dict(told.params)["container"]) == ("ImagePullBackOff", "init")
