"""Which probe of a container fails, and how.

Called by ``diagnosis.containers``. The kubelet tells it by events of the reason Unhealthy:
the kind of probe and what it met.
"""

import re
from collections.abc import Sequence

from labgrader.checks.diagnosis.events import about, one_line
from labgrader.checks.finding import Cause, cause
from labgrader.evidence.answers import Json

_UNHEALTHY = re.compile(
    r"(?P<kind>Readiness|Liveness|Startup) probe (failed|errored)[^:]*: ?(?P<detail>.*)", re.DOTALL
)


def failing_probe(pod: Json, status: Json, events: Sequence[Json]) -> Cause | None:
    """The latest failure of a probe of this container; liveness and startup restart it."""
    container = status["name"]
    failures = _failures(pod, container, events)
    if "Startup" in failures and not status.get("started"):
        kind = "Startup"
        reason = "StartupProbeFails" if failures[kind] else "StartupProbeSilent"
    elif "Liveness" in failures and status.get("restartCount"):
        kind = "Liveness"
        reason = "LivenessProbeFails" if failures[kind] else "LivenessProbeSilent"
    elif "Readiness" in failures and "running" in (status.get("state") or {}):
        kind = "Readiness"
        reason = "ReadinessProbeFails" if failures[kind] else "ReadinessProbeSilent"
    else:
        return None
    return cause(
        reason,
        pod=pod["metadata"]["name"],
        namespace=pod["metadata"]["namespace"],
        container=container,
        probe=asks(pod, container, f"{kind.lower()}Probe"),
        detail=failures[kind],
    )


def _failures(pod: Json, container: str, events: Sequence[Json]) -> dict[str, str]:
    """The latest message of each kind of probe."""
    found = {}
    for event in about(events, pod["metadata"]["uid"], "Unhealthy"):
        place = event["involvedObject"].get("fieldPath", "")
        matched = _UNHEALTHY.match(event.get("message", ""))
        if matched and place.endswith(f"{{{container}}}"):
            found[matched["kind"]] = one_line(matched["detail"])
    return found


def asks(pod: Json, container: str, field: str) -> str:
    """What the probe does, in few words, as ``GET :8080/healthz``.

    A host is told where it is set: the kubelet then asks it, and not the pod.
    """
    everywhere = (*(pod["spec"].get("initContainers") or ()), *pod["spec"]["containers"])
    spec = next((c.get(field) or {} for c in everywhere if c["name"] == container), {})
    if "httpGet" in spec:
        call = spec["httpGet"]
        return f"GET {call.get('host', '')}:{call['port']}{call.get('path', '/')}"
    if "tcpSocket" in spec:
        call = spec["tcpSocket"]
        return f"TCP {call.get('host', '')}:{call['port']}"
    if "grpc" in spec:
        return f"gRPC :{spec['grpc']['port']}"
    return one_line("exec " + " ".join((spec.get("exec") or {}).get("command") or ()))
