"""The workers: take keys from the queue, have them graded, and survive whatever happens.

Started by ``handlers.operate``. A crash in one grading is that submission's trouble and no
other's; it is tried again later, with growing pauses.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from labgrader.api.status import Result
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.handlers.announce import Announcer
from labgrader.handlers.grader import Grader, Verdict
from labgrader.handlers.queue import FairQueue, Key
from labgrader.reporting.metrics import Metrics

_LOG = logging.getLogger(__name__)
_PAUSES = (1.0, 2.0, 5.0, 15.0)
_RETRY_PAUSES = (3.0, 30.0, 120.0)
_CRASHES = 3


@dataclass
class Workers:
    """N workers on one queue."""

    queue: FairQueue
    grader: Grader
    announcer: Announcer
    metrics: Metrics
    _again: set[Key] = field(default_factory=set)
    _under_way: dict[Key, asyncio.Task[None]] = field(default_factory=dict)
    _tries: dict[Key, int] = field(default_factory=dict)
    _lanes: dict[Key, str] = field(default_factory=dict)

    def add(self, key: Key, lane: str, *, again: bool = False) -> None:
        """Queue a submission; ``again`` where what held it up may be gone."""
        if again:
            self._again.add(key)
        self._lanes[key] = lane
        if not self.queue.add(key, lane):
            self.metrics.dropped.inc()
        self.metrics.depth.set(len(self.queue))

    def gone(self, key: Key) -> None:
        """The submission was deleted: break off its grading, which restores what it changed."""
        self._again.discard(key)
        self._tries.pop(key, None)
        self._lanes.pop(key, None)
        task = self._under_way.get(key)
        if task is not None:
            task.cancel()

    async def run(self, count: int) -> None:
        """Work until cancelled; gradings under way are then broken off and restored."""
        async with asyncio.TaskGroup() as group:
            for _ in range(count):
                group.create_task(self._work())

    async def _work(self) -> None:
        while True:
            key = await self.queue.take()
            task = asyncio.create_task(self._grade(key))
            self._under_way[key] = task
            try:
                await asyncio.wait({task})
            finally:
                if not task.done():
                    task.cancel()
                    await asyncio.wait({task})
                del self._under_way[key]
                self.queue.done(key)
            self.metrics.depth.set(len(self.queue))

    async def _grade(self, key: Key) -> None:
        started = time.monotonic()
        again = key in self._again
        self._again.discard(key)
        try:
            self._finish(key, await self.grader.work_on(key, again=again))
        except (ApiError, ApiUnreachable) as error:
            _LOG.warning("%s/%s: %s; tried again soon", key.namespace, key.name, error)
            passing = isinstance(error, ApiUnreachable) or error.overloaded
            await self._fail(key, error, again=again, give_up=not passing)
        except Exception as error:  # noqa: BLE001 (one submission's crash is no other's)
            _LOG.exception("grading %s/%s crashed", key.namespace, key.name)
            await self._fail(key, error, again=True, give_up=True)
        else:
            self.metrics.reconciled("success", time.monotonic() - started)
            return
        self.metrics.reconciled("error", time.monotonic() - started)

    def _finish(self, key: Key, verdict: Verdict | None) -> None:
        if verdict is not None:
            self.announcer.announce(verdict)
            tries = self._tries.get(key, 0)
            if _may_pass(verdict.status) and tries < len(_RETRY_PAUSES):
                self._later(key, _RETRY_PAUSES, again=True)
                return
        self._tries.pop(key, None)

    async def _fail(self, key: Key, error: Exception, *, again: bool, give_up: bool) -> None:
        """Try again later; after some tries say that the grader failed, and leave it at that.

        Without an end, an experiment would be run on the learner's objects again and again.
        """
        if not give_up or self._tries.get(key, 0) < _CRASHES:
            self._later(key, _PAUSES, again=again)
            return
        self._tries.pop(key, None)
        try:
            await self.grader.give_up(key, f"{type(error).__name__}: {error}"[:500])
        except (ApiError, ApiUnreachable) as worse:
            _LOG.error("%s/%s: not even that could be written: %s", key.namespace, key.name, worse)

    def _later(self, key: Key, pauses: tuple[float, ...], *, again: bool) -> None:
        tries = self._tries.get(key, 0)
        self._tries[key] = tries + 1
        if again:
            self._again.add(key)
        lane = self._lanes.get(key, key.namespace)
        self.queue.add_later(key, lane, pauses[min(tries, len(pauses) - 1)])


def _may_pass(status: Mapping[str, Any]) -> bool:
    """Whether time alone may bring a verdict. No watch tells when a right was granted."""
    if status["result"] == Result.INCONCLUSIVE:
        return True
    reasons = [c["reason"] for c in status["conditions"] if c["type"] == "Stalled"]
    return "Forbidden" in reasons
