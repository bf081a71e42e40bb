"""From the sampler's lines to Samples on the experiment's clock.

Used by ``delete_pod``. Pure.
"""

from collections.abc import Sequence

from labgrader.cluster.experiments.job import Line
from labgrader.evidence.timeline import Sample

_LATE_MS = 250
_FEW = 2
"""So many requests may be late or missing, or one percent where that is more."""


def collect(lines: Sequence[Line]) -> tuple[Sample, ...]:
    """The samples, in the order in which they were meant to be sent.

    The pod has a clock of its own. The line that arrived fastest tells the difference best.
    """
    if not lines:
        return ()
    offset = min(line.at_ms - line.body["now"] for line in lines)
    return tuple(
        Sample(
            at_ms=line.body["at"] + offset,
            took_ms=line.body["took"],
            status=line.body["status"],
            error=line.body["error"],
        )
        for line in sorted(_samples(lines), key=lambda line: line.body["n"])
    )


def covered(lines: Sequence[Line], until_ms: int) -> bool:
    """Every request that was meant to be sent until then has been heard of."""
    numbers: set[int] = {line.body["n"] for line in _samples(lines)}
    later: set[int] = {line.body["n"] for line in _after(lines, until_ms)}
    return bool(later) and len(numbers - later) >= min(later)


def kept_rate(lines: Sequence[Line], until_ms: int) -> bool:
    """The sampler sent what it was to send until then, when it was to send it."""
    done = _samples(lines)
    later = {line.body["n"] for line in _after(lines, until_ms)}
    numbers: set[int] = {line.body["n"] for line in done} - later
    if not numbers:
        return False
    late: int = sum(line.body["late"] > _LATE_MS for line in done)
    missing = max(numbers) + 1 - len(numbers)
    return max(late, missing) <= max(_FEW, len(done) // 100)


def _samples(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if "n" in line.body]


def _after(lines: Sequence[Line], until_ms: int) -> list[Line]:
    offset = min((line.at_ms - line.body["now"] for line in lines), default=0)
    return [line for line in _samples(lines) if line.body["at"] + offset > until_ms]
