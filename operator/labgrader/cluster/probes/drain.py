"""What a probe Job runs for ``drains``: clients of a Service, and slow requests to one pod.

Started by ``labgrader probe drain`` inside the cluster; ``cluster.experiments.drain_pod`` reads
the lines. A slow request begins every quarter of a second, so that at any moment some are under way.
As fast to import as ``probes.agent``.
"""

import asyncio
import contextlib
import time

from labgrader.cluster.probes.agent import (
    TIMEOUT_SECONDS,
    Client,
    end_signal,
    milliseconds,
    sample_once,
    say,
)
from labgrader.cluster.probes.exchange import Target, session

EVERY_SECONDS = 0.25
"""So long after one slow request begins the next."""
_GONE = ("refused", "unreachable")


async def drain(service: Target, pod: Target, *, rate: int, seconds: float, nonce: str) -> None:
    """Do both until told to end.

    The Service's lines are those of ``sample``. A slow request has two lines: ``slow`` is its
    number, ``at`` when it was sent; the second says what came of it.
    """
    ended, started = end_signal(), time.monotonic()
    async with (
        session(TIMEOUT_SECONDS) as quick,
        session(seconds) as patient,
        asyncio.TaskGroup() as requests,
    ):
        say(start=nonce, rate=rate, now=0)
        slow = asyncio.create_task(_keep_under_way(Client(patient, pod), started, ended))
        asked, sent = Client(quick, service), 0
        while sent < rate * seconds and not ended.is_set():
            due = started + sent / rate
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), due - time.monotonic())
            requests.create_task(sample_once(asked, started, due, sent))
            sent += 1
        slow.cancel()
        await asyncio.wait([slow])
    say(end=nonce, sent=sent, now=milliseconds(started, time.monotonic()))


async def _keep_under_way(client: Client, started: float, ended: asyncio.Event) -> None:
    """Begin slow requests until the pod takes no more connections."""
    number, answered, closed = 0, asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as requests:
        while not ended.is_set() and not closed.is_set():
            requests.create_task(_slow(client, started, number, answered, closed))
            number += 1
            await asyncio.sleep(EVERY_SECONDS)


async def _slow(
    client: Client, started: float, number: int, answered: asyncio.Event, closed: asyncio.Event
) -> None:
    """Who was never answered may have come before the network of this pod was ready."""
    begun = time.monotonic()
    at = milliseconds(started, begun)
    say(slow=number, at=at, now=at)
    status, error = await client.ask()
    if status:
        answered.set()
    elif error in _GONE and answered.is_set():
        closed.set()
    now = time.monotonic()
    say(
        slow=number,
        at=at,
        took=milliseconds(begun, now),
        status=status,
        error=error,
        now=milliseconds(started, now),
    )
