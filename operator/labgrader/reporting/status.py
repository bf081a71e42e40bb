"""The status of a Submission, as plain JSON: waiting, grading, graded, or stalled.

Called by the workers, which write it. Everything is made from a Report, the Submission and
the status before; nothing is read from a cluster or a clock. Pure.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from labgrader.api.conditions import ConditionType, SubmissionReason
from labgrader.api.status import (
    MAX_HISTORY,
    MAX_TASK_BYTES,
    Result,
)
from labgrader.api.submission import Submission
from labgrader.checks.finding import Outcome
from labgrader.grading.plan import Plan
from labgrader.grading.report import Report
from labgrader.reporting import points
from labgrader.reporting.check_status import check_status, translated
from labgrader.reporting.conditions import Condition, render
from labgrader.reporting.messages import message, text
from labgrader.reporting.questions import questions
from labgrader.reporting.standing import has_verdict

Status = Mapping[str, Any]


def language(submission: Submission, plan: Plan | None) -> str:
    """The language of a submission's texts."""
    return submission.spec.lang or (plan.exercise.spec.lang if plan else "ko")


def not_handed_in(submission: Submission, plan: Plan, now: str) -> dict[str, Any]:
    """The status while nothing is handed in: the task."""
    lang = language(submission, plan)
    reason = SubmissionReason.NOT_HANDED_IN.value
    sentence = text("NotHandedIn", {}, lang)
    status = _frame(submission, plan, lang) | {
        "result": Result.PENDING.value,
        "maxScore": plan.max_score,
        "summary": sentence,
    }
    wanted = (
        Condition(ConditionType.READY, "False", reason, sentence),
        Condition(ConditionType.PASSED, "Unknown", reason, sentence),
    )
    return _with_conditions(status, submission, wanted, now)


def grading(submission: Submission, plan: Plan, now: str) -> dict[str, Any]:
    """The status while a grading goes on."""
    sentence = text("Grading", {}, language(submission, plan))
    status = under_way(submission, plan, SubmissionReason.GRADING, sentence, now)
    return status | {"startedAt": now}


def under_way(
    submission: Submission, plan: Plan, why: SubmissionReason, sentence: str, now: str
) -> dict[str, Any]:
    """The status while a grading goes on, or waits for its turn."""
    status = _frame(submission, plan, language(submission, plan)) | {
        "result": Result.GRADING.value,
        "maxScore": plan.max_score,
        "summary": sentence,
    }
    reason = why.value
    wanted = (
        Condition(ConditionType.READY, "False", reason, sentence),
        Condition(ConditionType.PASSED, "Unknown", reason, sentence),
        Condition(ConditionType.RECONCILING, "True", reason, sentence),
    )
    return _with_conditions(status, submission, wanted, now)


def stalled(
    submission: Submission, reason: str, params: Mapping[str, str], now: str
) -> dict[str, Any]:
    """The status of a submission that cannot be graded until somebody acts."""
    lang = language(submission, None)
    sentence = text(reason, params, lang)
    status = _frame(submission, None, lang) | {
        "result": Result.STALLED.value,
        "summary": sentence[:1024],
        "observedAt": now,
    }
    wanted = (
        Condition(ConditionType.READY, "False", reason, sentence),
        Condition(ConditionType.PASSED, "Unknown", reason, sentence),
        Condition(ConditionType.STALLED, "True", reason, sentence),
    )
    return _with_conditions(status, submission, wanted, now)


def graded(
    report: Report,
    submission: Submission,
    *,
    started: str,
    now: str,
    outdated: bool,
    evidence: Status | None = None,
) -> dict[str, Any]:
    """The status after a grading. ``outdated``: the exercise was edited meanwhile."""
    plan, lang = report.plan, language(submission, report.plan)
    summary = _summary(report, lang)
    status = _frame(submission, plan, lang) | {
        "result": report.result.value,
        "maxScore": report.score.max,
        "summary": summary,
        "startedAt": started,
        "observedAt": now,
        "checks": [check_status(check, lang) for check in report.checks],
        **points.totals(report, lang),
    }
    if evidence is not None:
        status["evidence"] = evidence
    if report.passed == len(report.checks):  # nothing is left to be shown
        status.pop("live", None)
    if report.result in {Result.PASSED, Result.FAILED}:
        status |= {"score": report.score.low, "finishedAt": now}
    else:
        status |= {"scoreMin": report.score.low, "scoreMax": report.score.high}
    return _with_conditions(
        status, submission, _graded_conditions(report, lang, summary, outdated=outdated), now
    )


def regraded(report: Report, submission: Submission, *, now: str) -> dict[str, Any]:
    """The status after the same evidence was judged again; the score before goes into history.

    When it was looked at, and the evidence, stay as they are.
    """
    before = submission.status
    status = graded(
        report,
        submission,
        started=before.get("startedAt", now),
        now=now,
        outdated=False,
        evidence=before.get("evidence"),
    )
    past = [_past(before)] if "finishedAt" in before else []
    kept = {"observedAt": before["observedAt"]} if "observedAt" in before else {}
    return status | kept | {"history": [*past, *status["history"]][:MAX_HISTORY]}


def rendered_again(submission: Submission, plan: Plan | None, now: str) -> dict[str, Any]:
    """The present status in the language that the submission asks for now."""
    lang = language(submission, plan)
    status = dict(submission.status)
    status["checks"] = [translated(check, plan, lang) for check in status.get("checks") or ()]
    status["observedGeneration"] = submission.generation
    if plan is not None:
        status["task"] = _task(plan, lang)
    passed = sum(check["outcome"] == Outcome.PASSED for check in status["checks"])
    params = {"passed": str(passed), "total": str(len(status["checks"]))}
    held = points.capped_again(status, lang)
    status["summary"] = ". ".join(filter(None, [text("ChecksPassed", params, lang), held]))
    if "groups" in status:
        status["groups"] = [points.group_translated(group, lang) for group in status["groups"]]
    told = {
        check["reason"]: check["message"] for check in status["checks"] if "earned" not in check
    }
    wanted = [
        Condition(
            ConditionType(c["type"]),
            c["status"],
            c["reason"],
            told.get(c["reason"], status["summary"]),
        )
        for c in status.get("conditions") or ()
        if c["type"] != ConditionType.STALLED or not has_verdict(submission)  # what waited is told
    ]
    status["conditions"] = render(wanted, submission.status, submission.generation, now)
    return status


def _frame(submission: Submission, plan: Plan | None, lang: str) -> dict[str, Any]:
    status: dict[str, Any] = {
        "observedGeneration": submission.generation,
        "attempt": submission.spec.attempt,
        "history": _history(submission),
    }
    if "live" in submission.status:  # written by others beside the grading, and kept by it
        status["live"] = submission.status["live"]
    if plan is not None:
        exercise = plan.exercise
        status["exercise"] = {
            "uid": exercise.uid,
            "generation": exercise.generation,
            "hash": plan.hash,
        }
        status["task"] = _task(plan, lang)
    return status


def _task(plan: Plan, lang: str) -> str:
    """Title, text and questions; where that is too much, the text ends early."""
    spec = plan.exercise.spec
    asked = questions(plan, lang)
    told = f"# {spec.title.render(lang)}\n\n{spec.task.render(lang)}".encode()
    left = MAX_TASK_BYTES - len(asked.encode())
    return told[: max(0, left)].decode(errors="ignore") + asked


def _history(submission: Submission) -> list[Any]:
    before = submission.status
    history = list(before.get("history") or ())
    if before.get("attempt") not in {None, submission.spec.attempt} and "finishedAt" in before:
        history.insert(0, _past(before))
    return history[:MAX_HISTORY]


def _past(before: Status) -> dict[str, Any]:
    names = ("attempt", "score", "maxScore", "finishedAt", "evidence")
    past = {name: before[name] for name in names if name in before}
    if "exercise" in before:
        past["exerciseHash"] = before["exercise"]["hash"]
    return past


def _summary(report: Report, lang: str) -> str:
    params = {"passed": str(report.passed), "total": str(len(report.checks))}
    if report.open:
        told = text("ChecksOpen", params | {"open": str(len(report.open))}, lang)
    else:
        told = text("ChecksPassed", params, lang)
    return ". ".join(filter(None, [told, points.capped(report, lang)]))


def _graded_conditions(
    report: Report, lang: str, summary: str, *, outdated: bool
) -> Sequence[Condition]:
    if report.result in {Result.PASSED, Result.FAILED}:
        passes = report.result is Result.PASSED
        enough = SubmissionReason.ENOUGH_POINTS if passes else SubmissionReason.TOO_FEW_POINTS
        why = SubmissionReason.OUTDATED if outdated else SubmissionReason.GRADED
        told = f"{summary} {text('Outdated', {}, lang)}" if outdated else summary
        return (
            Condition(ConditionType.READY, "True", why.value, told),
            Condition(ConditionType.PASSED, str(passes), enough.value, summary),
        )
    open_ = report.holding_up[0].finding
    reason = open_.reason if report.result is Result.STALLED else SubmissionReason.INCONCLUSIVE
    sentence = message(open_, lang)
    kind = ConditionType.STALLED if report.result is Result.STALLED else ConditionType.RECONCILING
    return (
        Condition(ConditionType.READY, "False", str(reason), sentence),
        Condition(ConditionType.PASSED, "Unknown", str(reason), summary),
        Condition(kind, "True", str(reason), sentence),
    )


def _with_conditions(
    status: dict[str, Any], submission: Submission, wanted: Sequence[Condition], now: str
) -> dict[str, Any]:
    status["conditions"] = render(wanted, submission.status, submission.generation, now)
    return status
