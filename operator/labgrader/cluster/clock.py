"""The machine's clocks, for ``handlers`` and ``cli`` to hand on."""

import asyncio
import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """Implements ``grading.clock.Clock``, and tells wall-clock time for reports."""

    def now_ms(self) -> int:
        """Monotonic milliseconds."""
        return time.monotonic_ns() // 1_000_000

    async def sleep(self, milliseconds: int) -> None:
        """Wait."""
        await asyncio.sleep(milliseconds / 1000)

    def wall(self, *, later: float = 0.0) -> str:
        """Now, or so many seconds later, as Kubernetes writes times (RFC 3339, UTC, whole seconds)."""
        moment = datetime.now(UTC) + timedelta(seconds=later)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
