"""The work queue: bounded, without duplicates, fair between namespaces.

Filled by kopf's events, the re-scan and timers; emptied by the workers. A key may come with
the object as an event has just brought it; what waited for a timer or for an earlier grading,
or came twice, comes without, and is read anew.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Key:
    """A Submission."""

    namespace: str
    name: str


@dataclass(frozen=True, slots=True)
class Work:
    """A key and why it comes. ``again``: what held it up may be gone, so try once more.

    ``body`` is the object as the watch has just told it; its resourceVersion guards what is
    written against everything that happened since.
    """

    key: Key
    lane: str
    again: bool
    body: Mapping[str, Any] | None = field(default=None, compare=False)


class FairQueue:
    """Keys that wait to be worked on, in turns between lanes.

    A lane is the namespace that a submission grades, so that one learner's many submissions
    do not keep the others waiting. A key that is being worked on and comes again is handed
    out once more afterwards, never to two workers at once.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lanes: OrderedDict[str, deque[Key]] = OrderedDict()
        self._waiting: dict[Key, Work] = {}
        self._working: set[Key] = set()
        self._once_more: dict[Key, Work] = {}
        self._timers: dict[Key, asyncio.TimerHandle] = {}
        self._wake = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def is_worked_on(self, key: Key) -> bool:
        """Whether a worker has the key."""
        return key in self._working

    def add(self, work: Work) -> bool:
        """Queue a key. False where the queue is full: the re-scan will bring it again.

        A timer that is set for the key stays: only ``again`` is what it waits for.
        """
        key = work.key
        if work.again:
            self._stop_timer(key)
        if key in self._working:
            later = _merged(self._once_more.get(key), work)
            self._once_more[key] = replace(later, body=None)  # the grading under way will write
            return True
        if key in self._waiting:
            self._waiting[key] = _merged(self._waiting[key], work)
            return True
        if len(self._waiting) >= self._limit:
            return False
        self._waiting[key] = work
        self._lanes.setdefault(work.lane, deque()).append(key)
        self._wake.set()
        return True

    def add_later(self, work: Work, seconds: float) -> None:
        """Queue a key after a time."""
        self._stop_timer(work.key)
        loop = asyncio.get_running_loop()
        self._timers[work.key] = loop.call_later(seconds, self._due, replace(work, body=None))

    def forget(self, key: Key) -> None:
        """The object is gone: what waits of it goes, and it does not come back by a timer."""
        self._stop_timer(key)
        self._once_more.pop(key, None)
        work = self._waiting.pop(key, None)
        if work is not None:
            lane = self._lanes[work.lane]
            lane.remove(key)
            if not lane:
                del self._lanes[work.lane]

    async def take(self) -> Work:
        """The next key, of the lane that waited longest. Call ``done`` when worked on."""
        while not self._lanes:
            self._wake.clear()
            await self._wake.wait()
        lane, keys = self._lanes.popitem(last=False)
        key = keys.popleft()
        if keys:
            self._lanes[lane] = keys
        self._working.add(key)
        return self._waiting.pop(key)

    def done(self, key: Key) -> None:
        """The key has been worked on."""
        self._working.discard(key)
        work = self._once_more.pop(key, None)
        if work is not None:
            self.add(work)

    def _due(self, work: Work) -> None:
        self._timers.pop(work.key, None)
        self.add(work)

    def _stop_timer(self, key: Key) -> None:
        timer = self._timers.pop(key, None)
        if timer is not None:
            timer.cancel()


def _merged(before: Work | None, work: Work) -> Work:
    """Once more where either says so. Of two versions none: the later to come may be the older.

    What waits stays in its lane.
    """
    if before is None:
        return work
    same = _version(before) is not None and _version(before) == _version(work)
    return replace(before, again=before.again or work.again, body=work.body if same else None)


def _version(work: Work) -> str | None:
    return None if work.body is None else work.body["metadata"]["resourceVersion"]
