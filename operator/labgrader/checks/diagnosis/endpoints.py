"""What really stands behind a Service: its endpoints, and the pods that they lead to.

Called by the kinds that look at Services. An EndpointSlice may be written by hand, so an
endpoint counts as a pod only when a pod of that uid and that address is in the namespace.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import ListObjects

_SERVICE_LABEL = "kubernetes.io/service-name"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address that the Service sends traffic to. ``pod`` is None where it is no pod's.

    ``target`` is the address as people read it, with what it stands for where that is told.
    """

    address: str
    port: int | None
    target: str
    pod: Json | None


def slices_of(scope: Scope, service: str) -> ListObjects:
    """The request for a Service's EndpointSlices."""
    return scope.all("EndpointSlice", {_SERVICE_LABEL: service})


def service_port(service: Json, port: int) -> Json | None:
    """The Service's entry for this port."""
    for entry in service["spec"].get("ports") or ():
        if entry["port"] == port and entry.get("protocol", "TCP") == "TCP":
            return entry  # type: ignore[no-any-return]  # JSON
    return None


def receiving(slices: Iterable[Json], entry: Json, pods: Sequence[Json]) -> tuple[Endpoint, ...]:
    """The endpoints that get the traffic of one port of a Service."""
    by_uid = {pod["metadata"]["uid"]: pod for pod in pods}
    return tuple(
        Endpoint(
            address, port.get("port"), _target(endpoint, address), _pod(endpoint, address, by_uid)
        )
        for piece in slices
        if "deletionTimestamp" not in piece["metadata"]
        for port in piece.get("ports") or ()
        if (port.get("name") or "") == (entry.get("name") or "")
        for endpoint in piece.get("endpoints") or ()
        if (endpoint.get("conditions") or {}).get("ready", True) is not False
        for address in endpoint["addresses"]
    )


def selects(service: Json, pod: Json) -> bool:
    """The Service's selector chooses the pod."""
    labels = pod["metadata"].get("labels") or {}
    selector = service["spec"].get("selector") or {}
    return bool(selector) and all(labels.get(key) == value for key, value in selector.items())


def target_port(entry: Json, pod: Json) -> int | None:
    """The number of the port on a pod that a Service's port leads to; None where it has none."""
    wanted: Any = entry.get("targetPort", entry["port"])
    if isinstance(wanted, int):
        return wanted
    for port in open_ports(pod):
        if port.get("name") == wanted and port.get("protocol", "TCP") == "TCP":
            return int(port["containerPort"])
    return None


def open_ports(pod: Json) -> tuple[Json, ...]:
    """The ports that the pod's containers declare. A port may be open without."""
    return tuple(
        port for container in running_containers(pod) for port in container.get("ports") or ()
    )


def running_containers(pod: Json) -> tuple[Json, ...]:
    """The pod's containers, and after them its sidecars, which run beside them all the time."""
    sidecars = [
        container
        for container in pod["spec"].get("initContainers") or ()
        if container.get("restartPolicy") == "Always"
    ]
    return (*pod["spec"]["containers"], *sidecars)


def _target(endpoint: Json, address: str) -> str:
    reference = endpoint.get("targetRef") or {}
    named = f"{reference.get('kind', '')} {reference.get('name', '')}".strip()
    return f"{address} ({named})" if named else address


def _pod(endpoint: Json, address: str, by_uid: dict[str, Json]) -> Json | None:
    reference = endpoint.get("targetRef") or {}
    pod = by_uid.get(reference.get("uid", "")) if reference.get("kind") == "Pod" else None
    if pod is None:
        return None
    status = pod.get("status") or {}
    addresses = {entry["ip"] for entry in status.get("podIPs") or ()} | {status.get("podIP")}
    return pod if address in addresses else None
