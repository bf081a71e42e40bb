"""Reading conditions of objects and pods. Called by judges and diagnosis."""

from labgrader.evidence.answers import Json


def condition(body: Json, kind: str) -> Json | None:
    """The condition of this type, where the object has it."""
    for found in (body.get("status") or {}).get("conditions") or ():
        if found["type"] == kind:
            return found  # type: ignore[no-any-return]  # JSON
    return None


def is_ready(pod: Json) -> bool:
    """The kubelet says that the pod is Ready, and it is not being deleted."""
    found = condition(pod, "Ready")
    return (
        found is not None
        and found["status"] == "True"
        and "deletionTimestamp" not in pod["metadata"]
    )
