"""From a port of a Service to an address, resolved once and held to the target's namespace.

Used before anything is sent. A Service can name a host elsewhere, or carry addresses that its
owner typed: such targets are refused, so that no exercise is solved by somebody else's pods,
and nobody uses the grader to reach what they cannot reach themselves.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.probes.exchange import Target
from labgrader.evidence.answers import Hindered, NoHttpAnswer
from labgrader.evidence.experiments import HttpTarget

_NOT_FOUND = 404
_LOOKS = 4
_BETWEEN_SECONDS = 0.5

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Seen:
    """The addresses behind a Service, and those of the namespace's pods."""

    slices: tuple[Json, ...]
    pods: frozenset[str]

    def foreign(self) -> str | None:
        """An address that belongs to no pod of the namespace."""
        behind = (address for address, _ in self.endpoints(None))
        return next((address for address in behind if address not in self.pods), None)

    def endpoints(self, port: str | None) -> list[tuple[str, int]]:
        """Addresses and port numbers, Ready ones first; ``port`` selects by the port's name."""
        found = [
            (not (endpoint.get("conditions") or {}).get("ready", True), address, number["port"])
            for one in self.slices
            for endpoint in one.get("endpoints") or ()
            for address in endpoint["addresses"]
            for number in one.get("ports") or ({"port": 0},)
            if port is None or number.get("name", "") == port
        ]
        return [(address, number) for _, address, number in sorted(found)]


async def resolve(
    client: Client, wanted: HttpTarget, *, proven: bool = False
) -> Target | NoHttpAnswer | Hindered:
    """Where to send; NoHttpAnswer where nothing can answer, Hindered where it leads elsewhere.

    ``proven`` says that the caller's evidence already shows that the Service leads to pods of
    its namespace; then only the Service is read. Raises ApiError, ApiUnreachable.
    """
    service = await _service(client, wanted)
    if service is None:
        return NoHttpAnswer("unreachable")
    spec = service["spec"]
    if spec.get("type") == "ExternalName":
        return _hindered("ServiceExternalName", wanted, target=spec.get("externalName", "-"))
    port = next((port for port in spec.get("ports") or () if port["port"] == wanted.port), None)
    if port is None or port.get("protocol", "TCP") != "TCP":
        return NoHttpAnswer("unreachable")
    headless = spec.get("clusterIP") == "None"
    if proven and not headless:
        return _target(wanted, spec["clusterIP"], wanted.port)
    seen = await _settled(client, wanted)
    foreign = seen.foreign()
    if foreign is not None:
        return _hindered("EndpointElsewhere", wanted, address=foreign, target="-")
    if not headless:
        return _target(wanted, spec["clusterIP"], wanted.port)
    behind = seen.endpoints(port.get("name", ""))
    return _target(wanted, *behind[0]) if behind else NoHttpAnswer("refused")


def _hindered(reason: str, wanted: HttpTarget, **params: str) -> Hindered:
    about = {"service": wanted.service, "namespace": wanted.namespace, **params}
    return Hindered(reason, tuple(about.items()))


def _target(wanted: HttpTarget, address: str, port: int) -> Target:
    return Target(with_port(address, port), f"{wanted.service}.{wanted.namespace}.svc", wanted.path)


def with_port(address: str, port: int) -> str:
    """An address and a port as URLs write them."""
    shown = f"[{address}]" if ip_address(address).version == 6 else address  # noqa: PLR2004
    return f"{shown}:{port}"


async def _service(client: Client, wanted: HttpTarget) -> Json | None:
    try:
        body: Json = await client.get(
            f"/api/v1/namespaces/{wanted.namespace}/services/{wanted.service}"
        )
    except ApiError as error:
        if error.status == _NOT_FOUND:
            return None
        raise
    return body


async def _settled(client: Client, wanted: HttpTarget) -> _Seen:
    """The endpoints and pods; looked at again where a pod may have come or gone in between."""
    for _ in range(_LOOKS - 1):
        seen = await _look(client, wanted)
        if seen.foreign() is None:
            return seen
        await asyncio.sleep(_BETWEEN_SECONDS)
    return await _look(client, wanted)


async def _look(client: Client, wanted: HttpTarget) -> _Seen:
    slices, pods = await asyncio.gather(
        client.get(
            f"/apis/discovery.k8s.io/v1/namespaces/{wanted.namespace}/endpointslices",
            {"labelSelector": f"kubernetes.io/service-name={wanted.service}"},
        ),
        client.get(f"/api/v1/namespaces/{wanted.namespace}/pods"),
    )
    addresses = (
        address["ip"]
        for pod in pods["items"]
        for address in (pod.get("status") or {}).get("podIPs") or ()
    )
    return _Seen(tuple(slices["items"]), frozenset(addresses))
