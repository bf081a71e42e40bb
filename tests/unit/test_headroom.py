"""Turns by measured headroom, against a server that tells of nodes as an API server does."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from labgrader.cluster.experiments import headroom
from labgrader.cluster.experiments.cpu import limit
from labgrader.cluster.experiments.headroom import Headroom, Node, left, milli, nodes
from labgrader.cluster.experiments.hopeless import Hopeless
from tests.unit.clocks import Time
from tests.unit.servers import serving
from tests.unit.test_client import talking_to


def node(name: str, cpu: str = "2", *, ready: str = "True", **spec: Any) -> dict[str, Any]:
    offered = {"capacity": {"cpu": cpu}, "allocatable": {"cpu": cpu}}
    conditions = [{"type": "Ready", "status": ready}]
    return {
        "metadata": {"name": name},
        "spec": spec,
        "status": {**offered, "conditions": conditions},
    }


@dataclass
class Cluster:
    """Nodes, and what each uses; without that, nothing is measured."""

    listed: list[dict[str, Any]] = field(default_factory=lambda: [node("a")])
    used: Mapping[str, str] = field(default_factory=lambda: {"a": "200000000n"})
    asked: int = 0

    async def answer(self, request: web.Request) -> web.Response:
        if request.path == "/api/v1/nodes":
            return web.json_response({"items": self.listed})
        self.asked += 1
        if not self.used:
            return web.json_response({"kind": "Status", "message": "no"}, status=403)
        items = [
            {"metadata": {"name": name}, "usage": {"cpu": used}} for name, used in self.used.items()
        ]
        return web.json_response({"items": items})


@asynccontextmanager
async def room(cluster: Cluster, clock: Time) -> AsyncIterator[Headroom]:
    async with serving(cluster.answer) as address, talking_to(address) as client:
        yield Headroom(client, clock)


async def is_waiting(task: asyncio.Task[None]) -> bool:
    await asyncio.wait([task], timeout=0.3)
    return not task.done()


async def take(place: Headroom, needs: int, until: asyncio.Event) -> None:
    async with place.turn(needs):
        await until.wait()


async def test_nodes_are_measured_where_they_take_pods() -> None:
    cluster = Cluster(
        [node("a"), node("b", "4"), node("c", ready="False"), node("d", unschedulable=True)],
        {"a": "1500m", "b": "1", "c": "1", "d": "1"},
    )
    async with serving(cluster.answer) as address, talking_to(address) as client:
        measured = await nodes(client)
    assert measured == {"a": Node(1500, 2000, 2000), "b": Node(1000, 4000, 4000)}
    assert left(measured) == 500 + 3000


async def test_what_may_not_be_looked_at_is_not_measured() -> None:
    async with serving(Cluster(used={}).answer) as address, talking_to(address) as client:
        assert await nodes(client) is None


async def test_one_that_is_alone_may_always() -> None:
    cluster = Cluster(used={"a": "2"})
    async with room(cluster, Time()) as place:
        await asyncio.wait_for(take(place, 10_000, _set()), 2)
    assert cluster.asked == 0


async def test_as_many_run_at_once_as_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headroom, "_LOOK_SECONDS", 0.05)
    clock, end = Time(), asyncio.Event()
    async with room(Cluster(), clock) as place:  # 1,800m are left
        first = asyncio.create_task(take(place, 850, end))
        second = asyncio.create_task(take(place, 850, end))
        third = asyncio.create_task(take(place, 850, end))
        assert await is_waiting(third)
        assert len(place._running) == 2
        clock.now = 60_000  # by now the metrics show what the two use
        await asyncio.wait_for(_until(lambda: len(place._running) == 3), 2)
        end.set()
        await asyncio.gather(first, second, third)
        assert place._running == {}


async def test_the_next_comes_when_one_ends() -> None:
    clock, end, other = Time(), asyncio.Event(), asyncio.Event()
    async with room(Cluster(), clock) as place:
        first = asyncio.create_task(take(place, 1_500, end))
        await asyncio.sleep(0)
        second = asyncio.create_task(take(place, 1_500, other))
        assert await is_waiting(second)
        end.set()
        await first
        await asyncio.wait_for(_until(lambda: len(place._running) == 1), 2)
        other.set()
        await second


async def test_without_metrics_one_runs_at_a_time() -> None:
    end = asyncio.Event()
    async with room(Cluster(used={}), Time()) as place:
        first = asyncio.create_task(take(place, 1, end))
        second = asyncio.create_task(take(place, 1, end))
        assert await is_waiting(second)
        end.set()
        await asyncio.gather(first, second)


async def test_who_waits_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headroom, "_PATIENCE_MS", 100)
    end = asyncio.Event()
    async with room(Cluster(), Time()) as place:
        first = asyncio.create_task(take(place, 1_500, end))
        await asyncio.sleep(0)
        with pytest.raises(Hopeless) as raised:
            await take(place, 1_500, end)
        assert (raised.value.answer.reason, raised.value.answer.transient) == ("ClusterBusy", True)  # type: ignore[union-attr]  # a Trouble
        end.set()
        await first


async def test_who_is_cancelled_leaves_its_turn() -> None:
    async with room(Cluster(), Time()) as place:
        task = asyncio.create_task(take(place, 1, asyncio.Event()))
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.wait([task])
        assert place._running == {}


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [("250m", 250), ("1", 1000), (2, 2000), ("1500000n", 2), ("much", 0), (None, 0)],
)
def test_cpu_in_milli(quantity: Any, expected: int) -> None:
    assert milli(quantity) == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"containers": [{"resources": {"limits": {"cpu": "200m"}}}, {"resources": {}}]}, 0),
        ({"containers": [{"resources": {"limits": {"cpu": "200m"}}}] * 2}, 400),
        ({"containers": [{}], "resources": {"limits": {"cpu": "1"}}}, 1000),
    ],
)
def test_a_pod_is_limited_where_all_of_it_is(spec: dict[str, Any], expected: int) -> None:
    assert limit({"spec": spec}) == expected


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


async def _until(condition: Any) -> None:
    while not condition():  # noqa: ASYNC110 (there is no event to wait for)
        await asyncio.sleep(0.02)
