"""Deleting one very pod, and no other that has its name by now.

Used by the fault that deletes pods, and to put back what only a deletion mends.
"""

from collections.abc import Mapping
from typing import Any

from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError

Json = Mapping[str, Any]
_GONE = (404, 409)


async def delete(client: Client, pod: Json) -> bool:
    """Delete this very pod; False where it is gone. Raises ApiError, ApiUnreachable."""
    metadata = pod["metadata"]
    path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}"
    try:
        await client.delete(path, {"preconditions": {"uid": metadata["uid"]}})
    except ApiError as error:
        if error.status not in _GONE:
            raise
        return False
    return True
