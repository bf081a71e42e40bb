"""A probe's lines, also from a node that cannot follow logs."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from labgrader.cluster.clock import SystemClock
from labgrader.cluster.experiments import job
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.job import Probe, ProbeJob
from labgrader.cluster.experiments.journal import Journal
from tests.unit.servers import serving
from tests.unit.test_client import talking_to

LINES = [f'{{"n":{number}}}\n' for number in range(6)]
NO_INOTIFY = "failed to create fsnotify watcher: too many open files"


class Node:
    """A kubelet that has printed more each time it is asked."""

    def __init__(self, *, follows: bool) -> None:
        self.follows = follows
        self.printed = 2

    async def answer(self, request: web.Request) -> web.Response:
        if not request.path.endswith("/log"):
            ended = self.printed >= len(LINES)
            state: dict[str, Any] = {"terminated": {"exitCode": 0}} if ended else {"running": {}}
            return web.json_response({"status": {"containerStatuses": [{"state": state}]}})
        if "follow" in request.query:
            said = LINES if self.follows else [*LINES[: self.printed], NO_INOTIFY]
            return web.Response(text="".join(said))
        self.printed += 2
        half = '{"n":' if self.printed < len(LINES) else ""  # a line that is being written
        return web.Response(text="".join(LINES[: self.printed]) + half)


@pytest.mark.parametrize("follows", [True, False])
async def test_every_line_comes_once(monkeypatch: pytest.MonkeyPatch, follows: bool) -> None:  # noqa: FBT001
    monkeypatch.setattr(job, "_ASK_SECONDS", 0.01)
    async with serving(Node(follows=follows).answer) as address, talking_to(address) as client:
        wanted = ProbeJob("probe", "grader", (), "image", (), 60)
        clock, bell = SystemClock(), Bell()
        probe = Probe(client, wanted, bell, Journal(clock, clock.now_ms()))
        await asyncio.wait_for(probe._follow("probe-1"), 10)
    assert [line.body["n"] for line in probe.lines] == list(range(6))
    assert probe.ended
    assert await bell.until(lambda: True, 0), "and nothing was wrong"
