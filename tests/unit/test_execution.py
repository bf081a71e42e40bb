"""A command in a pod, against a server that speaks as a kubelet does behind an API server."""

import asyncio
from collections.abc import Sequence

import orjson
import pytest
from aiohttp import web

from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.execution import NotBegun, Ran, run
from tests.unit.servers import serving
from tests.unit.test_client import talking_to

SUCCESS = {"kind": "Status", "status": "Success"}
EXIT_3 = {
    "status": "Failure",
    "reason": "NonZeroExitCode",
    "details": {"causes": [{"reason": "ExitCode", "message": "3"}]},
}
NO_PROGRAM = {
    "status": "Failure",
    "reason": "InternalError",
    "message": 'exec: "kill": executable file not found in $PATH',
    "code": 500,
}
BROKEN = {"status": "Failure", "reason": "InternalError", "message": "task is gone", "code": 500}


async def ran(messages: Sequence[bytes], status: int = 101) -> tuple[Ran, dict[str, list[str]]]:
    asked: dict[str, list[str]] = {}

    async def answer(request: web.Request) -> web.StreamResponse:
        asked["command"] = request.query.getall("command")
        asked["at"] = [request.path, request.query["container"]]
        if status != 101:
            return web.Response(status=status)
        socket = web.WebSocketResponse(protocols=("v4.channel.k8s.io",))
        await socket.prepare(request)
        assert socket.ws_protocol == "v4.channel.k8s.io"
        for message in messages:
            await socket.send_bytes(message)
        return socket

    async with serving(answer) as address, talking_to(address) as client:
        return await run(client, "kim", "web-1", "web", ("kill", "-TERM", "1 2"), 5), asked


def ended(status: object) -> bytes:
    return b"\x03" + orjson.dumps(status)


@pytest.mark.parametrize(
    ("messages", "result"),
    [
        ([b"\x01", b"\x01hello ", b"\x02there", ended(SUCCESS)], Ran(0, "hello there")),
        ([b"\x02no such process", ended(EXIT_3)], Ran(3, "no such process")),
        ([ended(NO_PROGRAM)], Ran(127, "no such program in the container")),
        ([b"\x01cut"], Ran(None, "cut")),
        ([], Ran(None, "")),
        ([b"\x01" + b"x" * 3_000, ended(SUCCESS)], Ran(0, "x" * 2_000)),
    ],
    ids=["good", "exit code", "no program", "hung up", "hung up at once", "talks much"],
)
async def test_how_a_command_ended(messages: list[bytes], result: Ran) -> None:
    found, asked = await ran(messages)
    assert found == result
    assert asked["command"] == ["kill", "-TERM", "1 2"]
    assert asked["at"] == ["/api/v1/namespaces/kim/pods/web-1/exec", "web"]


async def test_trouble_of_the_kubelet_is_no_end_of_the_command() -> None:
    with pytest.raises(ApiError, match="task is gone"):
        await ran([ended(BROKEN)])


async def test_a_refusal_is_told_as_one() -> None:
    with pytest.raises(ApiError) as refused:
        await ran([], status=403)
    assert refused.value.status == 403


async def test_a_command_that_does_not_end_is_told_from_one_that_did_not_begin() -> None:
    async def silent(request: web.Request) -> web.StreamResponse:
        if request.query["container"] == "web":
            socket = web.WebSocketResponse(protocols=("v4.channel.k8s.io",))
            await socket.prepare(request)
        await asyncio.sleep(60)
        raise AssertionError("longer than anybody waits")

    async with serving(silent) as address, talking_to(address) as client:
        with pytest.raises(TimeoutError):
            await run(client, "kim", "web-1", "web", ("sleep", "9"), 0.2)
        with pytest.raises(NotBegun):
            await run(client, "kim", "web-1", "other", ("sleep", "9"), 0.2)
    async with talking_to(address) as client:
        with pytest.raises(NotBegun) as away:
            await run(client, "kim", "web-1", "web", ("sleep", "9"), 5)
    assert isinstance(away.value, ApiUnreachable)


async def test_so_much_is_kept_as_is_asked_for() -> None:
    async def talks(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(protocols=("v4.channel.k8s.io",))
        await socket.prepare(request)
        for _ in range(3):
            await socket.send_bytes(b"\x01" + b"x" * 2_000)
        await socket.send_bytes(ended(SUCCESS))
        return socket

    async with serving(talks) as address, talking_to(address) as client:
        said = await run(client, "kim", "web-1", "web", ("yes",), 5, 5_000)
    assert said == Ran(0, "x" * 5_000)
