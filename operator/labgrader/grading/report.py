"""The Report: everything that a grading came to, as one frozen value.

Made here from a plan and its findings; rendered by ``reporting`` into status, tables and
JSON. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from labgrader.api.base import Text
from labgrader.api.status import Result
from labgrader.checks.finding import Finding, Outcome
from labgrader.grading.look import is_conclusive
from labgrader.grading.plan import Plan
from labgrader.grading.score import Score, earned, score


@dataclass(frozen=True, slots=True)
class CheckReport:
    """One check of the report."""

    name: str
    points: int
    earned: int
    finding: Finding
    hint: Text | None


@dataclass(frozen=True, slots=True)
class Report:
    """One grading. ``lang`` is the exercise's; a submission may ask for another."""

    plan: Plan
    checks: tuple[CheckReport, ...]
    score: Score
    result: Result

    @property
    def passed(self) -> int:
        """How many checks passed."""
        return sum(check.finding.outcome is Outcome.PASSED for check in self.checks)

    @property
    def open(self) -> tuple[CheckReport, ...]:
        """The checks that could not be decided."""
        return tuple(check for check in self.checks if not is_conclusive(check.finding))

    @property
    def may_pass(self) -> bool:
        """Whether looking again soon may decide what is open."""
        return any(check.finding.transient for check in self.open)


def report(plan: Plan, findings: Mapping[str, Finding]) -> Report:
    """The report of a grading."""
    spec = plan.exercise.spec
    checks = tuple(
        CheckReport(
            name=check.name,
            points=check.points,
            earned=earned(check, findings[check.name]),
            finding=findings[check.name],
            hint=check.hint,
        )
        for check in spec.checks
    )
    total = score(spec.checks, findings)
    return Report(plan, checks, total, _result(plan, checks, total))


def _result(plan: Plan, checks: tuple[CheckReport, ...], total: Score) -> Result:
    undecided = [check.finding for check in checks if not is_conclusive(check.finding)]
    if not undecided:
        passes = total.passes(plan.exercise.spec.pass_percent)
        return Result.PASSED if passes else Result.FAILED
    if any(finding.transient for finding in undecided):
        return Result.INCONCLUSIVE
    return Result.STALLED
