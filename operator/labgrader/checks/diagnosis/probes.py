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
    name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
    container = status["name"]
    failures = _failures(pod, container, events)
    detail = failures.get("Startup")
    if detail is not None and not status.get("started"):
        probe = _probe(pod, container, "startupProbe")
        return cause(
            "StartupProbeFails",
            pod=name,
            namespace=namespace,
            container=container,
            probe=probe,
            detail=detail,
        )
    detail = failures.get("Liveness")
    if detail is not None and status.get("restartCount"):
        probe = _probe(pod, container, "livenessProbe")
        return cause(
            "LivenessProbeFails",
            pod=name,
            namespace=namespace,
            container=container,
            probe=probe,
            detail=detail,
        )
    detail = failures.get("Readiness")
    if detail is not None and "running" in (status.get("state") or {}):
        probe = _probe(pod, container, "readinessProbe")
        return cause(
            "ReadinessProbeFails",
            pod=name,
            namespace=namespace,
            container=container,
            probe=probe,
            detail=detail,
        )
    return None


def _failures(pod: Json, container: str, events: Sequence[Json]) -> dict[str, str]:
    """The latest message of each kind of probe."""
    found = {}
    for event in about(events, pod["metadata"]["uid"], "Unhealthy"):
        place = event["involvedObject"].get("fieldPath", "")
        matched = _UNHEALTHY.match(event.get("message", ""))
        if matched and place.endswith(f"{{{container}}}"):
            found[matched["kind"]] = one_line(matched["detail"]) or "-"
    return found


def _probe(pod: Json, container: str, field: str) -> str:
    """What the probe does, in few words, as ``GET :8080/healthz``."""
    everywhere = (*(pod["spec"].get("initContainers") or ()), *pod["spec"]["containers"])
    spec = next((c.get(field) or {} for c in everywhere if c["name"] == container), {})
    if "httpGet" in spec:
        call = spec["httpGet"]
        return f"GET :{call['port']}{call.get('path', '/')}"
    if "tcpSocket" in spec:
        return f"TCP :{spec['tcpSocket']['port']}"
    if "grpc" in spec:
        return f"gRPC :{spec['grpc']['port']}"
    return one_line("exec " + " ".join((spec.get("exec") or {}).get("command") or ()))
