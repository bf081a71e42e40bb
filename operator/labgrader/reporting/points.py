"""How points came together, as plain JSON and in words: groups, caps, extra credit.

Called by the renderers of a Report. Pure.
"""

from collections.abc import Mapping
from typing import Any

from labgrader.api.base import format_share
from labgrader.checks.finding import Outcome
from labgrader.grading.report import CheckReport, GroupReport, Report
from labgrader.reporting.messages import text


def group_status(group: GroupReport, lang: str) -> dict[str, Any]:
    """One group of the status, and of JSON reports."""
    reason = _reason(group)
    params = {"counted": str(group.counted), "total": str(group.total)}
    status: dict[str, Any] = {"name": group.name, "points": group.points}
    if group.earned.low == group.earned.high:
        status["earned"] = group.earned.low
    if group.extra:
        status["extra"] = True
    return status | {"reason": reason, "params": params, "message": text(reason, params, lang)}


def group_translated(group: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """One group of a status, told in another language."""
    return {**group, "message": text(group["reason"], group["params"], lang)}


def place_of(check: CheckReport) -> dict[str, Any]:
    """How a check counts, where it does not simply add its points."""
    place: dict[str, Any] = {}
    if check.finding.outcome is Outcome.FAILED and check.finding.credit:
        place["percent"] = format_share(check.finding.credit)
    if check.group is not None:
        place["group"] = check.group
    if check.extra:
        place["extra"] = True
    if check.cap is not None:
        place["cap"] = check.cap
    return place


def totals(report: Report, lang: str) -> dict[str, Any]:
    """What a status and a JSON report say about groups and the cap, where there are any."""
    told: dict[str, Any] = {}
    if report.groups:
        told["groups"] = [group_status(group, lang) for group in report.groups]
    if report.score.cap is not None:
        told["cappedAt"] = report.score.cap
    return told


def capped(report: Report, lang: str) -> str:
    """The sentence about the required check that holds the score; empty where none does."""
    if report.score.cap is None:
        return ""
    params = {"cap": str(report.score.cap), "check": report.score.capped_by}
    return text("Capped", params, lang)


def capped_again(status: Mapping[str, Any], lang: str) -> str:
    """The same sentence, from a status."""
    at = status.get("cappedAt")
    held = [
        check["name"]
        for check in status.get("checks") or ()
        if at is not None and check.get("cap") == at and _did_not_pass(check)
    ]
    return text("Capped", {"cap": str(at), "check": min(held)}, lang) if held else ""


def _did_not_pass(check: Mapping[str, Any]) -> bool:
    return check["outcome"] != Outcome.PASSED and "earned" in check  # else it is open


def _reason(group: GroupReport) -> str:
    if group.whole:
        return "GroupWhole"
    return "GroupAll" if group.counted == group.total else "GroupBest"
