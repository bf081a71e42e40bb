"""Waiting until a workload whose pod we deleted has as many Ready pods as it wants again.

Used by ``laboratory`` after an experiment that was broken off, by a crash or a cancellation:
nobody may be judged on a gap that the grader made. Changes nothing; what the workload's own
controller does not mend within the experiment's time is not ours any more.
"""

from collections.abc import Mapping
from typing import Any

from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.workload import Workload
from labgrader.cluster.resources import Resources

_LONGEST_MS = 180_000
_GONE = (404, 410)


async def healed(client: Client, resources: Resources, doing: Mapping[str, Any]) -> None:
    """Wait for the workload of a recorded DeletePod; returns at once for other experiments.

    Raises ApiError, ApiUnreachable.
    """
    if doing["experiment"] != "DeletePod":
        return
    collection = await resources.collection(doing["api_version"], doing["kind"], doing["namespace"])
    path = f"{collection}/{doing['name']}"
    try:
        body = await client.get(path)
    except ApiError as error:
        if error.status in _GONE:
            return
        raise
    bell = Bell()
    async with Workload.followed(client, path, body, bell) as workload:
        patience = min(doing["within_ms"], _LONGEST_MS)
        await bell.until(lambda: len(workload.ready()) >= workload.wanted, patience)
