"""``updatesWithoutDowntime``: a Deployment takes another version, and clients do not notice.

Called through ``checks.registry``. Pure: the update is made by ``cluster.experiments``.
"""

from labgrader.api.kinds import UpdatesWithoutDowntime
from labgrader.checks import measures, updating
from labgrader.checks.copies import on_copy_if_asked
from labgrader.checks.diagnosis.updates import unfinished
from labgrader.checks.finding import Finding, failed, passed
from labgrader.checks.problem import Problem
from labgrader.checks.recovery import bar, seconds
from labgrader.checks.rollout import updated_at, watched_until
from labgrader.checks.scope import Scope
from labgrader.checks.updating import Numbers, Seen, seen_update
from labgrader.evidence.snapshot import Snapshot

_MEASURED = ("updateTime", "longestGap", "availability")


def problems(params: UpdatesWithoutDowntime) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    curve = measures.problems("updatesWithoutDowntime", params.curve, *_MEASURED)
    return (*updating.problems(params.object), *curve)


@on_copy_if_asked
def judge(params: UpdatesWithoutDowntime, scope: Scope, snapshot: Snapshot) -> Finding:
    """The new version took over in time, with enough answers and no long gap meanwhile."""
    seen = seen_update(params, scope, snapshot, within=params.within)
    if isinstance(seen, Finding):
        return seen
    updated_ms = updated_at(seen.rollout)
    if updated_ms is None or updated_ms - seen.rollout.at_ms > params.within:
        found = seen.scaled() or not_updated(seen, params.within)
    else:
        found = seen.certain(params.availability, lambda one: _updated(params, one, updated_ms))
    return seen.excused(found, params.availability)


def not_updated(seen: Seen, within_ms: int) -> Finding:
    """The new version did not take over in time."""
    last, found = seen.timeline.pods[-1], seen.rollout
    return failed(
        "NotUpdated",
        **seen.about,
        within=bar(within_ms),
        wanted=found.before.wanted,
        ready=len(set(last.ready) & found.new),
    ).because(*unfinished(seen.workload, seen.timeline, found))


def _updated(params: UpdatesWithoutDowntime, seen: Seen, updated_ms: int) -> Finding:
    until_ms = watched_until(seen.rollout, updated_ms)
    clients = seen.clients(params.availability, until_ms)
    if isinstance(clients, Finding):
        return clients
    took_ms, gap_ms = updated_ms - seen.rollout.at_ms, clients.longest_gap_ms
    numbers: Numbers = seen.numbers(params.availability, clients, until_ms)
    numbers |= {"took": seconds(took_ms), "within": bar(params.within)}
    if not clients.reaches(params.availability.min):
        return failed("UpdatedWithDowntime", **numbers).because(*seen.causes(until_ms))
    if params.longest_gap is not None and gap_ms > params.longest_gap:
        return failed("UpdatedWithGap", **numbers, longest=bar(params.longest_gap)).because(
            *seen.causes(until_ms)
        )
    measured = {"updateTime": took_ms, "longestGap": gap_ms, "availability": clients.share}
    earned = measures.earned(params.curve, measured)
    if earned.all:
        return passed("UpdatedWithoutDowntime", **numbers).because(*seen.noted(until_ms))
    reason = (
        "UpdatedSlowly" if params.curve and params.curve.of == "updateTime" else "UpdatedPartly"
    )
    return failed(reason, credit=earned.credit, **numbers).because(
        *earned.why, *seen.causes(until_ms)
    )
