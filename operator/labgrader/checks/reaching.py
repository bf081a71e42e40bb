"""Where a connection goes: the addresses of a Service or of a workload's Ready pods.

Used by ``checks.connects``. Pure. Only addresses that belong to pods of the namespace count.
"""

from dataclasses import dataclass

from labgrader.api.kinds.connects import Destination
from labgrader.checks.diagnosis.behind import Behind, behind
from labgrader.checks.diagnosis.conditions import is_ready
from labgrader.checks.diagnosis.endpoints import slices_of
from labgrader.checks.diagnosis.kinds import is_workload
from labgrader.checks.diagnosis.ownership import chain, pods_of
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.diagnosis.service import without_endpoints
from labgrader.checks.diagnosis.shape import mapping, words
from labgrader.checks.diagnosis.workload import workload_causes
from labgrader.checks.finding import Finding, cause, failed
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import Snapshot

_MOST_PODS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """What a destination came to: addresses, the pods behind them, and its name for people."""

    name: str
    addresses: tuple[tuple[str, int], ...]
    pods: tuple[Json, ...]
    entry: Json | None = None


def looks(to: Destination, scope: Scope) -> tuple[Request, ...]:
    """What the place is found by, so that all places are looked for at once."""
    if to.service is not None:
        named = scope.named("Service", to.service), slices_of(scope, to.service)
        return (*named, scope.all("Pod"))
    return () if to.object is None else (scope.get(to.object), *chain(scope, to.object.kind))


def place_of(to: Destination, scope: Scope, snapshot: Snapshot) -> Place | Finding:
    """Where the destination is, or the finding that nothing is there to be reached."""
    if to.service is not None:
        seen = behind(scope, snapshot, to.service, to.port)
        return (
            seen if isinstance(seen, Finding) else _service(to.service, to, scope, snapshot, seen)
        )
    return _workload(to, scope, snapshot)


def _service(
    service: str, to: Destination, scope: Scope, snapshot: Snapshot, seen: Behind
) -> Place | Finding:
    """The Service's own address; the endpoints' where it has none."""
    namespace = scope.namespace
    for endpoint in seen.endpoints:
        if endpoint.pod is None:
            return failed(
                "EndpointElsewhere",
                service=service,
                namespace=namespace,
                address=endpoint.address,
                target=endpoint.target,
            )
    if not seen.endpoints:
        finding = failed("NoEndpoints", service=service, namespace=namespace, port=to.port)
        if not seen.service["spec"].get("selector"):
            return finding.because(cause("NoSelector", service=service))
        return finding.because(*without_endpoints(scope, snapshot, seen, seen.pods))
    pods = tuple(endpoint.pod for endpoint in seen.endpoints if endpoint.pod is not None)
    own = words(seen.service["spec"].get("clusterIP"))
    if own in {"", "None"}:
        ends = [(e.address, e.port or to.port) for e in seen.endpoints[:_MOST_PODS]]
        addresses = tuple(dict.fromkeys(ends))
    else:
        addresses = ((own, to.port),)
    return Place(f"Service {service}:{to.port}", addresses, pods, seen.entry)


def _workload(to: Destination, scope: Scope, snapshot: Snapshot) -> Place | Finding:
    ref = to.object
    if ref is None or not is_workload(ref):  # refused by problems
        raise TypeError("connects without a destination")
    request, lists = scope.get(ref), chain(scope, ref.kind)
    snapshot.together(request, *lists)
    workload = find(snapshot, request)
    if isinstance(workload, Finding):
        return workload
    own = pods_of(workload, *(snapshot.objects(listed) for listed in lists))
    ready = [pod for pod in own if is_ready(pod) and _address(pod)]
    if not ready:
        return failed(
            "NoReadyPodToReach", kind=ref.kind, name=ref.name, namespace=scope.namespace
        ).because(*workload_causes(scope, snapshot, workload))
    chosen = tuple(ready[:_MOST_PODS])
    addresses = tuple((_address(pod), to.port) for pod in chosen)
    return Place(f"{ref.kind} {ref.name}:{to.port}", addresses, chosen)


def _address(pod: Json) -> str:
    return words(mapping(pod.get("status")).get("podIP"))
