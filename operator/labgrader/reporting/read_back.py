"""What a Submission's status says of its gradings, read back into the engine's values.

Called by the workers, before they grade again, and where texts are rendered again. The status is
the operator's own writing; nothing else is read. Pure.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from labgrader.api.base import parse_share
from labgrader.api.conditions import ConditionType
from labgrader.api.status import Result
from labgrader.api.submission import Submission
from labgrader.checks.finding import FULL_CREDIT, Cause, Finding, Outcome
from labgrader.grading.answers import without_answers
from labgrader.grading.plan import Plan


def is_stalled_by(body: Mapping[str, Any], reason: str) -> bool:
    """Whether an object says already that it is Stalled for this reason, in this generation."""
    generation = body["metadata"]["generation"]
    return any(
        c["type"] == ConditionType.STALLED
        and c["reason"] == reason
        and c.get("observedGeneration") == generation
        for c in (body.get("status") or {}).get("conditions") or ()
    )


def present_findings(submission: Submission, plan: Plan) -> dict[str, Finding]:
    """What the status says of this very attempt, on this very exercise; nothing of another."""
    status = submission.status
    same = (status.get("exercise") or {}).get("hash") == plan.hash
    if not same or status.get("attempt") != submission.spec.attempt:
        return {}
    passing = status.get("result") == Result.INCONCLUSIVE
    findings = {check["name"]: finding_of(check) for check in status.get("checks") or ()}
    return {
        name: replace(found, transient=passing and found.outcome is Outcome.UNKNOWN)
        for name, found in findings.items()
    }


def conclusive_findings(submission: Submission, plan: Plan) -> dict[str, Finding]:
    """What an earlier try of this very attempt, on this very exercise, has settled.

    Answers are left out: they may be others now, and judging them costs nothing.
    """
    settled = (Outcome.PASSED, Outcome.FAILED)
    findings = without_answers(plan, present_findings(submission, plan))
    return {name: found for name, found in findings.items() if found.outcome in settled}


def finding_of(check: Mapping[str, Any]) -> Finding:
    """The finding that a check of a status was made from: it tells the same, and earns the same."""
    causes = tuple(
        Cause(cause["reason"], tuple((cause.get("params") or {}).items()))
        for cause in check.get("causes") or ()
    )
    params = tuple((check.get("params") or {}).items())
    credit = parse_share(check.get("percent", "0"))
    if check["outcome"] == Outcome.PASSED:
        credit = FULL_CREDIT
    return Finding(Outcome(check["outcome"]), check.get("reason", ""), params, causes, credit)
