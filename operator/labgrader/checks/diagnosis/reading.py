"""Reading evidence that only explains.

A judge that has already seen the failure must not lose it because the grader may not read
events or logs: what explains is read here, and comes back empty where it cannot be had.
Evidence that decides is read from the snapshot directly.
"""

from labgrader.evidence.answers import Json
from labgrader.evidence.requests import GetObject, ListObjects, ReadLog
from labgrader.evidence.snapshot import CouldNotLook, LearnerHindered, Snapshot


def objects(snapshot: Snapshot, request: ListObjects) -> tuple[Json, ...]:
    """The listed objects; none where they cannot be read."""
    try:
        return snapshot.objects(request)
    except (CouldNotLook, LearnerHindered):
        return ()


def named(snapshot: Snapshot, request: GetObject) -> Json | None:
    """The object; None where there is none or it cannot be read."""
    try:
        return snapshot.object(request)
    except (CouldNotLook, LearnerHindered):
        return None


def last_line(snapshot: Snapshot, request: ReadLog) -> str:
    """The last line of a log that says anything; empty where there is none."""
    try:
        lines = snapshot.log(request)
    except (CouldNotLook, LearnerHindered):
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
