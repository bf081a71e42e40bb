"""The Report: everything that a grading came to, as one frozen value.

Made here from a plan and its findings; rendered by ``reporting`` into status, tables and
JSON. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from labgrader.api.base import Text
from labgrader.api.exercise import ExerciseSpec
from labgrader.api.points import Group
from labgrader.api.status import Result
from labgrader.checks.finding import Finding, Outcome
from labgrader.grading.look import is_conclusive
from labgrader.grading.plan import Plan
from labgrader.grading.score import (
    Score,
    Span,
    cap_of,
    counted,
    earned,
    group_span,
    members,
    score,
    worth,
)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """One check of the report.

    ``earned`` are its own points, whether or not its group counts them. ``cap`` is the highest
    score without it, None where it is not required. ``moot`` says of an open check that the
    score is the same whatever it comes to.
    """

    name: str
    points: int
    earned: int
    finding: Finding
    hint: Text | None
    group: str | None = None
    extra: bool = False
    cap: int | None = None
    moot: bool = False


@dataclass(frozen=True, slots=True)
class GroupReport:
    """One group of the report: what its best ``counted`` of ``total`` checks came to.

    ``whole``: its points are its own, and all of those must pass.
    """

    name: str
    points: int
    earned: Span
    counted: int
    total: int
    whole: bool
    extra: bool


@dataclass(frozen=True, slots=True)
class Report:
    """One grading. ``lang`` is the exercise's; a submission may ask for another."""

    plan: Plan
    checks: tuple[CheckReport, ...]
    score: Score
    result: Result
    groups: tuple[GroupReport, ...] = ()

    @property
    def passed(self) -> int:
        """How many checks passed."""
        return sum(check.finding.outcome is Outcome.PASSED for check in self.checks)

    @property
    def open(self) -> tuple[CheckReport, ...]:
        """The checks that could not be decided."""
        return tuple(check for check in self.checks if not is_conclusive(check.finding))

    @property
    def holding_up(self) -> tuple[CheckReport, ...]:
        """The open checks on which the score depends."""
        return tuple(check for check in self.open if not check.moot)


def report(plan: Plan, findings: Mapping[str, Finding]) -> Report:
    """The report of a grading."""
    spec = plan.exercise.spec
    groups = tuple(_group(spec, group, findings) for group in spec.groups)
    settled = {group.name for group in groups if group.earned.low == group.earned.high}
    checks = tuple(
        CheckReport(
            name=check.name,
            points=check.points,
            earned=earned(check, findings[check.name]),
            finding=findings[check.name],
            hint=check.hint,
            group=check.group,
            extra=check.extra or any(g.extra for g in groups if g.name == check.group),
            cap=cap_of(check, spec),
            moot=check.group in settled and not check.required,
        )
        for check in spec.checks
    )
    total = score(spec, findings)
    return Report(plan, checks, total, _result(plan, checks, total), groups)


def _group(spec: ExerciseSpec, group: Group, findings: Mapping[str, Finding]) -> GroupReport:
    among = members(spec, group)
    return GroupReport(
        name=group.name,
        points=worth(group, among),
        earned=group_span(group, among, findings),
        counted=counted(group, among),
        total=len(among),
        whole=group.points is not None,
        extra=group.extra,
    )


def _result(plan: Plan, checks: tuple[CheckReport, ...], total: Score) -> Result:
    undecided = [
        check.finding for check in checks if not (is_conclusive(check.finding) or check.moot)
    ]
    if not undecided:
        passes = total.passes(plan.exercise.spec.pass_percent)
        return Result.PASSED if passes else Result.FAILED
    if any(finding.transient for finding in undecided):
        return Result.INCONCLUSIVE
    return Result.STALLED
