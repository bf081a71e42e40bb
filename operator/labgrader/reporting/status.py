"""The status of a Submission, as plain JSON: waiting, grading, graded, or stalled.

Called by the workers, which write it. Everything is made from a Report, the Submission and
the status before; nothing is read from a cluster or a clock. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from labgrader.api.base import parse_share
from labgrader.api.conditions import ConditionType, SubmissionReason
from labgrader.api.status import (
    MAX_CAUSES,
    MAX_HISTORY,
    MAX_MESSAGE,
    MAX_PARAM,
    MAX_PARAMS,
    MAX_TASK_BYTES,
    Result,
)
from labgrader.api.submission import Submission
from labgrader.checks.finding import FULL_CREDIT, Cause, Finding, Outcome
from labgrader.grading.answers import without_answers
from labgrader.grading.look import is_conclusive
from labgrader.grading.plan import Plan
from labgrader.grading.report import CheckReport, Report
from labgrader.reporting import points
from labgrader.reporting.conditions import Condition, render
from labgrader.reporting.messages import message, text
from labgrader.reporting.questions import questions

Status = Mapping[str, Any]


def language(submission: Submission, plan: Plan | None) -> str:
    """The language of a submission's texts."""
    return submission.spec.lang or (plan.exercise.spec.lang if plan else "ko")


def grading(submission: Submission, plan: Plan, now: str) -> dict[str, Any]:
    """The status while a grading is under way."""
    lang = language(submission, plan)
    sentence = text("Grading", {}, lang)
    status = _frame(submission, plan, lang) | {
        "result": Result.GRADING.value,
        "maxScore": plan.max_score,
        "summary": sentence,
        "startedAt": now,
    }
    reason = SubmissionReason.GRADING.value
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


def is_stalled_by(body: Status, reason: str) -> bool:
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


def rendered_again(submission: Submission, plan: Plan | None, now: str) -> dict[str, Any]:
    """The present status in the language that the submission asks for now."""
    lang = language(submission, plan)
    status = dict(submission.status)
    status["checks"] = [_translated(check, plan, lang) for check in status.get("checks") or ()]
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
    ]
    status["conditions"] = render(wanted, submission.status, submission.generation, now)
    return status


def check_status(check: CheckReport, lang: str) -> dict[str, Any]:
    """One check of the status, and of JSON reports."""
    finding = check.finding
    status: dict[str, Any] = {
        "name": check.name,
        "outcome": finding.outcome.value,
        "points": check.points,
        "reason": finding.reason,
        "params": _clipped(finding.params),
        "message": message(finding, lang)[:MAX_MESSAGE],
        **points.place_of(check),
    }
    if is_conclusive(finding):
        status["earned"] = check.earned
    if finding.causes:
        status["causes"] = [
            {"reason": cause.reason, "params": _clipped(cause.params)}
            for cause in finding.causes[:MAX_CAUSES]
        ]
    if check.hint is not None and finding.outcome is not Outcome.PASSED:
        status["hint"] = check.hint.render(lang)
    return status


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


def _translated(check: Mapping[str, Any], plan: Plan | None, lang: str) -> dict[str, Any]:
    told = {**check, "message": message(finding_of(check), lang)[:MAX_MESSAGE]}
    if plan is not None and "hint" in check:
        hints = {c.name: c.hint for c in plan.exercise.spec.checks}
        hint = hints.get(check["name"])
        if hint is not None:
            told["hint"] = hint.render(lang)
    return told


def _frame(submission: Submission, plan: Plan | None, lang: str) -> dict[str, Any]:
    status: dict[str, Any] = {
        "observedGeneration": submission.generation,
        "attempt": submission.spec.attempt,
        "history": _history(submission),
    }
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


def _clipped(params: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Params as the CRD takes them: a learner's log line may be longer than any status."""
    return {name: value[:MAX_PARAM] for name, value in params[:MAX_PARAMS]}
