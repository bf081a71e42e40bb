"""One HTTP GET as every probe sends it: no redirects, a capped body, and words for failures.

Used by the probe program and by the dialer inside the cluster. Imports the HTTP client and
nothing of the project, because the probe program must start fast.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from yarl import URL

BODY_LIMIT = 65_536
"""Bytes of a body that are read; the rest is not looked at."""
PLAIN = {"Accept-Encoding": "identity"}
"""The header of every probe's request: bodies are judged as text, so none may be compressed."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address such as ``10.96.4.7:80``, the name that clients use for it, and a path."""

    address: str
    host: str
    path: str


def session(seconds: float) -> aiohttp.ClientSession:
    """A session that opens a new connection for each request, as many different clients would.

    ``seconds`` is the time for one whole exchange.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(force_close=True, limit=0),
        timeout=aiohttp.ClientTimeout(total=seconds),
        headers={"User-Agent": "labgrader-probe", **PLAIN},
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
    )


async def ask(through: aiohttp.ClientSession, target: Target) -> tuple[int, bytes]:
    """Status and body. Raises what ``why`` has words for."""
    status, _, body = await answer(through, target)
    return status, body


async def answer(
    through: aiohttp.ClientSession, target: Target
) -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers and body. Raises what ``why`` has words for."""
    async with through.get(
        URL(f"http://{target.address}{target.path}", encoded=True),
        headers={"Host": target.host},
        allow_redirects=False,
    ) as response:
        body = bytearray()
        async for chunk in response.content.iter_chunked(BODY_LIMIT):
            body += chunk
            if len(body) >= BODY_LIMIT:
                break
        return response.status, response.headers, bytes(body[:BODY_LIMIT])


def why(error: Exception) -> str:
    """The word for a failed exchange: refused, timeout, reset, unreachable or not-http."""
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, aiohttp.ClientConnectorError):
        refused = isinstance(error.os_error, ConnectionRefusedError)
        return "refused" if refused else "unreachable"
    cut = aiohttp.ServerDisconnectedError | aiohttp.ClientPayloadError | OSError
    return "reset" if isinstance(error, cut) else "not-http"
