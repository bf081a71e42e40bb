"""What stands behind one port of a Service, kept up to date while requests are sent to it.

Used by the experiments that tell the pods behind a Service apart. An address counts as a pod's
only where a pod of that uid has it: slices may be written by hand.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

from labgrader.checks.diagnosis.conditions import is_ready
from labgrader.cluster.client import Client
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.mirror import Mirror
from labgrader.cluster.experiments.permit import same
from labgrader.cluster.probes.targets import with_port
from labgrader.evidence.experiments import HttpTarget
from labgrader.evidence.traffic import Backend

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Behind:
    """One pod behind the Service, and where it listens."""

    backend: Backend
    address: str


@dataclass(frozen=True, slots=True)
class Scene:
    """The namespace's pods and the Service's slices."""

    port: str
    pods: Mirror
    slices: Mirror
    follows_pods: bool

    @classmethod
    async def of(
        cls, client: Client, target: HttpTarget, bell: Bell, pods: Mirror | None = None
    ) -> Self:
        """Not yet followed; ``pods`` are the namespace's, where somebody follows them already.

        Raises Hopeless where the Service is gone, ApiError, ApiUnreachable.
        """
        base = f"/api/v1/namespaces/{target.namespace}"
        slices = f"/apis/discovery.k8s.io/v1/namespaces/{target.namespace}/endpointslices"
        labels = {"labelSelector": f"kubernetes.io/service-name={target.service}"}
        service = await same(client, f"{base}/services/{target.service}")
        return cls(
            _port_name(service, target.port),
            Mirror(client, f"{base}/pods", {}, bell) if pods is None else pods,
            Mirror(client, slices, labels, bell),
            follows_pods=pods is None,
        )

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Have both lists now, and keep them up to date meanwhile."""
        async with AsyncExitStack() as stack:
            for mirror in self._own:
                await stack.enter_async_context(mirror.following())
            yield

    def tell(self, changed: Callable[[], None]) -> None:
        """Have ``changed`` called after each change from now on; of pods, if nobody else does."""
        for mirror in self._own:
            mirror.changed = changed

    @property
    def _own(self) -> tuple[Mirror, ...]:
        return (self.pods, self.slices) if self.follows_pods else (self.slices,)

    def behind(self) -> list[Behind]:
        """The pods behind the Service, in the order of their names; one address of each."""
        found = {
            pod["metadata"]["uid"]: Behind(
                Backend(pod["metadata"]["uid"], pod["metadata"]["name"], is_ready(pod)),
                with_port(endpoint["addresses"][0], port),
            )
            for endpoint, port, pod in self._each()
        }
        return sorted(found.values(), key=lambda pod: pod.backend.name)

    def receiving(self) -> tuple[str, ...]:
        """The uids of the pods that the Service sends new connections to."""
        return tuple(
            sorted(
                {
                    str(pod["metadata"]["uid"])
                    for endpoint, _, pod in self._each()
                    if (endpoint.get("conditions") or {}).get("ready", True) is not False
                }
            )
        )

    def _each(self) -> Iterator[tuple[Json, int, Json]]:
        for one in self.slices.objects.values():
            ports = [p for p in one.get("ports") or () if (p.get("name") or "") == self.port]
            for endpoint in one.get("endpoints") or () if ports else ():
                pod = self.pods.objects.get((endpoint.get("targetRef") or {}).get("uid", ""))
                if pod is not None and endpoint["addresses"][0] in _addresses(pod):
                    yield endpoint, ports[0]["port"], pod


def _addresses(pod: Json) -> set[str]:
    return {one["ip"] for one in (pod.get("status") or {}).get("podIPs") or ()}


def _port_name(service: Json, port: int) -> str:
    named = (p.get("name") or "" for p in service["spec"].get("ports") or () if p["port"] == port)
    return next(named, "")
