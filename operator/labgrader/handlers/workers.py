"""The workers: take keys from the queue, have them graded, and survive whatever happens.

Started by ``handlers.operate``. A crash in one grading is that submission's trouble and no
other's; it is tried again later, with growing pauses.
"""

import asyncio
import functools
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from labgrader.api.status import Result
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.handlers.announce import Announcer
from labgrader.handlers.due import Due, due
from labgrader.handlers.grader import Grader
from labgrader.handlers.queue import FairQueue, Key, Work
from labgrader.handlers.writing import Verdict
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
    _under_way: dict[Key, asyncio.Task[None]] = field(default_factory=dict)
    _tries: dict[Key, int] = field(default_factory=dict)

    def see(self, body: Mapping[str, Any], *, again: bool) -> None:
        """A Submission was seen: queue it where something is to be done."""
        todo = due(body, again=again)
        key = Key(body["metadata"]["namespace"], body["metadata"]["name"])
        ours = todo is Due.RESUME and self.queue.is_worked_on(key)  # the echo of our own write
        if todo is not Due.NOTHING and not ours:
            given = None if again else body
            self.add(Work(key, body["spec"]["targetNamespace"], again, given))

    def add(self, work: Work) -> None:
        """Queue a submission."""
        if not self.queue.add(work):
            self.metrics.dropped.inc()
        self.metrics.depth.set(len(self.queue))

    def gone(self, key: Key) -> None:
        """The submission was deleted: break off its grading, which restores what it changed."""
        self._tries.pop(key, None)
        self.queue.forget(key)
        self.metrics.depth.set(len(self.queue))
        task = self._under_way.get(key)
        if task is not None:
            task.cancel()

    async def run(self, count: int) -> None:
        """Work until cancelled; gradings under way are then broken off and restored."""
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(count):
                    group.create_task(self._work())
        finally:
            left = list(self._under_way.values())
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _work(self) -> None:
        """Take keys one after another, but wait for no grading that turns out to be long.

        Settling, experiments and waiting for their turn cost nothing here, and would keep all
        workers from others' submissions.
        """
        while True:
            work = await self.queue.take()
            free = asyncio.Event()
            task = asyncio.create_task(self._grade(work, free.set))
            self._under_way[work.key] = task
            task.add_done_callback(functools.partial(self._over, work.key, free))
            await free.wait()

    def _over(self, key: Key, free: asyncio.Event, _: asyncio.Task[None]) -> None:
        del self._under_way[key]
        self.queue.done(key)
        self.metrics.depth.set(len(self.queue))
        free.set()

    async def _grade(self, work: Work, takes_long: Callable[[], None]) -> None:
        started, key = time.monotonic(), work.key
        try:
            verdict = await self.grader.work_on(key, takes_long, again=work.again, given=work.body)
            self._finish(work, verdict)
        except (ApiError, ApiUnreachable) as error:
            _LOG.warning("%s/%s: %s; tried again soon", key.namespace, key.name, error)
            passing = isinstance(error, ApiUnreachable) or error.overloaded
            await self._fail(work, error, give_up=not passing)
        except Exception as error:  # noqa: BLE001 (one submission's crash is no other's)
            _LOG.exception("grading %s/%s crashed", key.namespace, key.name)
            await self._fail(work, error, give_up=True)
        else:
            self.metrics.reconciled("success", time.monotonic() - started)
            return
        self.metrics.reconciled("error", time.monotonic() - started)

    def _finish(self, work: Work, verdict: Verdict | None) -> None:
        if verdict is None:
            return
        self.announcer.announce(verdict)
        if _may_pass(verdict.status) and self._tries.get(work.key, 0) < len(_RETRY_PAUSES):
            self._later(replace(work, again=True), _RETRY_PAUSES)
        else:
            self._tries.pop(work.key, None)

    async def _fail(self, work: Work, error: Exception, *, give_up: bool) -> None:
        """Try again later; after some tries say that the grader failed, and leave it at that.

        Without an end, an experiment would be run on the learner's objects again and again.
        """
        key = work.key
        if not give_up or self._tries.get(key, 0) < _CRASHES:
            self._later(work, _PAUSES)
            return
        self._tries.pop(key, None)
        try:
            await self.grader.give_up(key, f"{type(error).__name__}: {error}"[:500])
        except (ApiError, ApiUnreachable) as worse:
            _LOG.error("%s/%s: not even that could be written: %s", key.namespace, key.name, worse)

    def _later(self, work: Work, pauses: tuple[float, ...]) -> None:
        tries = self._tries.get(work.key, 0)
        self._tries[work.key] = tries + 1
        self.queue.add_later(work, pauses[min(tries, len(pauses) - 1)])


def _may_pass(status: Mapping[str, Any]) -> bool:
    """Whether time alone may bring a verdict. No watch tells when a right was granted."""
    if status["result"] == Result.INCONCLUSIVE:
        return True
    reasons = [c["reason"] for c in status["conditions"] if c["type"] == "Stalled"]
    return "Forbidden" in reasons
