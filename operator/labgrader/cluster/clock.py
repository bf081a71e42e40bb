"""The machine's clocks, for ``handlers`` and ``cli`` to hand on."""

import asyncio
import time
from datetime import UTC, datetime


class SystemClock:
    """Implements ``grading.clock.Clock``, and tells wall-clock time for reports."""

    def now_ms(self) -> int:
        """Monotonic milliseconds."""
        return time.monotonic_ns() // 1_000_000

    async def sleep(self, milliseconds: int) -> None:
        """Wait."""
        await asyncio.sleep(milliseconds / 1000)

    def wall(self) -> str:
        """Now, as Kubernetes writes times (RFC 3339, UTC, whole seconds)."""
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
