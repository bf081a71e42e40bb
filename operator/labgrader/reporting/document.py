"""A Report as one JSON document, for programs and CI. Called by ``cli.grade``. Pure."""

from typing import Any

from labgrader.api.status import Result
from labgrader.grading.report import Report
from labgrader.reporting.points import totals
from labgrader.reporting.status import check_status


def document(report: Report, namespace: str, lang: str) -> dict[str, Any]:
    """The whole report; the checks have the shape that they have in a Submission's status."""
    score = report.score
    settled = report.result in {Result.PASSED, Result.FAILED}
    points = {"score": score.low} if settled else {"scoreMin": score.low, "scoreMax": score.high}
    values = report.plan.exercise.values
    return {
        "exercise": report.plan.exercise.name,
        "exerciseHash": report.plan.hash,
        "namespace": namespace,
        **({"parameters": dict(values)} if values else {}),
        "result": report.result.value,
        **points,
        "maxScore": score.max,
        "checks": [check_status(check, lang) for check in report.checks],
        **totals(report, lang),
    }
