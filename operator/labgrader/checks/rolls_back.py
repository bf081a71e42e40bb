"""``rollsBack``: an update is made and undone, and the old version serves again.

Called through ``checks.registry``. Pure: both are done by ``cluster.experiments``. Back is the
Deployment when pods of the ReplicaSets from before are Ready, and none of the update go on.
"""

from labgrader.api.kinds import RollsBack
from labgrader.checks import measures, updating
from labgrader.checks.copies import on_copy_if_asked
from labgrader.checks.diagnosis.updates import unfinished
from labgrader.checks.finding import Finding, failed, passed
from labgrader.checks.problem import Problem
from labgrader.checks.recovery import bar, seconds
from labgrader.checks.rollout import back_at, updated_at, watched_until
from labgrader.checks.scope import Scope
from labgrader.checks.updates_without_downtime import not_updated
from labgrader.checks.updating import Seen, seen_update
from labgrader.evidence.snapshot import Snapshot

_MEASURED = ("recoveryTime", "longestGap", "availability")


def problems(params: RollsBack) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    curve = measures.problems("rollsBack", params.curve, *_MEASURED)
    return (*updating.problems(params.object), *curve)


@on_copy_if_asked
def judge(params: RollsBack, scope: Scope, snapshot: Snapshot) -> Finding:
    """Updated, undone, back in time, with enough answers all the while."""
    seen = seen_update(params, scope, snapshot, within=params.within, then="undo")
    if isinstance(seen, Finding):
        return seen
    return seen.excused(_undone(params, seen), params.availability)


def _undone(params: RollsBack, seen: Seen) -> Finding:
    found, undone_ms = seen.rollout, seen.rollout.undone_ms
    if undone_ms is None:
        return seen.scaled() or not_updated(seen, params.within)
    updated_ms, back_ms = updated_at(found), back_at(found)
    if updated_ms is None or updated_ms - found.at_ms > params.within:
        return seen.scaled() or not_updated(seen, params.within)
    within = bar(params.within)
    if back_ms is None or back_ms - undone_ms > params.within:
        ready = len(set(seen.timeline.pods[-1].ready) - found.new)
        wanted = found.before.wanted
        return seen.scaled() or failed(
            "NotBack", **seen.about, within=within, ready=ready, wanted=wanted
        ).because(*unfinished(seen.workload, seen.timeline, found))
    took_ms, until_ms = back_ms - undone_ms, watched_until(found, back_ms)
    return seen.certain(params.availability, lambda one: _back(params, one, took_ms, until_ms))


def _back(params: RollsBack, seen: Seen, took_ms: int, until_ms: int) -> Finding:
    clients = seen.clients(params.availability, until_ms)
    if isinstance(clients, Finding):
        return clients
    numbers = seen.numbers(params.availability, clients, until_ms)
    numbers |= {"took": seconds(took_ms), "within": bar(params.within)}
    if not clients.reaches(params.availability.min):
        return failed("BackWithDowntime", **numbers).because(*seen.causes(until_ms))
    earned = measures.earned(
        params.curve,
        {
            "recoveryTime": took_ms,
            "longestGap": clients.longest_gap_ms,
            "availability": clients.share,
        },
    )
    if earned.all:
        return passed("RolledBackServing", **numbers).because(*seen.noted(until_ms))
    causes = () if params.curve and params.curve.of == "recoveryTime" else seen.causes(until_ms)
    return failed("BackPartly", credit=earned.credit, **numbers).because(*earned.why, *causes)
