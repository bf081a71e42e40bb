"""Watches, while something is tried, whether the cluster or the workload is short of CPU.

Used by the experiments. Writes to the journal what the cluster's metrics say; where they
say nothing, or may not be read, nothing is written. Must not judge.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.experiments.headroom import milli, nodes
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.permit import METRICS
from labgrader.cluster.experiments.workload import Workload
from labgrader.evidence.timeline import CpuSeen

_EVERY_SECONDS = 5
_POD_MILLI = 500
"""What a pod without a limit is taken to use under load."""
_LOAD_MILLI = 250
"""What the load generator uses."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CpuWatch:
    """The CPU of one workload's pods and of their nodes."""

    client: Client
    journal: Journal
    workload: Workload
    namespace: str

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Look every few seconds meanwhile."""
        task = asyncio.create_task(self._follow())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    def needs(self, replicas: int) -> int:
        """What so many of the pods, and the load for them, may use at most."""
        pods = list(self.workload.pods())
        each = max((limit(pod) or _POD_MILLI for pod in pods), default=_POD_MILLI)
        return replicas * each + _LOAD_MILLI

    async def _follow(self) -> None:
        while True:  # what is measured is of the seconds before
            await asyncio.sleep(_EVERY_SECONDS)
            seen = await self._look()
            if seen is not None:
                self.journal.cpu.append(seen)

    async def _look(self) -> CpuSeen | None:
        measured = await nodes(self.client)
        if measured is None:
            return None
        pods = list(self.workload.pods())
        own = {pod["spec"].get("nodeName") for pod in pods}
        shares = {name: 100 * node.used // max(1, node.capacity) for name, node in measured.items()}
        there = [share for name, share in shares.items() if name in own] or list(shares.values())
        return CpuSeen(
            at_ms=self.journal.now_ms(),
            node=max(there),
            pod=max(self._shares(pods, await self._used()), default=-1),
            unplaced=sum(map(_unplaced, pods)),
            allocatable=sum(node.allocatable for node in measured.values()),
        )

    async def _used(self) -> Mapping[str, int]:
        """What each pod of the namespace uses, by name."""
        try:
            listed = await self.client.get(f"{METRICS}/namespaces/{self.namespace}/pods")
        except (ApiError, ApiUnreachable):
            return {}
        return {
            pod["metadata"]["name"]: sum(
                milli(one["usage"].get("cpu")) for one in pod["containers"]
            )
            for pod in listed["items"]
        }

    def _shares(self, pods: list[Json], used: Mapping[str, int]) -> Iterator[int]:
        """The use of each pod that is measured and has a limit, in percent of the limit."""
        for pod in pods:
            most, name = limit(pod), pod["metadata"]["name"]
            if most and name in used:
                yield 100 * used[name] // most


def limit(pod: Json) -> int:
    """The most CPU that a pod may use, in milli-CPU; 0 where there is no limit."""
    whole = (pod["spec"].get("resources") or {}).get("limits") or {}
    if "cpu" in whole:
        return milli(whole["cpu"])
    limits = [
        ((container.get("resources") or {}).get("limits") or {}).get("cpu")
        for container in pod["spec"]["containers"]
    ]
    return 0 if None in limits else sum(map(milli, limits))


def _unplaced(pod: Json) -> bool:
    """The scheduler finds no node with CPU left for it."""
    conditions = (pod.get("status") or {}).get("conditions") or ()
    return any(
        one["type"] == "PodScheduled"
        and one["status"] == "False"
        and "Insufficient cpu" in one.get("message", "")
        for one in conditions
    )
