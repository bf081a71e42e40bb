"""The fault DeletePod: Ready pods are deleted, as an administrator or a node upgrade would.

Used by ``disturb``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labgrader.checks.recovery import POD_DELETED
from labgrader.cluster.experiments.faults.act import Means, oldest
from labgrader.cluster.experiments.hopeless import hopeless
from labgrader.cluster.experiments.permit import DELETE_PODS, may
from labgrader.cluster.experiments.pods import delete
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.experiments.workload import Workload
from labgrader.evidence.experiments import DeletePod

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deletion:
    """Pods are deleted."""

    means: Means
    container: str = ""

    async def check(self) -> None:
        """We may delete pods."""
        await may(self.means.client, self.means.experiment.namespace, DELETE_PODS)

    async def choose(self, workload: Workload) -> str:  # noqa: ARG002 (no node is chosen)
        """No node."""
        return ""

    def pods(self, workload: Workload) -> Sequence[Json]:
        """The oldest Ready ones."""
        experiment = self.means.experiment
        return oldest(workload, 0 if isinstance(experiment, DeletePod) else experiment.share)

    async def strike(self, site: Site, pods: Sequence[Json], at_ms: int) -> bool:  # noqa: ARG002
        """Delete them."""
        deleted = False
        for pod in pods:
            metadata = pod["metadata"]
            if await delete(self.means.client, pod):
                self.means.journal.did("pod-chosen", metadata["name"], at_ms=at_ms)
                self.means.journal.did(POD_DELETED, metadata["uid"], at_ms=at_ms)
                deleted = True
        if not deleted:
            names = ", ".join(pod["metadata"]["name"] for pod in pods)
            raise hopeless("ObjectReplaced", f"{names} went away by itself", transient=True)
        return True
