"""The status of a Submission whose grading waits for its turn: its place, and when that comes.

Called by ``handlers.showing``, which writes it. Pure.
"""

from dataclasses import dataclass
from typing import Any

from labgrader.api.conditions import SubmissionReason
from labgrader.api.submission import Submission
from labgrader.grading.plan import Plan
from labgrader.reporting.messages import text
from labgrader.reporting.status import language, under_way

_CLOCK = slice(len("2026-01-01T"), len("2026-01-01T00:00"))


@dataclass(frozen=True, slots=True)
class Queued:
    """A place in the queue, the next one being 1, at a moment; and when its turn is expected."""

    position: int
    at: str
    expected: str | None


def queued(submission: Submission, plan: Plan, place: Queued) -> dict[str, Any]:
    """The status while a grading waits."""
    told = {"position": place.position, "observedAt": place.at}
    params = {"position": str(place.position)}
    sentence = text("Queued", params, language(submission, plan))
    if place.expected is not None:
        told["expectedAt"] = place.expected
        params["time"] = place.expected[_CLOCK]
        sentence = text("QueuedUntil", params, language(submission, plan))
    return under_way(submission, plan, SubmissionReason.QUEUED, sentence, place.at) | {
        "queue": told
    }
