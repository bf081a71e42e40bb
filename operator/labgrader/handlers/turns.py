"""The gradings that disturb and wait for their turn: who is how far, and what is told of it.

Kept up to date by ``handlers.gate``, which decides whose turn it is; read by ``handlers.showing``.
A place is told again only where what was told would mislead: each time costs a write, and in a
long queue everybody's place changes with every grading that ends.
"""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from statistics import fmean
from typing import TypeAlias

from labgrader.handlers.forecast import Course, Start, forecast

_REMEMBERED = 20
"""So many gradings of an exercise say how long its next one takes."""
_CALM_SECONDS = 0.5
"""After so long whoever may begin has begun, and of many that come at once most have come."""
_LOOK_SECONDS = 30.0
_SELDOM_SECONDS = 60.0
_OFF = 0.25
"""By this share of the time that is left, and by a minute, an expectation may be wrong."""


@dataclass(eq=False, slots=True)
class Turn:
    """One grading that disturbs. ``exercise`` is what tells how long it takes."""

    namespace: str
    exercise: str
    begun: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue, 1 the next, as of ``seen``.

    ``at`` is when its turn is expected, None where nothing says how long gradings take. Both are
    in seconds of the monotonic clock.
    """

    number: int
    seen: float
    at: float | None


_Order: TypeAlias = dict[Turn, None]


class Turns:
    """All of one operator. ``at_once`` may have their turn at a time."""

    def __init__(self, at_once: int, now: Callable[[], float] = time.monotonic) -> None:
        self._at_once = at_once
        self._now = now
        self._behind: _Order = {}
        self._at_the_door: _Order = {}
        self._running: dict[Turn, float] = {}
        self._took: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_REMEMBERED))
        self._moved = asyncio.Event()
        self._places: dict[Turn, Place] = {}

    @contextmanager
    def waiting(self, turn: Turn) -> Iterator[None]:
        """It waits, until it has its turn or gives up."""
        self._behind[turn] = None
        self._move()
        try:
            yield
        finally:
            self._behind.pop(turn, None)
            self._at_the_door.pop(turn, None)
            self._move()

    def alone(self, turn: Turn) -> None:
        """It has its namespace for itself, and waits for those in others only."""
        del self._behind[turn]
        self._at_the_door[turn] = None
        self._move()

    @contextmanager
    def having(self, turn: Turn) -> Iterator[None]:
        """It has its turn. What is broken off says nothing of how long others take."""
        begun = self._now()
        turn.begun.set()
        del self._at_the_door[turn]
        self._running[turn] = begun
        self._move()
        try:
            yield
            self._took[turn.exercise].append(self._now() - begun)
        finally:
            del self._running[turn]
            self._move()

    async def news(self, turn: Turn) -> AsyncIterator[Place]:
        """Its place, and again whenever what was told would mislead; ends with its turn."""
        told: Place | None = None
        while not await _set_within(turn.begun, _CALM_SECONDS):
            moved, place = self._moved, self._place(turn)
            if place is not None and (told is None or misleads(told, place)):
                told = place
                yield place
            await _set_within(moved, _LOOK_SECONDS)

    def _place(self, turn: Turn) -> Place | None:
        now = self._now()
        known = self._places.get(turn)
        if known is None or now - known.seen >= _LOOK_SECONDS:
            self._places = self._forecast(now)
        return self._places.get(turn)

    def _forecast(self, now: float) -> dict[Turn, Place]:
        waiting = [*self._at_the_door, *self._behind]
        exercises = {turn.exercise for turn in (*self._running, *waiting)}
        takes = {exercise: self._takes(exercise) for exercise in exercises}
        running = [
            Course(turn.namespace, max(0.0, takes[turn.exercise] - (now - begun)))
            for turn, begun in self._running.items()
        ]
        courses = [Course(turn.namespace, takes[turn.exercise]) for turn in waiting]
        starts = forecast(running, courses, self._at_once)
        return {t: self._told(s, now) for t, s in zip(waiting, starts, strict=True)}

    def _told(self, start: Start, now: float) -> Place:
        return Place(start.number, now, now + start.seconds if self._took else None)

    def _takes(self, exercise: str) -> float:
        """How long such a grading took before, or any; 1 where none has ended."""
        own = self._took.get(exercise)
        return fmean(own or [one for took in self._took.values() for one in took] or (1.0,))

    def _move(self) -> None:
        self._places = {}
        self._moved.set()
        self._moved = asyncio.Event()


def misleads(told: Place, now: Place) -> bool:
    """Whether somebody who was told the one would be wrong about the other."""
    if 2 * now.number <= told.number:
        return True
    if now.at is None or told.at is None:
        return now.at is not None  # it was not known then
    off, left = abs(now.at - told.at), now.at - now.seen
    return now.seen - told.seen >= _SELDOM_SECONDS and off > max(_SELDOM_SECONDS, _OFF * left)


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    # Not wait_for: in Python 3.11 it loses a cancellation that comes with the event.
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()
