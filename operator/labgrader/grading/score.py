"""From findings to points, in integers.

Called by ``grading.report`` and ``grading.plan``. The score is the sum of what stands alone and
of what groups come to; then required checks hold it at their caps. Each step only rises with
what each check earned, and none knows an order. So open checks make the score a range, from all
of them failed to all of them passed, that every outcome stays within. Nothing is rounded twice.
Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from labgrader.api.base import FULL_SHARE
from labgrader.api.check import Check
from labgrader.api.exercise import ExerciseSpec
from labgrader.api.points import Group
from labgrader.checks.finding import FULL_CREDIT, Finding, Outcome, finding_credit
from labgrader.grading.look import is_conclusive

_NOT_LOOKED = Finding(Outcome.UNKNOWN, "")


@dataclass(frozen=True, slots=True)
class Span:
    """What is certain, and what is still possible; equal where nothing is open."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Score:
    """Points: what is certain (``low``), what is still possible (``high``), and all there are.

    ``high`` may exceed ``max`` by extra credit. ``capped_by`` is the required check that holds
    the certain points at ``cap``.
    """

    low: int
    high: int
    max: int
    cap: int | None = None
    capped_by: str = ""

    @property
    def conclusive(self) -> bool:
        """Whether no check is open. A check without points may be open and still matter."""
        return self.low == self.high

    def passes(self, pass_percent: int) -> bool:
        """Whether the certain points reach a share (milli-percent) of all points."""
        return self.low * FULL_SHARE >= pass_percent * self.max


def earned(check: Check, finding: Finding) -> int:
    """The points of one check: all when Passed, at most one short of all when Failed."""
    return _share(check.points, finding_credit(finding))


def members(spec: ExerciseSpec, group: Group) -> tuple[Check, ...]:
    """The checks of a group."""
    return tuple(check for check in spec.checks if check.group == group.name)


def counted(group: Group, among: Sequence[Check]) -> int:
    """How many of its checks count."""
    match group.rule:
        case "all":
            return len(among)
        case "any":
            return min(1, len(among))
    return min(group.count or 0, len(among))


def worth(group: Group, among: Sequence[Check]) -> int:
    """What a group is worth; nothing without checks."""
    if group.points is not None and among:
        return group.points
    return sum(_best(counted(group, among), (check.points for check in among)))


def max_score(spec: ExerciseSpec) -> int:
    """The points that there are, without extra credit."""
    return sum(points for points, extra in _worths(spec) if not extra)


def max_extra(spec: ExerciseSpec) -> int:
    """The extra credit that there is."""
    return sum(points for points, extra in _worths(spec) if extra)


def group_span(group: Group, among: Sequence[Check], findings: Mapping[str, Finding]) -> Span:
    """What a group has earned.

    Points of its own are earned by the least fulfilled of the checks that count; otherwise the
    points of those add up.
    """
    count = counted(group, among)
    if not count:
        return Span(0, 0)
    if group.points is not None:
        credits_ = [_credits(findings[check.name]) for check in among]
        low = _best(count, (credit.low for credit in credits_))[-1]
        high = _best(count, (credit.high for credit in credits_))[-1]
        return Span(_share(group.points, low), _share(group.points, high))
    spans = [_span(check, findings[check.name]) for check in among]
    low = sum(_best(count, (span.low for span in spans)))
    return Span(low, sum(_best(count, (span.high for span in spans))))


def superfluous(spec: ExerciseSpec, findings: Mapping[str, Finding]) -> frozenset[str]:
    """Checks of groups that have earned all that they are worth: nobody waits for them to pass.

    ``findings`` need not be of all checks yet.
    """
    earned_out: set[str] = set()
    for group in spec.groups:
        among = members(spec, group)
        sure = {check.name: findings.get(check.name, _NOT_LOOKED) for check in among}
        if group_span(group, among, sure).low == worth(group, among):
            earned_out.update(check.name for check in among if not check.required)
    return frozenset(earned_out.difference(*(check.all_needs for check in spec.checks)))


def cap_of(check: Check, spec: ExerciseSpec) -> int | None:
    """The highest score without this check; None where it is not required."""
    if not check.required:
        return None
    if check.cap is not None:
        return check.cap
    enough = -(-spec.pass_percent * max_score(spec) // FULL_SHARE)
    return max(0, enough - 1)


def score(spec: ExerciseSpec, findings: Mapping[str, Finding]) -> Score:
    """The score of a grading. Extra credit lifts it above the maximum by ``aboveMax`` at most."""
    most = max_score(spec)
    spans = list(_spans(spec, findings))
    low = min(most + spec.above_max, sum(span.low for span in spans))
    high = min(most + spec.above_max, sum(span.high for span in spans))
    caps = list(_caps(spec, findings))
    high = min([high, *(cap.at for cap in caps if cap.sure)])
    lowest = min(caps, key=lambda cap: (cap.at, not cap.sure, cap.check), default=None)
    if lowest is None or lowest.at >= low:
        return Score(low, high, most)
    if not lowest.sure:
        return Score(lowest.at, high, most)
    return Score(lowest.at, high, most, lowest.at, lowest.check)


@dataclass(frozen=True, slots=True)
class _Cap:
    """A required check that did not pass, for sure or perhaps."""

    at: int
    check: str
    sure: bool


def _caps(spec: ExerciseSpec, findings: Mapping[str, Finding]) -> Iterator[_Cap]:
    for check in spec.checks:
        at, finding = cap_of(check, spec), findings[check.name]
        if at is not None and finding.outcome is not Outcome.PASSED:
            yield _Cap(at, check.name, is_conclusive(finding))


def _worths(spec: ExerciseSpec) -> Iterator[tuple[int, bool]]:
    for check in spec.checks:
        if check.group is None:
            yield check.points, check.extra
    for group in spec.groups:
        yield worth(group, members(spec, group)), group.extra


def _spans(spec: ExerciseSpec, findings: Mapping[str, Finding]) -> Iterator[Span]:
    for check in spec.checks:
        if check.group is None:
            yield _span(check, findings[check.name])
    for group in spec.groups:
        yield group_span(group, members(spec, group), findings)


def _span(check: Check, finding: Finding) -> Span:
    credit = _credits(finding)
    return Span(_share(check.points, credit.low), _share(check.points, credit.high))


def _credits(finding: Finding) -> Span:
    sure = finding_credit(finding)
    return Span(sure, sure if is_conclusive(finding) else FULL_CREDIT)


def _share(points: int, credit: int) -> int:
    """Rounded down, so that what is not fulfilled wholly is one point short at least."""
    return points * credit // FULL_CREDIT


def _best(count: int, values: Iterable[int]) -> list[int]:
    return sorted(values, reverse=True)[:count]
