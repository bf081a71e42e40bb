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
    """The samples, in the order in which they were meant to be sent."""
    offset = _offset(lines)
    return tuple(
        Sample(
            at_ms=line.body["at"] + offset,
            took_ms=line.body["took"],
            status=line.body["status"],
            error=line.body["error"],
        )
        for line in sorted(_samples(lines), key=lambda line: line.body["n"])
    )


def covered(lines: Sequence[Line], until_ms: int, rate: int) -> bool:
    """Every request that was meant to be sent until then has been heard of."""
    return _missing(lines, until_ms, rate) == 0


def kept_rate(lines: Sequence[Line], until_ms: int, rate: int) -> bool:
    """The sampler sent what it was to send until then, when it was to send it."""
    done = _samples(lines)
    late = sum(1 for line in done if line.body["late"] > _LATE_MS)
    bad = max(late, _missing(lines, until_ms, rate))
    return bool(done) and bad <= max(_FEW, len(done) // 100)


def _missing(lines: Sequence[Line], until_ms: int, rate: int) -> int:
    """How many of the requests due until then no line tells of."""
    due = max(0, until_ms - _offset(lines)) * rate // 1000 + 1
    return due - sum(1 for line in _samples(lines) if line.body["n"] < due)


def _samples(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if "n" in line.body]


def _offset(lines: Sequence[Line]) -> int:
    """From the pod's clock to ours: the line that arrived fastest tells it best."""
    return min((line.at_ms - line.body["now"] for line in lines), default=0)
