"""The write of ``status.live``: into the status as it is, whoever else writes it.

Used by ``handlers.live.live``. The one PUT of /status carries the resourceVersion that the rest
was read at, so no other part of it can be overwritten; on a conflict it is read again.
"""

from collections.abc import Mapping
from typing import Any

from prometheus_client import Counter

from labgrader.cluster.errors import ApiError
from labgrader.cluster.submissions import Courses
from labgrader.handlers.live.standing import is_being_graded

_CONFLICT = 409
_TRIES = 5

Body = Mapping[str, Any]


async def write_live(
    courses: Courses, body: Body, wanted: Mapping[str, Any] | None, writes: Counter
) -> Body | None:
    """The object as it is then; None where it is gone. ``wanted`` None takes the part away.

    Nothing is written where it is so already, nor where the object was handed in or changed by
    its learner meanwhile: that brings it here again. Raises ApiError, ApiUnreachable.
    """
    for _ in range(_TRIES):
        before = body.get("status") or {}
        status = {name: part for name, part in before.items() if name != "live"}
        if wanted is not None:
            status["live"] = wanted
        if status == before:
            return body
        try:
            written: Body | None = await courses.write_status(body, status)
        except ApiError as error:
            if error.status != _CONFLICT:
                writes.labels("error").inc()
                raise
            writes.labels("conflict").inc()
        else:
            writes.labels("success").inc()
            return written
        now = await courses.submission(body["metadata"]["namespace"], body["metadata"]["name"])
        if now is None or _is_another(now, body):
            return now
        body = now
    raise ApiError(_CONFLICT, "Conflict", f"somebody else wrote {_TRIES} times in between")


def _is_another(now: Body, before: Body) -> bool:
    return is_being_graded(now) or any(
        now["metadata"][name] != before["metadata"][name] for name in ("uid", "generation")
    )
