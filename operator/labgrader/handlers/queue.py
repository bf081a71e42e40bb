"""The work queue: bounded, without duplicates, fair between namespaces.

Filled by kopf's events, the re-scan and timers; emptied by the workers. Holds keys, never
objects: who takes a key reads the object anew.
"""

import asyncio
from collections import OrderedDict, deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """A Submission."""

    namespace: str
    name: str


class FairQueue:
    """Keys that wait to be worked on, in turns between lanes.

    A lane is the namespace that a submission grades, so that one learner's many submissions
    do not keep the others waiting. A key that is being worked on and comes again is handed
    out once more afterwards, never to two workers at once.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lanes: OrderedDict[str, deque[Key]] = OrderedDict()
        self._waiting: set[Key] = set()
        self._working: set[Key] = set()
        self._again: dict[Key, str] = {}
        self._timers: dict[Key, asyncio.TimerHandle] = {}
        self._wake = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, key: Key, lane: str) -> bool:
        """Queue a key. False where the queue is full: the re-scan will bring it again."""
        timer = self._timers.pop(key, None)
        if timer is not None:
            timer.cancel()
        if key in self._working:
            self._again[key] = lane
            return True
        if key in self._waiting:
            return True
        if len(self._waiting) >= self._limit:
            return False
        self._waiting.add(key)
        self._lanes.setdefault(lane, deque()).append(key)
        self._wake.set()
        return True

    def add_later(self, key: Key, lane: str, seconds: float) -> None:
        """Queue a key after a time, unless it comes earlier by itself."""
        timer = self._timers.pop(key, None)
        if timer is not None:
            timer.cancel()
        loop = asyncio.get_running_loop()
        self._timers[key] = loop.call_later(seconds, self._due, key, lane)

    async def take(self) -> Key:
        """The next key, of the lane that waited longest. Call ``done`` when worked on."""
        while not self._lanes:
            self._wake.clear()
            await self._wake.wait()
        lane, keys = self._lanes.popitem(last=False)
        key = keys.popleft()
        if keys:
            self._lanes[lane] = keys
        self._waiting.discard(key)
        self._working.add(key)
        return key

    def done(self, key: Key) -> None:
        """The key has been worked on."""
        self._working.discard(key)
        lane = self._again.pop(key, None)
        if lane is not None:
            self.add(key, lane)

    def _due(self, key: Key, lane: str) -> None:
        self._timers.pop(key, None)
        self.add(key, lane)
