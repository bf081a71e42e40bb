"""What the judges of disturbed workloads have in common: how one is named, and that one is broken.

Called by ``heals``, ``faults``, ``drains``, ``persists`` and ``updating``. Pure.
"""

from typing import TypedDict

from labgrader.checks.diagnosis.presence import about
from labgrader.checks.diagnosis.workload import workload_causes
from labgrader.checks.finding import Finding, failed, unknown
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import Timeline


class Named(TypedDict):
    """The fields by which an experiment names the very workload that was seen."""

    namespace: str
    api_version: str
    kind: str
    name: str
    uid: str


def named(request: GetObject, workload: Json) -> Named:
    """How the experiment on a workload names it."""
    return {
        "namespace": request.namespace,
        "api_version": request.api_version,
        "kind": request.kind,
        "name": request.name,
        "uid": workload["metadata"]["uid"],
    }


def not_whole(workload: Json, timeline: Timeline, scope: Scope, snapshot: Snapshot) -> Finding:
    """The finding that it was broken before, so that it was not disturbed."""
    last = timeline.pods[-1] if timeline.pods else None
    ready, wanted = (0, 0) if last is None else (len(last.ready), last.wanted)
    return failed("NotWholeBefore", **about(workload), ready=ready, wanted=wanted).because(
        *workload_causes(scope, snapshot, workload)
    )


def scaled_meanwhile(
    workload: Json, timeline: Timeline, since_ms: int, wanted: int
) -> Finding | None:
    """The Unknown finding where somebody wanted fewer pods since then than there were."""
    since = (seen.wanted for seen in timeline.pods if seen.at_ms >= since_ms)
    fewest = min(since, default=wanted)
    if fewest >= wanted:
        return None
    told = {"before": wanted, "after": fewest}
    return unknown("ScaledMeanwhile", transient=True, **about(workload), **told)
