"""The client against a server on the loopback: what it follows, and what it takes for an error."""

import pytest
from aiohttp import web
from kubernetes.aio.client.configuration import Configuration

from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from tests.unit.servers import serving

SECRET = "/api/v1/namespaces/other/secrets/s"


def talking_to(address: str) -> Client:
    return Client(Configuration(host=f"http://{address}"))


async def test_follows_no_redirect() -> None:
    asked = []

    async def sends_away(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        if request.path == SECRET:
            return web.json_response({"data": "secret"})
        raise web.HTTPFound(SECRET)

    async with serving(sends_away) as address, talking_to(address) as client:
        status, headers, _ = await client.raw("/proxied", {}, seconds=2, limit=100)
        with pytest.raises(ApiError) as refused:
            await client.get("/api/v1")
    assert (status, headers["Location"]) == (302, SECRET)
    assert refused.value.status == 302
    assert asked == ["/proxied", "/api/v1"]
