"""How an experiment waits: woken by each news, stopped by trouble, at most for a time.

Rung by the mirrors and probes of one experiment. Must not know what the news is.
"""

import asyncio
from collections.abc import Callable


class Bell:
    """Wakes the one who waits whenever something that it watches has changed."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._broken: Exception | None = None

    def ring(self) -> None:
        """There is news."""
        self._rung.set()

    def fail(self, error: Exception) -> None:
        """There will be no more news, for this reason."""
        self._broken = self._broken or error
        self._rung.set()

    async def until(self, met: Callable[[], bool], within_ms: int) -> bool:
        """Wait until the condition is met; False when the time is over.

        Raises what ``fail`` was given: after a gap, a change that comes late proves nothing.
        """
        try:
            async with asyncio.timeout(max(0, within_ms) / 1000):
                while True:
                    if self._broken is not None:
                        raise self._broken
                    if met():
                        return True
                    self._rung.clear()
                    await self._rung.wait()
        except TimeoutError:
            return met()
