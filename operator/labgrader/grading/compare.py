"""What a second judgement of the same evidence changed, check by check.

Called by ``reporting``. Pure.
"""

from dataclasses import dataclass

from labgrader.evidence.bundle import Judged, Verdict
from labgrader.grading.recording import verdict
from labgrader.grading.report import Report


@dataclass(frozen=True, slots=True)
class Change:
    """One check that is not as it was. None: the exercise had, or has, no such check."""

    name: str
    before: Judged | None
    after: Judged | None


def changes(before: Verdict, report: Report) -> tuple[Change, ...]:
    """The checks that differ, in the exercise's order; then those that it lost."""
    then = {judged.name: judged for judged in before.checks}
    now = {judged.name: judged for judged in verdict(report).checks}
    names = dict.fromkeys((*now, *then))
    both = (Change(name, then.get(name), now.get(name)) for name in names)
    return tuple(change for change in both if change.before != change.after)
