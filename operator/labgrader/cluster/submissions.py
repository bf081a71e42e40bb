"""Reading and writing our own kinds: the status write is here and nowhere else.

Used by ``handlers``. One write replaces the whole /status and carries the resourceVersion
that it was decided on.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from labgrader.api.names import API_VERSION
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError

_GONE = (404, 410)
_PAGE = "250"
_BASE = f"/apis/{API_VERSION}"

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Courses:
    """The LabExercises and Submissions of a cluster. All methods raise ApiError, ApiUnreachable."""

    client: Client

    async def submission(self, namespace: str, name: str) -> Body | None:
        """One Submission, or None where it is gone."""
        return await self._get(f"{_BASE}/namespaces/{namespace}/submissions/{name}")

    async def exercise(self, namespace: str, name: str) -> Body | None:
        """One LabExercise, or None where it is gone."""
        return await self._get(f"{_BASE}/namespaces/{namespace}/labexercises/{name}")

    async def namespace(self, name: str) -> Body | None:
        """One Namespace, or None where it is gone."""
        return await self._get(f"/api/v1/namespaces/{name}")

    async def submissions(self) -> AsyncIterator[Body]:
        """Every Submission of the cluster, a page at a time.

        A course of thousands must not be in memory at once. What changes between two pages is
        told by the watch.
        """
        params = {"limit": _PAGE}
        while True:
            page = await self.client.get(f"{_BASE}/submissions", params)
            for body in page["items"]:
                yield body
            following = page["metadata"].get("continue")
            if not following:
                return
            params = {"limit": _PAGE, "continue": following}

    async def exercises(self) -> list[Body]:
        """Every LabExercise of the cluster."""
        return list((await self.client.get(f"{_BASE}/labexercises"))["items"])

    async def namespaces(self) -> list[Body]:
        """Every Namespace of the cluster."""
        return list((await self.client.get("/api/v1/namespaces"))["items"])

    async def write_status(self, body: Body, status: Body) -> Body | None:
        """Replace an object's whole status as of the version in ``body``.

        Returns the object as it is now, or None where it is gone. Raises ApiError 409 where
        somebody wrote in between.
        """
        metadata = body["metadata"]
        plural = "submissions" if body["kind"] == "Submission" else "labexercises"
        path = f"{_BASE}/namespaces/{metadata['namespace']}/{plural}/{metadata['name']}/status"
        slim = {
            "apiVersion": body["apiVersion"],
            "kind": body["kind"],
            "metadata": {
                name: metadata[name] for name in ("name", "namespace", "uid", "resourceVersion")
            },
            "spec": body["spec"],
            "status": status,
        }
        try:
            written: Body = await self.client.replace(path, slim)
        except ApiError as error:
            if error.status in _GONE:
                return None
            raise
        return written

    async def emit(self, namespace: str, event: Body) -> None:
        """Write one Event."""
        await self.client.create(f"/api/v1/namespaces/{namespace}/events", event)

    async def _get(self, path: str) -> Body | None:
        try:
            body: Body = await self.client.get(path)
        except ApiError as error:
            if error.status in _GONE:
                return None
            raise
        return body
