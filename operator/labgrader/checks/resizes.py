"""``resizes``: a running container gets other limits in place, without a restart or with one.

Called through ``checks.registry``. Pure: the pod is resized by ``cluster.experiments``, which
gives it back what it had.
"""

from collections.abc import Iterator
from typing import Any

import orjson

from labgrader.api.kinds import Resizes
from labgrader.checks.diagnosis.conditions import is_ready
from labgrader.checks.diagnosis.kinds import is_workload
from labgrader.checks.diagnosis.ownership import chain, pods_of
from labgrader.checks.diagnosis.presence import find, is_being_deleted
from labgrader.checks.diagnosis.workload import workload_causes
from labgrader.checks.finding import Cause, Finding, cause, error, failed, passed, unknown
from labgrader.checks.problem import Problem
from labgrader.checks.recovery import bar, seconds
from labgrader.checks.resizing import (
    READY_AGAIN,
    RESIZE_ASKED,
    RESIZE_DONE,
    RESIZE_FAILS,
    RESIZE_WAITS,
    RESTARTED,
    has_limits,
    status_of,
)
from labgrader.checks.scope import Scope
from labgrader.checks.tolerant import mapping, maps, text
from labgrader.evidence.answers import Json
from labgrader.evidence.experiments import ResizePod
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import Timeline

Numbers = dict[str, Any]

_RESTARTS = "RestartContainer"


def problems(params: Resizes) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    if _has_pods(params):
        return ()
    known = "Deployment, StatefulSet, DaemonSet and ReplicaSet"
    return (Problem("Invalid", f"resizes knows {known}, not {params.object.kind}"),)


def judge(params: Resizes, scope: Scope, snapshot: Snapshot) -> Finding:
    """One Ready pod's container runs with the new limits in time, and was restarted or not."""
    if not _has_pods(params):
        return error("NothingToResize", kind=params.object.kind)
    request, lists = scope.get(params.object), chain(scope, params.object.kind)
    snapshot.together(request, *lists)
    workload = find(snapshot, request)
    if isinstance(workload, Finding):
        return workload
    listed, *between = (snapshot.objects(one) for one in lists)
    limits = _limits(params)
    about: Numbers = {
        "kind": request.kind,
        "name": request.name,
        "namespace": scope.namespace,
        "container": params.container,
        "limits": ", ".join(f"{name}={value}" for name, value in limits.items()),
        "within": bar(params.within),
    }
    pod = _oldest(pods_of(workload, listed, *between))
    if pod is None:
        return failed("NoPodToResize", **about).because(*workload_causes(scope, snapshot, workload))
    container = _container(pod, params.container)
    if container is None:
        names = ", ".join(text(one.get("name")) for one in maps(pod["spec"]["containers"]))
        return failed("ResizeContainerAbsent", **about, there=names or "-")
    if has_limits(status_of(pod, params.container), limits):
        return failed("LimitsAreThose", **about)
    timeline = snapshot.timeline(
        ResizePod(
            namespace=scope.namespace,
            api_version=request.api_version,
            kind=request.kind,
            name=request.name,
            pod=text(pod["metadata"]["name"]),
            pod_uid=pod["metadata"]["uid"],
            container=params.container,
            cpu=params.limits.cpu or "",
            memory=params.limits.memory or "",
            before=orjson.dumps(
                mapping(container.get("resources")), option=orjson.OPT_SORT_KEYS
            ).decode(),
            within_ms=params.within,
        )
    )
    return _judge(params, about | {"pod": pod["metadata"]["name"]}, container, timeline)


def _judge(params: Resizes, about: Numbers, container: Json, timeline: Timeline) -> Finding:
    asked_ms, done_ms = timeline.when(RESIZE_ASKED) or 0, timeline.when(RESIZE_DONE)
    ready_ms = timeline.when(READY_AGAIN)
    waits, fails = _subject(timeline, RESIZE_WAITS), _subject(timeline, RESIZE_FAILS)
    restarts = sum(action.what == RESTARTED for action in timeline.actions)
    if done_ms is None and waits is not None:
        return unknown("ResizeWaits", transient=True, **about, said=waits)
    if done_ms is None or done_ms - asked_ms > params.within:
        return failed("NotResized", **about, said=fails or "-")
    about = about | {"restarts": restarts}
    if restarts and not params.restart:
        return failed("ResizedByRestart", **about).because(*_policies(params, container))
    if params.restart and restarts != 1:
        return failed("ResizedWithoutRestart", **about)
    if ready_ms is None or ready_ms - asked_ms > params.within:
        return failed("ResizedButNotReady", **about)
    return passed("Resized", **about, took=seconds(ready_ms - asked_ms))


def _policies(params: Resizes, container: Json) -> Iterator[Cause]:
    """The policies by which a changed resource restarts the container."""
    for policy in maps(container.get("resizePolicy")):
        resource = text(policy.get("resourceName"))
        if policy.get("restartPolicy") == _RESTARTS and resource in _limits(params):
            yield cause("ResizePolicyRestarts", resource=resource)


def _oldest(pods: tuple[Json, ...]) -> Json | None:
    ready = [pod for pod in pods if is_ready(pod) and not is_being_deleted(pod)]
    ready.sort(key=lambda pod: (str(pod["metadata"]["creationTimestamp"]), pod["metadata"]["uid"]))
    return ready[0] if ready else None


def _container(pod: Json, name: str) -> Json | None:
    return next((one for one in pod["spec"]["containers"] if one["name"] == name), None)


def _limits(params: Resizes) -> dict[str, str]:
    limits = {"cpu": params.limits.cpu, "memory": params.limits.memory}
    return {name: value for name, value in limits.items() if value is not None}


def _subject(timeline: Timeline, what: str) -> str | None:
    return next((action.subject for action in timeline.actions if action.what == what), None)


def _has_pods(params: Resizes) -> bool:
    return is_workload(params.object) and params.object.kind != "Pod"
