"""Write a Submission's status, for as long as that takes.

Called by ``handlers.grader``. What is written is made anew for the object as it is at that moment;
a write on an old version is refused, and then the object is read again. Must not write over the
verdict of another grading.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labgrader.api.submission import Submission
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.submissions import Courses
from labgrader.handlers.due import Due, due

_LOG = logging.getLogger(__name__)
_PAUSES = (0.2, 0.5, 1.0, 2.0)
_CONFLICT = 409

Body = Mapping[str, Any]
Status = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What working on a key came to: the object and the status as written.

    ``transition``: people see another result than before.
    """

    body: Body
    status: Status
    transition: bool


async def write(
    courses: Courses, body: Body, make: Callable[[Submission], Status]
) -> Verdict | None:
    """Write a status made for the object as it is now; None where it is gone or moved on."""
    first = Submission.parse(body)
    for pause in _endless(_PAUSES):
        submission = Submission.parse(body)
        status = make(submission)
        try:
            written = await courses.write_status(body, status)
            if written is None:
                return None
            return Verdict(written, status, _seen(status) != _seen(body.get("status") or {}))
        except ApiUnreachable as error:
            _LOG.warning("status of %s not written yet: %s", first.name, error)
        except ApiError as error:
            if error.status != _CONFLICT and not error.overloaded:
                raise
        await asyncio.sleep(pause)
        now = await _read_again(courses, first)
        if now is None or _is_overtaken(body, status, now):
            return None
        body = now
    return None


async def _read_again(courses: Courses, first: Submission) -> Body | None:
    """The object as it is now; None where it is gone, another one, or on another attempt."""
    for pause in _endless(_PAUSES):
        try:
            body = await courses.submission(first.namespace, first.name)
        except (ApiError, ApiUnreachable) as error:  # the verdict may have cost an experiment
            if isinstance(error, ApiError) and not error.overloaded:
                raise
            await asyncio.sleep(pause)
            continue
        if body is None or body["metadata"]["uid"] != first.uid:
            return None
        return body if body["spec"].get("attempt", 1) == first.spec.attempt else None
    return None


def _endless(pauses: Sequence[float]) -> Iterator[float]:
    """The pauses, and then the last of them again and again."""
    yield from pauses
    while True:
        yield pauses[-1]


def _is_overtaken(before: Body, tried: Status, now: Body) -> bool:
    """Whether a verdict came that was not there yet in what an old event brought."""
    there = now.get("status") or {}
    written = there not in (before.get("status") or {}, tried)
    return written and due(now, again=False) in {Due.NOTHING, Due.RENDER}


def _seen(status: Mapping[str, Any]) -> tuple[Any, ...]:
    """What people notice of a status."""
    ready = [c["reason"] for c in status.get("conditions") or () if c["type"] == "Ready"]
    return status.get("result"), status.get("attempt"), *ready
