"""``heals``: a workload comes back by itself after a pod was deleted, and clients notice little.

Called through ``checks.registry``. Pure: the experiment is run by ``cluster.experiments``, which
deletes only from a workload that is whole: what is broken before cannot show whether it heals.
Whether it is whole must not be judged on an object read before, perhaps under an earlier load.
"""

from collections.abc import Iterator
from typing import Any

from labgrader.api.base import format_share
from labgrader.api.kinds import Availability, Heals
from labgrader.checks.diagnosis.behind import behind
from labgrader.checks.diagnosis.kinds import is_workload
from labgrader.checks.diagnosis.policies import policy_causes
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.diagnosis.workload import workload_causes
from labgrader.checks.finding import (
    FULL_CREDIT,
    Cause,
    Finding,
    cause,
    error,
    failed,
    passed,
    unknown,
)
from labgrader.checks.problem import Problem
from labgrader.checks.recovery import (
    NOT_WHOLE,
    Fault,
    Served,
    bar,
    credit,
    fault,
    healed_at,
    seconds,
    served,
    watched_until,
)
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import DeletePod, GetObject, HttpTarget
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import Timeline

Numbers = dict[str, Any]


def problems(params: Heals) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    if _can_heal(params):
        return ()
    known = "Deployment, StatefulSet, DaemonSet and ReplicaSet"
    return (Problem("Invalid", f"heals knows {known}, not {params.object.kind}"),)


def judge(params: Heals, scope: Scope, snapshot: Snapshot) -> Finding:
    """Whole before; one pod deleted; whole again in time, with enough answers meanwhile."""
    if not _can_heal(params):
        return error("NothingHealsIt", kind=params.object.kind)
    request = scope.get(params.object)
    unreachable = _unreachable(params.availability, request, scope, snapshot)
    workload = find(snapshot, request)
    if isinstance(workload, Finding):
        return workload
    if unreachable is not None:
        return unreachable
    timeline = snapshot.timeline(
        DeletePod(
            namespace=request.namespace,
            api_version=request.api_version,
            kind=request.kind,
            name=request.name,
            uid=workload["metadata"]["uid"],
            within_ms=params.within,
            clients=_clients(params.availability, scope),
        )
    )
    deletion = fault(timeline)
    if deletion is None:
        return _not_disturbed(params, workload, timeline, scope, snapshot)
    healed_ms = healed_at(timeline, deletion)
    if healed_ms is None or healed_ms - deletion.at_ms > params.within:
        return _not_healed(params, workload, timeline, deletion, scope, snapshot)
    return _healed(params, workload, timeline, deletion, healed_ms)


def _healed(
    params: Heals, workload: Json, timeline: Timeline, deletion: Fault, healed_ms: int
) -> Finding:
    took_ms = healed_ms - deletion.at_ms
    numbers = _about(workload) | {
        "took": seconds(took_ms),
        "within": bar(params.within),
    }
    reason = "Healed"
    if params.availability is not None:
        until_ms = watched_until(deletion, healed_ms)
        seen = served(timeline.samples, deletion.at_ms, until_ms)
        if not timeline.kept_rate or not seen.sent:
            return unknown("SamplerBehind", transient=True, detail=_url(params.availability))
        reason = "HealedAvailable"
        numbers |= _counted(params.availability, seen)
        if not seen.reaches(params.availability.min):
            return failed(
                "HealedButUnavailable", **numbers, watched=seconds(until_ms - deletion.at_ms)
            ).because(*_fragile(workload))
    earned = FULL_CREDIT if params.curve is None else credit(params.curve, took_ms)
    if earned >= FULL_CREDIT:
        return passed(reason, **numbers)
    return failed("HealedSlowly", credit=earned, share=format_share(earned), **numbers)


def _not_disturbed(
    params: Heals, workload: Json, timeline: Timeline, scope: Scope, snapshot: Snapshot
) -> Finding:
    """The experiment ended before it deleted anything: what it saw was enough."""
    about = _about(workload)
    if params.availability is None or timeline.when(NOT_WHOLE) is not None:
        last = timeline.pods[-1]
        return failed("NotWholeBefore", **about, ready=len(last.ready), wanted=last.wanted).because(
            *workload_causes(scope, snapshot, workload)
        )
    refused = [sample for sample in timeline.samples if not sample.succeeded]
    if not refused or not timeline.kept_rate:  # answers that came, but too late to us
        return unknown("SamplerBehind", transient=True, detail=_url(params.availability))
    said = refused[-1]
    numbers = _counted(params.availability, served(timeline.samples, 0, timeline.ended_ms))
    return failed(
        "UnavailableBefore",
        **about,
        **numbers,
        seen=f"HTTP {said.status}" if said.status else said.error,
    ).because(*policy_causes(scope, snapshot, workload))


def _not_healed(
    params: Heals,
    workload: Json,
    timeline: Timeline,
    deletion: Fault,
    scope: Scope,
    snapshot: Snapshot,
) -> Finding:
    about, last, wanted = _about(workload), timeline.pods[-1], deletion.before.wanted
    if last.wanted < wanted:
        return unknown("ScaledMeanwhile", transient=True, **about, before=wanted, after=last.wanted)
    return failed(
        "NotHealed",
        **about,
        within=bar(params.within),
        wanted=wanted,
        ready=len(set(last.ready) - {deletion.uid}),
    ).because(*workload_causes(scope, snapshot, workload))


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


def _about(workload: Json) -> Numbers:
    metadata = workload["metadata"]
    return {
        "kind": workload["kind"],
        "name": metadata["name"],
        "namespace": metadata["namespace"],
    }


def _clients(availability: Availability | None, scope: Scope) -> HttpTarget | None:
    if availability is None:
        return None
    return HttpTarget(scope.namespace, availability.service, availability.port, availability.path)


def _counted(availability: Availability, seen: Served) -> Numbers:
    return {
        "url": _url(availability),
        "min": format_share(availability.min),
        "sent": f"{seen.sent:,}",
        "lost": f"{seen.failed:,}",
        "gap": seconds(seen.longest_gap_ms),
    }


def _url(availability: Availability) -> str:
    return f"http://{availability.service}:{availability.port}{availability.path}"


def _fragile(workload: Json) -> Iterator[Cause]:
    """Why clients notice the loss of one pod, as far as the workload itself shows it."""
    about = _about(workload)
    if wanted_replicas(workload) == 1:
        yield cause("OneReplica", **about)
    for container in workload["spec"]["template"]["spec"].get("containers") or ():
        if container.get("ports") and "readinessProbe" not in container:
            yield cause("NoReadinessProbe", **about, container=container["name"])


def _can_heal(params: Heals) -> bool:
    return is_workload(params.object) and params.object.kind != "Pod"
