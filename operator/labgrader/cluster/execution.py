"""A command in a container of a pod, run as ``kubectl exec`` runs it.

Used by the experiments that do something inside an app. Must not interpret what a command says.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
import orjson

from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable

_PROTOCOL = "v4.channel.k8s.io"
_OUTPUTS = frozenset({1, 2})
_STATUS = 3
_LONGEST = 2_000
NO_PROGRAM = 127
"""The exit code where the container has no such program, as a shell has it."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended: its exit code, and the start of what it said.

    ``code`` is None where the connection ended first, as it does when the container goes.
    """

    code: int | None
    said: str


class NotBegun(ApiUnreachable):
    """No connection to the container came about, so that nothing was run as far as we know."""


async def run(
    client: Client,
    namespace: str,
    pod: str,
    container: str,
    command: Sequence[str],
    seconds: float,
    longest: int = _LONGEST,
) -> Ran:
    """Run it and wait for its end; at most the first ``longest`` bytes that it says are kept.

    Raises ApiError, NotBegun, ApiUnreachable; TimeoutError where it began and did not end.
    """
    asked = [("container", container), ("stdout", "true"), ("stderr", "true")]
    asked += [("command", word) for word in command]
    path = f"/api/v1/namespaces/{namespace}/pods/{pod}/exec?{urlencode(asked)}"
    begun = False
    try:
        async with asyncio.timeout(seconds), client.websocket(path, _PROTOCOL) as opened:
            begun = True
            return await _heard(opened, longest)
    except (TimeoutError, ApiUnreachable) as error:
        if begun:
            raise
        raise NotBegun(f"no way to container {container} of pod {pod}: {error}") from error


async def _heard(opened: aiohttp.ClientWebSocketResponse, longest: int) -> Ran:
    said = b""
    async for message in opened:
        if message.type is not aiohttp.WSMsgType.BINARY or not message.data:
            continue
        channel, rest = message.data[0], message.data[1:]
        if channel in _OUTPUTS:
            said = (said + rest)[:longest]
        elif channel == _STATUS:
            return _ended(orjson.loads(rest), said.decode("utf-8", "replace").strip())
    return Ran(None, said.decode("utf-8", "replace").strip())


def _ended(status: Mapping[str, Any], said: str) -> Ran:
    """What the kubelet tells at the end. Raises ApiError where it was no end of the command's."""
    if status.get("status") == "Success":
        return Ran(0, said)
    causes = (status.get("details") or {}).get("causes") or ()
    code = next((one.get("message") for one in causes if one.get("reason") == "ExitCode"), "")
    if str(code).isdecimal():
        return Ran(int(code), said)
    message = str(status.get("message", ""))
    if "executable file not found" in message or "no such file or directory" in message:
        return Ran(NO_PROGRAM, "no such program in the container")
    raise ApiError(int(status.get("code") or 500), str(status.get("reason", "")), message)
