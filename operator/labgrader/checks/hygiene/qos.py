"""Whether a workload's pods get the QoS class that is wanted.

Called by ``checks.configures``. The class follows from the template; a pod whose status has
another one was made from an older template, or had its resources set by somebody else.
"""

from collections.abc import Iterator

from labgrader.checks.expect.places import shown
from labgrader.checks.finding import Cause, cause
from labgrader.checks.hygiene.difference import Place
from labgrader.checks.hygiene.resources import (
    BEST_EFFORT,
    GUARANTEED,
    has_amounts,
    keeps_from_guaranteed,
    qos_class,
)
from labgrader.checks.hygiene.template import containers_of, has_ended, pod_spec, pods_behind
from labgrader.checks.scope import Scope
from labgrader.checks.tolerant import at
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject
from labgrader.evidence.snapshot import Snapshot


def qos_difference(
    wanted: str, request: GetObject, scope: Scope, snapshot: Snapshot, workload: Json
) -> Iterator[Cause]:
    """The class differs, and by what; nothing where it is as wanted in template and pods."""
    spec = pod_spec(workload)
    seen = qos_class(spec)
    if seen != wanted:
        yield cause(
            "QosDiffers",
            kind=request.kind,
            name=request.name,
            namespace=request.namespace,
            expected=wanted,
            seen=seen,
        )
        yield from _why(wanted, request, spec)
        return
    for pod in pods_behind(scope, snapshot, workload):
        has = at(pod, "status", "qosClass")
        if not has_ended(pod) and has is not None and has != wanted:
            yield cause(
                "PodQosDiffers",
                kind=request.kind,
                name=request.name,
                namespace=request.namespace,
                pod=pod["metadata"]["name"],
                expected=wanted,
                seen=shown(has),
            )
            return


def _why(wanted: str, request: GetObject, spec: Json) -> Iterator[Cause]:
    whole_pod = spec.get("resources") is not None
    for container in () if whole_pod else containers_of(spec):
        place = Place(request.kind, request.name, request.namespace, container.name)
        if wanted == GUARANTEED:
            yield from keeps_from_guaranteed(container, place)
        elif wanted == BEST_EFFORT and has_amounts(container):
            yield cause("QosFromContainer", container=container.name)
