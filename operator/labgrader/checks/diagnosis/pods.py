"""Why pods are not Ready.

Called by ``diagnosis.workload``, and by the kinds that look at what stands behind a Service.
Of pods with the same trouble one is named.
"""

from collections.abc import Iterable, Iterator, Sequence

from labgrader.checks.diagnosis import containers
from labgrader.checks.diagnosis.conditions import condition, is_ready
from labgrader.checks.diagnosis.events import latest, one_line
from labgrader.checks.finding import Cause, cause
from labgrader.evidence.answers import Json
from labgrader.evidence.snapshot import Snapshot

_MOST_CAUSES = 3


def causes(snapshot: Snapshot, pods: Iterable[Json], events: Sequence[Json]) -> tuple[Cause, ...]:
    """The different troubles of the pods that are not Ready, those of the newest pods first."""
    waiting = [pod for pod in pods if not is_ready(pod)]
    waiting.sort(key=lambda pod: str(pod["metadata"]["creationTimestamp"]), reverse=True)
    staying = [pod for pod in waiting if "deletionTimestamp" not in pod["metadata"]]
    alike = {_signature(pod): pod for pod in reversed(staying or waiting)}
    chosen = [pod for pod in staying or waiting if alike[_signature(pod)] is pod]
    return tuple(_why(snapshot, pod, events) for pod in chosen[:_MOST_CAUSES])


def _why(snapshot: Snapshot, pod: Json, events: Sequence[Json]) -> Cause:
    name, namespace, uid = (pod["metadata"][key] for key in ("name", "namespace", "uid"))
    if "deletionTimestamp" in pod["metadata"]:
        return cause("PodTerminating", pod=name, namespace=namespace)
    scheduled = condition(pod, "PodScheduled")
    if scheduled is not None and scheduled["status"] == "False":
        detail = one_line(scheduled.get("message", "") or scheduled.get("reason", ""))
        return cause("Unschedulable", pod=name, namespace=namespace, detail=detail)
    if not pod["spec"].get("nodeName"):
        return cause("NotScheduledYet", pod=name, namespace=namespace)
    if pod["status"].get("phase") == "Failed" and pod["status"].get("reason"):
        said = f"{pod['status']['reason']}: {pod['status'].get('message', '')}"
        return cause("PodFailed", pod=name, namespace=namespace, detail=one_line(said))
    for status in _statuses(pod):
        found = containers.trouble(snapshot, pod, status, events)
        if found is not None:
            return found
    held = latest(events, uid, "FailedMount", "FailedAttachVolume")
    if held is not None:
        return cause(
            "VolumeFails", pod=name, namespace=namespace, detail=one_line(held.get("message", ""))
        )
    held = latest(events, uid, "FailedCreatePodSandBox")
    if held is not None:
        return cause(
            "SandboxFails", pod=name, namespace=namespace, detail=one_line(held.get("message", ""))
        )
    return _not_yet(pod)


def _not_yet(pod: Json) -> Cause:
    """Nothing is wrong that the cluster tells of."""
    name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
    for gate in pod["spec"].get("readinessGates") or ():
        found = condition(pod, gate["conditionType"])
        if found is None or found["status"] != "True":
            return cause(
                "ReadinessGateWaits", pod=name, namespace=namespace, gate=gate["conditionType"]
            )
    return cause("PodNotReadyYet", pod=name, namespace=namespace)


def _statuses(pod: Json) -> Iterator[Json]:
    """Of the containers that are not Ready; init containers come first, as they run first."""
    status = pod["status"]
    for found in status.get("initContainerStatuses") or ():
        ended = (found.get("state") or {}).get("terminated")
        if not found.get("ready") and not (ended and ended.get("exitCode") == 0):
            yield found
    for found in status.get("containerStatuses") or ():
        if not found.get("ready"):
            yield found


def _signature(pod: Json) -> tuple[str, ...]:
    """What is equal for pods that wait for the same reason."""
    scheduled = condition(pod, "PodScheduled")
    if scheduled is not None and scheduled["status"] == "False":
        return ("unscheduled", scheduled.get("message", ""))
    return tuple(
        f"{status['name']} {next(iter(status.get('state') or {'-': None}))} "
        f"{((status.get('state') or {}).get('waiting') or {}).get('reason', '')}"
        for status in _statuses(pod)
    )
