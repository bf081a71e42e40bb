"""``logs``: what a workload's containers have written.

Called through ``checks.registry``. Pure; asks for the workload's pods by their owners' uids, and
for the last lines of their logs, so many and no more. Learners print what they like: what a
line proves is the exercise's to decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from labgrader.api.base import ObjectRef
from labgrader.api.kinds import Logs
from labgrader.checks.diagnosis import pods as of_pods
from labgrader.checks.diagnosis import reading
from labgrader.checks.diagnosis.conditions import is_ready
from labgrader.checks.diagnosis.endpoints import running_containers
from labgrader.checks.diagnosis.events import one_line
from labgrader.checks.diagnosis.kinds import WORKLOADS
from labgrader.checks.diagnosis.ownership import chain, pods_of
from labgrader.checks.diagnosis.presence import find, is_being_deleted
from labgrader.checks.finding import Cause, Finding, error, failed, passed
from labgrader.checks.patterns import is_found, pattern_problems
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject, ReadLog
from labgrader.evidence.snapshot import Snapshot

MAX_PODS = 10
"""Of so many pods, the newest, logs are read."""
_MAX_BYTES = 262_144
_LINE_END = 2  # bytes at most
_CUT_CHARACTER = 3  # bytes that may be missing where the limit cuts a character
_KNOWN = {**WORKLOADS, "Job": "batch/v1", "CronJob": "batch/v1"}


@dataclass(frozen=True, slots=True)
class Log:
    """What was read of one container's log."""

    request: ReadLog
    lines: tuple[str, ...]

    @property
    def says_something(self) -> bool:
        """Whether there is a line that is not blank."""
        return any(line.strip() for line in self.lines)

    @property
    def is_cut(self) -> bool:
        """Whether there may be more of the lines that were asked for."""
        size = sum(len(line.encode()) + _LINE_END for line in self.lines)
        return size >= self.request.max_bytes - _CUT_CHARACTER


def problems(params: Logs) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    ref = params.object
    if not _knows(ref):
        seen = f"{ref.api_version} {ref.kind}" if ref.api_version else ref.kind
        return (Problem("Invalid", f"logs knows {', '.join(_KNOWN)}, not {seen}"),)
    return (
        *pattern_problems(params.include, "include"),
        *pattern_problems(params.exclude, "exclude"),
    )


def judge(params: Logs, scope: Scope, snapshot: Snapshot) -> Finding:
    """There are lines, enough of them fit include, and none fits exclude."""
    if not _knows(params.object):
        return error("NotAWorkload", kind=params.object.kind)
    request = scope.get(params.object)
    lists = () if request.kind == "Pod" else chain(scope, request.kind)
    snapshot.together(request, *lists)
    workload = find(snapshot, request)
    if isinstance(workload, Finding):
        return workload
    pods = _newest(pods_of(workload, *(map(snapshot.objects, lists) if lists else ((workload,),))))
    if not pods:
        kind, name, namespace = request.kind, request.name, request.namespace
        return failed("NoPodsOf", kind=kind, name=name, namespace=namespace)
    wanted = [ask for pod in pods for ask in _requests(params, pod)]
    if not wanted:
        return failed(
            "ContainerNotThere",
            kind=request.kind,
            name=request.name,
            namespace=request.namespace,
            container=params.container,
            seen=", ".join(_named(pods[0])),
        )
    snapshot.together(*wanted)
    logs = [Log(ask, snapshot.log(ask)) for ask in wanted]
    return _judge(params, request, logs) or _silent(params, request, logs).because(
        *_why_silent(params, scope, snapshot, pods)
    )


def _judge(params: Logs, request: GetObject, logs: list[Log]) -> Finding | None:
    """The finding about the lines; None where there are none, or too few that fit."""
    lines = [line for log in logs for line in log.lines]
    if not any(log.says_something for log in logs):
        return None
    found = len(lines)
    if params.include is not None:
        found = sum(is_found(params.include, line) for line in lines)
    lacks = params.include is not None and found < params.count.min
    wrong = None if params.exclude is None else _unwanted(params.exclude, request, logs)
    if wrong is None and (lacks or params.exclude is not None):
        wrong = _too_large(params, request, logs)
    if wrong is not None or lacks:
        return wrong
    kind, name = request.kind, request.name
    if params.include is None:
        return passed("LogsClean", kind=kind, name=name, read=found, pattern=params.exclude)
    return passed("LogsFound", kind=kind, name=name, found=found, pattern=params.include)


def _unwanted(pattern: str, request: GetObject, logs: list[Log]) -> Finding | None:
    for log in logs:
        line = next((line for line in log.lines if is_found(pattern, line)), None)
        if line is not None:
            return failed(
                "LogLineUnwanted",
                kind=request.kind,
                name=request.name,
                namespace=request.namespace,
                pod=log.request.pod,
                container=log.request.container,
                pattern=pattern,
                line=one_line(line),
            )
    return None


def _too_large(params: Logs, request: GetObject, logs: list[Log]) -> Finding | None:
    """Lines were not read, so none of what they may be is known."""
    cut = next((log for log in logs if log.is_cut), None)
    if cut is None:
        return None
    return failed(
        "LogTooLarge",
        kind=request.kind,
        name=request.name,
        namespace=request.namespace,
        pod=cut.request.pod,
        container=cut.request.container,
        lines=params.lines,
        size=_MAX_BYTES // 1024,
    )


def _silent(params: Logs, request: GetObject, logs: list[Log]) -> Finding:
    """Nothing was written, or not what must be there."""
    last = next((log for log in logs if log.says_something), None)
    if last is None:
        return failed(
            "NoPreviousLogs" if params.previous else "LogsEmpty",
            kind=request.kind,
            name=request.name,
            namespace=request.namespace,
            pod=logs[0].request.pod,
            container=logs[0].request.container,
        )
    pattern = params.include or ""
    return failed(
        "LogsLack",
        kind=request.kind,
        name=request.name,
        namespace=request.namespace,
        pod=last.request.pod,
        container=last.request.container,
        pattern=pattern,
        min=params.count.min,
        found=sum(is_found(pattern, line) for log in logs for line in log.lines),
        lines=params.lines,
        line=one_line(next((line for line in reversed(last.lines) if line.strip()), "")) or "-",
    )


def _why_silent(
    params: Logs, scope: Scope, snapshot: Snapshot, pods: Iterable[Json]
) -> tuple[Cause, ...]:
    """Why containers do not run; nothing of pods that are well or have ended well."""
    ill = [
        pod
        for pod in pods
        if not is_ready(pod) and (pod.get("status") or {}).get("phase") != "Succeeded"
    ]
    if not ill or params.previous:
        return ()
    return of_pods.causes(snapshot, ill, reading.objects(snapshot, scope.all("Event")))


def _newest(pods: Iterable[Json]) -> list[Json]:
    living = [pod for pod in pods if not is_being_deleted(pod)]
    living.sort(key=lambda pod: str(pod["metadata"].get("creationTimestamp")), reverse=True)
    return living[:MAX_PODS]


def _requests(params: Logs, pod: Json) -> list[ReadLog]:
    metadata = pod["metadata"]
    names = [container["name"] for container in running_containers(pod)]
    if params.container is not None:
        names = [name for name in _named(pod) if name == params.container]
    return [
        ReadLog(
            metadata["namespace"],
            metadata["name"],
            name,
            previous=params.previous,
            lines=params.lines,
            max_bytes=_MAX_BYTES,
        )
        for name in names
    ]


def _named(pod: Json) -> list[str]:
    """Every container of the pod, those that start first first."""
    spec = pod["spec"]
    return [c["name"] for c in (*(spec.get("initContainers") or ()), *spec["containers"])]


def _knows(ref: ObjectRef) -> bool:
    api_version = _KNOWN.get(ref.kind)
    return api_version is not None and ref.api_version in {None, api_version}
