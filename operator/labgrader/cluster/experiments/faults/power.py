"""The fault StopNode: a node is switched off, as if its plug had been pulled.

Used by ``disturb``. Only the command line can: the switch is a program that the user names
(``--node-command``). What was switched off is switched on again whatever happens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labgrader.checks.recovery import NODE_CHOSEN, NODE_STOPPED, POD_DISTURBED
from labgrader.cluster.experiments.faults.act import Means
from labgrader.cluster.experiments.faults.nodes import node_of_most
from labgrader.cluster.experiments.permit import SEE_NODES, may
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.experiments.workload import Workload

Json = Mapping[str, Any]


@dataclass
class Power:
    """A node with pods of the workload loses its power."""

    means: Means
    container: str = ""
    _node: str = ""

    async def check(self) -> None:
        """We may see nodes; whether there is a switch is known to the laboratory."""
        await may(self.means.client, self.means.experiment.namespace, SEE_NODES)

    async def choose(self, workload: Workload) -> str:
        """The node with most of its pods."""
        self._node = await node_of_most(self.means.client, workload.ready())
        return self._node

    def pods(self, workload: Workload) -> Sequence[Json]:
        """All of its pods there."""
        return [pod for pod in workload.pods() if pod["spec"].get("nodeName") == self._node]

    async def strike(self, site: Site, pods: Sequence[Json], at_ms: int) -> bool:
        """Switch it off. The time counts from the moment before."""
        journal = self.means.journal
        journal.did(NODE_CHOSEN, self._node, at_ms=at_ms)
        await site.switch_off(self._node)
        journal.did(NODE_STOPPED, self._node)
        for pod in pods:
            journal.did(POD_DISTURBED, pod["metadata"]["uid"], at_ms=at_ms)
        return True
