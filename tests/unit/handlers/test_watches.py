"""Kopf as we set it up, against an API server on the loopback that is away for a long time."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import kopf
import pytest
from aiohttp import web
from kubernetes.aio.client.configuration import Configuration

from labgrader.cluster.client import Client
from labgrader.handlers import watches
from labgrader.handlers.freshness import Freshness
from labgrader.handlers.known import Known
from tests.unit.servers import serving

FAILURES = 300
"""Kopf's own pauses are over after fewer than twenty, within a minute."""
COLLECTION = "/apis/labgrader.dev/v1alpha1/submissions"


def resource(plural: str, kind: str, *, namespaced: bool) -> dict[str, Any]:
    verbs = ["get", "list", "watch", "patch"]
    return {
        "name": plural,
        "singularName": kind.lower(),
        "kind": kind,
        "namespaced": namespaced,
        "verbs": verbs,
    }


DISCOVERY: dict[str, Any] = {
    "/api": {"versions": ["v1"]},
    "/api/v1": {"resources": [resource("namespaces", "Namespace", namespaced=False)]},
    "/apis": {
        "groups": [
            {
                "name": "labgrader.dev",
                "versions": [{"version": "v1alpha1"}],
                "preferredVersion": {"version": "v1alpha1"},
            }
        ]
    },
    "/apis/labgrader.dev/v1alpha1": {
        "resources": [
            resource("submissions", "Submission", namespaced=True),
            resource("labexercises", "LabExercise", namespaced=True),
        ]
    },
}
SUBMISSION = {
    "apiVersion": "labgrader.dev/v1alpha1",
    "kind": "Submission",
    "metadata": {
        "name": "s",
        "namespace": "course",
        "uid": "u",
        "generation": 1,
        "resourceVersion": "7",
        # What a learner may write, and what kopf's own handlers would believe.
        "annotations": {"kopf.zalando.org/last-handled-configuration": '{"spec":{}}'},
    },
    "spec": {"exerciseRef": {"name": "lab"}, "learner": "kim", "targetNamespace": "kim"},
}


@dataclass
class Server:
    """Refuses the first lists of submissions; then there is one, and a watch that says nothing."""

    failures: int
    refused: int = 0
    written: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path in DISCOVERY:
            return web.json_response(DISCOVERY[request.path])
        if "watch" in request.query:
            await asyncio.sleep(60)
        ours = request.path == COLLECTION
        if ours and self.refused < self.failures:
            self.refused += 1
            raise web.HTTPServiceUnavailable
        items = [SUBMISSION] if ours else []
        return web.json_response({"metadata": {"resourceVersion": "7"}, "items": items})


@dataclass
class Heard:
    """The workers, as far as the watches need them."""

    bodies: list[Any] = field(default_factory=list)
    one: asyncio.Event = field(default_factory=asyncio.Event)

    def see(self, body: Any, *, again: bool) -> None:
        assert again  # it was there before the watch began
        self.bodies.append(body)
        self.one.set()


@dataclass
class Followed:
    """Live grading, as far as the watches need it."""

    bodies: list[Any] = field(default_factory=list)

    def see(self, body: Any) -> None:
        self.bodies.append(body)


async def test_kopf_goes_on_after_any_number_of_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watches, "_PAUSE_SECONDS", 0.001)
    server, heard, live = Server(FAILURES), Heard(), Followed()
    async with serving(server.answer) as address:
        client = Client(Configuration(host=f"http://{address}"))
        made = watches.registry(client, Known(), None, heard, Freshness(), live)  # type: ignore[arg-type]
        stop = asyncio.Event()
        operator = asyncio.create_task(
            kopf.operator(
                registry=made,
                settings=watches.settings(),
                clusterwide=True,
                standalone=True,
                stop_flag=stop,
            )
        )
        async with asyncio.timeout(20):
            await heard.one.wait()
        stop.set()
        await operator
    assert server.refused == FAILURES
    assert [body["metadata"]["name"] for body in heard.bodies] == ["s"]
    assert live.bodies == heard.bodies
