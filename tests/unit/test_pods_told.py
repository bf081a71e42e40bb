"""A request to one pod through the API server: who was silent, the pod or the server?"""

import asyncio

import pytest
from aiohttp import web

from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.probes import pods
from tests.unit.servers import serving
from tests.unit.test_client import talking_to

POD = {"metadata": {"name": "db-0", "namespace": "kim"}}


async def test_a_pod_that_does_not_answer_is_the_pods(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pods, "SECONDS", -0.8)

    async def only_the_server(request: web.Request) -> web.StreamResponse:
        if request.path == "/version":
            return web.json_response({})
        await asyncio.Event().wait()
        raise AssertionError

    async with serving(only_the_server) as address, talking_to(address) as client:
        said = await pods.tell(client, POD, 8080, "GET", "/data", None)
    assert said == pods.Said(0, error="TimeoutError: ")


async def test_a_server_that_is_away_is_not_the_pods() -> None:
    async with serving(_never) as address:
        pass
    async with talking_to(address) as client:
        with pytest.raises(ApiUnreachable):
            await pods.tell(client, POD, 8080, "GET", "/data", None)


def by_the_server(code: int, message: str, reason: str = "") -> web.Response:
    told = {"kind": "Status", "apiVersion": "v1", "reason": reason, "message": message}
    return web.json_response(told, status=code)


async def told(answer: web.Response) -> pods.Said:
    async def says(_: web.Request) -> web.StreamResponse:
        return answer

    async with serving(says) as address, talking_to(address) as client:
        return await pods.tell(client, POD, 8080, "PUT", "/data", "x")


async def test_a_server_that_may_not_pass_it_on_is_not_the_pods() -> None:
    refused = by_the_server(403, 'cannot update resource "pods/proxy"', "Forbidden")
    with pytest.raises(ApiError, match="pods/proxy") as seen:
        await told(refused)
    assert seen.value.status == 403


@pytest.mark.parametrize(
    ("code", "message", "word"),
    [
        (404, 'pods "db-0" not found', "unreachable"),
        (
            503,
            "error trying to reach service: dial tcp 10.0.0.1:1: connect: connection refused",
            "refused",
        ),
    ],
)
async def test_what_the_server_says_of_the_pod_is_the_pods(
    code: int, message: str, word: str
) -> None:
    assert await told(by_the_server(code, message)) == pods.Said(0, error=word)


@pytest.mark.parametrize("code", [200, 403, 500])
async def test_what_the_pod_says_itself_is_told(code: int) -> None:
    assert await told(web.Response(status=code, text="no")) == pods.Said(code, "no")


async def _never(request: web.Request) -> web.StreamResponse:
    raise AssertionError(request)
