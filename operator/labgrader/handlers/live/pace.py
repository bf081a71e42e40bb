"""When a namespace is looked at: soon after a change, and never too often.

Used by ``handlers.live.live``. A look begins a moment after the first change, so that what is
applied together is seen together; not more than two begin in any second in one namespace, and
few run at a time in all. Namespaces wait in turn, one place in the line for each.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often, in seconds.

    ``later``: looks again where something may change that no watch tells (a log, trouble in
    looking), counted from the last change; after trouble, the last pause is repeated.
    """

    gather: float = 0.05
    window: float = 1.0
    most: int = 2
    at_once: int = 8
    later: tuple[float, ...] = (5.0, 30.0, 120.0)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look leaves.

    ``unsettled``: a later one may find something else with no change told; ``troubled``: it
    should go on until it does.
    """

    unsettled: bool = False
    troubled: bool = False


@dataclass
class Pace:
    """Calls ``look`` for namespaces that were touched."""

    look: Callable[[str], Awaitable[Looked]]
    rhythm: Rhythm = field(default_factory=Rhythm)
    _touched: set[str] = field(default_factory=set)
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _begun: dict[str, deque[float]] = field(default_factory=dict)
    _timers: dict[str, asyncio.TimerHandle] = field(default_factory=dict)
    _step: dict[str, int] = field(default_factory=dict)
    _turns: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._turns = asyncio.Semaphore(self.rhythm.at_once)

    def touch(self, namespace: str) -> None:
        """Something changed there."""
        self._step.pop(namespace, None)
        self._wake(namespace)

    def forget(self, namespace: str) -> None:
        """Nothing is followed there any more."""
        self._touched.discard(namespace)
        self._step.pop(namespace, None)
        self._stop_timer(namespace)

    async def close(self) -> None:
        """End everything that is under way."""
        for namespace in list(self._timers):
            self._stop_timer(namespace)
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _wake(self, namespace: str) -> None:
        self._stop_timer(namespace)
        self._touched.add(namespace)
        if namespace not in self._tasks:
            self._tasks[namespace] = asyncio.create_task(self._serve(namespace))

    async def _serve(self, namespace: str) -> None:
        try:
            while namespace in self._touched:
                await asyncio.sleep(max(self.rhythm.gather, self._pause(namespace)))
                async with self._turns:
                    if namespace not in self._touched:
                        return
                    self._touched.discard(namespace)
                    self._times(namespace).append(time.monotonic())
                    looked = await self._look(namespace)
                if namespace not in self._touched:
                    self._look_later(namespace, looked)
        finally:
            del self._tasks[namespace]

    async def _look(self, namespace: str) -> Looked:
        try:
            return await self.look(namespace)
        except Exception:  # noqa: BLE001 (one namespace's crash is no other's)
            _LOG.exception("looking at namespace %s broke off", namespace)
            return Looked(unsettled=True, troubled=True)

    def _pause(self, namespace: str) -> float:
        """How long until one more look does not make too many in any window."""
        now, window = time.monotonic(), self.rhythm.window
        for old in [name for name, times in self._begun.items() if _is_old(times, now, window)]:
            del self._begun[old]
        begun = self._times(namespace)
        return begun[0] + window - now if len(begun) == self.rhythm.most else 0.0

    def _times(self, namespace: str) -> deque[float]:
        return self._begun.setdefault(namespace, deque(maxlen=self.rhythm.most))

    def _look_later(self, namespace: str, looked: Looked) -> None:
        step, pauses = self._step.get(namespace, 0), self.rhythm.later
        if not looked.unsettled or (step >= len(pauses) and not looked.troubled):
            return
        self._step[namespace] = step + 1
        loop = asyncio.get_running_loop()
        pause = pauses[min(step, len(pauses) - 1)]
        self._timers[namespace] = loop.call_later(pause, self._wake, namespace)

    def _stop_timer(self, namespace: str) -> None:
        timer = self._timers.pop(namespace, None)
        if timer is not None:
            timer.cancel()


def _is_old(begun: deque[float], now: float, window: float) -> bool:
    return not begun or begun[-1] + window < now
