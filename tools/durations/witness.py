"""What the API server's audit log tells of one grading: when it began, when it ended, what it asked.

Used by ``tools.durations``.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labgrader.api.names import OPERATOR_ACCOUNT, SYSTEM_NAMESPACE
from localcluster.audit import completed, events, is_about, received

_OPERATOR = f"system:serviceaccount:{SYSTEM_NAMESPACE}:{OPERATOR_ACCOUNT}"
_LISTED = ("namespaces", "labexercises", "submissions")
"""Of the whole cluster these are listed and watched whatever is graded."""


@dataclass(frozen=True, slots=True)
class Told:
    """``begun`` is when the experiment began, ``written`` when the verdict stood in the status.

    ``last`` is when it began for the last time: what passes, such as a sampler that could not keep
    its rate, has it tried again. All in seconds since 1970; ``requests`` counts until all was put
    back.
    """

    begun: float
    last: float
    written: float
    requests: int


def told(log: Path, since: float, namespace: str, course: str, submission: str) -> Told:
    """Of the only grading since then, which was in that namespace and is over.

    Raises LookupError where there was none.
    """
    ours = [e for e in events(log, since) if e["user"]["username"] == _OPERATOR]
    records = [e for e in ours if is_about(e, "create", "configmaps", SYSTEM_NAMESPACE)]
    written = [e for e in ours if _writes(e, course, submission)]
    if not records or not written:
        raise LookupError(f"the audit log knows no experiment of {submission}")
    looks = [completed(e) for e in ours if is_about(e, "get", "namespaces", namespace)]
    first, last = (_begun(received(record), looks) for record in (records[0], records[-1]))
    return Told(first, last, completed(written[-1]), sum(_is_for_it(e) for e in ours))


def _begun(record: float, looks: list[float]) -> float:
    """Right before it begins and is put on record, it looks whether the namespace allows it."""
    return max((look for look in looks if look <= record), default=record)


def _writes(event: Any, course: str, submission: str) -> bool:
    return is_about(event, "update", "submissions/status", course) and (
        event["objectRef"]["name"] == submission
    )


def _is_for_it(event: Any) -> bool:
    """A request that is made for a grading; a watch counts where it begins."""
    place = event.get("objectRef") or {}
    if place.get("resource") == "leases" or (
        place.get("resource") in _LISTED and not place.get("name")
    ):
        return False
    ends = "ResponseStarted" if event["verb"] == "watch" else "ResponseComplete"
    return bool(event["stage"] == ends)
