"""What a curve gives for what an experiment measured, and how number and bar are told.

Called by the judges of kinds that take a curve. The points themselves are known to the report only.
Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from labgrader.api.base import format_share
from labgrader.api.kinds import Curve
from labgrader.checks.finding import FULL_CREDIT, Cause, cause
from labgrader.checks.problem import Problem
from labgrader.checks.recovery import bar, seconds


@dataclass(frozen=True, slots=True)
class Earned:
    """A share of the points, in milli-percent, and why it is not all of them."""

    credit: int = FULL_CREDIT
    why: tuple[Cause, ...] = ()

    @property
    def all(self) -> bool:
        """Whether nothing is missing."""
        return self.credit >= FULL_CREDIT


def problems(kind: str, curve: Curve | None, *measured: str) -> Iterator[Problem]:
    """A curve over something that the kind does not measure."""
    if curve is not None and curve.of not in measured:
        yield Problem("Invalid", f"{kind} measures {' and '.join(measured)}, not {curve.of}")


def earned(curve: Curve | None, measured: Mapping[str, int]) -> Earned:
    """What the curve gives; everything where there is none."""
    if curve is None:
        return Earned()
    value = measured[curve.of]
    return Earned(credit(curve, value), (_told(curve, value),))


def credit(curve: Curve, value: int) -> int:
    """The share that a measured value earns, in milli-percent: linear between points, clamped.

    Rounded to the nearest milli-percent, so that the one rounding down, to whole points, is
    left to the score.
    """
    points = curve.points
    if value <= points[0].at.value:
        return points[0].percent * 1000
    for left, right in pairwise(points):
        if value <= right.at.value:
            width = right.at.value - left.at.value
            rise = (right.percent - left.percent) * 1000 * (value - left.at.value)
            return left.percent * 1000 + (2 * rise + width) // (2 * width)
    return points[-1].percent * 1000


def _told(curve: Curve, value: int) -> Cause:
    """The number and its bar: the nearest that would have earned the most."""
    most = max(point.percent for point in curve.points)
    bars = [point.at.value for point in curve.points if point.percent == most]
    wanted = min(bars, key=lambda one: abs(one - value))
    match curve.of:
        case "availability":
            return cause("AvailabilityBar", share=format_share(value), bar=format_share(wanted))
        case "errorShare":
            return cause("ErrorShareBar", share=format_share(value), bar=format_share(wanted))
        case "longestGap":
            return cause("GapBar", gap=seconds(value), bar=bar(wanted))
    return cause("TimeBar", bar=bar(wanted))
