"""What stands behind one port of a Service, as judges of its traffic need it.

Asks for the Service, its EndpointSlices and the namespace's pods in one round.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from labgrader.checks.diagnosis.endpoints import Endpoint, receiving, service_port, slices_of
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.finding import Cause, Finding, cause, failed
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Behind:
    """A Service, its entry for the port, the endpoints of that port, and all pods around."""

    service: Json
    entry: Json
    endpoints: tuple[Endpoint, ...]
    pods: tuple[Json, ...]


def behind(
    scope: Scope, snapshot: Snapshot, service: str, port: int, *also: Request
) -> Behind | Finding:
    """What is behind the port, or the Failed finding that there is no such thing.

    ``also`` are requests that the caller needs next, gathered in the same round.
    """
    request, slices = scope.named("Service", service), slices_of(scope, service)
    pods = scope.all("Pod")
    snapshot.together(request, slices, pods, *also)
    found = find(snapshot, request)
    if isinstance(found, Finding):
        return found
    spec = found["spec"]
    if spec.get("type") == "ExternalName":
        target = spec.get("externalName", "-")
        return failed(
            "ServiceExternalName", service=service, namespace=scope.namespace, target=target
        )
    entry = service_port(found, port)
    if entry is None:
        offered = ", ".join(_written(other) for other in spec.get("ports") or ()) or "-"
        return failed(
            "ServicePortMissing",
            service=service,
            namespace=scope.namespace,
            port=port,
            ports=offered,
        )
    around = snapshot.objects(pods)
    return Behind(found, entry, receiving(snapshot.objects(slices), entry, around), around)


def outside(scope: Scope, seen: Behind) -> Finding | None:
    """The Failed finding that the Service leads to an address that is no pod of the namespace."""
    for endpoint in seen.endpoints:
        if endpoint.pod is None:
            return failed(
                "EndpointElsewhere",
                service=seen.service["metadata"]["name"],
                namespace=scope.namespace,
                address=endpoint.address,
                target=endpoint.target,
            )
    return None


def publishes(seen: Behind) -> Iterator[Cause]:
    """Why pods get requests that are not Ready, or not any more, where the Service wants it so."""
    if seen.service["spec"].get("publishNotReadyAddresses"):
        yield cause("PublishesNotReady", service=seen.service["metadata"]["name"])


def _written(entry: Json) -> str:
    protocol = entry.get("protocol", "TCP")
    return str(entry["port"]) if protocol == "TCP" else f"{entry['port']}/{protocol}"
