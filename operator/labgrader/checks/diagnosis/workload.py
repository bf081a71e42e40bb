"""Why a workload has not the Ready pods that it wants.

Called by judges that are about to fail on a workload. Asks for pods, ReplicaSets and events
of the whole namespace, in one round, so that all failing checks share them.
"""

from collections.abc import Sequence

from labgrader.checks.diagnosis import pods as of_pods
from labgrader.checks.diagnosis import reading
from labgrader.checks.diagnosis.conditions import condition, is_ready
from labgrader.checks.diagnosis.events import latest
from labgrader.checks.diagnosis.ownership import chain, controlled, pods_of
from labgrader.checks.diagnosis.refusals import refusal
from labgrader.checks.finding import Cause, cause
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.snapshot import Snapshot


def workload_causes(scope: Scope, snapshot: Snapshot, workload: Json) -> tuple[Cause, ...]:
    """What keeps a Deployment, StatefulSet, DaemonSet, ReplicaSet or Pod from being Ready."""
    kind = workload["kind"]
    snapshot.together(*chain(scope, kind), scope.all("Event"))
    events = reading.objects(snapshot, scope.all("Event"))
    replica_sets = (
        reading.objects(snapshot, scope.all("ReplicaSet")) if kind == "Deployment" else ()
    )
    pods = pods_of(workload, reading.objects(snapshot, scope.all("Pod")), replica_sets)
    return (
        *_told_to_wait(workload),
        *_refused(workload, replica_sets, events),
        *(of_pods.causes(snapshot, pods, events) or _slow(workload, pods)),
    )


def _told_to_wait(workload: Json) -> tuple[Cause, ...]:
    spec, name = workload["spec"], workload["metadata"]["name"]
    namespace = workload["metadata"]["namespace"]
    if spec.get("paused"):
        return (cause("RolloutPaused", name=name, namespace=namespace),)
    if spec.get("replicas") == 0:
        return (cause("NoReplicas", kind=workload["kind"], name=name, namespace=namespace),)
    if (spec.get("updateStrategy") or {}).get("type") == "OnDelete":
        return (cause("UpdatesOnDelete", kind=workload["kind"], name=name),)
    return ()


def _refused(
    workload: Json, replica_sets: Sequence[Json], events: Sequence[Json]
) -> tuple[Cause, ...]:
    """Pods that the API server does not let the controller make."""
    if workload["kind"] == "Pod":
        return ()
    failure = condition(workload, "ReplicaFailure")
    if failure is not None and failure["status"] == "True":
        return (refusal(failure.get("message", "")),)
    if workload["kind"] in {"StatefulSet", "DaemonSet"}:
        told = latest(events, workload["metadata"]["uid"], "FailedCreate", "SuccessfulCreate")
        if told is not None and told["reason"] == "FailedCreate":
            return (refusal(told.get("message", "")),)
    for replica_set in controlled((workload,), replica_sets):
        failure = condition(replica_set, "ReplicaFailure")
        if failure is not None and failure["status"] == "True":
            return (refusal(failure.get("message", "")),)
    return ()


def _slow(workload: Json, pods: Sequence[Json]) -> tuple[Cause, ...]:
    """Every pod is Ready, but not for long enough to count as available."""
    seconds = workload["spec"].get("minReadySeconds")
    if seconds and pods and all(is_ready(pod) for pod in pods):
        return (cause("MinReadySeconds", seconds=seconds),)
    return ()
