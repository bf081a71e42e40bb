"""Who may look at a namespace while who disturbs it.

Used by the workers: gradings that only look share a namespace, one that disturbs has it for
itself, so that no learner is judged on the traces of another grading's experiment.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from labgrader.handlers.turns import Turn, Turns


@dataclass
class _Door:
    """One namespace's door. It stays as long as anybody stands before or behind it."""

    users: int = 0
    looking: int = 0
    disturbing: bool = False
    waiting: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)


class Gate:
    """One door for each namespace, and a limit on experiments at once in the whole cluster."""

    def __init__(self, experiments: int) -> None:
        self._doors: dict[str, _Door] = {}
        self._experiments = asyncio.Semaphore(experiments)
        self.turns = Turns(experiments)

    def is_open(self, namespace: str) -> bool:
        """Whether who wants to look need not wait."""
        door = self._doors.get(namespace)
        return door is None or not (door.disturbing or door.waiting)

    @contextlib.asynccontextmanager
    async def looking(self, namespace: str) -> AsyncIterator[None]:
        """Share the namespace with others that look."""
        with self._at(namespace) as door:
            async with door.changed:
                await door.changed.wait_for(lambda: not door.disturbing and not door.waiting)
                door.looking += 1
            try:
                yield
            finally:
                async with door.changed:
                    door.looking -= 1
                    door.changed.notify_all()

    @contextlib.asynccontextmanager
    async def disturbing(self, turn: Turn) -> AsyncIterator[None]:
        """Have the namespace alone. Who waits here is not overtaken by new lookers."""
        with self._at(turn.namespace) as door, self.turns.waiting(turn):
            async with door.changed:
                door.waiting += 1
                try:
                    await door.changed.wait_for(lambda: not door.disturbing and not door.looking)
                    door.disturbing = True
                finally:
                    door.waiting -= 1
                    door.changed.notify_all()  # who gave up may have been what others waited for
            self.turns.alone(turn)
            try:
                async with self._experiments:
                    with self.turns.having(turn):
                        yield
            finally:
                async with door.changed:
                    door.disturbing = False
                    door.changed.notify_all()

    @contextlib.contextmanager
    def _at(self, namespace: str) -> Iterator[_Door]:
        door = self._doors.setdefault(namespace, _Door())
        door.users += 1
        try:
            yield door
        finally:
            door.users -= 1
            if not door.users:
                del self._doors[namespace]
