"""A verdict that stands while something keeps what was changed since from being judged.

Called by ``handlers.grader``, and by ``reporting.status``. Reads and makes statuses as plain
JSON; must not judge, and touches nothing of a verdict but its conditions. Pure.
"""

from collections.abc import Mapping
from typing import Any

from labgrader.api.conditions import ConditionType
from labgrader.api.status import Result
from labgrader.api.submission import Submission
from labgrader.reporting.conditions import Condition, render
from labgrader.reporting.messages import text

Status = Mapping[str, Any]


def standing(
    submission: Submission, reason: str, params: Mapping[str, str], now: str
) -> dict[str, Any]:
    """The finished verdict as it stands, and why what was changed since cannot be taken up.

    It stays of its generation: whatever removes the cause, the change is still to be judged.
    """
    lang = submission.spec.lang or "ko"
    sentence = text("VerdictStands", {"why": text(reason, params, lang)}, lang)
    stalled_ = Condition(ConditionType.STALLED, "True", reason, sentence)
    others = [
        c for c in submission.status.get("conditions") or () if c["type"] != ConditionType.STALLED
    ]
    told = render([stalled_], submission.status, submission.generation, now)
    return {**submission.status, "conditions": [*others, *told]}


def has_verdict(submission: Submission) -> bool:
    """Whether the present attempt has a finished verdict."""
    status = submission.status
    finished = status.get("result") in {Result.PASSED, Result.FAILED}
    return finished and status.get("attempt") == submission.spec.attempt
