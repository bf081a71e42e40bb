"""Takes the namespace of a copy away, with all that is in it.

Used by ``debts``, at the end of an experiment and for what a crashed grader left; may be repeated.
"""

import logging
from contextlib import suppress

from labgrader.api.names import RECORD_LABEL
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.mirror import Mirror

_NAMESPACES = "/api/v1/namespaces"
_GONE = (404, 409, 410)
_GONE_MS = 60_000

_log = logging.getLogger(__name__)


async def remove(client: Client, namespace: str, record: str) -> None:
    """Remove the namespace that was made for a record, and wait until it is gone.

    Raises ApiError, ApiUnreachable.
    """
    path = f"{_NAMESPACES}/{namespace}"
    try:
        body = await client.get(path)
        if (body["metadata"].get("annotations") or {}).get(RECORD_LABEL) != record:
            return  # another one that took the name
        await client.delete(path, {"preconditions": {"uid": body["metadata"]["uid"]}})
    except ApiError as error:
        if error.status in _GONE:
            return
        raise
    bell = Bell()
    named = {"fieldSelector": f"metadata.name={namespace}"}
    namespaces = Mirror(client, _NAMESPACES, named, bell)
    async with namespaces.following():
        await _hurry(client, namespace)
        if not await bell.until(lambda: not namespaces.objects, _GONE_MS):
            _log.warning("namespace %s is being deleted and does not go", namespace)


async def _hurry(client: Client, namespace: str) -> None:
    """Its pods need no time to end: nobody is served by them any more.

    Our rights there go with the namespace; then the pods take the time that they ask for.
    """
    pods = f"{_NAMESPACES}/{namespace}/pods"
    with suppress(ApiError):
        for pod in (await client.get(pods))["items"]:
            await client.delete(f"{pods}/{pod['metadata']['name']}", {"gracePeriodSeconds": 0})
