"""Events and metrics of verdicts, beside the work and never in its way.

Called by the workers after a status was written. Events are for people who look now: in a
burst most are dropped, as Kubernetes' own recorders do.
"""

import asyncio
import logging
from dataclasses import dataclass, field

from labgrader.cluster.clock import SystemClock
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.submissions import Courses
from labgrader.handlers.writing import Verdict
from labgrader.reporting.events import event
from labgrader.reporting.metrics import Metrics

_LOG = logging.getLogger(__name__)
_BURST = 25
_A_SECOND = 5.0


@dataclass
class Announcer:
    """Writes Events at a bounded rate."""

    courses: Courses
    metrics: Metrics
    clock: SystemClock
    identity: str
    _tokens: float = _BURST
    _refilled_ms: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def announce(self, verdict: Verdict) -> None:
        """Count a verdict, and tell it as an Event where the rate allows."""
        if not verdict.transition:
            return
        self.metrics.verdict(verdict.status)
        now_ms = self.clock.now_ms()
        refill = (now_ms - self._refilled_ms) / 1000 * _A_SECOND
        self._tokens, self._refilled_ms = min(_BURST, self._tokens + refill), now_ms
        if self._tokens < 1:
            return
        self._tokens -= 1
        task = asyncio.create_task(self._emit(verdict))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _emit(self, verdict: Verdict) -> None:
        body = event(verdict.body, verdict.status, self.clock.wall(), self.identity)
        try:
            await self.courses.emit(verdict.body["metadata"]["namespace"], body)
        except (ApiError, ApiUnreachable) as error:
            _LOG.info("an Event was not written: %s", error)
