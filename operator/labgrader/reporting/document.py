"""A Report as one JSON document, for programs and CI. Called by ``cli``. Pure.

Nothing of the machine or the moment stands in it, so that judging the same evidence again
gives the same bytes everywhere.
"""

from typing import Any

from labgrader.api.base import format_share
from labgrader.api.status import Outcome, Result
from labgrader.evidence.bundle import Bundle, Verdict
from labgrader.evidence.codec import encode
from labgrader.evidence.record import Record
from labgrader.evidence.timeline import Timeline
from labgrader.grading.compare import Change, changes
from labgrader.grading.report import Report
from labgrader.reporting.check_status import check_status
from labgrader.reporting.points import totals
from labgrader.reporting.timeline.of_checks import of_checks


def document(report: Report, namespace: str, lang: str) -> dict[str, Any]:
    """The whole report; the checks have the shape that they have in a Submission's status."""
    score = report.score
    values = report.plan.exercise.values
    return {
        "exercise": report.plan.exercise.name,
        "exerciseHash": report.plan.hash,
        "namespace": namespace,
        **({"parameters": dict(values)} if values else {}),
        "result": report.result.value,
        **_points(report.result, score.low, score.high),
        "maxScore": score.max,
        "checks": [check_status(check, lang) for check in report.checks],
        **totals(report, lang),
    }


def evidence(bundle: Bundle, digest: str) -> dict[str, Any]:
    """Which evidence a report rests on."""
    told: dict[str, Any] = {
        "digest": digest,
        "selfReported": bundle.self_reported,
        "startedAt": bundle.started,
        "endedAt": bundle.ended,
    }
    if bundle.learner:
        told["learner"] = bundle.learner
    if bundle.record.left_out:
        told["leftOut"] = len(bundle.record.left_out)
    return told


def timelines(record: Record) -> dict[str, Any]:
    """What each experiment did and saw, by the check that it was made for."""
    return {
        "timelines": [
            {"check": check, **encode(timeline, Timeline)} for check, timeline in of_checks(record)
        ]
    }


def regraded(report: Report, bundle: Bundle, lang: str) -> dict[str, Any]:
    """The report of evidence that was judged again, what it came to before, and what changed."""
    return {
        **document(report, bundle.namespace, lang),
        "evidence": {"exercise": bundle.exercise, **evidence(bundle, bundle.source)},
        "before": _before(bundle.verdict),
        "changes": [_change(change) for change in changes(bundle.verdict, report)],
    }


def _before(verdict: Verdict) -> dict[str, Any]:
    return {
        "exerciseHash": verdict.exercise_hash,
        "result": verdict.result,
        **_points(verdict.result, verdict.low, verdict.high),
        "maxScore": verdict.max,
    }


def _change(change: Change) -> dict[str, Any]:
    told: dict[str, Any] = {"name": change.name}
    for moment, judged in (("before", change.before), ("after", change.after)):
        if judged is not None:
            points: dict[str, Any] = {} if judged.earned is None else {"earned": judged.earned}
            if judged.outcome == Outcome.FAILED and judged.credit:
                points["percent"] = format_share(judged.credit)
            told[moment] = {
                "outcome": judged.outcome,
                "reason": judged.reason,
                "points": judged.points,
                **points,
            }
    return told


def _points(result: str, low: int, high: int) -> dict[str, int]:
    settled = result in {Result.PASSED.value, Result.FAILED.value}
    return {"score": low} if settled else {"scoreMin": low, "scoreMax": high}
