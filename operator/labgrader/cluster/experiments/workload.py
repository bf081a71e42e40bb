"""A workload and its pods, told apart from look-alikes by the uids of their owners.

Used by the experiments. Labels prove nothing here: a learner can type them.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

from labgrader.checks.heals import wanted_replicas, whole
from labgrader.checks.resizing import status_of
from labgrader.cluster.client import Client
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.mirror import Mirror
from labgrader.evidence.timeline import PodsSeen

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Workload:
    """One Deployment, StatefulSet, DaemonSet or ReplicaSet, or what else has replicas."""

    uid: str
    itself: Mirror
    replica_sets: Mirror
    every_pod: Mirror

    @classmethod
    @asynccontextmanager
    async def followed(
        cls, client: Client, path: str, body: Json, bell: Bell
    ) -> AsyncIterator[Self]:
        """The workload at a path, kept up to date. Raises ApiError, ApiUnreachable."""
        namespace, name = body["metadata"]["namespace"], body["metadata"]["name"]
        named = {"fieldSelector": f"metadata.name={name}"}
        replica_sets = f"/apis/apps/v1/namespaces/{namespace}/replicasets"
        workload = cls(
            uid=body["metadata"]["uid"],
            itself=Mirror(client, path.rpartition("/")[0], named, bell),
            replica_sets=Mirror(client, replica_sets, {}, bell),
            every_pod=Mirror(client, f"/api/v1/namespaces/{namespace}/pods", {}, bell),
        )
        async with AsyncExitStack() as following:
            for mirror in workload._mirrors:
                await following.enter_async_context(mirror.following())
            yield workload

    @property
    def _mirrors(self) -> tuple[Mirror, ...]:
        return self.itself, self.replica_sets, self.every_pod

    def tell(self, changed: Callable[[], None]) -> None:
        """Have ``changed`` called after each change from now on."""
        for mirror in self._mirrors:
            mirror.changed = changed

    @property
    def body(self) -> Json | None:
        """The workload's own object; None where it is gone."""
        return self.itself.objects.get(self.uid)

    @property
    def wanted(self) -> int:
        """How many pods it wants; none where it is gone."""
        body = self.body
        return 0 if body is None else wanted_replicas(body)

    @property
    def whole(self) -> bool:
        """Its own status says so, and its pods do."""
        body = self.body
        return body is not None and whole(body) and len(self.ready()) >= self.wanted

    def pods(self) -> Iterator[Json]:
        """The pods whose chain of owners ends here."""
        owners = {self.uid} | {
            uid for uid, body in self.replica_sets.objects.items() if owner(body) == self.uid
        }
        return (pod for pod in self.every_pod.objects.values() if owner(pod) in owners)

    def beside(self) -> set[str]:
        """The uids of the namespace's other pods."""
        own = {pod["metadata"]["uid"] for pod in self.pods()}
        return set(self.every_pod.objects) - own

    def ready(self) -> list[Json]:
        """Its Ready pods that are not being deleted."""
        return [pod for pod in self.pods() if is_ready(pod)]

    def unplaced(self) -> Iterator[str]:
        """The names of pods that the scheduler finds no node for, each with what it says."""
        for pod in self.pods():
            for one in (pod.get("status") or {}).get("conditions") or ():
                if (one["type"], one["status"]) == ("PodScheduled", "False"):
                    yield f"{pod['metadata']['name']} {one.get('message', '')}"

    def seen(self, at_ms: int) -> PodsSeen:
        """Its pods at this moment."""
        ready = {pod["metadata"]["uid"] for pod in self.ready()}
        every = {pod["metadata"]["uid"] for pod in self.pods()}
        return PodsSeen(at_ms, tuple(sorted(ready)), tuple(sorted(every - ready)), self.wanted)


def restarts(pod: Json, container: str) -> int:
    """How often the container was started again."""
    return int(status_of(pod, container).get("restartCount", 0))


def is_ready(pod: Json) -> bool:
    """Ready, and not being deleted."""
    conditions = (pod.get("status") or {}).get("conditions") or ()
    return "deletionTimestamp" not in pod["metadata"] and any(
        condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions
    )


def owner(body: Json) -> str | None:
    """The uid of the controller that the object belongs to."""
    references = body["metadata"].get("ownerReferences") or ()
    return next((ref["uid"] for ref in references if ref.get("controller")), None)
