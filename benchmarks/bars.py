"""What the operator is to reach, beside the others in the same round.

Read by `benchmarks.summary`. A bar compares a measured value, or its ratio to another
contestant's, with a bound.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

Rounds = Mapping[tuple[str, str], list[Mapping[str, Any]]]
"""Measurements by part and name, one for each round (or call), in the order of the rounds."""


@dataclass(frozen=True)
class Spread:
    """A median, between the least and the most that was seen."""

    least: float
    middle: float
    most: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        """The spread of values."""
        return cls(min(values), median(values), max(values))


@dataclass(frozen=True)
class Bar:
    """One bar. Without ``beside`` the value itself is compared, else its ratio to theirs."""

    what: str
    part: str
    field: str
    bound: float
    name: str = "operator"
    beside: str | None = None
    at_least: bool = False

    def seen(self, rounds: Rounds) -> Spread:
        """What was seen, by rounds: numbers of one round are compared with each other only."""
        own = [note[self.field] for note in rounds[self.part, self.name]]
        if self.beside is None:
            return Spread.of(own)
        theirs = [note[self.field] for note in rounds[self.part, self.beside]]
        return Spread.of([mine / other for mine, other in zip(own, theirs, strict=True)])

    def reached(self, spread: Spread) -> bool:
        """Whether the median reaches the bar."""
        return spread.middle >= self.bound if self.at_least else spread.middle <= self.bound


BARS = (
    Bar("back to back, p50, beside bare", "close", "p50", 1.15, beside="bare"),
    Bar("back to back, p99, beside bare", "close", "p99", 1.5, beside="bare"),
    Bar("500 ms apart, p50, beside bare", "apart", "p50", 1.5, beside="bare"),
    Bar("500 ms apart, p50, beside bare-get", "apart", "p50", 1.5, beside="bare-get"),
    Bar("at once, rate, beside bare", "burst", "rate", 0.75, beside="bare", at_least=True),
    Bar("at once, rate, beside stock", "burst", "rate", 1.8, beside="stock", at_least=True),
    Bar("at once, CPU, beside bare", "burst", "cpuMs", 2.0, beside="bare"),
    Bar("at once, bytes kept for each", "burst", "keptBytes", 5000),
    # The re-scan lists everything every 45 seconds, whatever is graded.
    Bar("requests: 6 looks, status, Event", "apart", "requests", 8.05),
    Bar("20 checks, 1 namespace, seconds", "cli-1", "seconds", 0.8, name="labgrader"),
    Bar("20 checks, 20 namespaces, seconds", "cli-20", "seconds", 1.2, name="labgrader"),
    Bar("lint of 100 exercises, seconds", "cli-lint", "seconds", 1.0, name="labgrader"),
)
