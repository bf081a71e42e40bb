"""One check as the status and JSON reports show it.

Called by ``reporting.status`` and ``reporting.document``. Pure.
"""

from collections.abc import Mapping
from typing import Any

from labgrader.api.status import MAX_CAUSES, MAX_MESSAGE, MAX_PARAM, MAX_PARAMS
from labgrader.checks.finding import Outcome
from labgrader.grading.look import is_conclusive
from labgrader.grading.plan import Plan
from labgrader.grading.report import CheckReport
from labgrader.reporting import points
from labgrader.reporting.messages import message
from labgrader.reporting.read_back import finding_of


def check_status(check: CheckReport, lang: str) -> dict[str, Any]:
    """One check of the status, and of JSON reports."""
    finding = check.finding
    status: dict[str, Any] = {
        "name": check.name,
        "outcome": finding.outcome.value,
        "points": check.points,
        "reason": finding.reason,
        "params": clipped(finding.params),
        "message": message(finding, lang, (check.earned, check.points))[:MAX_MESSAGE],
        **points.place_of(check),
    }
    if is_conclusive(finding):
        status["earned"] = check.earned
    if finding.causes:
        status["causes"] = [
            {"reason": cause.reason, "params": clipped(cause.params)}
            for cause in finding.causes[:MAX_CAUSES]
        ]
    if check.hint is not None and finding.outcome is not Outcome.PASSED:
        status["hint"] = check.hint.render(lang)
    return status


def translated(check: Mapping[str, Any], plan: Plan | None, lang: str) -> dict[str, Any]:
    """The check with its message and hint in another language."""
    points = (check.get("earned", 0), check["points"])
    told = {**check, "message": message(finding_of(check), lang, points)[:MAX_MESSAGE]}
    if plan is not None and "hint" in check:
        hints = {c.name: c.hint for c in plan.exercise.spec.checks}
        hint = hints.get(check["name"])
        if hint is not None:
            told["hint"] = hint.render(lang)
    return told


def clipped(params: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Params as the CRD takes them: a learner's log line may be longer than any status."""
    return {name: value[:MAX_PARAM] for name, value in params[:MAX_PARAMS]}
