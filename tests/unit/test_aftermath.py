"""Waiting for what was disturbed, against a server that tells of it like an API server."""

import asyncio
from collections.abc import Sequence
from typing import Any

import orjson
import pytest
from aiohttp import web

from labgrader.cluster.experiments.aftermath import healed
from labgrader.cluster.resources import Resources
from tests.unit.servers import serving
from tests.unit.test_client import talking_to

Listed = Sequence[tuple[str, dict[str, Any]]]
LOADED = {"experiment": "LoadAutoscaler", "namespace": "kim", "autoscaler": "web"}


def autoscaler(name: str = "web", api_version: str = "apps/v1") -> dict[str, Any]:
    ref = {"apiVersion": api_version, "kind": "Deployment", "name": name}
    return {"metadata": {"name": "web", "namespace": "kim"}, "spec": {"scaleTargetRef": ref}}


def made(name: str, owner: str, **more: Any) -> dict[str, Any]:
    owners = [{"uid": owner, "controller": True}]
    metadata = {"name": name, "namespace": "kim", "uid": name, "resourceVersion": "1"}
    return {"metadata": {**metadata, "ownerReferences": owners}, **more}


def pod(ready: str) -> dict[str, Any]:
    return made("pod", "set", status={"conditions": [{"type": "Ready", "status": ready}]})


def deployment(available: int, ready: int = 1, **more: Any) -> dict[str, Any]:
    counts = {"replicas": 1, "readyReplicas": ready, "availableReplicas": available}
    kind = {"apiVersion": "apps/v1", "kind": "Deployment"}
    return made("web", "", **{**kind, "spec": {"replicas": 1}, "status": counts, **more})


READY_POD: Listed = [("pods", pod("True"))]
COUNTED: Listed = [("deployments", deployment(available=1))]


class Cluster:
    """A Deployment of one pod. What changes is told, part by part, each when ``tell`` says so."""

    def __init__(
        self, hpa: dict[str, Any] | None = None, now: Listed = (), later: Listed = ()
    ) -> None:
        self.hpa = hpa or autoscaler()
        self.watched = asyncio.Event()
        self.tell = asyncio.Event()
        self.later = later
        self.objects = {
            "deployments": deployment(available=0, ready=0),
            "replicasets": made("set", "web"),
            "pods": pod("False"),
        } | dict(now)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        kind = request.path.rpartition("/")[2]
        if request.path.endswith("/horizontalpodautoscalers/web"):
            return web.json_response(self.hpa)
        if kind == "web":
            return web.json_response(self.objects["deployments"])
        if "watch" not in request.query:
            listed: dict[str, Any] = {"kind": "List", "metadata": {"resourceVersion": "1"}}
            api_version = self.objects[kind].get("apiVersion", "v1")
            listed |= {"apiVersion": api_version, "items": [self.objects[kind]]}
            return web.json_response(listed)
        return await self._watch(request, kind)

    async def _watch(self, request: web.Request, kind: str) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        if kind == "pods":
            self.watched.set()
        await self.tell.wait()
        for of, body in self.later:
            if of == kind:
                event = {"type": "MODIFIED", "object": body}
                await response.write(orjson.dumps(event) + b"\n")
        await asyncio.Event().wait()  # a watch stays open
        return response


@pytest.mark.parametrize(
    ("now", "later"),
    [
        pytest.param([], [*READY_POD, *COUNTED], id="a pod is not Ready"),
        pytest.param(READY_POD, COUNTED, id="its controller has not counted it"),
        pytest.param(
            [*READY_POD, ("deployments", deployment(available=0))],
            COUNTED,
            id="it is not available yet, as minReadySeconds want",
        ),
        pytest.param(
            [*READY_POD, ("deployments", deployment(available=1, ready=2))],
            COUNTED,
            id="a pod that is going is still counted",
        ),
    ],
)
async def test_waits_for_what_a_loaded_autoscaler_scales(now: Listed, later: Listed) -> None:
    cluster = Cluster(now=now, later=later)
    async with serving(cluster.answer) as address, talking_to(address) as client:
        waiting = asyncio.create_task(
            healed(client, Resources(client), {**LOADED, "within_ms": 30_000})
        )
        await asyncio.wait_for(cluster.watched.wait(), 5)
        assert not waiting.done()
        cluster.tell.set()
        await asyncio.wait_for(waiting, 5)


async def test_waits_no_longer_than_the_experiment() -> None:
    cluster = Cluster()
    async with serving(cluster.answer) as address, talking_to(address) as client:
        waiting = healed(client, Resources(client), {**LOADED, "within_ms": 100})
        await asyncio.wait_for(waiting, 5)


async def test_whoever_timed_the_end_of_a_pod_waits_longer_for_the_next() -> None:
    cluster = Cluster(later=[*READY_POD, *COUNTED])
    drained = {"experiment": "DrainPod", "namespace": "kim", "api_version": "apps/v1"}
    drained |= {"kind": "Deployment", "name": "web"}
    async with serving(cluster.answer) as address, talking_to(address) as client:
        waiting = asyncio.create_task(
            healed(client, Resources(client), {**drained, "within_ms": 1})
        )
        await asyncio.wait_for(cluster.watched.wait(), 5)
        await asyncio.sleep(0.2)
        assert not waiting.done()
        cluster.tell.set()
        await asyncio.wait_for(waiting, 5)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            deployment(available=0, ready=0, spec={"replicas": 0}), id="it wants no pods now"
        ),
        pytest.param(
            deployment(available=0, apiVersion="example.dev/v1", kind="Fleet", status={}),
            id="a kind of somebody else's",
        ),
    ],
)
async def test_does_not_wait_for_counts_that_may_never_come(body: dict[str, Any]) -> None:
    cluster = Cluster(now=[("deployments", body), *READY_POD])
    async with serving(cluster.answer) as address, talking_to(address) as client:
        waiting = healed(client, Resources(client), {**LOADED, "within_ms": 30_000})
        await asyncio.wait_for(waiting, 5)


@pytest.mark.parametrize("api_version", ["apps/v1", "v1"])
async def test_does_not_wait_for_what_is_not_there(api_version: str) -> None:
    cluster = Cluster(autoscaler("gone", api_version))

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/gone"):
            raise web.HTTPNotFound
        return await cluster.answer(request)

    async with serving(answer) as address, talking_to(address) as client:
        waiting = healed(client, Resources(client), {**LOADED, "within_ms": 30_000})
        await asyncio.wait_for(waiting, 5)


async def test_probe_pods_disturb_no_workload() -> None:
    """What a killed grader left of them is removed, and nothing more is waited for."""
    unused: Any = None
    await healed(unused, unused, {"experiment": "Errands", "namespace": "kim"})
