"""How the lines of a probe are read from a node: as they come, or by asking where it cannot follow."""

import asyncio

import pytest
from aiohttp import web

from labgrader.cluster.clock import SystemClock
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.job import Probe, ProbeJob
from labgrader.cluster.experiments.journal import Journal
from tests.unit.servers import serving
from tests.unit.test_client import talking_to

RUNNING = {
    "metadata": {"name": "p", "uid": "u", "resourceVersion": "2"},
    "status": {"containerStatuses": [{"state": {"running": {}}}]},
}
NO_INOTIFY = "failed to create fsnotify watcher: couldn't initialize inotify: too many open files"
SAID = ('{"start":"n","now":0}\n', '{"n":0,"now":5}\n{"n":1,', '"now":9}\n{"end":"n","now":9}\n')


class Node:
    """An API server whose node can or cannot follow a log, and tells more of it each time."""

    def __init__(self, *, follows: bool, goes: bool = False) -> None:
        self.follows, self.goes, self.asked = follows, goes, 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/log"):
            return await self.log(request)
        if request.method == "POST":
            return web.json_response({}, status=201)
        if "watch" in request.query:
            await asyncio.sleep(30)
        items = [RUNNING] if request.path.endswith("/pods") else []
        kind = {"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}}
        return web.json_response({**kind, "items": items})

    async def log(self, request: web.Request) -> web.StreamResponse:
        if "follow" in request.query:
            return web.Response(text="".join(SAID) if self.follows else NO_INOTIFY)
        self.asked += 1
        if self.goes and self.asked > 1:
            return web.json_response({"message": "gone"}, status=404)
        return web.Response(text="".join(SAID[: self.asked]))


async def heard(node: Node) -> list[dict[str, object]]:
    async with serving(node.answer) as address, talking_to(address) as client:
        bell = Bell()
        clock = SystemClock()
        job = ProbeJob("job", "grader", (), "image", (), 60)
        probe = Probe(client, job, bell, Journal(clock, clock.now_ms()))
        async with probe.working():
            assert await bell.until(lambda: probe.ended, 20_000)
        return [dict(line.body) for line in probe.lines]


WHOLE = [{"start": "n", "now": 0}, {"n": 0, "now": 5}, {"n": 1, "now": 9}, {"end": "n", "now": 9}]


@pytest.mark.slow
@pytest.mark.parametrize("follows", [True, False])
async def test_every_line_is_heard_once(follows: bool) -> None:  # noqa: FBT001 (a parameter)
    node = Node(follows=follows)
    assert await heard(node) == WHOLE
    assert node.asked == (0 if follows else 3)


@pytest.mark.slow
async def test_a_pod_that_was_taken_away_has_ended() -> None:
    assert await heard(Node(follows=False, goes=True)) == WHOLE[:1]
