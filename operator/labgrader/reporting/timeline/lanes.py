"""What a picture of a Timeline shows, before anybody decides how: lanes of steps and of requests.

Called by ``reporting.timeline.terminal`` and ``svg``, so that both show the same. Pure; knows no
language and no colours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from labgrader.evidence.timeline import Sample, Timeline


class Shows(StrEnum):
    """What a lane is about; its name is a text of the catalog."""

    WANTED = "LaneWanted"
    READY = "LaneReady"
    ENDPOINTS = "LaneEndpoints"
    REQUESTS = "LaneRequests"
    DIRECT = "LaneDirect"
    METRIC = "LaneMetric"
    DESIRED = "LaneDesired"


@dataclass(frozen=True, slots=True)
class Step:
    """A number from this moment on, until the next step."""

    at_ms: int
    value: int


@dataclass(frozen=True, slots=True)
class Share:
    """The requests that were sent in one stretch of time, and those of them that failed."""

    sent: int
    failed: int


@dataclass(frozen=True, slots=True)
class Lane:
    """Steps, or samples; a lane of requests has the latter."""

    shows: Shows
    steps: tuple[Step, ...] = ()
    samples: tuple[Sample, ...] = ()

    @property
    def most(self) -> int:
        """The greatest number; at least 1, to divide by."""
        return max([1, *(step.value for step in self.steps)])

    def value_at(self, ms: int) -> int | None:
        """The number at a moment; None before the first, and below nothing."""
        found = None
        for step in self.steps:
            if step.at_ms > ms:
                break
            found = step.value
        return None if found is None or found < 0 else found

    def share(self, from_ms: int, until_ms: int) -> Share:
        """The requests of a stretch of time, without its end."""
        sent = [one for one in self.samples if from_ms <= one.at_ms < until_ms]
        return Share(len(sent), sum(not one.succeeded for one in sent))


@dataclass(frozen=True, slots=True)
class Mark:
    """An action: ``letter`` stands for it in the picture."""

    at_ms: int
    letter: str
    what: str
    subject: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All lanes, over one stretch of time that begins at 0."""

    ends_ms: int
    marks: tuple[Mark, ...]
    lanes: tuple[Lane, ...]


_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_HIDDEN = frozenset({"pod-aside", "original-whole", "original-serves"})
"""Actions that say nothing to people, or of which there is one for each pod of the namespace."""


def picture(timeline: Timeline) -> Picture:
    """The picture of a Timeline. Lanes of which nothing is known are left out."""
    lanes = (
        Lane(Shows.WANTED, _steps((seen.at_ms, seen.wanted) for seen in timeline.pods)),
        Lane(Shows.READY, _steps((seen.at_ms, len(seen.ready)) for seen in timeline.pods)),
        Lane(
            Shows.ENDPOINTS,
            _steps((seen.at_ms, len(seen.ready)) for seen in timeline.endpoints),
        ),
        Lane(Shows.REQUESTS, samples=timeline.heard),
        Lane(Shows.DIRECT, samples=timeline.direct),
        Lane(
            Shows.METRIC,
            _steps((seen.at_ms, seen.utilization) for seen in timeline.autoscaler),
        ),
        Lane(Shows.DESIRED, _steps((seen.at_ms, seen.wanted) for seen in timeline.autoscaler)),
        Lane(Shows.READY, _steps((seen.at_ms, seen.ready) for seen in timeline.autoscaler)),
    )
    marks = _marks(timeline)
    return Picture(
        ends_ms=_end(timeline, marks),
        marks=marks,
        lanes=tuple(lane for lane in lanes if lane.steps or lane.samples),
    )


def moment(ms: int) -> str:
    """A moment as people are told it, in seconds."""
    return f"{ms // 1000}.{ms % 1000 // 100}"


def _marks(timeline: Timeline) -> tuple[Mark, ...]:
    told = [one for one in timeline.actions if one.what not in _HIDDEN]
    told.sort(key=lambda one: one.at_ms)
    pairs = zip(told, _LETTERS, strict=False)
    return tuple(Mark(one.at_ms, letter, one.what, one.subject) for one, letter in pairs)


def _end(timeline: Timeline, marks: Sequence[Mark]) -> int:
    """The last moment that anything is known of; never nothing."""
    moments = [timeline.ended_ms, *(mark.at_ms for mark in marks)]
    for seen in (timeline.pods, timeline.autoscaler, timeline.endpoints):
        moments += [one.at_ms for one in seen]
    moments += [one.at_ms for one in (*timeline.heard, *timeline.direct)]
    return max([1, *moments])


def _steps(moments: Iterable[tuple[int, int]]) -> tuple[Step, ...]:
    """Only where the number changes."""
    found: list[Step] = []
    for at_ms, value in moments:
        if not found or found[-1].value != value:
            found.append(Step(at_ms, value))
    return tuple(found)
