"""What every fault is to the experiment that makes it.

Implemented by the other modules of this package; used by ``disturb``, which finds them in
``table``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from labgrader.cluster.client import Client
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.experiments.workload import Workload
from labgrader.evidence.experiments import DeletePod, Disturb

Json = Mapping[str, Any]
FULL_SHARE = 100_000


@dataclass(frozen=True, slots=True)
class Means:
    """What an act works with."""

    client: Client
    journal: Journal
    bell: Bell
    experiment: DeletePod | Disturb


class Act(Protocol):
    """One way to disturb pods."""

    @property
    def container(self) -> str:
        """The container whose restarts show a recovery; empty where only new pods do."""

    async def check(self) -> None:
        """Whether it can be done at all. Raises Hopeless, ApiError, ApiUnreachable."""

    async def choose(self, workload: Workload) -> str:
        """Choose the node, where the fault is a node's; else an empty text. Raises Hopeless."""

    def pods(self, workload: Workload) -> Sequence[Json]:
        """The pods that it is to be done to now."""

    async def strike(self, site: Site, pods: Sequence[Json], at_ms: int) -> bool:
        """Do it, and note it as of ``at_ms``; False where it could not be done.

        Raises Hopeless, ApiError, ApiUnreachable.
        """


def oldest(
    workload: Workload, share: int, first: Callable[[Json], int] = lambda _: 0
) -> Sequence[Json]:
    """The oldest of its Ready pods: one, or so large a share of them, rounded up.

    Those come ``first`` for which it is least.
    """
    ready = sorted(
        workload.ready(),
        key=lambda pod: (
            first(pod),
            pod["metadata"]["creationTimestamp"],
            pod["metadata"]["name"],
        ),
    )
    return ready[: max(1, -(-len(ready) * share // FULL_SHARE))]
