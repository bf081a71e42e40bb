"""The faults EvictFromNode and DrainNode: the workload's pods leave one node, as budgets allow.

Used by ``disturb`` and ``keep_data``. The Eviction API decides; a refusal is asked again, as ``kubectl drain``
does, because a budget may allow the next pod once the last one is replaced.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labgrader.checks.recovery import BUDGET_HELD, BUDGETS_CLASH, NODE_CHOSEN, POD_DISTURBED
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.faults.act import Means
from labgrader.cluster.experiments.faults.nodes import node_of_most
from labgrader.cluster.experiments.hopeless import hopeless
from labgrader.cluster.experiments.permit import CORDON_NODES, EVICT_PODS, SEE_NODES, may
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.experiments.workload import Workload

Json = Mapping[str, Any]
_FORBIDDEN = 403
_GONE = (404, 410)
_HELD = 429
_CLASH = 500
_CLASHES = "more than one PodDisruptionBudget"
_ASK_AGAIN_SECONDS = 1.0
_GIVE_UP_MS = 15_000
"""After so long a budget that has let nothing go lets nothing go; its status follows the pods
within a second or two."""


@dataclass
class Eviction:
    """The workload's pods on one node are evicted; ``cordons`` keeps new ones off it."""

    means: Means
    cordons: bool
    container: str = ""
    _node: str = ""
    _held: str = ""
    _evicted: list[str] = field(default_factory=list)

    async def check(self) -> None:
        """We may evict pods and see nodes, and change them where that is part of it."""
        cordon = (CORDON_NODES,) if self.cordons else ()
        namespace = self.means.experiment.namespace
        await may(self.means.client, namespace, EVICT_PODS, SEE_NODES, *cordon)

    async def choose(self, workload: Workload) -> str:
        """The node with most of its pods."""
        self._node = await node_of_most(self.means.client, workload.ready())
        return self._node

    def pods(self, workload: Workload) -> Sequence[Json]:
        """All of its pods there."""
        return [pod for pod in workload.pods() if pod["spec"].get("nodeName") == self._node]

    async def strike(self, site: Site, pods: Sequence[Json], at_ms: int) -> bool:
        """Cordon, then evict one after the other, until the time is over."""
        journal = self.means.journal
        journal.did(NODE_CHOSEN, self._node, at_ms=at_ms)
        if self.cordons:
            await site.cordon(self._node)
        for pod in pods:
            while not await self._evict(pod, at_ms):
                waited_ms = journal.now_ms() - at_ms
                patience = self.means.experiment.within_ms
                patience = patience if self._evicted else min(patience, _GIVE_UP_MS)
                if waited_ms >= patience or self._clash:
                    what = BUDGETS_CLASH if self._clash else BUDGET_HELD
                    journal.did(what, f"pod {pod['metadata']['name']}: {self._held}")
                    return False
                await asyncio.sleep(_ASK_AGAIN_SECONDS)
        return True

    @property
    def _clash(self) -> bool:
        return _CLASHES in self._held

    async def _evict(self, pod: Json, at_ms: int) -> bool:
        """Whether the pod goes, or is gone."""
        metadata = pod["metadata"]
        path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}/eviction"
        body = {
            "apiVersion": "policy/v1",
            "kind": "Eviction",
            "metadata": {"name": metadata["name"], "namespace": metadata["namespace"]},
            "deleteOptions": {"preconditions": {"uid": metadata["uid"]}},
        }
        try:
            await self.means.client.create(path, body)
        except ApiError as error:
            if error.status == _FORBIDDEN:
                detail = f"evict pod {metadata['name']}: {error.message}"
                raise hopeless("Forbidden", detail) from error
            if error.status in _GONE:
                return True
            if error.status != _HELD and not (error.status == _CLASH and _CLASHES in error.message):
                raise
            self._held = error.message.rstrip(".")
            return False
        self._evicted.append(metadata["uid"])
        self.means.journal.did(POD_DISTURBED, metadata["uid"], at_ms=at_ms)
        return True
