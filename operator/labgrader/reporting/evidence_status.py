"""What a Submission's status says of its evidence, once that has moved. Pure.

Called by ``handlers.keeper``.
"""

from collections.abc import Mapping
from typing import Any

from labgrader.api.status import EvidenceState

Status = Mapping[str, Any]


def evidence_moved(status: Status, digest: str, state: str) -> dict[str, Any] | None:
    """The status with evidence that was pending in another state; None where there is none."""
    moved = False

    def changed(holder: Mapping[str, Any]) -> dict[str, Any]:
        nonlocal moved
        kept = holder.get("evidence") or {}
        if kept.get("digest") != digest or kept.get("state") != EvidenceState.PENDING:
            return dict(holder)
        moved = True
        return {**holder, "evidence": {**kept, "state": state}}

    told = changed(status)
    if "history" in told:
        told["history"] = [changed(past) for past in told["history"]]
    return told if moved else None
