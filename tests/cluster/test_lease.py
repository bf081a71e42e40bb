"""One operator at a time, on a real API server."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from labgrader.cluster.client import Client
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.configuration import configure
from labgrader.cluster.lease import Lease, LeaseLost
from tests.support.live import LiveCluster

pytestmark = pytest.mark.cluster
SECONDS = 6
"""A holder may be kept from the CPU for two thirds of that before it counts as silent."""


@pytest.fixture
async def client(cluster: LiveCluster) -> AsyncIterator[Client]:
    async with Client(await configure(cluster.kubeconfig, None)) as opened:
        yield opened


@pytest.fixture
def namespace(cluster: LiveCluster) -> str:
    return cluster.fresh_namespace()


def lease(client: Client, namespace: str, holder: str) -> Lease:
    return Lease(client, SystemClock(), namespace, "labgrader", holder, SECONDS)


async def test_a_rival_waits_until_the_lease_is_given_back(client: Client, namespace: str) -> None:
    order = []

    async def rival() -> None:
        async with lease(client, namespace, "b").held():
            order.append("b begins")

    async with lease(client, namespace, "a").held():
        waiting = asyncio.create_task(rival())
        await asyncio.sleep(SECONDS * 2)
        order.append("a ends")
    async with asyncio.timeout(SECONDS):
        await waiting
    assert order == ["a ends", "b begins"]


async def test_a_silent_holder_is_succeeded_and_the_same_one_goes_on_at_once(
    client: Client, namespace: str
) -> None:
    dead = lease(client, namespace, "a")
    await dead._acquire()  # and never renews, as after kill -9
    async with asyncio.timeout(1), dead.held():
        assert True
    await dead._acquire()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(SECONDS * 0.9), lease(client, namespace, "b").held():
            pytest.fail("the lease had not ended")
    async with asyncio.timeout(SECONDS * 2), lease(client, namespace, "b").held():
        assert True


async def test_a_holder_whose_lease_was_taken_stops(client: Client, namespace: str) -> None:
    path = f"/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases/labgrader"
    async with asyncio.timeout(SECONDS * 3), lease(client, namespace, "a").held() as renewing:
        await client.patch(path, {"spec": {"holderIdentity": "b"}})
        with pytest.raises(LeaseLost, match="taken by another"):
            await renewing
    body = await client.get(path)
    assert body["spec"]["holderIdentity"] == "b", "what another holds is not given back"
