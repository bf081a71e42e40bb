"""The port through which the engine knows time. Implemented by ``cluster.clock`` and by tests."""

from typing import Protocol


class Clock(Protocol):
    """One monotonic clock."""

    def now_ms(self) -> int:
        """Milliseconds since an arbitrary moment."""

    async def sleep(self, milliseconds: int) -> None:
        """Wait."""
