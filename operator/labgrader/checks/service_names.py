"""What a Service's name must stand for, as the objects have it.

Used by ``checks.resolves``. Pure. What learners typed (an EndpointSlice, a label) counts as an
address only where a pod of the namespace has it.
"""

from dataclasses import dataclass
from typing import Any

from labgrader.api.kinds import Resolves
from labgrader.checks.diagnosis.conditions import is_ready
from labgrader.checks.diagnosis.endpoints import slices_of, target_port
from labgrader.checks.diagnosis.kinds import is_workload
from labgrader.checks.diagnosis.ownership import chain, pods_of
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.diagnosis.shape import items, mapping, words
from labgrader.checks.diagnosis.workload import workload_causes
from labgrader.checks.finding import Finding, failed
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import Snapshot

_HEADLESS = "None"
_IPV4, _IPV6 = "IPv4", "IPv6"


@dataclass(frozen=True, slots=True)
class Right:
    """What the name must stand for: which record, and its values."""

    record: str
    values: frozenset[str]


def right_answer(
    params: Resolves, scope: Scope, snapshot: Snapshot, service: Json
) -> Right | Finding:
    """What the objects say that the name must stand for, or the finding that they cannot."""
    spec, kind = mapping(service.get("spec")), words(mapping(service.get("spec")).get("type"))
    if params.external is not None:
        return _alias(params, scope, spec)
    if kind == "ExternalName":
        target = words(spec.get("externalName")) or "-"
        return failed(
            "ServiceExternalName", service=params.service, namespace=scope.namespace, target=target
        )
    headless = spec.get("clusterIP") == _HEADLESS
    if (params.pods is not None or params.host is not None) and not headless:
        return failed("ServiceNotHeadless", service=params.service, namespace=scope.namespace)
    if params.port_name is not None:
        return _port(params, scope, snapshot, spec, headless=headless)
    if params.host is not None:
        return _host(params, scope, snapshot, spec)
    if headless:
        return _pods(params, scope, snapshot)
    own = spec.get("clusterIPs")
    listed = [words(one) for one in own] if isinstance(own, list | tuple) else []
    addresses = frozenset(filter(None, listed or [words(spec.get("clusterIP"))]))
    return Right("address", addresses)


def _alias(params: Resolves, scope: Scope, spec: Json) -> Right | Finding:
    seen = words(spec.get("externalName")).rstrip(".").lower()
    wanted = str(params.external).rstrip(".").lower()
    if spec.get("type") != "ExternalName" or seen != wanted:
        return failed(
            "AliasDiffers",
            service=params.service,
            namespace=scope.namespace,
            expected=wanted,
            seen=seen or "-",
        )
    return Right("alias", frozenset({wanted}))


def _pods(params: Resolves, scope: Scope, snapshot: Snapshot) -> Right | Finding:
    """The addresses that the headless Service gives out, all of them the workload's pods'."""
    slices, around = slices_of(scope, params.service), scope.all("Pod")
    lists: tuple[Request, ...] = ()
    if params.pods is not None:
        lists = (scope.get(params.pods), *chain(scope, params.pods.kind))
    snapshot.together(slices, around, *lists)
    given = _given_out(snapshot.objects(slices))
    known = {address: pod for pod in snapshot.objects(around) for address in _addresses(pod)}
    for address in sorted(given):
        if address not in known:
            return failed(
                "EndpointElsewhere",
                service=params.service,
                namespace=scope.namespace,
                address=address,
                target="-",
            )
    if params.pods is not None:
        wrong = _of_workload(params, scope, snapshot, {a: known[a] for a in given})
        if wrong is not None:
            return wrong
    if not given:
        return failed("NoNameWithoutPods", service=params.service, namespace=scope.namespace)
    return Right("address", given)


def _of_workload(
    params: Resolves, scope: Scope, snapshot: Snapshot, given: dict[str, Json]
) -> Finding | None:
    ref = params.pods
    if ref is None or not is_workload(ref):  # refused by problems
        raise TypeError("resolves without a workload")
    workload = find(snapshot, scope.get(ref))
    if isinstance(workload, Finding):
        return workload
    own = pods_of(workload, *(snapshot.objects(listed) for listed in chain(scope, ref.kind)))
    uids = {pod["metadata"]["uid"] for pod in own}
    about: dict[str, Any] = {
        "service": params.service,
        "namespace": scope.namespace,
        "kind": ref.kind,
        "name": ref.name,
    }
    for address, pod in given.items():
        if pod["metadata"]["uid"] not in uids:
            target = f"{address} (Pod {pod['metadata']['name']})"
            return failed("EndpointNotOfWorkload", address=address, target=target, **about)
    ready = [pod for pod in own if is_ready(pod)]
    if not ready:
        return failed(
            "NoReadyPodToReach", kind=ref.kind, name=ref.name, namespace=scope.namespace
        ).because(*workload_causes(scope, snapshot, workload))
    missing = [pod for pod in ready if not given.keys() & _addresses(pod)]
    if missing:
        return failed("PodWithoutName", pod=missing[0]["metadata"]["name"], **about)
    return None


def _host(params: Resolves, scope: Scope, snapshot: Snapshot, spec: Json) -> Right | Finding:
    """A pod's own name: its hostname, and the Service as its subdomain."""
    pods = [
        pod
        for pod in snapshot.objects(scope.all("Pod"))
        if words(pod["spec"].get("subdomain")) == params.service
        and words(pod["spec"].get("hostname")) == params.host
    ]
    if not pods:
        return failed(
            "NoPodOfThatName",
            host=params.host,
            service=params.service,
            namespace=scope.namespace,
        )
    of_pods = frozenset(address for pod in pods for address in _addresses(pod))
    families = spec.get("ipFamilies") or (_IPV4, _IPV6)
    addresses = frozenset(address for address in of_pods if _family(address) in families)
    ready = any(is_ready(pod) for pod in pods)
    if not addresses or not ready:
        name, namespace = pods[0]["metadata"]["name"], scope.namespace
        return failed("NoReadyPodToReach", kind="Pod", name=name, namespace=namespace)
    return Right("address", addresses)


def _port(
    params: Resolves, scope: Scope, snapshot: Snapshot, spec: Json, *, headless: bool
) -> Right | Finding:
    """The number of the port; a headless Service's clients get that of the pods."""
    entries = [
        entry
        for entry in items(spec.get("ports"))
        if entry.get("name") == params.port_name and entry.get("protocol", "TCP") == "TCP"
    ]
    if not entries:
        names = ", ".join(words(e.get("name")) or "-" for e in items(spec.get("ports")))
        return failed(
            "PortNotNamed",
            service=params.service,
            namespace=scope.namespace,
            port=params.port_name,
            seen=names or "-",
        )
    if not headless:
        return Right("srv", frozenset({str(entries[0]["port"])}))
    pods = snapshot.objects(scope.all("Pod"))
    given = _given_out(snapshot.objects(slices_of(scope, params.service)))
    behind = [pod for pod in pods if given & _addresses(pod)]
    numbers = {target_port(entries[0], pod) for pod in behind}
    if not behind:
        return failed("NoNameWithoutPods", service=params.service, namespace=scope.namespace)
    return Right("srv", frozenset(str(number) for number in numbers if number is not None))


def _given_out(slices: tuple[Json, ...]) -> frozenset[str]:
    """The addresses of endpoints that are Ready, or count as such."""
    return frozenset(
        words(address)
        for piece in slices
        if "deletionTimestamp" not in piece["metadata"]
        for endpoint in items(piece.get("endpoints"))
        if mapping(endpoint.get("conditions")).get("ready", True) is not False
        for address in endpoint.get("addresses") or ()
    )


def _family(address: str) -> str:
    """As a Service's ``ipFamilies`` has it: only addresses of these are given out."""
    return _IPV6 if ":" in address else _IPV4


def _addresses(pod: Json) -> frozenset[str]:
    status = mapping(pod.get("status"))
    listed = {words(entry.get("ip")) for entry in items(status.get("podIPs"))}
    return frozenset(filter(None, {*listed, words(status.get("podIP"))}))
