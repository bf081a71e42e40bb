"""Why one container of a pod does not run, or runs without being Ready.

Called by ``diagnosis.pods``. The states are the kubelet's:
https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states
"""

from collections.abc import Sequence

from labgrader.checks.diagnosis import reading
from labgrader.checks.diagnosis.events import one_line
from labgrader.checks.diagnosis.probes import failing_probe
from labgrader.checks.finding import Cause, cause
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import ReadLog
from labgrader.evidence.snapshot import Snapshot

_PULLING = frozenset({"ImagePullBackOff", "ErrImagePull", "RegistryUnavailable"})
_NOT_STARTED = frozenset({"RunContainerError", "CreateContainerError", "PostStartHookError"})
_UNREMARKABLE = frozenset({"", "ContainerCreating", "PodInitializing"})


def trouble(snapshot: Snapshot, pod: Json, status: Json, events: Sequence[Json]) -> Cause | None:
    """The cause; None where nothing is known of this container."""
    state = status.get("state") or {}
    waiting = state.get("waiting")
    if waiting is not None and waiting.get("reason") != "CrashLoopBackOff":
        return _waiting(pod, status, waiting)
    ended = state.get("terminated") or (status.get("lastState") or {}).get("terminated")
    probe = failing_probe(pod, status, events)
    if probe is not None:
        return probe
    if "running" in state and not status.get("restartCount"):
        return None
    if ended is None:
        return None
    previous = state.get("terminated") is None
    return _ended(snapshot, pod, status, ended, previous=previous)


def _waiting(pod: Json, status: Json, waiting: Json) -> Cause | None:
    name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
    container, reason = status["name"], waiting.get("reason", "")
    detail = one_line(waiting.get("message", "")) or "-"
    image = _spec(pod, container).get("image", status.get("image", ""))
    if reason in _PULLING:
        return cause(
            "ImagePullBackOff", pod=name, namespace=namespace, container=container, image=image
        )
    if reason == "InvalidImageName":
        return cause(
            "InvalidImageName", pod=name, namespace=namespace, container=container, image=image
        )
    if reason == "ErrImageNeverPull":
        return cause(
            "ImageNeverPulled", pod=name, namespace=namespace, container=container, image=image
        )
    if reason == "CreateContainerConfigError":
        return cause(
            "CreateContainerConfigError",
            pod=name,
            namespace=namespace,
            container=container,
            detail=detail,
        )
    if reason in _NOT_STARTED:
        return cause(
            "ContainerCannotStart",
            pod=name,
            namespace=namespace,
            container=container,
            detail=detail,
        )
    if reason in _UNREMARKABLE:
        return None
    return cause(
        "ContainerWaits",
        pod=name,
        namespace=namespace,
        container=container,
        why=reason,
        detail=detail,
    )


def _ended(
    snapshot: Snapshot, pod: Json, status: Json, ended: Json, *, previous: bool
) -> Cause | None:
    name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
    container, code = status["name"], ended.get("exitCode", "?")
    if ended.get("reason") == "OOMKilled":
        limits = (_spec(pod, container).get("resources") or {}).get("limits") or {}
        return cause(
            "OutOfMemory",
            pod=name,
            namespace=namespace,
            container=container,
            limit=limits.get("memory", "-"),
        )
    if ended.get("reason") in {"StartError", "ContainerCannotRun"}:
        detail = one_line(ended.get("message", ""))
        return cause(
            "ContainerCannotStart",
            pod=name,
            namespace=namespace,
            container=container,
            detail=detail,
        )
    if code == 0 and not _stays_ended(pod, status):
        return cause("ContainerCompletes", pod=name, namespace=namespace, container=container)
    said = one_line(reading.last_line(snapshot, _log(pod, status, previous=previous)))
    if _stays_ended(pod, status):
        return cause(
            "ContainerEnded",
            pod=name,
            namespace=namespace,
            container=container,
            code=code,
            line=said or "-",
        )
    if not said:
        return cause(
            "CrashLoopSilent", pod=name, namespace=namespace, container=container, code=code
        )
    return cause(
        "CrashLoopBackOff",
        pod=name,
        namespace=namespace,
        container=container,
        code=code,
        line=said,
    )


def _log(pod: Json, status: Json, *, previous: bool) -> ReadLog:
    metadata = pod["metadata"]
    return ReadLog(metadata["namespace"], metadata["name"], status["name"], previous=previous)


def _stays_ended(pod: Json, status: Json) -> bool:
    """The kubelet does not start the container again."""
    return "terminated" in (status.get("state") or {}) and pod["status"].get("phase") in {
        "Succeeded",
        "Failed",
    }


def _spec(pod: Json, container: str) -> Json:
    spec = pod["spec"]
    for found in (*(spec.get("initContainers") or ()), *spec["containers"]):
        if found["name"] == container:
            return found  # type: ignore[no-any-return]  # JSON
    return {}
