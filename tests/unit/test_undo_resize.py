"""What is undone after a container was resized, and whose the fields are then."""

import asyncio
from typing import Any

import orjson
import pytest
from aiohttp import web

from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.change import MANAGER, Change, make, planned
from labgrader.cluster.experiments.fields import Steps, field, item, value
from tests.unit.owning_server import OwningServer, entry
from tests.unit.servers import serving
from tests.unit.test_client import talking_to
from tests.unit.test_undo import owners, paid

Json = dict[str, Any]
POD = "/api/v1/namespaces/kim/pods/web-1"
LIMITS = (*field("spec", "containers"), item("web"), *field("resources", "limits"))
CPU, MEMORY = (*LIMITS, "f:cpu"), (*LIMITS, "f:memory")


def pod(**limits: str) -> Json:
    applied = [entry("kube-controller-manager", LIMITS)] if limits else []
    for one in applied:
        value(one["fieldsV1"], tuple(f"f:{step}" for step in LIMITS)).update(
            {f"f:{name}": {} for name in limits}
        )
    metadata = {"uid": "p", "name": "web-1", "namespace": "kim", "resourceVersion": "1"}
    resources = {"limits": limits} if limits else {}
    containers = [{"name": "side"}, {"name": "web", "resources": resources}]
    return {"metadata": {**metadata, "managedFields": applied}, "spec": {"containers": containers}}


class Kubelet(OwningServer):
    """Does at once what it is asked for, and tells of it."""

    told = False

    async def watch(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await self.changed.wait()
            self.changed.clear()
            body = self.objects[POD]
            own = body["spec"]["containers"][1]["resources"]
            status = {"containerStatuses": [{"name": "web", "ready": True, "resources": own}]}
            event = {"type": "MODIFIED", "object": {**body, "status": status}}
            await response.write(orjson.dumps(event) + b"\n")
            self.told = True


async def resized(server: OwningServer, wanted: dict[Steps, str]) -> Change:
    """Made as the experiment makes it."""
    change = planned(server.objects[POD], POD, wanted, subresource="resize")
    async with serving(server.answer) as address, talking_to(address) as client:
        await make(client, change)
    return change


def owed(change: Change) -> Json:
    written = {"what": "resize", "container": "web", "change": change.written()}
    read: Json = orjson.loads(orjson.dumps(written))
    return read


async def test_a_container_gets_its_limits_back_and_they_their_owners() -> None:
    server = Kubelet({POD: pod(cpu="200m", memory="64Mi")})
    untouched = orjson.loads(orjson.dumps(server.objects[POD]))
    change = await resized(server, {CPU: "0.3"})
    assert server.done == ["resize cpu=0.3"]
    assert MANAGER in owners(server.objects[POD])
    # As the API server writes it.
    server.objects[POD]["spec"]["containers"][1]["resources"]["limits"]["cpu"] = "300m"
    await paid(server, owed(change))
    assert server.told, "what the kubelet makes of it is waited for"
    for body in (untouched, server.objects[POD]):
        body["metadata"].pop("resourceVersion")
        body["metadata"]["managedFields"].sort(key=str)
    assert server.objects[POD] == untouched


async def test_limits_that_somebody_else_sets_meanwhile_stay() -> None:
    server = Kubelet({POD: pod(cpu="200m")})
    change = await resized(server, {CPU: "300m"})
    body = pod(cpu="400m")
    server.objects[POD] = body
    server.changed.set()
    async with asyncio.timeout(5):
        await paid(server, owed(change))
    assert server.objects[POD] == body


async def test_a_limit_that_cannot_be_taken_away_costs_the_pod() -> None:
    server = Kubelet({POD: pod()})
    change = await resized(server, {CPU: "300m", MEMORY: "96Mi"})
    limits = server.objects[POD]["spec"]["containers"][1]["resources"]["limits"]
    assert limits == {"cpu": "300m", "memory": "96Mi"}
    await paid(server, owed(change))
    assert POD not in server.objects


async def test_a_pod_that_was_replaced_is_left_alone() -> None:
    server = Kubelet({POD: pod(cpu="200m")})
    change = await resized(server, {CPU: "300m"})
    server.objects[POD]["metadata"]["uid"] = "another"
    done = list(server.done)
    await paid(server, owed(change))
    assert server.done == done


async def test_values_that_are_not_taken_are_told_as_they_are() -> None:
    """And not as if somebody else had been quicker."""
    server = OwningServer({POD: pod(cpu="200m")})
    server.refused = "300m"
    with pytest.raises(ApiError, match="rejected"):
        await resized(server, {CPU: "300m"})
