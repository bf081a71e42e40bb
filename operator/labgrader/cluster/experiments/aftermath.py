"""Waiting until a workload that we disturbed has as many Ready pods as it wants again.

Used by ``restore``, before a namespace is handed on: nobody may be judged on a gap that the
grader made. Changes nothing; what the workload's own controller does not mend within the
experiment's time is not ours any more.
"""

from collections.abc import Mapping
from typing import Any

from labgrader.checks.scales import target_of
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.workload import Workload
from labgrader.cluster.resources import KindNotServed, Resources
from labgrader.evidence.requests import GetObject

_LONGEST_MS = 180_000
_GONE = (404, 410)


async def healed(client: Client, resources: Resources, doing: Mapping[str, Any]) -> None:
    """Wait for the workload of a recorded experiment. Raises ApiError, ApiUnreachable."""
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
        patience = min(doing["within_ms"], _LONGEST_MS)
        await bell.until(lambda: len(workload.ready()) >= workload.wanted, patience)


async def _path(client: Client, resources: Resources, doing: Mapping[str, Any]) -> str:
    """The path of the workload that was disturbed. Raises KindNotServed where there is none."""
    if doing["experiment"] == "DeletePod":
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
