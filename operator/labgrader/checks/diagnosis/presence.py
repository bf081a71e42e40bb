"""Whether an object is there, and if not, what is there instead.

Called by every check that starts from a named object. An object that is being deleted does
not count as there.
"""

import difflib
from typing import Any

from labgrader.checks.diagnosis import reading
from labgrader.checks.finding import Cause, Finding, cause, failed
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject, ListObjects
from labgrader.evidence.snapshot import Snapshot

_MOST_NAMES = 5


def find(snapshot: Snapshot, request: GetObject) -> Json | Finding:
    """The object, or the Failed finding that it is not there."""
    body = snapshot.object(request)
    if body is None:
        return failed(
            "NotFound", kind=request.kind, name=request.name, namespace=request.namespace
        ).because(*_instead(snapshot, request))
    if is_being_deleted(body):
        return failed(
            "BeingDeleted", kind=request.kind, name=request.name, namespace=request.namespace
        ).because(*holding(body))
    return body


def about(body: Json) -> dict[str, Any]:
    """How messages name an object."""
    metadata = body["metadata"]
    return {
        "kind": body["kind"],
        "name": metadata["name"],
        "namespace": metadata["namespace"],
    }


def is_being_deleted(body: Json) -> bool:
    """The API server has been told to delete it, and waits."""
    return "deletionTimestamp" in body["metadata"]


def holding(body: Json) -> tuple[Cause, ...]:
    """What the deletion waits for."""
    finalizers = body["metadata"].get("finalizers") or ()
    return (cause("HeldByFinalizers", finalizers=", ".join(finalizers)),) if finalizers else ()


def _instead(snapshot: Snapshot, request: GetObject) -> tuple[Cause, ...]:
    listed = reading.objects(
        snapshot, ListObjects(request.namespace, request.api_version, request.kind)
    )
    names = sorted(body["metadata"]["name"] for body in listed if not is_being_deleted(body))
    near = difflib.get_close_matches(request.name, names, n=1)
    if near:
        return (cause("NearestName", kind=request.kind, near=near[0]),)
    if names:
        more = ", …" if len(names) > _MOST_NAMES else ""
        return (
            cause("OthersThere", kind=request.kind, names=", ".join(names[:_MOST_NAMES]) + more),
        )
    return ()
