"""The probe program against real servers on the loopback: rate, stalls, refusals, signals."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from labgrader.cluster.probes.agent import load, sample
from labgrader.cluster.probes.exchange import Target, ask, session, why
from tests.unit.servers import serving

pytestmark = pytest.mark.slow  # each samples for a second or more


async def answers(_: web.Request) -> web.StreamResponse:
    return web.Response(text="ok")


@asynccontextmanager
async def talking(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """A server of bare bytes."""
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    async with server:
        yield f"{host}:{port}"


def target(address: str, path: str = "/") -> Target:
    return Target(address, "web.kim.svc", path)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


async def test_asks_at_a_constant_rate(capsys: pytest.CaptureFixture[str]) -> None:
    async with serving(answers) as address:
        await sample(target(address), rate=20, seconds=1, nonce="n1")
    first, *asked, last = lines(capsys)
    assert (first["start"], last["end"], last["sent"]) == ("n1", "n1", 20)
    assert sorted(line["at"] for line in asked) == [50 * n for n in range(20)]
    assert {line["status"] for line in asked} == {200}


async def test_a_stall_shows_in_every_request_it_holds_up(
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened = asyncio.Event()
    arrived = 0

    async def stalls(_: web.Request) -> web.StreamResponse:
        nonlocal arrived
        arrived += 1
        if arrived == 20:  # all were sent without waiting for one another
            opened.set()
        await opened.wait()
        return web.Response(text="ok")

    async with serving(stalls) as address:
        await sample(target(address), rate=20, seconds=1, nonce="")
    asked = sorted((line for line in lines(capsys) if "n" in line), key=lambda line: line["n"])
    assert asked[0]["took"] >= 900
    assert [line["took"] > 500 for line in asked[:8]] == [True] * 8
    assert all(line["at"] + line["took"] >= 949 for line in asked)


async def test_each_request_is_a_new_connection(capsys: pytest.CaptureFixture[str]) -> None:
    peers = set()

    async def notes(request: web.Request) -> web.StreamResponse:
        peers.add(request.transport and request.transport.get_extra_info("peername"))
        return web.Response(text="ok")

    async with serving(notes) as address:
        await sample(target(address), rate=20, seconds=0.5, nonce="")
    assert len(peers) == 10
    capsys.readouterr()


async def test_gives_up_after_two_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    closing = asyncio.Event()

    async def waits(_: web.Request) -> web.StreamResponse:
        await closing.wait()
        return web.Response()

    async with serving(waits) as address:
        await sample(target(address), rate=1, seconds=1, nonce="")
        closing.set()
    (asked,) = (line for line in lines(capsys) if "n" in line)
    assert (asked["status"], asked["error"]) == (0, "timeout")
    assert 1_990 <= asked["took"] < 3_000


async def failing(address: str) -> str:
    async with session(2) as opened:
        try:
            await ask(opened, target(address))
        except Exception as error:  # noqa: BLE001 (whatever it is must have a word)
            return why(error)
    raise AssertionError("an answer came")


async def test_has_a_word_for_each_failure() -> None:
    async def resets(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async def greets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"220 mail.example ESMTP\r\n")
        await writer.drain()
        writer.close()

    async def breaks_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await writer.drain()
        writer.close()

    async with talking(resets) as address:
        assert await failing(address) == "reset"
    assert await failing(address) == "refused"  # closed now
    async with talking(breaks_off) as address:
        assert await failing(address) == "reset"
    async with talking(greets) as address:
        assert await failing(address) == "not-http"


async def test_reads_a_capped_body_and_follows_no_redirect() -> None:
    async def sends_away(request: web.Request) -> web.StreamResponse:
        if request.path == "/big":
            return web.Response(body=b"x" * 1_000_000)
        raise web.HTTPFound("http://elsewhere.example/")

    async with serving(sends_away) as address, session(2) as opened:
        assert (await ask(opened, target(address)))[0] == 302
        status, body = await ask(opened, target(address, "/big"))
    assert (status, len(body)) == (200, 65_536)


async def test_sends_the_name_that_clients_use() -> None:
    async def tells(request: web.Request) -> web.StreamResponse:
        return web.Response(text=f"{request.host} {request.raw_path}")

    async with serving(tells) as address, session(2) as opened:
        _, body = await ask(opened, target(address, "/burn?ms=5&x=%2F"))
    assert body == b"web.kim.svc /burn?ms=5&x=%2F"


async def test_gets_plain_text_from_a_server_that_compresses_where_it_may() -> None:
    async def compresses(_: web.Request) -> web.StreamResponse:
        response = web.Response(text="version 1")
        response.enable_compression()
        return response

    async with serving(compresses) as address, session(2) as opened:
        assert await ask(opened, target(address)) == (200, b"version 1")


async def test_keeps_so_many_requests_under_way(capsys: pytest.CaptureFixture[str]) -> None:
    under_way = most = 0

    async def counts(_: web.Request) -> web.StreamResponse:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.02)
        under_way -= 1
        return web.Response(text="ok")

    async with serving(counts) as address:
        await load(target(address), concurrency=4, seconds=1, nonce="n2")
    first, *sums, last = lines(capsys)
    assert (first["start"], last["end"]) == ("n2", "n2")
    assert most == 4
    assert sums[-1]["answered"] > 20
    assert sums[-1]["failed"] == 0


async def test_load_on_nothing_fails_at_a_bearable_rate(capsys: pytest.CaptureFixture[str]) -> None:
    async with serving(answers) as address:
        pass  # closed again, so nobody listens there
    await load(target(address), concurrency=2, seconds=1, nonce="")
    sums = lines(capsys)[-2]
    assert (sums["answered"], sums["error"]) == (0, "refused")
    assert 2 <= sums["failed"] <= 22


@pytest.mark.parametrize("doing", [["sample", "--rate", "20"], ["load", "--concurrency", "2"]])
async def test_ends_at_once_when_told_to(doing: list[str]) -> None:
    async with serving(answers) as address:
        program = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "labgrader", "probe", *doing),
            *("--target", address, "--host", "web", "--for", "60s", "--nonce", "n3"),
            stdout=asyncio.subprocess.PIPE,
        )
        assert program.stdout is not None
        assert json.loads(await program.stdout.readline())["start"] == "n3"
        os.kill(program.pid, signal.SIGTERM)
        rest, _ = await asyncio.wait_for(program.communicate(), 10)
    assert json.loads(rest.splitlines()[-1])["end"] == "n3"
    assert program.returncode == 0


def test_starts_without_the_rest_of_the_product() -> None:
    code = (
        "import sys; from labgrader.cli import probe; from labgrader.cluster.probes import agent;"
        "print([m for m in ('kopf', 'kubernetes', 'pydantic', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
