"""What a probe Job runs for ``balances``: asks a Service, and each pod behind it, many times.

Started by ``labgrader probe spread`` inside the cluster; ``cluster.experiments.spread_requests``
reads the lines. All requests are shuffled by chance that nobody outside this process knows: a
server must not be able to tell which of them came through the Service. As fast to import as
``probes.agent``.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from secrets import SystemRandom

import aiohttp

from labgrader.cluster.probes.agent import TIMEOUT_SECONDS, end_signal, milliseconds, say
from labgrader.cluster.probes.exchange import Target, answer, session, why

SERVICE = -1
DIRECT = 40
"""How often each pod is asked at its own address."""
LONGEST = 512
"""Characters of an answer's text that are told."""
_AT_ONCE = 8
_HOPELESS = 24
_WARM_SECONDS = 5.0
_PAUSE = 0.2
_OK = range(200, 400)


@dataclass
class _Round:
    """All requests of one run, and what is known of them so far."""

    through: aiohttp.ClientSession
    service: Target
    pods: Sequence[Target]
    header: str
    ends: float
    ended: asyncio.Event
    left: list[int]
    started: float = field(default_factory=time.monotonic)
    answered: int = 0
    failed: int = 0

    async def work(self) -> None:
        """Send what is left, one after the other; several of these run at once."""
        while self.left and not self.over:
            await self._send(self.left.pop())

    @property
    def over(self) -> bool:
        """The time is over, or nobody answers."""
        hopeless = not self.answered and self.failed >= _HOPELESS
        return hopeless or self.ended.is_set() or time.monotonic() >= self.ends

    async def _send(self, to: int) -> None:
        begun, status, said, error = time.monotonic(), 0, "", ""
        target = self.service if to == SERVICE else self.pods[to]
        try:
            status, headers, body = await answer(self.through, target)
        except (aiohttp.ClientError, OSError) as failure:
            error = why(failure)
        else:
            text = headers.get(self.header, "") if self.header else body.decode("utf-8", "replace")
            said = text[:LONGEST]
        if to == SERVICE:
            self.answered += status in _OK
            self.failed += status not in _OK
        say(
            to=to,
            at=milliseconds(self.started, begun),
            status=status,
            said=said,
            error=error,
            took=milliseconds(begun, time.monotonic()),
            now=milliseconds(self.started, time.monotonic()),
        )


async def spread(
    service: Target,
    pods: Sequence[Target],
    *,
    requests: int,
    header: str,
    seconds: float,
    nonce: str,
) -> None:
    """Send everything, a few at once; the last line says how many were not sent."""
    ended, started = end_signal(), time.monotonic()
    say(start=nonce, now=0)
    order = [SERVICE] * requests + [index for index in range(len(pods)) for _ in range(DIRECT)]
    SystemRandom().shuffle(order)
    async with session(TIMEOUT_SECONDS) as opened:
        await _warm(opened, service, started + _WARM_SECONDS)
        run = _Round(opened, service, pods, header, started + seconds, ended, order, started)
        await asyncio.gather(*(run.work() for _ in range(_AT_ONCE)))
    say(end=nonce, left=len(run.left), now=milliseconds(started, time.monotonic()))


async def _warm(opened: aiohttp.ClientSession, service: Target, until: float) -> None:
    """Wait for a first answer: a node's proxy may not know the Service yet."""
    while time.monotonic() < until:
        try:
            await answer(opened, service)
        except (aiohttp.ClientError, OSError):
            await asyncio.sleep(_PAUSE)
        else:
            return
