"""Why one container does not run, with everything that its sentence needs."""

from typing import Any

import pytest

from labgrader.checks.diagnosis.containers import trouble
from labgrader.checks.finding import Cause, cause
from labgrader.evidence.answers import LogLines, NotThere
from labgrader.evidence.requests import ReadLog
from labgrader.evidence.snapshot import Snapshot
from tests.unit.checks.objects import (
    Body,
    container,
    container_status,
    crashing,
    event,
    pod,
    unready,
    waiting,
)

HERE = {"pod": "web-1", "namespace": "kim", "container": "web"}
NO_LOG = Snapshot()
LONG_AGO = "2026-03-02T09:00:00Z"


def logged(*lines: str, previous: bool = True, container: str = "web") -> Snapshot:
    """Only this one log can be read: asking for another one is an error."""
    request = ReadLog("kim", "web-1", container, previous=previous)
    return Snapshot({request: LogLines(lines) if lines else NotThere()})


def found(
    status: Body, snapshot: Snapshot = NO_LOG, *, phase: str = "Running", **spec: Any
) -> Cause | None:
    body = pod(statuses=[status], **spec)
    body["status"]["phase"] = phase
    return trouble(snapshot, body, status, ())


def ended(code: int | None, *, reason: str = "Error", **more: Any) -> Body:
    """The status of a container that is not started again, at least not yet."""
    said = {"reason": reason, **more} | ({} if code is None else {"exitCode": code})
    return container_status(state={"terminated": said})


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("ImagePullBackOff", "ImagePullBackOff"),
        ("ErrImagePull", "ImagePullBackOff"),
        ("RegistryUnavailable", "ImagePullBackOff"),
        ("InvalidImageName", "InvalidImageName"),
        ("ErrImageNeverPull", "ImageNeverPulled"),
    ],
)
def test_an_image_that_cannot_be_had_is_told_as_it_was_written(reason: str, told: str) -> None:
    others = [container("side", image="side:2"), container(image="web:9")]
    status = waiting(reason, "no such image")
    assert found(status, containers=others) == cause(told, **HERE, image="web:9")


def test_the_image_of_an_init_container_is_found() -> None:
    status = waiting("ErrImagePull") | {"name": "first"}
    init = [container("first", image="first:3")]
    assert found(status, initContainers=init) == cause(
        "ImagePullBackOff", **HERE | {"container": "first"}, image="first:3"
    )


def test_an_image_that_nobody_wrote_is_told_as_the_kubelet_names_it() -> None:
    status = waiting("ErrImagePull") | {"name": "web"}
    nameless = {"name": "web"}
    assert found(status, containers=[nameless]) == cause(
        "ImagePullBackOff", **HERE, image="docker.io/library/web:1"
    )
    unheard = {key: value for key, value in status.items() if key != "image"}
    assert found(unheard, containers=[container("other")]) == cause(
        "ImagePullBackOff", **HERE, image=""
    )


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("CreateContainerConfigError", "CreateContainerConfigError"),
        ("RunContainerError", "ContainerCannotStart"),
        ("CreateContainerError", "ContainerCannotStart"),
        ("PostStartHookError", "ContainerCannotStart"),
    ],
)
def test_what_keeps_a_container_from_starting_is_told(reason: str, told: str) -> None:
    said = "failed: unable to start container process: no such\nfile."
    assert found(waiting(reason, said)) == cause(told, **HERE, detail="no such file")
    assert found(waiting(reason)) == cause(told, **HERE, detail="-")
    speechless = container_status(state={"waiting": {"reason": reason}})
    assert found(speechless) == cause(told, **HERE, detail="-")


@pytest.mark.parametrize("reason", ["", "ContainerCreating", "PodInitializing"])
def test_what_every_container_waits_for_is_not_told(reason: str) -> None:
    assert found(waiting(reason, "soon")) is None
    assert found(container_status(state={"waiting": {}})) is None


def test_another_reason_to_wait_is_told_as_it_is() -> None:
    assert found(waiting("Odd", "for the moon")) == cause(
        "ContainerWaits", **HERE, why="Odd", detail="for the moon"
    )


def test_a_container_that_waits_is_not_told_by_how_it_ended_before() -> None:
    before = {"terminated": {"exitCode": 3, "reason": "Error"}}
    assert found(waiting("ContainerCreating", lastState=before)) is None


def test_a_container_that_starts_again_and_again_is_told_by_its_last_words() -> None:
    assert found(crashing(3), logged("begin", "panic: no database.", " ")) == cause(
        "CrashLoopBackOff", **HERE, code=3, line="panic: no database"
    )
    assert found(crashing(3), logged()) == cause("CrashLoopSilent", **HERE, code=3)


def test_a_container_that_completes_is_told_without_its_log() -> None:
    assert found(crashing(0, "Completed")) == cause("ContainerCompletes", **HERE)
    assert found(ended(0, reason="Completed")) == cause("ContainerCompletes", **HERE)


def test_a_container_that_just_ended_is_told_by_its_present_log() -> None:
    assert found(ended(2), logged("bye", previous=False)) == cause(
        "CrashLoopBackOff", **HERE, code=2, line="bye"
    )
    assert found(ended(None), logged("bye", previous=False)) == cause(
        "CrashLoopBackOff", **HERE, code="?", line="bye"
    )


@pytest.mark.parametrize("phase", ["Succeeded", "Failed"])
def test_a_container_that_stays_ended_is_told_as_such(phase: str) -> None:
    log = logged("bye", previous=False)
    assert found(ended(2), log, phase=phase) == cause("ContainerEnded", **HERE, code=2, line="bye")
    assert found(ended(0), log, phase=phase) == cause("ContainerEnded", **HERE, code=0, line="bye")
    silent = logged(previous=False)
    assert found(ended(2), silent, phase=phase) == cause("ContainerEnded", **HERE, code=2, line="-")


def test_a_container_that_waits_to_be_started_again_has_not_ended_for_good() -> None:
    assert found(crashing(3), logged("x"), phase="Failed") == cause(
        "CrashLoopBackOff", **HERE, code=3, line="x"
    )


def test_memory_is_told_with_its_limit() -> None:
    limited = container(resources={"limits": {"memory": "64Mi", "cpu": "1"}})
    killed = crashing(137, "OOMKilled")
    assert found(killed, containers=[limited]) == cause("OutOfMemory", **HERE, limit="64Mi")
    for resources in ({"limits": {"cpu": "1"}}, {"limits": None}, {}, None):
        bare = container(resources=resources)
        assert found(killed, containers=[bare]) == cause("OutOfMemory", **HERE, limit="-")
    assert found(killed, containers=[{"name": "web"}]) == cause("OutOfMemory", **HERE, limit="-")
    assert found(ended(137, reason="OOMKilled"), containers=[limited]) == cause(
        "OutOfMemory", **HERE, limit="64Mi"
    )


@pytest.mark.parametrize("reason", ["StartError", "ContainerCannotRun"])
def test_a_program_that_cannot_be_run_is_told(reason: str) -> None:
    said = "runc create failed: unable to start container process: exec: not found."
    assert found(crashing(128, reason, message=said)) == cause(
        "ContainerCannotStart", **HERE, detail="exec: not found"
    )
    assert found(crashing(128, reason)) == cause("ContainerCannotStart", **HERE, detail="")


def test_a_container_that_runs_and_never_stopped_has_no_trouble() -> None:
    assert found(unready()) is None
    assert found(container_status(ready=False, restartCount=None)) is None


def test_a_container_that_runs_again_is_told_by_how_it_ended() -> None:
    before = {"terminated": {"exitCode": 7, "reason": "Error"}}
    again = container_status(ready=False, restartCount=1, lastState=before)
    assert found(again, logged("gone")) == cause("CrashLoopBackOff", **HERE, code=7, line="gone")
    once = container_status(ready=False, restartCount=0, lastState=before)
    assert found(once) is None


def test_nothing_is_known_of_a_container_without_a_past() -> None:
    for last in ({}, None, {"running": {"startedAt": LONG_AGO}}):
        assert found(container_status(ready=False, restartCount=1, lastState=last)) is None
        assert found({"name": "web", "ready": False, "state": None, "lastState": last}) is None
    assert found({"name": "web", "ready": False}) is None


def test_a_probe_that_fails_comes_before_how_the_container_ended() -> None:
    body = pod(statuses=[crashing(137)], containers=[probed()])
    said = event(body, "Unhealthy", "Liveness probe failed: 500", "spec.containers{web}")
    assert trouble(NO_LOG, body, crashing(137), [said]) == cause(
        "LivenessProbeFails", **HERE, probe="GET :80/healthz", detail="500"
    )


def probed() -> Body:
    return container(livenessProbe={"httpGet": {"path": "/healthz", "port": 80}})


def test_a_container_that_backs_off_is_told_before_the_log_of_another_pod() -> None:
    side = container_status("side", state={"terminated": {"exitCode": 1, "reason": "Error"}})
    assert found(side, logged("no", previous=False, container="side")) == cause(
        "CrashLoopBackOff", **HERE | {"container": "side"}, code=1, line="no"
    )


def test_a_program_killed_at_its_start_keeps_its_code() -> None:
    assert found(crashing(137), logged()) == cause("CrashLoopSilent", **HERE, code=137)
    assert found(crashing(0), logged()) == cause("ContainerCompletes", **HERE)
