"""``survivesBadUpdate``: a version that never becomes Ready does not take the old one down.

Called through ``checks.registry``. Pure: the update is made, and taken back after the time, by
``cluster.experiments``.
"""

from labgrader.api.kinds import SurvivesBadUpdate
from labgrader.checks import updating
from labgrader.checks.copies import on_copy_if_asked
from labgrader.checks.diagnosis.noticed import unasked
from labgrader.checks.diagnosis.updates import all_missing
from labgrader.checks.finding import Finding, failed, passed, unknown
from labgrader.checks.problem import Problem
from labgrader.checks.recovery import bar
from labgrader.checks.rollout import PODS_REFUSED
from labgrader.checks.scope import Scope
from labgrader.checks.updating import Seen, seen_update
from labgrader.evidence.snapshot import Snapshot


def problems(params: SurvivesBadUpdate) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    return tuple(updating.problems(params.object))


@on_copy_if_asked
def judge(params: SurvivesBadUpdate, scope: Scope, snapshot: Snapshot) -> Finding:
    """The bad version was tried, no pod of it was Ready, and clients were served all the while."""
    seen = seen_update(params, scope, snapshot, within=params.during, then="hold")
    if isinstance(seen, Finding):
        return seen
    found, until_ms = seen.rollout, seen.rollout.at_ms + params.during
    about = seen.about | {"image": params.to.image, "during": bar(params.during)}
    taken = {uid for one in found.seen for uid in one.ready if uid in found.new}
    if taken:
        return failed("BadVersionTaken", **about, count=len(taken)).because(
            *all_missing(seen.workload, found, until_ms), *unasked(seen.workload)
        )
    if not found.new and seen.timeline.when(PODS_REFUSED) is None:
        return unknown("BadVersionNotTried", transient=True, **about)
    finding = seen.certain(params.availability, lambda one: _survived(params, one, until_ms))
    return seen.excused(finding, params.availability)


def _survived(params: SurvivesBadUpdate, seen: Seen, until_ms: int) -> Finding:
    clients = seen.clients(params.availability, until_ms)
    if isinstance(clients, Finding):
        return clients
    numbers = seen.numbers(params.availability, clients, until_ms)
    numbers |= {"image": params.to.image, "during": bar(params.during)}
    if clients.reaches(params.availability.min):
        return passed("BadUpdateSurvived", **numbers)
    return seen.scaled() or failed("BadUpdateHurt", **numbers).because(*seen.causes(until_ms))
