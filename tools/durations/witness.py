"""What the API server's audit log tells of one grading: when it began, when it ended, what it asked.

Used by ``tools.durations``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from labgrader.api.names import OPERATOR_ACCOUNT, SYSTEM_NAMESPACE
from localcluster.audit import completed, events, is_about, received

_OPERATOR = f"system:serviceaccount:{SYSTEM_NAMESPACE}:{OPERATOR_ACCOUNT}"
_COMMAND = "labgrader-cli"
"""The user agent of the command line, whose user is the cluster's administrator."""
_LISTED = ("namespaces", "labexercises", "submissions")
"""Of the whole cluster these are listed and watched whatever is graded."""


@dataclass(frozen=True, slots=True)
class Told:
    """``begun`` is when the experiment began, ``written`` when the verdict could be read.

    ``last`` is when it began for the last time: what passes, such as a sampler that could not keep
    its rate, has it tried again. All in seconds since 1970; ``requests`` counts until all was put
    back. ``back`` is how many seconds that took, where the verdict waits for it.
    """

    begun: float
    last: float
    written: float
    requests: int
    back: float = 0.0


def told(
    log: Path, since: float, namespace: str, submission: tuple[str, str], *, disturbs: bool
) -> Told:
    """Of the operator's only grading since then, which was in that namespace and is over.

    The Submission is told by its namespace and name; its status is where the verdict is written.
    Raises LookupError where there was none.
    """
    ours = [e for e in events(log, since) if e["user"]["username"] == _OPERATOR]
    records = [e for e in ours if is_about(e, "create", "configmaps", SYSTEM_NAMESPACE)]
    written = [completed(e) for e in ours if _writes(e, *submission)]
    if not written:
        raise LookupError(f"the audit log knows no verdict on {submission[1]}")
    return _told(ours, records, _starts(ours, namespace, disturbs=disturbs), written[-1])


def told_of_command(log: Path, since: float, namespace: str, printed: float) -> Told:
    """Of the command line's only grading since then, which printed its verdict at that moment.

    Its record is a file, but its probe has a namespace, made right after that. When it listens to
    its probe no longer it begins to put things back, of which the namespace is the last. Raises
    LookupError where there was no experiment.
    """
    ours = [e for e in events(log, since) if e.get("userAgent") == _COMMAND]
    records = [e for e in ours if _makes_namespace(e)]
    seen = _told(ours, records, _starts(ours, namespace, disturbs=True), printed)
    own = records[-1]["objectRef"]["name"]
    heard = [completed(e) for e in ours if is_about(e, "get", "pods/log", own)]
    gone = [completed(e) for e in ours if is_about(e, "delete", "namespaces", own)]
    return replace(seen, back=max(gone) - max(heard)) if heard and gone else seen


def _told(ours: Sequence[Any], records: Sequence[Any], starts: list[float], written: float) -> Told:
    if not records:
        raise LookupError("the audit log knows no experiment")
    first, last = (_begun(received(record), starts) for record in (records[0], records[-1]))
    return Told(first, last, written, sum(_is_for_it(e) for e in ours))


def _starts(ours: Sequence[Any], namespace: str, *, disturbs: bool) -> list[float]:
    """When experiments may have begun there.

    One that disturbs has just looked whether the namespace allows it; one that only sends requests
    begins with a look at the Service.
    """
    if disturbs:
        return [completed(e) for e in ours if is_about(e, "get", "namespaces", namespace)]
    return [received(e) for e in ours if is_about(e, "get", "services", namespace)]


def _begun(record: float, starts: list[float]) -> float:
    """Right before it is put on record."""
    return max((start for start in starts if start <= record), default=record)


def _writes(event: Any, course: str, submission: str) -> bool:
    return is_about(event, "update", "submissions/status", course) and (
        event["objectRef"]["name"] == submission
    )


def _makes_namespace(event: Any) -> bool:
    place = event.get("objectRef") or {}
    what = (event["stage"], event["verb"], place.get("resource"), place.get("subresource"))
    return what == ("ResponseComplete", "create", "namespaces", None)


def _is_for_it(event: Any) -> bool:
    """A request that is made for a grading; a watch counts where it begins."""
    place = event.get("objectRef") or {}
    if place.get("resource") == "leases" or (
        place.get("resource") in _LISTED and not place.get("name")
    ):
        return False
    ends = "ResponseStarted" if event["verb"] == "watch" else "ResponseComplete"
    return bool(event["stage"] == ends)
