"""What a probe pod does in somebody's place: opens connections, looks up names, or listens.

Started by ``labgrader probe errands`` and ``labgrader probe listen`` inside the cluster;
``cluster.outposts`` reads the lines. Like ``agent`` it imports nothing of the project that takes
long, and must not talk to the API server.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from labgrader.cluster.probes.agent import end_signal, say
from labgrader.cluster.probes.names import Found, Resolver, look_up

DIAL_SECONDS = 1.5
"""A packet within a cluster takes milliseconds; one that was lost is sent again after a second."""
SETTLE_SECONDS = 2.0
"""So long a policy may take until it knows of a new pod. What comes earlier proves nothing."""
COUNTED = 3
"""So many connections in a row must end alike."""
_LONGEST_SECONDS = 12.0
_PAUSE_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the network is given to settle, and to be of one mind."""

    settle: float = SETTLE_SECONDS
    longest: float = _LONGEST_SECONDS
    dial: float = DIAL_SECONDS


async def run_errands(
    flows: Sequence[tuple[str, int]],
    names: Sequence[tuple[str, str, str]],
    resolver: Resolver | None,
    nonce: str,
    patience: Patience = Patience(),
) -> None:
    """Do all at once; one line for each, then the last line. A name is (record, namespace, name)."""
    started = time.monotonic()
    say(start=nonce, now=0)
    async with asyncio.TaskGroup() as errands:
        for number, (address, port) in enumerate(flows):
            errands.create_task(_try(number, address, port, started, patience))
        for number, name in enumerate(names):
            errands.create_task(_look_up(number, name, resolver, started, patience))
    say(end=nonce, now=_ms(started))


async def _try(number: int, address: str, port: int, started: float, patience: Patience) -> None:
    words: list[str] = []
    early = 0
    while not _decided(words, time.monotonic() - started, patience):
        word = await dial(address, port, patience.dial)
        if time.monotonic() - started < patience.settle:
            early += 1
        else:
            words.append(word)
        await asyncio.sleep(_PAUSE_SECONDS)
    say(flow=number, words=words[-COUNTED:], early=early, now=_ms(started))


def _decided(words: list[str], seconds: float, patience: Patience) -> bool:
    """The last connections ended alike, or there was time enough for that."""
    last = [word == "open" for word in words[-COUNTED:]]
    alike = len(last) == COUNTED and len(set(last)) == 1
    return alike or (len(last) == COUNTED and seconds > patience.longest)


async def dial(address: str, port: int, seconds: float) -> str:
    """The word for one connection."""
    try:
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(address, port)
    except TimeoutError:
        return "timeout"
    except ConnectionRefusedError:
        return "refused"
    except OSError:
        return "unreachable"
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return "open"


async def _look_up(
    number: int,
    asked: tuple[str, str, str],
    resolver: Resolver | None,
    started: float,
    patience: Patience,
) -> None:
    record, namespace, name = asked
    found = Found("failed")
    await asyncio.sleep(patience.settle)
    while resolver is not None:
        found = await look_up(resolver.seen_from(namespace), name, record)
        seconds = time.monotonic() - started
        if found.status in {"found", "none"} or seconds > patience.longest:
            break
        await asyncio.sleep(_PAUSE_SECONDS)
    say(look=number, now=_ms(started), **asdict(found))


async def listen(ports: Sequence[int], seconds: float, nonce: str, host: str = "") -> None:
    """Take connections at these ports and close them, until told to end."""
    started, ended = time.monotonic(), end_signal()
    async with contextlib.AsyncExitStack() as servers:
        for port in ports:
            await servers.enter_async_context(
                await asyncio.start_server(_close, host or None, port)
            )
        say(start=nonce, now=0)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), seconds)
    say(end=nonce, now=_ms(started))


async def _close(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


def _ms(since: float) -> int:
    return round((time.monotonic() - since) * 1000)
