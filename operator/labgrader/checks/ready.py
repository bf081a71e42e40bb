"""``ready``: the present version of a workload is fully rolled out and its pods are Ready.

Called through ``checks.registry``. Pure; it asks for the workload and its pods. The
numbers are those that the workload's own controller writes, and count only once it has seen
the present version; the rules are those of ``kubectl rollout status``.
"""

from dataclasses import dataclass

from labgrader.api.kinds import Ready
from labgrader.checks.diagnosis.conditions import is_ready
from labgrader.checks.diagnosis.genuine import stranger
from labgrader.checks.diagnosis.kinds import WORKLOADS, is_workload
from labgrader.checks.diagnosis.ownership import chain, pods_of
from labgrader.checks.diagnosis.presence import find
from labgrader.checks.diagnosis.workload import workload_causes
from labgrader.checks.finding import Finding, error, failed, passed, unknown
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject
from labgrader.evidence.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Rollout:
    """How far a workload is. ``outdated`` are pods of earlier versions that must still go."""

    seen: bool
    wanted: int
    updated: int
    available: int
    outdated: int = 0


def problems(params: Ready) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    ref, least = params.object, params.replicas.min
    if not is_workload(ref):
        seen = f"{ref.api_version} {ref.kind}" if ref.api_version else ref.kind
        return (Problem("Invalid", f"ready knows {', '.join(WORKLOADS)}, not {seen}"),)
    if ref.kind == "Pod" and least > 1:
        return (Problem("Invalid", f"a Pod is one replica, so replicas.min cannot be {least}"),)
    return ()


def judge(params: Ready, scope: Scope, snapshot: Snapshot) -> Finding:
    """The workload is rolled out, and enough of its replicas are available."""
    if not is_workload(params.object):
        return error("NotAWorkload", kind=params.object.kind)
    request = scope.get(params.object)
    snapshot.together(request, *(() if request.kind == "Pod" else chain(scope, request.kind)))
    found = find(snapshot, request)
    if isinstance(found, Finding):
        return found
    rollout = _rollout(found)
    kind, name, namespace = request.kind, request.name, request.namespace
    if kind != "Pod" and rollout.seen and rollout.wanted < params.replicas.min:
        return _too_few(request, rollout.wanted, params.replicas.min)
    if not rollout.seen:  # no learner can keep a controller from looking: the cluster is slow
        return unknown("NotObservedYet", transient=True, kind=kind, name=name, namespace=namespace)
    if rollout.available < rollout.wanted:
        finding = _not_ready(request, rollout)
    elif rollout.updated < rollout.wanted or rollout.outdated:
        finding = failed(
            "NotRolledOut",
            kind=kind,
            name=name,
            namespace=namespace,
            updated=rollout.updated,
            wanted=rollout.wanted,
            outdated=rollout.outdated,
        )
    elif kind == "Pod":
        return passed("PodReady", name=name)
    else:
        return _strange(scope, snapshot, found) or passed(
            "WorkloadReady", kind=kind, name=name, ready=rollout.available
        )
    return finding.because(*workload_causes(scope, snapshot, found))


def _strange(scope: Scope, snapshot: Snapshot, workload: Json) -> Finding | None:
    """Failed where a pod that counts as Ready is not what the workload declares."""
    kind = workload["kind"]
    replica_sets = snapshot.objects(scope.all("ReplicaSet")) if kind == "Deployment" else ()
    pods = pods_of(workload, snapshot.objects(scope.all("Pod")), replica_sets)
    found = stranger(workload, pods, replica_sets)
    if found is None:
        return None
    return failed(
        "PodNotFromTemplate",
        kind=kind,
        name=workload["metadata"]["name"],
        namespace=scope.namespace,
        pod=found.pod,
        container=found.container,
        field=found.field,
        expected=found.expected,
        seen=found.seen,
    )


def _too_few(request: GetObject, wanted: int, least: int) -> Finding:
    kind, name, namespace = request.kind, request.name, request.namespace
    if kind == "DaemonSet":
        return failed("TooFewNodes", name=name, namespace=namespace, wanted=wanted, min=least)
    return failed(
        "TooFewReplicas", kind=kind, name=name, namespace=namespace, wanted=wanted, min=least
    )


def _not_ready(request: GetObject, rollout: Rollout) -> Finding:
    kind, name, namespace = request.kind, request.name, request.namespace
    if kind == "Pod":
        return failed("PodNotReady", name=name, namespace=namespace)
    return failed(
        "NotReady",
        kind=kind,
        name=name,
        namespace=namespace,
        ready=rollout.available,
        wanted=rollout.wanted,
    )


def _rollout(workload: Json) -> Rollout:
    spec, status = workload["spec"], workload.get("status") or {}
    if workload["kind"] == "Pod":
        return Rollout(seen=True, wanted=1, updated=1, available=int(is_ready(workload)))
    seen = status.get("observedGeneration", 0) >= workload["metadata"].get("generation", 0)
    if workload["kind"] == "DaemonSet":
        return Rollout(
            seen=seen,
            wanted=status.get("desiredNumberScheduled", 0),
            updated=status.get("updatedNumberScheduled", 0),
            available=status.get("numberAvailable", 0),
        )
    wanted, there = spec.get("replicas", 1), status.get("replicas", 0)
    available = status.get("availableReplicas", 0)
    if workload["kind"] == "ReplicaSet":
        outdated = max(0, there - wanted)
        return Rollout(seen, wanted, updated=wanted, available=available, outdated=outdated)
    updated = status.get("updatedReplicas", 0)
    rolling = (spec.get("updateStrategy") or {}).get("rollingUpdate") or {}
    kept = min(rolling.get("partition") or 0, wanted)
    return Rollout(
        seen=seen,
        wanted=wanted,
        updated=updated + kept,
        available=available,
        outdated=max(0, there - updated - kept),
    )
