"""What a Submission needs now, from its spec and status alone.

Asked for every event, so it reads the raw object. The level decides, never the edge: a
restart, a lost event or an edit in the middle leads to the same answer. Pure.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Any

from labgrader.api.status import Result

_FINISHED = (Result.PASSED.value, Result.FAILED.value)
HELD = (Result.STALLED.value, Result.INCONCLUSIVE.value)
"""Results that go on when their cause is removed."""


class Due(Enum):
    """What is to be done."""

    NOTHING = auto()
    SHOW = auto()
    """Nothing is handed in: the task is to be shown, nothing to be graded."""
    GRADE = auto()
    """First sight, a raised attempt, a cause removed."""
    RESUME = auto()
    """A grading was begun. Where nobody works on it any more, it was broken off: grade."""
    RENDER = auto()
    """The same evidence with other answers, or in another language."""


def due(body: Mapping[str, Any], *, again: bool) -> Due:
    """What the Submission needs.

    ``again``: something that may have held it up has changed (a label, its exercise, time),
    so a stalled or inconclusive grading is tried once more.
    """
    metadata, spec, status = body["metadata"], body["spec"], body.get("status") or {}
    if "deletionTimestamp" in metadata:
        return Due.NOTHING
    result = status.get("result")
    current = status.get("observedGeneration") == metadata["generation"]
    if spec.get("attempt", 1) == 0:
        shown = current and status.get("attempt") == 0
        return Due.SHOW if again or not shown else Due.NOTHING
    if status.get("attempt") != spec.get("attempt", 1):
        return Due.GRADE
    if result in _FINISHED:
        return Due.NOTHING if current else Due.RENDER
    if result not in HELD:
        return Due.RESUME
    if again or not (current or status.get("checks")):  # what was refused is told anew
        return Due.GRADE
    return Due.NOTHING if current else Due.RENDER
