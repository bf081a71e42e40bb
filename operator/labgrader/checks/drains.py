"""``drains``: a pod that is told to stop finishes its requests, and no client notices.

Called through ``checks.registry``. Pure: ``cluster.experiments.drain_pod`` keeps requests to the
pod's own address under way, deletes it, and samples the Service meanwhile. That a request was
under way is known from when it was sent and when it ended, never from what the pod says.
"""

from collections.abc import Iterator
from typing import Any

from labgrader.api.base import format_share
from labgrader.api.kinds import Drains
from labgrader.checks import measures
from labgrader.checks.certain import behind_time, certain, in_doubt
from labgrader.checks.clients import target, told, url
from labgrader.checks.copies import on_copy_if_asked
from labgrader.checks.diagnosis.behind import Behind, behind, publishes
from labgrader.checks.diagnosis.kinds import is_workload
from labgrader.checks.diagnosis.noticed import Noticed, has_pre_stop
from labgrader.checks.diagnosis.policies import policy_causes
from labgrader.checks.diagnosis.presence import about, find
from labgrader.checks.disturbed import named, not_whole
from labgrader.checks.draining import KILLED, NOT_BEHIND, NOT_WHOLE, Stop, stop
from labgrader.checks.finding import Cause, Finding, cause, error, failed, passed, unknown
from labgrader.checks.heals import wanted_replicas
from labgrader.checks.problem import Problem
from labgrader.checks.recovery import WATCHED_MS, bar, seconds, served
from labgrader.checks.scope import Scope
from labgrader.checks.shortage import excused
from labgrader.checks.tolerant import at, mapping, maps
from labgrader.evidence.answers import Json
from labgrader.evidence.experiments import DrainPod
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import Timeline

_FEW = 3
"""So many requests under way at least: fewer say little."""
_SOON_MS = 2_000
_CLOCKS_MS = 1_000
_LEAST = 2
"""The seconds that a process needs to end."""
_GRACE = 30
"""terminationGracePeriodSeconds where nobody sets it."""

Numbers = dict[str, Any]


def problems(params: Drains) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    found = tuple(measures.problems("drains", params.curve, "availability", "longestGap"))
    if _can_drain(params):
        return found
    known = "Deployment, StatefulSet, DaemonSet and ReplicaSet"
    return (*found, Problem("Invalid", f"drains knows {known}, not {params.object.kind}"))


@on_copy_if_asked
def judge(params: Drains, scope: Scope, snapshot: Snapshot) -> Finding:
    """All requests under way are answered, new ones go elsewhere, and the pod goes in time."""
    if not _can_drain(params):
        return error("NothingHealsIt", kind=params.object.kind)
    request = scope.get(params.object)
    around = behind(scope, snapshot, params.service, params.port, request)
    workload = find(snapshot, request)
    if isinstance(workload, Finding):
        return workload
    if isinstance(around, Finding):
        return around
    timeline = snapshot.timeline(
        DrainPod(
            **named(request, workload),
            within_ms=params.within,
            clients=target(scope.namespace, params),
            slow=params.slow,
        )
    )
    numbers = about(workload) | {
        "slow": params.slow,
        "url": url(params),
        "within": bar(params.within),
    }
    stopped = stop(timeline)
    if stopped is None:
        return _not_stopped(params, workload, timeline, scope, snapshot, numbers)
    return excused(
        _stopped(params, around, workload, timeline, stopped, numbers),
        workload,
        timeline,
        stopped.at_ms,
        pods=wanted_replicas(workload),
        url=numbers["url"],
    )


def _stopped(
    params: Drains,
    around: Behind,
    workload: Json,
    timeline: Timeline,
    stopped: Stop,
    numbers: Numbers,
) -> Finding:
    if not timeline.kept_rate:  # what it had under way ended with it
        return behind_time(numbers["url"])
    numbers |= {"under_way": len(stopped.under_way), "grace": _grace(workload)}
    if stopped.cut:
        first = min(stopped.after_ms(sample) for sample in stopped.cut)
        numbers |= {"cut": len(stopped.cut), "after": seconds(max(0, first))}
        return failed("RequestsCut", **numbers).because(*_cut(workload, stopped, first))
    if len(stopped.under_way) < _FEW:
        return _too_few_under_way(timeline, stopped, numbers)
    if stopped.gone_ms is None or stopped.gone_ms > params.within:
        return failed("NotEndedInTime", **numbers).because(*_lingering(workload, params.within))
    killed = [name for name, code in stopped.exit_codes if code == KILLED]
    if killed:
        ended = seconds(stopped.ended_ms or 0)
        return failed("KilledInTheEnd", **numbers, container=killed[0], ended=ended).because(
            *_ignoring(workload, stopped)
        )
    return certain(
        timeline,
        numbers["url"],
        stopped.at_ms,
        lambda seen: _clients(params, around, workload, seen, stopped, numbers),
    )


def _clients(
    params: Drains,
    around: Behind,
    workload: Json,
    timeline: Timeline,
    stopped: Stop,
    numbers: Numbers,
) -> Finding:
    """What new clients saw, from the moment at which the pod was told."""
    until_ms = max(stopped.at_ms + WATCHED_MS, stopped.at_ms + (stopped.gone_ms or 0))
    seen = served(timeline.samples, stopped.at_ms, until_ms)
    if not seen.sent:
        return behind_time(numbers["url"])
    numbers = numbers | {
        "sent": f"{seen.sent:,}",
        "lost": f"{seen.failed:,}",
        "gap": seconds(seen.longest_gap_ms),
        "min": format_share(params.min),
        "took": seconds(stopped.gone_ms or 0),
    }
    ended_ms, left_ms = stopped.ended_ms or 0, stopped.unready_ms
    if not _keeps_endpoints(around) and (left_ms is None or left_ms > ended_ms + _CLOCKS_MS):
        after = seconds(max(0, (left_ms or stopped.gone_ms or 0) - ended_ms))
        names = about(workload) | {"service": params.service, "after": after}
        return unknown("EndpointsBehind", transient=True, **names)
    if not seen.reaches(params.min):
        why = (*publishes(around), *_noticed(params, workload, timeline, stopped, until_ms))
        return failed("NewRequestsLost", **numbers).because(*why)
    if _keeps_endpoints(around) and (left_ms is None or left_ms > ended_ms - _CLOCKS_MS):
        return failed("EndpointStays", **numbers, service=params.service).because(
            *publishes(around)
        )
    measured = {"availability": seen.share, "longestGap": seen.longest_gap_ms}
    earned = measures.earned(params.curve, measured)
    if earned.all:
        return passed("Drained", **numbers)
    return failed("DrainedPartly", credit=earned.credit, **numbers).because(
        *earned.why, *_noticed(params, workload, timeline, stopped, until_ms)
    )


def _keeps_endpoints(around: Behind) -> bool:
    """Whether the Service itself has a pod stay behind it that was told to stop.

    The cluster takes such a pod out at once (endpointslice ``podToEndpoint``: ready is what serves
    and does not terminate), except where the Service publishes what is not Ready, or has no
    selector, so that somebody else says what is behind it. Late is only the cluster.
    """
    spec = around.service["spec"]
    return bool(spec.get("publishNotReadyAddresses")) or not spec.get("selector")


def _not_stopped(
    params: Drains,
    workload: Json,
    timeline: Timeline,
    scope: Scope,
    snapshot: Snapshot,
    numbers: Numbers,
) -> Finding:
    """The experiment ended before it deleted anything: what it saw was enough."""
    if timeline.when(NOT_WHOLE) is not None and timeline.pods:
        return not_whole(workload, timeline, scope, snapshot)
    if timeline.when(NOT_BEHIND) is not None:
        return failed("NoPodBehind", **numbers, service=params.service, port=params.port)
    bad = [sample for sample in timeline.heard if not sample.succeeded]
    slow_answered = any(sample.succeeded for sample in timeline.direct)
    if slow_answered or in_doubt(timeline):  # answers came, but too late to us
        return behind_time(numbers["url"])
    if bad and not any(sample.succeeded for sample in timeline.heard):
        return failed(
            "UnavailableBefore",
            **numbers,
            lost=len(bad),
            sent=len(timeline.heard),
            seen=told(bad[-1]),
        ).because(*policy_causes(scope, snapshot, workload))
    return failed("SlowNotAnswered", **numbers)


def _too_few_under_way(timeline: Timeline, stopped: Stop, numbers: Numbers) -> Finding:
    before = [sample for sample in timeline.direct if sample.at_ms < stopped.at_ms]
    answered = [sample for sample in before if sample.succeeded]
    if not answered:
        return failed("SlowFails", **numbers, seen=told(before[0]) if before else "-")
    longest = max(sample.took_ms for sample in answered)
    return failed("NothingUnderWay", **numbers, took=seconds(longest))


def _cut(workload: Json, stopped: Stop, first_ms: int) -> Iterator[Cause]:
    """Why requests under way were lost, by when that began."""
    grace = _grace(workload)
    if first_ms >= grace * 1000 - _CLOCKS_MS:
        yield cause("GraceTooShort", **about(workload), grace=grace)
    elif first_ms <= _SOON_MS and not has_pre_stop(workload):
        yield cause("EndsAtOnce", **about(workload))
    elif any(code == KILLED for _, code in stopped.exit_codes):
        yield cause("GraceTooShort", **about(workload), grace=grace)


def _lingering(workload: Json, within_ms: int) -> Iterator[Cause]:
    grace = _grace(workload)
    if grace * 1000 > within_ms:
        yield cause("GraceTooLong", **about(workload), grace=grace, within=bar(within_ms))
    for name, length in _pre_stop_sleeps(workload):
        if length * 1000 >= within_ms:
            yield cause("PreStopTooLong", **about(workload), container=name, seconds=length)


def _ignoring(workload: Json, stopped: Stop) -> Iterator[Cause]:
    """Why a process was killed: it had no time left, was still at work, or took no notice."""
    grace = _grace(workload)
    for name, length in _pre_stop_sleeps(workload):
        if length + _LEAST >= grace:
            yield cause("PreStopTooLong", **about(workload), container=name, seconds=length)
            return
    if stopped.broken_off:
        yield cause("GraceTooShort", **about(workload), grace=grace)
        return
    yield cause("IgnoresTerm", **about(workload))


def _noticed(
    params: Drains, workload: Json, timeline: Timeline, stopped: Stop, until_ms: int
) -> Iterator[Cause]:
    """Why new clients notice that one pod stops."""
    before = [seen for seen in timeline.pods if seen.at_ms <= stopped.at_ms][-1:]
    noticed = Noticed(
        workload,
        timeline,
        stopped.at_ms,
        until_ms,
        frozenset(uid for seen in before for uid in (*seen.ready, *seen.others)),
        {stopped.uid: stopped.at_ms},
    )
    yield from noticed.unserved(params.service)
    alone = tuple(noticed.alone())
    yield from alone
    yield from noticed.unprobed()
    if noticed.cut and not alone and not has_pre_stop(workload):
        yield cause("StopsWithoutHook", **about(workload))


def _pre_stop_sleeps(workload: Json) -> Iterator[tuple[str, int]]:
    for container in _containers(workload):
        length = at(container, "lifecycle", "preStop", "sleep", "seconds")
        if isinstance(length, int) and not isinstance(length, bool):
            yield str(container.get("name", "")), length


def _grace(workload: Json) -> int:
    grace = at(workload, "spec", "template", "spec", "terminationGracePeriodSeconds")
    return grace if isinstance(grace, int) and not isinstance(grace, bool) else _GRACE


def _containers(workload: Json) -> tuple[Json, ...]:
    return maps(mapping(at(workload, "spec", "template", "spec")).get("containers"))


def _can_drain(params: Drains) -> bool:
    return is_workload(params.object) and params.object.kind != "Pod"
