"""``routes``: a Service sends its traffic to the Ready pods of a workload, and nowhere else.

Called through ``checks.registry``. Pure. What counts are the endpoints that traffic really
goes to, each followed by uids to a pod and from there to the workload; labels and
annotations that claim it count for nothing.
"""

from collections.abc import Collection

from labgrader.api.kinds import Routes
from labgrader.checks.diagnosis.behind import Behind, behind
from labgrader.checks.diagnosis.conditions import is_ready
from labgrader.checks.diagnosis.endpoints import Endpoint, selects, target_port
from labgrader.checks.diagnosis.kinds import WORKLOADS, is_workload
from labgrader.checks.diagnosis.ownership import chain, pods_of
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.diagnosis.service import without_endpoints
from labgrader.checks.diagnosis.workload import workload_causes
from labgrader.checks.finding import Cause, Finding, error, failed, passed
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.snapshot import Snapshot


def problems(params: Routes) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    if is_workload(params.to):
        return ()
    return (Problem("Invalid", f"routes knows {', '.join(WORKLOADS)}, not {params.to.kind}"),)


def judge(params: Routes, scope: Scope, snapshot: Snapshot) -> Finding:
    """Every endpoint is a pod of the workload, and enough of them are Ready."""
    if not is_workload(params.to):
        return error("NotAWorkload", kind=params.to.kind)
    to, chained = scope.get(params.to), chain(scope, params.to.kind)
    seen = behind(scope, snapshot, params.service, params.port, to, *chained)
    if isinstance(seen, Finding):
        return seen
    if not seen.service["spec"].get("selector"):
        return failed("ServiceWithoutSelector", service=params.service, namespace=scope.namespace)
    workload = find(snapshot, to)
    if isinstance(workload, Finding):
        return workload
    own = pods_of(workload, *(snapshot.objects(request) for request in chained))
    stray = _stray(params, scope, seen, own)
    if stray is not None:
        return stray
    ready = {_uid(e.pod) for e in seen.endpoints if e.pod is not None and is_ready(e.pod)}
    least = params.endpoints.min
    kind, name = params.to.kind, params.to.name
    if len(ready) < least:
        return failed(
            "TooFewEndpoints",
            service=params.service,
            namespace=scope.namespace,
            port=params.port,
            kind=kind,
            name=name,
            ready=len(ready),
            min=least,
        ).because(*_too_few(scope, snapshot, seen, workload, own))
    return passed("ServiceRoutes", service=params.service, kind=kind, name=name, ready=len(ready))


def _stray(params: Routes, scope: Scope, seen: Behind, own: Collection[Json]) -> Finding | None:
    """The finding for an endpoint that the selector did not bring, or of something else."""
    uids = {_uid(pod) for pod in own}
    for endpoint in seen.endpoints:
        if endpoint.pod is None or _uid(endpoint.pod) not in uids:
            return failed(
                "EndpointNotOfWorkload",
                service=params.service,
                namespace=scope.namespace,
                address=endpoint.address,
                target=endpoint.target,
                kind=params.to.kind,
                name=params.to.name,
            )
        if not _selected(seen, endpoint, endpoint.pod):
            return failed(
                "EndpointNotSelected",
                service=params.service,
                namespace=scope.namespace,
                address=endpoint.address,
                port=endpoint.port,
                target=endpoint.target,
            )
    return None


def _selected(seen: Behind, endpoint: Endpoint, pod: Json) -> bool:
    """The Service itself leads there, so that nobody needed to write the endpoint by hand."""
    return selects(seen.service, pod) and endpoint.port == target_port(seen.entry, pod)


def _too_few(
    scope: Scope, snapshot: Snapshot, seen: Behind, workload: Json, own: Collection[Json]
) -> tuple[Cause, ...]:
    living = [pod for pod in own if "deletionTimestamp" not in pod["metadata"]]
    found = without_endpoints(scope, snapshot, seen, living) if living else ()
    return found or workload_causes(scope, snapshot, workload)


def _uid(pod: Json) -> str:
    return str(pod["metadata"]["uid"])
