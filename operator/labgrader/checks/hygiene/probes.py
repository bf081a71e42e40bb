"""Whether a container's probes ask what they should.

Called by ``checks.configures``. A port's name is looked up among the container's ports, as
the kubelet does it; a host in a probe makes the kubelet ask somebody else than the pod.
"""

from collections.abc import Iterator
from typing import Any

from labgrader.api.kinds import Probe, Probes
from labgrader.checks.expect.places import shown
from labgrader.checks.finding import Cause, cause
from labgrader.checks.hygiene.difference import Place, bounds, compared, number_holds
from labgrader.checks.tolerant import at, mapping, maps
from labgrader.evidence.answers import Json

KINDS = ("httpGet", "exec", "tcpSocket", "grpc")
_TIMES = (
    ("initial_delay_seconds", "initialDelaySeconds", 0),
    ("period_seconds", "periodSeconds", 10),
    ("timeout_seconds", "timeoutSeconds", 1),
    ("failure_threshold", "failureThreshold", 3),
)
"""The param, Kubernetes' name, and its default."""


def probe_differences(wanted: Probes, place: Place, container: Json) -> Iterator[Cause]:
    """Everything in which the probes are not as wanted."""
    for field, probe in (
        ("startupProbe", wanted.startup),
        ("readinessProbe", wanted.readiness),
        ("livenessProbe", wanted.liveness),
    ):
        if probe is None:
            continue
        seen = mapping(container.get(field))
        kind = next((kind for kind in KINDS if seen.get(kind) is not None), "")
        if not kind:
            yield cause(
                "ProbeAbsent",
                kind=place.kind,
                name=place.name,
                namespace=place.namespace,
                container=place.container,
                probe=field,
            )
            continue
        yield from _differences(probe, place, field, container, kind)


def _differences(
    wanted: Probe, place: Place, field: str, container: Json, kind: str
) -> Iterator[Cause]:
    probe = mapping(container[field])
    expected = wanted.kind or ("httpGet" if wanted.path is not None else "")
    if expected not in {"", kind}:
        yield compared(place, field, expected, kind)
    else:
        call = mapping(probe[kind])
        yield from _call(wanted, place, f"{field}.{kind}", container, call)
    for param, name, default in _TIMES:
        bound, seen = getattr(wanted, param), probe.get(name)
        seen = default if seen is None else seen
        if bound is not None and not number_holds(bound, seen):
            yield compared(place, f"{field}.{name}", bounds(bound), seen)


def _call(wanted: Probe, place: Place, field: str, container: Json, call: Json) -> Iterator[Cause]:
    if wanted.path is not None:
        path = call.get("path") or "/"
        path = path if str(path).startswith("/") else f"/{path}"  # as the kubelet asks
        if path != wanted.path:
            yield compared(place, f"{field}.path", wanted.path, path)
    if wanted.port is not None:
        yield from _port(wanted.port, place, field, container, call.get("port"))
    if call.get("host"):
        yield cause(
            "ProbeAsksElsewhere",
            kind=place.kind,
            name=place.name,
            namespace=place.namespace,
            container=place.container,
            field=f"{field}.host",
            host=shown(call["host"]),
        )


def _port(wanted: int, place: Place, field: str, container: Json, seen: Any) -> Iterator[Cause]:
    if isinstance(seen, str) and not seen.isdecimal():
        ports = maps(container.get("ports"))
        named = [port.get("containerPort") for port in ports if port.get("name") == seen]
        if not named:
            told = [f"{at(p, 'containerPort')} ({p['name']})" for p in ports if p.get("name")]
            yield cause(
                "ProbePortUnnamed",
                kind=place.kind,
                name=place.name,
                namespace=place.namespace,
                container=place.container,
                field=f"{field}.port",
                port=shown(seen),
                ports=shown(", ".join(told)) if told else "-",
            )
            return
        if wanted not in named:
            yield compared(place, f"{field}.port", str(wanted), f"{seen} ({named[0]})")
    elif str(seen) != str(wanted):
        yield compared(place, f"{field}.port", str(wanted), seen)
