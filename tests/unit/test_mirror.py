"""A mirror whose news cannot be taken: who waits for news must hear of it."""

import orjson
import pytest
from aiohttp import web

from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.mirror import Mirror
from tests.unit.servers import serving
from tests.unit.test_client import talking_to


async def test_whatever_breaks_it_reaches_who_waits() -> None:
    pod = {"metadata": {"uid": "a", "resourceVersion": "2"}}

    async def answers(request: web.Request) -> web.StreamResponse:
        if "watch" not in request.query:
            metadata = {"resourceVersion": "1"}
            return web.json_response(
                {"kind": "PodList", "apiVersion": "v1", "metadata": metadata, "items": []}
            )
        return web.Response(body=orjson.dumps({"type": "ADDED", "object": pod}) + b"\n")

    def stumbles() -> None:
        raise ValueError("what a learner wrote")

    bell = Bell()
    async with serving(answers) as address, talking_to(address) as client:
        mirror = Mirror(client, "/api/v1/namespaces/kim/pods", {}, bell, stumbles)
        async with mirror.following():
            with pytest.raises(ValueError, match="what a learner wrote"):
                await bell.until(lambda: False, 5_000)
