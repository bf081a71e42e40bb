"""From a finished grading to the Bundle that keeps its evidence.

Called by ``handlers`` and ``cli``. Pure.
"""

from labgrader.checks.finding import finding_credit
from labgrader.evidence.bundle import Bundle, Handed, Judged, Verdict
from labgrader.evidence.record import Record
from labgrader.grading.look import is_conclusive
from labgrader.grading.report import Report


def bundle(
    report: Report,
    record: Record,
    *,
    namespace: str,
    started: str,
    ended: str,
    learner: str = "",
    self_reported: bool = False,
    submission: Handed | None = None,
) -> Bundle:
    """The bundle of one grading."""
    return Bundle(
        exercise=report.plan.exercise.name,
        namespace=namespace,
        started=started,
        ended=ended,
        course=report.plan.exercise.namespace if submission else "",
        verdict=verdict(report),
        record=record,
        learner=learner,
        self_reported=self_reported,
        submission=submission,
    )


def verdict(report: Report) -> Verdict:
    """What is kept of a report: enough to say later what changed."""
    checks = tuple(
        Judged(
            name=check.name,
            outcome=check.finding.outcome.value,
            reason=check.finding.reason,
            points=check.points,
            earned=check.earned if is_conclusive(check.finding) else None,
            credit=finding_credit(check.finding),
        )
        for check in report.checks
    )
    score = report.score
    return Verdict(report.plan.hash, report.result.value, score.low, score.high, score.max, checks)
