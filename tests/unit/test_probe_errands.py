"""The probe's errands against the loopback: connections that open, are refused, or change."""

import asyncio
import json
import socket
from typing import Any

import pytest
from click.testing import CliRunner

from labgrader.cli.probe import probe
from labgrader.cluster.probes.errands import Patience, dial, listen, run_errands

FAST = Patience(settle=0.4, longest=2.0, dial=0.3)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


async def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def test_each_connection_has_its_word() -> None:
    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with server:
        assert await dial("127.0.0.1", server.sockets[0].getsockname()[1], 1) == "open"
    assert await dial("127.0.0.1", closed_port(), 1) == "refused"
    full = socket.socket()  # its queue is full, so further connections get no answer
    with full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)  # noqa: FBT003
            one.connect_ex(address)
        assert await dial("127.0.0.1", address[1], 0.2) == "timeout"
        for one in waiting:
            one.close()


async def test_only_what_comes_after_the_settling_counts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A port that closes early is closed: the first connections prove nothing."""
    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    asyncio.get_running_loop().call_later(0.2, server.close)
    await run_errands([("127.0.0.1", port)], [], None, "n1", FAST)
    first, told, last = lines(capsys)
    assert (first["start"], last["end"]) == ("n1", "n1")
    assert told["words"] == ["refused"] * 3
    assert told["early"] >= 1
    assert told["now"] >= 400


async def test_connections_that_do_not_agree_are_tried_longer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    asyncio.get_running_loop().call_later(0.8, server.close)
    await run_errands([("127.0.0.1", port)], [], None, "", FAST)
    _, told, _ = lines(capsys)
    assert told["words"] in (["open"] * 3, ["refused"] * 3)


async def test_errands_are_done_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    flows = [("127.0.0.1", closed_port()) for _ in range(20)]
    loop = asyncio.get_running_loop()
    began = loop.time()
    await run_errands(flows, [], None, "", FAST)
    assert loop.time() - began < 3
    told = {line["flow"] for line in lines(capsys) if "flow" in line}
    assert told == set(range(20))


async def test_it_listens_until_its_time_is_over(capsys: pytest.CaptureFixture[str]) -> None:
    ports = closed_port(), closed_port()
    serving = asyncio.create_task(listen(ports, 0.6, "n2", "127.0.0.1"))
    await asyncio.sleep(0.2)
    assert [await dial("127.0.0.1", port, 1) for port in ports] == ["open", "open"]
    await serving
    assert [line.get("start", line.get("end")) for line in lines(capsys)] == ["n2", "n2"]


def test_the_command_line_takes_addresses_of_both_families(monkeypatch: Any) -> None:
    seen: list[Any] = []

    async def program(flows: Any, names: Any, *_: Any) -> None:
        seen.extend((flows, names))

    monkeypatch.setattr("labgrader.cluster.probes.errands.run_errands", program)
    args = ["errands", "--connect", "[fd00::1]:80", "--connect", "10.0.0.1:81"]
    done = CliRunner().invoke(probe, [*args, "--resolve", "srv/kim/_http._tcp.web"])
    assert done.exit_code == 0, done.output
    assert seen == [[("fd00::1", 80), ("10.0.0.1", 81)], [("srv", "kim", "_http._tcp.web")]]
