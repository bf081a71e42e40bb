"""What the API server says when its proxy brings no answer: the target's fault, or its own.

The server on the loopback stands for an API server in states that a healthy one is never in.
"""

import orjson
import pytest
from aiohttp import web

from labgrader.cluster.probes.proxied import ProxiedDialer
from labgrader.evidence.answers import Answer, HttpAnswer, NoHttpAnswer, Trouble
from labgrader.evidence.experiments import HttpTarget
from labgrader.evidence.requests import CallHttp
from tests.unit.servers import Handler, serving
from tests.unit.test_client import talking_to

REACHING = "error trying to reach service: "
BUSY = "Too many requests, please try again later."


async def dialed(handler: Handler) -> Answer:
    async with serving(handler) as address, talking_to(address) as client:
        return await ProxiedDialer(client).call(CallHttp(HttpTarget("kim", "web", 80, "/")))


async def told(code: int, reason: str, message: str) -> Answer:
    """The answer to a Status object of the API server."""
    said = {"kind": "Status", "apiVersion": "v1", "reason": reason, "message": message}

    async def tells(_: web.Request) -> web.StreamResponse:
        return web.Response(status=code, body=orjson.dumps({**said, "code": code}))

    return await dialed(tells)


@pytest.mark.parametrize(
    ("code", "reason", "message"),
    [
        (429, "TooManyRequests", BUSY),
        (503, "ServiceUnavailable", f"{REACHING}No agent available"),
        (503, "ServiceUnavailable", f"{REACHING}dial unix /k.socket: connect: connection refused"),
        (503, "ServiceUnavailable", "apiserver is shutting down"),
        (500, "InternalError", "etcdserver: request timed out"),
        (500, "InternalError", "context deadline exceeded"),
        (504, "Timeout", "Timeout: request did not complete within the allotted timeout"),
    ],
)
async def test_the_api_servers_own_trouble_may_pass(code: int, reason: str, message: str) -> None:
    answer = await told(code, reason, message)
    assert isinstance(answer, Trouble), answer
    assert (answer.reason, answer.transient) == ("ApiOverloaded", True)
    assert message in answer.detail


@pytest.mark.parametrize(
    ("code", "message", "why"),
    [
        (404, 'services "web" not found', "unreachable"),
        (503, 'no endpoints available for service "http:web:80"', "refused"),
        (503, 'no service port "80" found for service "web"', "unreachable"),
        (503, f"{REACHING}dial tcp 10.1.0.5:80: connect: connection refused", "refused"),
        (503, f"{REACHING}dial tcp 10.1.0.5:80: connect: no route to host", "unreachable"),
        (503, f"{REACHING}dial tcp 10.1.0.5:80: i/o timeout", "timeout"),
        (503, f"{REACHING}read tcp 10.1.0.1:5->10.1.0.5:80: read: connection reset by peer", "reset"),
        (503, f"{REACHING}EOF", "reset"),
        (503, f'{REACHING}net/http: HTTP/1.x transport connection broken: malformed HTTP version "S"', "not-http"),
    ],
)  # fmt: skip
async def test_an_error_of_the_connection_is_the_targets(code: int, message: str, why: str) -> None:
    assert await told(code, "ServiceUnavailable", message) == NoHttpAnswer(why)


async def test_a_missing_right_does_not_pass() -> None:
    answer = await told(403, "Forbidden", 'cannot get resource "services/proxy"')
    assert isinstance(answer, Trouble), answer
    assert (answer.reason, answer.transient) == ("Forbidden", False)


async def test_the_api_server_may_have_too_much_to_do() -> None:
    async def is_busy(_: web.Request) -> web.StreamResponse:
        return web.Response(status=429, text=f"{BUSY}\n")

    answer = await dialed(is_busy)
    assert isinstance(answer, Trouble), answer
    assert (answer.reason, answer.transient) == ("ApiOverloaded", True)


async def test_the_applications_own_error_is_an_answer() -> None:
    async def refuses(_: web.Request) -> web.StreamResponse:
        return web.Response(status=429, text="slow down")

    assert await dialed(refuses) == HttpAnswer(429, "slow down")


async def test_a_redirect_is_an_answer() -> None:
    async def sends_away(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "/elsewhere"})

    assert await dialed(sends_away) == HttpAnswer(302, "")


async def test_asks_for_plain_text() -> None:
    async def tells(request: web.Request) -> web.StreamResponse:
        return web.Response(text=request.headers["Accept-Encoding"])

    assert await dialed(tells) == HttpAnswer(200, "identity")
