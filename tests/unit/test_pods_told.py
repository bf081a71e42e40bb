"""A request to one pod through the API server: who was silent, the pod or the server?"""

import asyncio

import pytest
from aiohttp import web

from labgrader.cluster.errors import ApiUnreachable
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


async def _never(request: web.Request) -> web.StreamResponse:
    raise AssertionError(request)
