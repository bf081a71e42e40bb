"""``configures``: a workload's containers are set up as good practice wants it.

Called through ``checks.registry``. Pure. What counts is the template: what a LimitRange or an
admission webhook adds to pods is not the learner's. Only the QoS class is compared with the
pods too, where there are any. The finding is the first difference, the others are its causes.
"""

import difflib
from collections.abc import Iterator, Sequence

from labgrader.api.kinds import Configures
from labgrader.checks.diagnosis.ownership import chain
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.finding import Cause, Finding, Outcome, cause, error, failed, passed
from labgrader.checks.hygiene.difference import Place, shortened
from labgrader.checks.hygiene.environment import env_difference, env_references
from labgrader.checks.hygiene.images import image_differences
from labgrader.checks.hygiene.mounts import (
    Volumes,
    mount_difference,
    mount_references,
    volumes_of,
)
from labgrader.checks.hygiene.probes import probe_differences
from labgrader.checks.hygiene.problems import complaints
from labgrader.checks.hygiene.qos import qos_difference
from labgrader.checks.hygiene.references import MOST, Objects, Reference
from labgrader.checks.hygiene.resources import resource_differences
from labgrader.checks.hygiene.security import security_differences
from labgrader.checks.hygiene.template import (
    Container,
    containers_of,
    pod_spec,
    runs_pods,
)
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject
from labgrader.evidence.snapshot import Snapshot

_MOST_CAUSES = 5
_MOST_NAMES = 10
_MOST_COMPARED = 100


def problems(params: Configures) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    return tuple(Problem("Invalid", text) for text in complaints(params))


def judge(params: Configures, scope: Scope, snapshot: Snapshot) -> Finding:
    """Every container that is asked about is set up as wanted."""
    if not runs_pods(params.object):
        return error("NotAWorkload", kind=params.object.kind)
    request = scope.get(params.object)
    snapshot.together(request, *(chain(scope, request.kind) if params.qos else ()))
    workload = find(snapshot, request)
    if isinstance(workload, Finding):
        return workload
    spec = pod_spec(workload)
    chosen = _chosen(params.containers, request, spec)
    if isinstance(chosen, Finding):
        return chosen
    objects, volumes = Objects(scope, snapshot), volumes_of(workload, spec)
    needed = _references(params, chosen, volumes)
    if len(needed) > MOST:
        kind, name, namespace = request.kind, request.name, request.namespace
        return failed("ObjectTooLarge", kind=kind, name=name, namespace=namespace)
    objects.ask(needed)
    differences = [
        found
        for container in chosen
        for found in _differences(params, request, container, spec, volumes, objects)
    ]
    if params.qos is not None:
        differences += qos_difference(params.qos, request, scope, snapshot, workload)
    if differences:
        return _failed(differences)
    return passed("Configured", kind=request.kind, name=request.name, checked=len(chosen))


def _chosen(
    names: Sequence[str], request: GetObject, spec: Json
) -> tuple[Container, ...] | Finding:
    """The containers to look at, or the finding that one of them is not there."""
    kind, name, namespace = request.kind, request.name, request.namespace
    everywhere = containers_of(spec)
    by_name = {container.name: container for container in everywhere}
    for wanted in names:
        if wanted not in by_name:
            told = ", ".join(list(by_name)[:_MOST_NAMES]) or "-"
            more = ", …" if len(by_name) > _MOST_NAMES else ""
            near = difflib.get_close_matches(wanted, list(by_name)[:_MOST_COMPARED], n=1)
            return failed(
                "ContainerAbsent",
                kind=kind,
                name=name,
                namespace=namespace,
                container=wanted,
                seen=told + more,
            ).because(*(cause("NearestName", near=found) for found in near))
    if names:
        return tuple(by_name[wanted] for wanted in names)
    if all(container.passing for container in everywhere):
        return failed("NoContainers", kind=kind, name=name, namespace=namespace)
    return everywhere


def _references(
    params: Configures, chosen: Sequence[Container], volumes: Volumes
) -> set[Reference]:
    """The objects that must be read."""
    found: set[Reference] = set()
    for container in chosen:
        if params.containers or not container.passing:
            found = found.union(
                *(env_references(variable, container.spec) for variable in params.env),
                *(mount_references(mount, container.spec, volumes) for mount in params.mounts),
            )
    return found


def _differences(
    params: Configures,
    request: GetObject,
    container: Container,
    spec: Json,
    volumes: Volumes,
    objects: Objects,
) -> Iterator[Cause]:
    """Of one container, in the order of the params."""
    place = Place(request.kind, request.name, request.namespace, container.name)
    if params.containers or not container.passing:
        yield from _running(params, place, container.spec, volumes, objects)
    if params.image is not None:
        yield from image_differences(params.image, place, container.spec)
    if params.security is not None:
        yield from security_differences(params.security, place, container.spec, spec)


def _running(
    params: Configures, place: Place, container: Json, volumes: Volumes, objects: Objects
) -> Iterator[Cause]:
    """What is asked of containers that run beside each other."""
    if params.probes is not None:
        yield from probe_differences(params.probes, place, container)
    if params.requests is not None:
        yield from resource_differences(params.requests, "requests", place, container)
    if params.limits is not None:
        yield from resource_differences(params.limits, "limits", place, container)
    for variable in params.env:
        yield from env_difference(variable, place, container, objects)
    for mount in params.mounts:
        yield from mount_difference(mount, place, container, volumes, objects)


def _failed(differences: Sequence[Cause]) -> Finding:
    first, *others = dict.fromkeys(differences)
    told = tuple(shortened(other, first) for other in others[:_MOST_CAUSES])
    left = len(others) - len(told)
    more = (cause("MoreDifferences", count=left),) if left else ()
    return Finding(Outcome.FAILED, first.reason, first.params, causes=(*told, *more))
