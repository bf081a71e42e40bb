"""Waiting until a workload that we disturbed has as many Ready pods as it wants again, and says so.

Used by ``restore``, before a namespace is handed on: nobody may be judged on a gap that the
grader made, nor on what a controller has yet to count. Changes nothing; what the workload's own controller does not mend within the
experiment's time is not ours any more.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from labgrader.checks.autoscaling import target_of
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.workload import Workload
from labgrader.cluster.resources import KindNotServed, Resources
from labgrader.evidence.requests import GetObject

ERRANDS = "Errands"
"""What the records of probe pods say that they do: those disturb no workload."""
_LONGEST_MS = 180_000
_OTHER_TIMES = frozenset({"DrainPod"})
"""Experiments whose time is that of a pod's end, and not that of its successor's start."""
_GONE = (404, 410)
_APPS = "apps/v1"
_AVAILABLE = MappingProxyType({"DaemonSet": "numberAvailable"})


async def healed(client: Client, resources: Resources, doing: Mapping[str, Any]) -> None:
    """Wait for the workload of a recorded experiment. Raises ApiError, ApiUnreachable."""
    if "autoscaler" not in doing and "kind" not in doing:
        return  # requests disturb nothing
    try:
        path = await _path(client, resources, doing)
        body = await client.get(path)
    except KindNotServed:
        return
    except ApiError as error:
        if error.status in _GONE:
            return
        raise
    bell = Bell()
    async with Workload.followed(client, path, body, bell) as workload:
        within_ms = _LONGEST_MS if doing.get("experiment") in _OTHER_TIMES else doing["within_ms"]
        patience = min(within_ms, _LONGEST_MS)
        await bell.until(lambda: _is_back(workload), patience)


def _is_back(workload: Workload) -> bool:
    """Whether nothing of it is missing any more; also where it is gone, or wants no pods now."""
    body = workload.body
    if body is None or not workload.wanted:
        return True
    if body.get("apiVersion") != _APPS:  # what else has replicas says of them what it will
        return len(workload.ready()) >= workload.wanted
    counted = _AVAILABLE.get(body["kind"], "availableReplicas")
    return workload.whole and body["status"].get(counted, 0) >= workload.wanted


async def _path(client: Client, resources: Resources, doing: Mapping[str, Any]) -> str:
    """The path of the workload that was disturbed. Raises KindNotServed where there is none."""
    if "autoscaler" not in doing:
        wanted = GetObject(doing["namespace"], doing["api_version"], doing["kind"], doing["name"])
    else:
        autoscalers = await resources.collection(
            "autoscaling/v2", "HorizontalPodAutoscaler", doing["namespace"]
        )
        hpa = await client.get(f"{autoscalers}/{doing['autoscaler']}")
        scaled = target_of(hpa)
        if scaled is None:
            raise KindNotServed(f"what {doing['autoscaler']} scales")
        wanted = scaled
    collection = await resources.collection(wanted.api_version, wanted.kind, wanted.namespace)
    return f"{collection}/{wanted.name}"
