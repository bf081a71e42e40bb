"""How much CPU the cluster's nodes have left, and whose turn it is to use it.

Used by the experiments that send load: those of different namespaces run at once as far as
what is measured to be left lasts, so that no learner is failed by a neighbour's load. Where
nothing can be measured, one runs at a time. Must not judge what it measures.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from labgrader.checks.expect.quantity import parse_quantity
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.experiments.hopeless import hopeless
from labgrader.cluster.experiments.journal import Clock
from labgrader.cluster.experiments.permit import METRICS

_LOOK_SECONDS = 5
_PATIENCE_MS = 120_000
"""So long may an experiment wait for its turn; its namespace and its grading wait with it."""
_SETTLED_MS = 40_000
"""From then on the metrics show what an experiment uses: two rounds of theirs, and its start."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Node:
    """One node's CPU, in milli-CPU: in use, in all, and on offer to pods."""

    used: int
    capacity: int
    allocatable: int


async def nodes(client: Client) -> Mapping[str, Node] | None:
    """The nodes that are measured; None where they cannot be, or may not be looked at."""
    try:
        listed, measured = await asyncio.gather(
            client.get("/api/v1/nodes"), client.get(f"{METRICS}/nodes")
        )
    except (ApiError, ApiUnreachable):
        return None
    used = {one["metadata"]["name"]: milli(one["usage"].get("cpu")) for one in measured["items"]}
    return {
        name: Node(
            used[name], milli(status["capacity"]["cpu"]), milli(status["allocatable"]["cpu"])
        )
        for name, status in _working(listed["items"])
        if name in used
    } or None


def milli(quantity: Any) -> int:
    """A quantity of CPU in milli-CPU; none for what is no quantity."""
    return round(1000 * (parse_quantity(quantity) or 0))


def _working(listed: list[Json]) -> Iterator[tuple[str, Json]]:
    """The nodes that take pods: names and statuses."""
    for node in listed:
        conditions = node["status"].get("conditions") or ()
        ready = any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
        if ready and not node["spec"].get("unschedulable"):
            yield node["metadata"]["name"], node["status"]


@dataclass(frozen=True, slots=True)
class _Turn:
    needs: int
    begun_ms: int


@dataclass
class Headroom:
    """The turns of one grader's experiments, in the order in which they came."""

    client: Client
    clock: Clock
    _running: dict[object, _Turn] = field(default_factory=dict)
    _door: asyncio.Lock = field(default_factory=asyncio.Lock)
    _left: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def turn(self, needs: int) -> AsyncIterator[None]:
        """Wait until there are so many milli-CPU, and hold them.

        Raises Hopeless where there are not in time. An experiment that runs alone always may.
        """
        key = object()
        try:
            async with asyncio.timeout(_PATIENCE_MS / 1000), self._door:
                while self._running and not await self._fits(needs):
                    self._left.clear()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._left.wait(), _LOOK_SECONDS)
                self._running[key] = _Turn(needs, self.clock.now_ms())
        except TimeoutError:
            detail = f"{len(self._running)} experiments are using the cluster's CPU"
            raise hopeless("ClusterBusy", detail, transient=True) from None
        try:
            yield
        finally:
            del self._running[key]
            self._left.set()

    async def _fits(self, needs: int) -> bool:
        measured = await nodes(self.client)
        if measured is None:
            return False
        return needs <= left(measured) - self._unseen()

    def _unseen(self) -> int:
        """What runs and does not show in the metrics yet."""
        now_ms = self.clock.now_ms()
        turns = self._running.values()
        return sum(turn.needs for turn in turns if now_ms - turn.begun_ms < _SETTLED_MS)


def left(measured: Mapping[str, Node]) -> int:
    """What no pod uses, of all that is on offer to pods."""
    return sum(
        max(0, min(node.allocatable, node.capacity - node.used)) for node in measured.values()
    )
