"""Who may look at a namespace while who disturbs it.

Used by the workers: gradings that only look share a namespace, one that disturbs has it for
itself, so that no learner is judged on the traces of another grading's experiment.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field


@dataclass
class _Door:
    looking: int = 0
    disturbing: bool = False
    waiting: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)


class Gate:
    """One door for each namespace, and a limit on experiments at once in the whole cluster."""

    def __init__(self, experiments: int) -> None:
        self._doors: dict[str, _Door] = defaultdict(_Door)
        self._experiments = asyncio.Semaphore(experiments)

    @contextlib.asynccontextmanager
    async def looking(self, namespace: str) -> AsyncIterator[None]:
        """Share the namespace with others that look."""
        door = self._doors[namespace]
        async with door.changed:
            await door.changed.wait_for(lambda: not door.disturbing and not door.waiting)
            door.looking += 1
        try:
            yield
        finally:
            async with door.changed:
                door.looking -= 1
                self._leave(namespace, door)

    @contextlib.asynccontextmanager
    async def disturbing(self, namespace: str) -> AsyncIterator[None]:
        """Have the namespace alone. Who waits here is not overtaken by new lookers."""
        door = self._doors[namespace]
        async with door.changed:
            door.waiting += 1
            try:
                await door.changed.wait_for(lambda: not door.disturbing and not door.looking)
            finally:
                door.waiting -= 1
            door.disturbing = True
        try:
            async with self._experiments:
                yield
        finally:
            async with door.changed:
                door.disturbing = False
                self._leave(namespace, door)

    def _leave(self, namespace: str, door: _Door) -> None:
        door.changed.notify_all()
        if not door.looking and not door.waiting and not door.disturbing:
            self._doors.pop(namespace, None)
