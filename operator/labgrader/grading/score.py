"""From findings to points, in integers.

Called by ``grading.report``. Open checks make the score a range; nothing here is rounded
twice. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labgrader.api.base import FULL_SHARE
from labgrader.api.exercise import Check
from labgrader.checks.finding import FULL_CREDIT, Finding, Outcome
from labgrader.grading.look import is_conclusive


@dataclass(frozen=True, slots=True)
class Score:
    """Points: what is certain (``low``), what is still possible (``high``), and all there are."""

    low: int
    high: int
    max: int

    @property
    def conclusive(self) -> bool:
        """Whether no check is open. A check without points may be open and still matter."""
        return self.low == self.high

    def passes(self, pass_percent: int) -> bool:
        """Whether the certain points reach a share (milli-percent) of all points."""
        return self.low * FULL_SHARE >= pass_percent * self.max


def earned(check: Check, finding: Finding) -> int:
    """The points of one check: all when Passed, at most one short of all when Failed."""
    if finding.outcome is Outcome.PASSED:
        return check.points
    if finding.outcome is Outcome.FAILED and check.points:
        return min(check.points * finding.credit // FULL_CREDIT, check.points - 1)
    return 0


def score(checks: Sequence[Check], findings: Mapping[str, Finding]) -> Score:
    """The score of a grading."""
    low = sum(earned(check, findings[check.name]) for check in checks)
    open_ = sum(check.points for check in checks if not is_conclusive(findings[check.name]))
    return Score(low, low + open_, sum(check.points for check in checks))
