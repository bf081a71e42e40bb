"""From a probe's lines to Samples on the experiment's clock.

Used by the experiments. Pure.
"""

from collections.abc import Sequence

from labgrader.cluster.experiments.job import Json, Line
from labgrader.evidence.timeline import UNHEARD, Sample

_LATE_MS = 250
"""A request that was sent so much later than it was meant to be says little of that moment.

As little says a client that gave up so much later than it was meant to: its answer may lie there.
"""
_TIMEOUT_MS = 2_000
"""After so long a client gives up; see ``probes.agent``, which is not imported for it."""


def collect(lines: Sequence[Line]) -> tuple[Sample, ...]:
    """The samples, in the order in which they were meant to be sent."""
    ours = offset(lines)
    return tuple(
        Sample(
            at_ms=line.body["at"] + ours,
            took_ms=line.body["took"],
            status=line.body["status"],
            error=line.body["error"],
            doubtful=_is_doubtful(line.body),
        )
        for line in _in_order(lines)
    )


def _is_doubtful(body: Json) -> bool:
    gave_up_late = body["error"] == "timeout" and (
        body["took"] - body["late"] > _TIMEOUT_MS + _LATE_MS
    )
    return gave_up_late or bool(body["late"] > _LATE_MS)


def whole(lines: Sequence[Line], until_ms: int, rate: int) -> tuple[Sample, ...]:
    """The samples, and one in doubt for each request due until then that no line tells of."""
    ours = offset(lines)
    heard = {line.body["n"] for line in _samples(lines)}
    lost = (
        Sample(ours + number * 1000 // rate, 0, 0, UNHEARD, doubtful=True)
        for number in range(_due(lines, until_ms, rate))
        if number not in heard
    )
    return tuple(sorted((*collect(lines), *lost), key=lambda sample: sample.at_ms))


def direct(lines: Sequence[Line], ended_ms: int) -> tuple[Sample, ...]:
    """The slow requests to one pod, as they were sent; what has not ended by then was lost."""
    ours = offset(lines)
    told: dict[int, Json] = {}
    for line in lines:
        if "slow" in line.body:
            told[line.body["slow"]] = line.body
    return tuple(_slow(told[number], ours, ended_ms) for number in sorted(told))


def _slow(body: Json, ours: int, ended_ms: int) -> Sample:
    at_ms = body["at"] + ours
    if "took" not in body:
        return Sample(at_ms, max(0, ended_ms - at_ms), 0, "timeout")
    return Sample(at_ms, body["took"], body["status"], body["error"])


def covered(lines: Sequence[Line], until_ms: int, rate: int) -> bool:
    """Every request that was meant to be sent until then has been heard of."""
    due = _due(lines, until_ms, rate)
    return sum(1 for line in _samples(lines) if line.body["n"] < due) == due


def steady(lines: Sequence[Line], count: int) -> bool:
    """So many requests in a row were answered well, and none that was sent later failed."""
    good = {
        line.body["n"]: sample.succeeded
        for line, sample in zip(_in_order(lines), collect(lines), strict=True)
    }
    begin = max((number for number, was in good.items() if not was), default=-1) + 1
    return all(number in good for number in range(begin, begin + count))


def _due(lines: Sequence[Line], until_ms: int, rate: int) -> int:
    """How many requests were to be sent until then."""
    return max(0, until_ms - offset(lines)) * rate // 1000 + 1


def _samples(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if "n" in line.body]


def _in_order(lines: Sequence[Line]) -> list[Line]:
    return sorted(_samples(lines), key=lambda line: line.body["n"])


def offset(lines: Sequence[Line]) -> int:
    """From the pod's clock to ours, in milliseconds: the line that arrived fastest tells it best."""
    return min((line.at_ms - line.body["now"] for line in lines), default=0)
