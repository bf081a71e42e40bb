"""Undoing what takes more than a field: a CronJob's Job that was run, a container that was resized.

Used by ``debts``, at the end of the experiment and for what a crashed grader left; each may be
repeated.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from labgrader.checks.resizing import has_limits, is_resizing, status_of
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.change import Change, holds, put_back
from labgrader.cluster.experiments.mirror import Mirror
from labgrader.cluster.experiments.pods import delete

JOB_NAME = "batch.kubernetes.io/job-name"
"""The label by which the Job controller names a pod's Job."""
_GONE = (404, 410)
_PODS_MS = 60_000
_RESIZE_MS = 30_000
_ENDS = frozenset({"Complete", "Failed"})

Json = Mapping[str, Any]

_log = logging.getLogger(__name__)


async def undo_job(
    client: Client, path: str, changes: Sequence[Change], left: Sequence[Sequence[Any]]
) -> None:
    """Remove a Job, and put back what it changed. Raises ApiError, ApiUnreachable.

    ``left`` has, for each change, the one value that was there when the Job had ended, where that
    was seen.

    A Job that may still write goes first. One that has ended goes last: its end tells its doing
    from what the learner did later, also for who has to do this again.
    """
    ended = await _ended(client, path)
    if not ended:
        await _remove(client, path)
    for change, value in zip(changes, left, strict=True):
        await put_back(client, change, ended, value)
    await _remove(client, path)


async def undo_resize(client: Client, change: Change, container: str) -> None:
    """Give a pod's container the resources that it had. Raises ApiError, ApiUnreachable.

    Kubernetes takes no limit away from a running container: a pod that had none is deleted, and
    its controller makes one as it was.
    """
    pods, _, name = change.path.rpartition("/")
    bell = Bell()
    mirror = Mirror(client, pods, {"fieldSelector": f"metadata.name={name}"}, bell)
    async with mirror.following():
        body = mirror.objects.get(change.uid)
        if body is None:
            return
        if any(holds(body, one) for one in change.fields if not one.before):
            await delete(client, body)
            return
        await put_back(client, change)
        # The kubelet may restart it for this, and nobody is to see that restart.
        await bell.until(
            lambda: _has_settled(mirror.objects.get(change.uid), container, change), _RESIZE_MS
        )


def _has_settled(pod: Json | None, container: str, change: Change) -> bool:
    """The container runs with what is asked for now, and is Ready; or the pod is gone."""
    if pod is None:
        return True
    if any(holds(pod, one) for one in change.fields):
        return False  # not heard of yet
    status = status_of(pod, container)
    wanted = next(one for one in pod["spec"]["containers"] if one["name"] == container)
    limits = (wanted.get("resources") or {}).get("limits") or {}
    return not is_resizing(pod) and bool(status.get("ready")) and has_limits(status, limits)


async def _ended(client: Client, path: str) -> str:
    """When the Job ended by itself, as the API server writes times; empty where it has not."""
    try:
        job = await client.get(path)
    except ApiError as error:
        if error.status in _GONE:
            return ""
        raise
    conditions = (job.get("status") or {}).get("conditions") or ()
    ends = (one for one in conditions if one["type"] in _ENDS and one["status"] == "True")
    return next((one.get("lastTransitionTime") or "" for one in ends), "")


async def _remove(client: Client, path: str) -> None:
    """Delete the Job, and wait until its pods are gone."""
    try:
        await client.delete(path, {"propagationPolicy": "Background"})
    except ApiError as error:
        if error.status not in _GONE:
            raise
    name, bell = path.rpartition("/")[2], Bell()
    namespace = path.split("/namespaces/")[1].partition("/")[0]
    listed = {"labelSelector": f"{JOB_NAME}={name}"}
    pods = Mirror(client, f"/api/v1/namespaces/{namespace}/pods", listed, bell)
    async with pods.following():
        if not await bell.until(lambda: not pods.objects, _PODS_MS):
            _log.warning("pods of the Job %s in %s do not end", name, namespace)
