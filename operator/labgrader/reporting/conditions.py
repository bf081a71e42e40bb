"""The conditions of both kinds, by the rules of kstatus.

Called by the status renderers. A condition keeps its lastTransitionTime while its status
stays the same; one that does not hold is left out, except Ready and Passed, which people
wait for. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labgrader.api.conditions import ConditionType

Status = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition as it should be now."""

    type: ConditionType
    status: str
    reason: str
    message: str


def render(
    wanted: Sequence[Condition], previous: Status, generation: int, now: str
) -> list[dict[str, Any]]:
    """The conditions as written into a status."""
    before = {item["type"]: item for item in previous.get("conditions") or ()}
    return [
        {
            "type": condition.type.value,
            "status": condition.status,
            "observedGeneration": generation,
            "lastTransitionTime": _since(before.get(condition.type.value), condition.status, now),
            "reason": condition.reason,
            "message": condition.message,
        }
        for condition in wanted
    ]


def _since(before: Status | None, status: str, now: str) -> str:
    if before is not None and before["status"] == status:
        return str(before["lastTransitionTime"])
    return now
