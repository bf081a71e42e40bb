"""Points by measurement: the curve that several kinds take, over what an experiment measured."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from labgrader.api.base import (
    MEASURE_PATTERN,
    SHARE_PATTERN,
    Model,
    format_duration,
    format_share,
    parse_duration,
    parse_share,
)

Measured = Literal[
    "recoveryTime", "updateTime", "scaleUpTime", "longestGap", "availability", "errorShare"
]
SHARES: frozenset[str] = frozenset({"availability", "errorShare"})
"""What is a share of requests; the others are times."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A time in milliseconds, or a share in milli-percent."""

    value: int
    is_share: bool = False

    def __str__(self) -> str:
        return format_share(self.value) if self.is_share else format_duration(self.value)


def parse_measure(text: Any) -> Measure:
    """A duration such as ``10s``, or a share such as ``"99.9"``: only the first has a unit."""
    if isinstance(text, Measure):
        return text
    if isinstance(text, str) and re.fullmatch(SHARE_PATTERN, text):
        return Measure(parse_share(text), is_share=True)
    return Measure(parse_duration(text))


class CurvePoint(Model):
    """One point of a curve."""

    at: Annotated[
        Measure,
        BeforeValidator(parse_measure),
        PlainSerializer(str, return_type=str),
        WithJsonSchema({"type": "string", "pattern": MEASURE_PATTERN, "maxLength": 16}),
    ]
    """What was measured: a time (10s), or with availability and errorShare a percentage as
    text ("99.5")."""
    percent: Annotated[int, Field(ge=0, le=100)]
    """The share of the check's points that it earns."""


class Curve(Model):
    """Points by measurement: linear between its points, clamped, rounded down once."""

    of: Measured
    """What is measured: recoveryTime with heals and rollsBack, updateTime with
    updatesWithoutDowntime, scaleUpTime and errorShare (of the load's requests) with scales;
    longestGap (the longest time without a good answer) and availability (the share of
    requests that succeeded) with heals, rollsBack, updatesWithoutDowntime and drains."""
    points: Annotated[tuple[CurvePoint, ...], Field(min_length=2, max_length=10)]
    """The curve's points, in ascending order of what was measured."""

    @model_validator(mode="after")
    def _ascends(self) -> "Curve":
        wants_shares = self.of in SHARES
        for point in self.points:
            if point.at.is_share != wants_shares:
                form = (
                    'percentages as text, such as "99.5"' if wants_shares else "times, such as 10s"
                )
                raise ValueError(f"a curve of {self.of} has {form}, not {point.at}")
        if any(later.at.value <= earlier.at.value for earlier, later in pairwise(self.points)):
            what = "shares" if wants_shares else "times"
            raise ValueError(f"the points of a curve stand in the order of their {what}, each once")
        return self
