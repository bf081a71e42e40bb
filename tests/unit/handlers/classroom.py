"""A class that is graded live: an API server on the loopback, and what the operator knows."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from labgrader.cluster.client import Client
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.objects import Objects
from labgrader.cluster.resources import Resources
from labgrader.cluster.submissions import Courses
from labgrader.evidence.answers import Answer
from labgrader.evidence.requests import Request
from labgrader.handlers.gate import Gate
from labgrader.handlers.known import Known
from labgrader.handlers.live.live import Live, Parts
from labgrader.handlers.live.pace import Rhythm
from labgrader.reporting.metrics import Metrics
from tests.unit.api_server import ApiServer, Json

SUBMISSIONS = "/apis/labgrader.dev/v1alpha1/namespaces/{}/submissions"
HANDED = SUBMISSIONS.format("kim") + "/s"
MAPS = "/api/v1/namespaces/kim/configmaps"


QUICK = Rhythm(gather=0.01, window=0.1, later=(0.1,))


@dataclass
class Source:
    """Looks for real, on the loopback."""

    objects: Objects

    async def gather(self, requests: Collection[Request]) -> Mapping[Request, Answer]:
        return {r: await self.objects.look(r) for r in requests}  # type: ignore[arg-type]

    async def changed(self, seen: object, within_ms: int) -> bool:
        raise AssertionError(f"live grading waits for nothing: {seen}, {within_ms}")

    async def confirm(self, namespace: str) -> Answer:
        raise AssertionError(f"the watch of namespaces tells that {namespace} is there")


@dataclass
class Class:
    """The server, what the operator knows, and live grading over both."""

    server: ApiServer
    known: Known = field(default_factory=Known)
    gate: Gate = field(default_factory=lambda: Gate(1))
    metrics: Metrics = field(default_factory=Metrics)
    generation: int = 0
    live: Live = field(init=False)

    def exercise(self, *checks: Json, mode: str = "Continuous", **spec: Any) -> None:
        self.generation += 1
        text = {"en": "t"}
        body = {
            "metadata": {
                "name": "lab",
                "namespace": "course",
                "uid": "u",
                "generation": self.generation,
            },
            "spec": {"title": text, "task": text, "lang": "en", "mode": mode}
            | {"checks": list(checks)}
            | spec,
        }
        self.known.see_exercise(body)
        assert self.known.exercises["course", "lab"].problems == ()
        self.live.refresh()

    async def submit(self, **status: Any) -> Json:
        spec = {"exerciseRef": {"name": "lab"}, "learner": "kim", "targetNamespace": "kim"}
        body = {
            "apiVersion": "labgrader.dev/v1alpha1",
            "kind": "Submission",
            "metadata": {"generation": 1},
            "spec": spec | {"attempt": 0},
            "status": {"attempt": 0, "result": "Pending", "observedGeneration": 1} | status,
        }
        made = await self.server.put(HANDED, body)
        self.live.see(made)
        return made

    async def change(self, **parts: Any) -> None:
        """Somebody else changes the Submission, and the watch tells it."""
        self.live.see(await self.server.put(HANDED, {**self.server.objects[HANDED], **parts}))

    def shown(self) -> Json | None:
        status = self.server.objects[HANDED].get("status") or {}
        live: Json | None = status.get("live")
        return live

    def outcomes(self) -> dict[str, str]:
        return {c["name"]: c["outcome"] for c in (self.shown() or {}).get("checks", ())}

    def metric(self, name: str) -> float | None:
        return self.metrics.registry.get_sample_value(f"labgrader_live_{name}")

    async def until(self, there: Callable[["Class"], bool]) -> None:
        try:
            async with asyncio.timeout(5):
                while not there(self):  # noqa: ASYNC110 (no event tells what a server holds)
                    await asyncio.sleep(0.005)
        except TimeoutError:
            pytest.fail(f"seen: {self.shown()}; asked: {self.server.asked}")

    async def settled(self) -> None:
        """Nothing is asked for longer than any pause here."""
        seen = -1
        while seen != self.server.asked.total():
            seen = self.server.asked.total()
            await asyncio.sleep(0.3)


@asynccontextmanager
async def classroom(*checks: Json, **spec: Any) -> AsyncIterator[Class]:
    room = Class(ApiServer())
    async with room.server.running() as client:
        room.live = Live(parts(room, client))
        for name, learner in (("course", ""), ("kim", "kim"), ("lee", "lee")):
            labels = {"labgrader.dev/course": "course", "labgrader.dev/learner": learner}
            room.known.see_namespace({"metadata": {"name": name, "labels": labels}})
        room.exercise(*checks, **spec)
        running = asyncio.create_task(room.live.run())
        await asyncio.sleep(0)
        try:
            yield room
        finally:
            running.cancel()
            await asyncio.wait([running])


def parts(room: Class, client: Client) -> Parts:
    resources = Resources(client)
    source = Source(Objects(client, resources, b"k"))
    courses, clock = Courses(client), SystemClock()
    known, metrics = room.known, room.metrics.live
    return Parts(client, resources, courses, known, source, room.gate, clock, metrics, QUICK)
