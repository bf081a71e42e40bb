"""A verdict told again: with other answers, in another language. Nothing is looked at.

Called by ``handlers.grader`` where only ``answers`` or ``lang`` of a Submission changed. What
was found by looking at the cluster stands; questions are judged on the present answers. Pure.
"""

from collections.abc import Mapping
from typing import Any

from labgrader.api.submission import Submission
from labgrader.checks.finding import Finding
from labgrader.checks.scope import Scope
from labgrader.grading.answers import asks, judged_again
from labgrader.grading.plan import Plan
from labgrader.grading.report import report
from labgrader.reporting import status as render
from labgrader.reporting.read_back import present_findings


def status_again(submission: Submission, plan: Plan | None, now: str) -> dict[str, Any]:
    """The status with the present answers, in the present language.

    The verdict on another version of the exercise is only told in the language: its answers
    cannot be judged by questions that were not asked.
    """
    findings = _findings(submission, plan)
    if plan is not None and findings is not None:
        started = submission.status.get("startedAt", now)
        whole = report(plan, findings)
        return render.graded(
            whole,
            submission,
            started=started,
            now=now,
            outdated=False,
            evidence=submission.status.get("evidence"),
        )
    if lacks_a_look(submission, plan):  # they changed once more while this was being written
        older = submission.status.get("observedGeneration", 0)
        submission = submission.model_copy(update={"generation": older})
    return render.rendered_again(submission, plan, now)


def lacks_a_look(submission: Submission, plan: Plan | None) -> bool:
    """Whether an answer that is right now lets something be looked at for the first time."""
    return bool(_known(submission, plan)) and _findings(submission, plan) is None


def as_judged(now: Submission, judged: Submission) -> Submission:
    """The object as it is now, of the generation whose answers were judged.

    Answers that changed meanwhile are judged next, because the status is not of their generation.
    """
    if now.spec.given == judged.spec.given:
        return now
    return now.model_copy(update={"generation": judged.generation})


def _known(submission: Submission, plan: Plan | None) -> Mapping[str, Finding]:
    if plan is None or not asks(plan):
        return {}
    return present_findings(submission, plan)


def _findings(submission: Submission, plan: Plan | None) -> Mapping[str, Finding] | None:
    before = _known(submission, plan)
    if plan is None or not before:
        return None
    scope = Scope(submission.spec.target_namespace)
    return judged_again(plan, scope, before, submission.spec.given)
