"""What a probe Job runs: asks one address over and over, and prints what came back.

Started by ``labgrader probe`` inside the cluster; ``cluster.probes.job`` reads the lines. It
starts in a fresh pod while an experiment waits, so it imports the HTTP client and nothing
else of the project. Must not talk to the API server.
"""

import asyncio
import contextlib
import json
import signal
import time
from dataclasses import dataclass

import aiohttp

from labgrader.cluster.probes.exchange import Target, ask, session, why

TIMEOUT_SECONDS = 2.0
"""After so long a client gives up, counted from the moment it really sent."""
STALLED_SECONDS = TIMEOUT_SECONDS + 0.25
"""Who gives up as late as that was held up, and may have its answer without having seen it."""
_PAUSE_AFTER_FAILURE = 0.1
_OK = range(200, 400)


def say(**fields: object) -> None:
    """Print one line for the grader."""
    print(json.dumps(fields, separators=(",", ":")), flush=True)  # noqa: T201 (the pod's log)


@dataclass(frozen=True, slots=True)
class Client:
    """A client of one target."""

    session: aiohttp.ClientSession
    target: Target

    async def ask(self) -> tuple[int, str]:
        """The HTTP status and no error, or 0 and the word for the error."""
        try:
            status, _ = await ask(self.session, self.target)
        except (aiohttp.ClientError, OSError) as error:
            return 0, why(error)
        return status, ""


async def sample(target: Target, *, rate: int, seconds: float, nonce: str) -> None:
    """Ask at a constant rate, whatever the answers: a stall shows in every request it holds up.

    Times in the lines are milliseconds since the start: ``at`` when a request was meant to be
    sent, ``late`` how much later it was sent, ``took`` from ``at`` to the answer, ``now`` when
    the line was printed.
    """
    async with session(TIMEOUT_SECONDS) as opened, asyncio.TaskGroup() as requests:
        asked = Client(opened, target)
        ended, started = end_signal(), time.monotonic()
        say(start=nonce, rate=rate, now=0)
        sent = 0
        while sent < rate * seconds and not ended.is_set():
            due = started + sent / rate
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), due - time.monotonic())
            requests.create_task(sample_once(asked, started, due, sent))
            sent += 1
    say(end=nonce, sent=sent, now=milliseconds(started, time.monotonic()))


async def sample_once(asked: Client, started: float, due: float, number: int) -> None:
    """One request that was due at a moment, and its line."""
    late = time.monotonic() - due
    status, error = await asked.ask()
    now = time.monotonic()
    say(
        n=number,
        at=milliseconds(started, due),
        late=round(late * 1000),
        took=milliseconds(due, now),
        status=status,
        error=error,
        now=milliseconds(started, now),
    )


async def load(target: Target, *, concurrency: int, seconds: float, nonce: str) -> None:
    """Keep so many requests under way at any time; print once a second how many were answered."""
    async with session(TIMEOUT_SECONDS) as opened:
        asked = Client(opened, target)
        ended, started = end_signal(), time.monotonic()
        say(start=nonce, concurrency=concurrency, now=0)
        count = Count()
        senders = [asyncio.create_task(_send(asked, count)) for _ in range(concurrency)]
        try:
            while not ended.is_set() and time.monotonic() < started + seconds:
                due = time.monotonic() + 1.0
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), 1.0)
                now = time.monotonic()
                count.say(milliseconds(started, now), late_ms=max(0, milliseconds(due, now)))
        finally:
            for sender in senders:
                sender.cancel()
            await asyncio.gather(*senders, return_exceptions=True)
    say(end=nonce, now=milliseconds(started, time.monotonic()))


@dataclass
class Count:
    """Answered and failed requests since the start. A server's error is an answer, not a success."""

    answered: int = 0
    failed: int = 0
    error: str = ""

    def say(self, now_ms: int, *, late_ms: int) -> None:
        """Print the sums, and how much later than planned this is."""
        say(
            answered=self.answered,
            failed=self.failed,
            error=self.error,
            late=late_ms,
            now=now_ms,
        )


async def _send(asked: Client, count: Count) -> None:
    while True:
        begun = time.monotonic()
        status, error = await asked.ask()
        stalled = error == "timeout" and time.monotonic() - begun > STALLED_SECONDS
        if status in _OK:
            count.answered += 1
        elif not stalled:
            count.failed += 1
            count.error = error or f"HTTP {status}"
            await asyncio.sleep(_PAUSE_AFTER_FAILURE)


def end_signal() -> asyncio.Event:
    """Set when the pod is told to end."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    return ended


def milliseconds(since: float, until: float) -> int:
    """Between two moments of the monotonic clock."""
    return round((until - since) * 1000)
