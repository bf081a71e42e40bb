"""``heals``: a workload comes back by itself after a fault, and clients notice little.

Called through ``checks.registry``. Pure: the experiment is run by ``cluster.experiments``, which
disturbs only a workload that is whole: what is broken before cannot show whether it heals.
Whether it is whole must not be judged on an object read before, perhaps under an earlier load.
"""

from collections.abc import Iterator
from typing import Any

from labgrader.api.base import format_share
from labgrader.api.kinds import Availability, Heals
from labgrader.api.kinds.faults import OF_A_NODE
from labgrader.checks import faults, measures
from labgrader.checks.certain import behind_time, certain, in_doubt
from labgrader.checks.clients import target, told, url
from labgrader.checks.copies import on_copy_if_asked
from labgrader.checks.diagnosis.behind import behind
from labgrader.checks.diagnosis.faults import fault_causes
from labgrader.checks.diagnosis.kinds import is_workload
from labgrader.checks.diagnosis.noticed import Noticed
from labgrader.checks.diagnosis.policies import policy_causes
from labgrader.checks.diagnosis.presence import about, find
from labgrader.checks.diagnosis.workload import workload_causes
from labgrader.checks.disturbed import not_whole, scaled_meanwhile
from labgrader.checks.finding import (
    Cause,
    Finding,
    error,
    failed,
    passed,
)
from labgrader.checks.problem import Problem
from labgrader.checks.recovery import (
    NOT_WHOLE,
    Fault,
    Served,
    bar,
    fault,
    healed_at,
    lowest,
    seconds,
    served,
    watched_until,
)
from labgrader.checks.scope import Scope
from labgrader.checks.shortage import excused
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import Timeline

Numbers = dict[str, Any]


def problems(params: Heals) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    seen_by_clients = ("availability", "longestGap") if params.availability is not None else ()
    found = tuple(measures.problems("heals", params.curve, "recoveryTime", *seen_by_clients))
    if _can_heal(params):
        return (*found, *faults.problems(params))
    known = "Deployment, StatefulSet, DaemonSet and ReplicaSet"
    return (Problem("Invalid", f"heals knows {known}, not {params.object.kind}"),)


def takes_nodes(params: Heals) -> bool:
    """Whether the fault is a node's."""
    return params.fault in OF_A_NODE


@on_copy_if_asked
def judge(params: Heals, scope: Scope, snapshot: Snapshot) -> Finding:
    """Whole before; disturbed; whole again in time, with enough answers meanwhile."""
    if not _can_heal(params):
        return error("NothingHealsIt", kind=params.object.kind)
    request = scope.get(params.object)
    unreachable = _unreachable(params.availability, request, scope, snapshot)
    workload = find(snapshot, request)
    if isinstance(workload, Finding):
        return workload
    hindered = unreachable or faults.unreachable(params, workload)
    if hindered is not None:
        return hindered
    watched = params.availability
    clients = target(scope.namespace, watched) if watched is not None else None
    timeline = snapshot.timeline(faults.request(params, request, workload, clients))
    not_done = faults.not_done(params, workload, timeline, scope, snapshot)
    if not_done is not None:
        return not_done
    disturbed = fault(timeline)
    if disturbed is None:
        return _not_disturbed(params, workload, timeline, scope, snapshot)
    return excused(
        _disturbed(params, workload, timeline, disturbed, scope, snapshot),
        workload,
        timeline,
        disturbed.at_ms,
        pods=disturbed.before.wanted,
        url="" if watched is None else url(watched),
    )


def _disturbed(
    params: Heals,
    workload: Json,
    timeline: Timeline,
    disturbed: Fault,
    scope: Scope,
    snapshot: Snapshot,
) -> Finding:
    healed_ms = healed_at(timeline, disturbed)
    if healed_ms is None or healed_ms - disturbed.at_ms > params.within:
        return _not_healed(params, workload, timeline, disturbed, scope, snapshot)
    if params.availability is None:
        return _healed(params, workload, timeline, disturbed, healed_ms)
    return certain(
        timeline,
        url(params.availability),
        disturbed.at_ms,
        lambda seen: _healed(params, workload, seen, disturbed, healed_ms),
    )


def _healed(
    params: Heals, workload: Json, timeline: Timeline, disturbed: Fault, healed_ms: int
) -> Finding:
    took_ms, plain = healed_ms - disturbed.at_ms, faults.is_plain(params)
    done = faults.done(params, timeline, disturbed, workload)
    numbers = about(workload) | {
        "took": seconds(took_ms),
        "within": bar(params.within),
        "lowest": lowest(timeline, disturbed, healed_ms),
        "wanted": disturbed.before.wanted,
    }
    measured, failures = {"recoveryTime": took_ms}, Numbers()
    until_ms = watched_until(disturbed, healed_ms)
    reason = "Healed" if plain else "Recovered"
    if params.availability is not None:
        seen = served(timeline.samples, disturbed.at_ms, until_ms)
        if not seen.sent:
            return behind_time(url(params.availability))
        reason = "HealedAvailable" if plain else "RecoveredAvailable"
        measured |= {"availability": seen.share, "longestGap": seen.longest_gap_ms}
        numbers |= _counted(params.availability, seen)
        failures = {"first": seconds(seen.first_ms), "last": seconds(seen.last_ms)}
        if not seen.reaches(params.availability.min):
            return failed(
                "HealedButUnavailable" if plain else "RecoveredButUnavailable",
                **numbers,
                **failures,
                watched=seconds(until_ms - disturbed.at_ms),
            ).because(*done, *_noticed(params, workload, timeline, disturbed, until_ms))
    earned = measures.earned(params.curve, measured)
    if earned.all:
        return passed(reason, **numbers).because(*done)
    if params.curve is not None and params.curve.of == "recoveryTime":
        slowly = "HealedSlowly" if plain else "RecoveredSlowly"
        return failed(slowly, credit=earned.credit, **numbers).because(*done, *earned.why)
    partly = "HealedPartly" if plain else "RecoveredPartly"
    return failed(partly, credit=earned.credit, **numbers, **failures).because(
        *done, *earned.why, *_noticed(params, workload, timeline, disturbed, until_ms)
    )


def _not_disturbed(
    params: Heals, workload: Json, timeline: Timeline, scope: Scope, snapshot: Snapshot
) -> Finding:
    """The experiment ended before it deleted anything: what it saw was enough."""
    not_renewed = faults.not_renewed(params, workload, timeline, scope, snapshot)
    if not_renewed is not None:
        return not_renewed
    if params.availability is None or timeline.when(NOT_WHOLE) is not None:
        return not_whole(workload, timeline, scope, snapshot)
    refused = [sample for sample in timeline.heard if not sample.succeeded]
    served_late = any(sample.succeeded for sample in timeline.heard)
    if served_late or not refused or in_doubt(timeline):  # answers came, but too late to us
        return behind_time(url(params.availability))
    numbers = _counted(params.availability, served(timeline.heard, 0, timeline.ended_ms))
    return failed(
        "UnavailableBefore",
        **about(workload),
        **numbers,
        seen=told(refused[-1]),
    ).because(*policy_causes(scope, snapshot, workload))


def _not_healed(
    params: Heals,
    workload: Json,
    timeline: Timeline,
    disturbed: Fault,
    scope: Scope,
    snapshot: Snapshot,
) -> Finding:
    named, last, wanted = about(workload), timeline.pods[-1], disturbed.before.wanted
    scaled = scaled_meanwhile(workload, timeline, disturbed.before.at_ms, wanted)
    if scaled is not None:
        return scaled
    untouched = faults.untouched(params, workload, timeline, disturbed)
    if untouched is not None:
        return untouched
    unhealed = faults.unhealed(params, workload, timeline, disturbed)
    return failed(
        "NotHealed" if faults.is_plain(params) else "NotRecovered",
        **named,
        within=bar(params.within),
        wanted=wanted,
        ready=len(disturbed.back(last)),
    ).because(
        *faults.done(params, timeline, disturbed, workload),
        *faults.unplaced(timeline, scope),
        *fault_causes(unhealed, scope, snapshot),
        *workload_causes(scope, snapshot, workload),
    )


def _unreachable(
    availability: Availability | None, workload: GetObject, scope: Scope, snapshot: Snapshot
) -> Finding | None:
    """Why clients cannot even be pointed at the Service."""
    if availability is None:
        return None
    seen = behind(scope, snapshot, availability.service, availability.port, workload)
    return seen if isinstance(seen, Finding) else None


def whole(workload: Json) -> bool:
    """The present version is rolled out, and as many replicas as are wanted are Ready."""
    status = workload.get("status") or {}
    current = status.get("observedGeneration", 0) >= workload["metadata"].get("generation", 0)
    if workload["kind"] == "DaemonSet":
        ready = status.get("numberReady", 0)
        existing = status.get("currentNumberScheduled", 0)
    else:
        ready, existing = status.get("readyReplicas", 0), status.get("replicas", 0)
    return bool(current) and 0 < wanted_replicas(workload) == ready == existing


def wanted_replicas(workload: Json) -> int:
    """The replica count in its spec; for a DaemonSet, the nodes that it is to run on."""
    if workload["kind"] == "DaemonSet":
        return int((workload.get("status") or {}).get("desiredNumberScheduled", 0))
    return int((workload.get("spec") or {}).get("replicas", 1))


def _counted(availability: Availability, seen: Served) -> Numbers:
    return {
        "url": url(availability),
        "min": format_share(availability.min),
        "sent": f"{seen.sent:,}",
        "lost": f"{seen.failed:,}",
        "gap": seconds(seen.longest_gap_ms),
    }


def _noticed(
    params: Heals, workload: Json, timeline: Timeline, disturbed: Fault, until_ms: int
) -> Iterator[Cause]:
    """Why clients noticed."""
    if params.availability is None:
        return
    before = disturbed.before
    noticed = Noticed(
        workload,
        timeline,
        disturbed.at_ms,
        until_ms,
        frozenset((*before.ready, *before.others)),
        faults.ending(params, timeline),
        disturbed.again,
    )
    yield from noticed.unserved(params.availability.service)
    alone = tuple(noticed.alone())
    yield from alone
    yield from noticed.unprobed()
    yield from () if alone else noticed.unhooked()


def _can_heal(params: Heals) -> bool:
    return is_workload(params.object) and params.object.kind != "Pod"
