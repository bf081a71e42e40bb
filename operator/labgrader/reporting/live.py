"""``status.live``: how far a learner's work is, and nothing that counts.

Called by ``handlers.live``, which writes it beside everything else in the status. Pure.
"""

from collections.abc import Mapping
from typing import Any

from labgrader.api.status import MAX_LIVE_MESSAGE
from labgrader.api.submission import Submission
from labgrader.checks.finding import Finding, Outcome
from labgrader.grading.plan import Plan
from labgrader.reporting.messages import message, text
from labgrader.reporting.status import language

Live = Mapping[str, Any]


def live_status(
    plan: Plan,
    findings: Mapping[str, Finding],
    submission: Submission,
    before: Live | None,
    now: str,
) -> dict[str, Any]:
    """What the checks come to now; ``before`` itself where that is shown already.

    Where the exercise latches, a check stays passed that ``before`` shows as passed, on this
    very version of the exercise.
    """
    lang = language(submission, plan)
    earlier = _passed(before, plan) if plan.exercise.spec.latch else frozenset[str]()
    checks = [_check(name, found, name in earlier, lang) for name, found in findings.items()]
    passed = sum(check["outcome"] == Outcome.PASSED for check in checks)
    numbers = {"passed": str(passed), "total": str(len(checks))}
    shown = {
        "summary": text("LivePassed", numbers, lang),
        "exerciseHash": plan.hash,
        "checks": checks,
    }
    if before is not None and shown == {k: v for k, v in before.items() if k != "observedAt"}:
        return dict(before)
    return shown | {"observedAt": now}


def _passed(before: Live | None, plan: Plan) -> frozenset[str]:
    """Those that stay passed. What must never be is not done with, however long it was not."""
    if before is None or before.get("exerciseHash") != plan.hash:
        return frozenset()
    passed = {c["name"] for c in before["checks"] if c["outcome"] == Outcome.PASSED}
    return frozenset(passed - {c.name for c in plan.exercise.spec.checks if c.never is not None})


def _check(name: str, finding: Finding, earlier: bool, lang: str) -> dict[str, Any]:  # noqa: FBT001 (a state, not a switch)
    told = message(finding, lang)
    shown: dict[str, Any] = {"name": name, "outcome": finding.outcome.value}
    if earlier and finding.outcome is not Outcome.PASSED:
        shown |= {"outcome": Outcome.PASSED.value, "latched": True}
        told = text("Latched", {"now": told}, lang)
    return shown | {"reason": finding.reason, "message": told[:MAX_LIVE_MESSAGE]}
