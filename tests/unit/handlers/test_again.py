"""A verdict with other answers: nothing is looked at, and no answer is lost in a race."""

from typing import Any

from labgrader.api.submission import Submission
from labgrader.checks.finding import Finding, Outcome, passed, skipped, unknown
from labgrader.grading.plan import Plan, plan
from labgrader.grading.report import report
from labgrader.handlers.again import as_judged, lacks_a_look, status_again
from labgrader.handlers.due import Due, due
from labgrader.reporting import status as render
from labgrader.reporting.read_back import conclusive_findings
from tests.unit.grading.test_answers import asks
from tests.unit.grading.worlds import exercise, exists

THEN, NOW = "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"
THERE = passed("ObjectThere", kind="ConfigMap", name="x")
WRONG = Finding(Outcome.FAILED, "AnswerWrong", (("question", "a"), ("seen", "no")))
PLAN = plan(exercise(exists("x"), asks("a"), lang="en"))
GATED = plan(exercise(asks("a"), exists("x", needs=["a"]), lang="en"))


def submission(
    status: dict[str, Any] | None = None, *answers: str, generation: int = 4, **spec: Any
) -> Submission:
    versions = {"generation": generation, "resourceVersion": "9"}
    metadata = {"name": "s", "namespace": "kim", "uid": "u"} | versions
    asked = {"exerciseRef": {"name": "lab"}, "learner": "kim", "targetNamespace": "kim"}
    given = [{"name": "a", "value": answer} for answer in answers]
    body = {"metadata": metadata, "spec": asked | {"answers": given} | spec, "status": status or {}}
    return Submission.parse(body)


def graded(on: Plan, **findings: Finding) -> dict[str, Any]:
    whole = report(on, findings)
    return render.graded(whole, submission(None, "no"), started=THEN, now=THEN, outdated=False)


def outcomes(status: dict[str, Any]) -> dict[str, str]:
    return {check["name"]: check["outcome"] for check in status["checks"]}


def test_a_changed_answer_is_judged_and_the_rest_stands() -> None:
    before = graded(PLAN, x=THERE, a=WRONG)
    assert (before["result"], before["score"]) == ("Failed", 10)
    now = status_again(submission(before, "yes", generation=5), PLAN, NOW)
    assert outcomes(now) == {"x": "Passed", "a": "Passed"}
    assert (now["result"], now["score"], now["observedGeneration"]) == ("Passed", 20, 5)
    assert (now["startedAt"], now["finishedAt"]) == (THEN, NOW)
    assert now["history"] == []
    back = status_again(submission(now, "no", generation=6), PLAN, NOW)
    assert back["checks"] == before["checks"]


def test_the_evidence_of_what_stands_stays_with_it() -> None:
    kept = {"state": "Kept", "digest": "sha256:0", "ref": "course/kim/0.lab"}
    before = graded(PLAN, x=THERE, a=WRONG) | {"evidence": kept}
    now = status_again(submission(before, "yes", generation=5), PLAN, NOW)
    assert (now["score"], now["evidence"]) == (20, kept)


def test_an_answer_in_another_language_is_judged_and_told_in_it() -> None:
    now = status_again(submission(graded(PLAN, x=THERE, a=WRONG), "maybe", lang="ko"), PLAN, NOW)
    assert now["checks"][1]["message"] == "질문 a의 답이 맞지 않습니다: maybe."


def test_what_is_inconclusive_stays_so() -> None:
    lost = unknown("ApiUnreachable", transient=True, detail="refused")
    before = graded(PLAN, x=lost, a=WRONG)
    assert before["result"] == "Inconclusive"
    now = status_again(submission(before, "yes"), PLAN, NOW)
    assert (now["result"], now["scoreMin"], now["scoreMax"]) == ("Inconclusive", 10, 20)


def test_what_is_stalled_stays_so() -> None:
    closed = unknown("Forbidden", detail="list pods")
    now = status_again(submission(graded(PLAN, x=closed, a=WRONG), "yes"), PLAN, NOW)
    assert (now["result"], now["scoreMin"]) == ("Stalled", 10)


def test_a_right_answer_may_open_a_check_that_was_skipped() -> None:
    before = graded(GATED, a=WRONG, x=skipped("NeedsFailed", check="a"))
    assert lacks_a_look(submission(before, "yes"), GATED)
    assert not lacks_a_look(submission(before, "still no"), GATED)
    assert not lacks_a_look(submission(graded(PLAN, x=THERE, a=WRONG), "yes"), PLAN)


def test_what_settled_is_kept_for_that_look_and_answers_are_not() -> None:
    before = graded(PLAN, x=THERE, a=WRONG)
    assert list(conclusive_findings(submission(before, "yes"), PLAN)) == ["x"]


def test_another_version_of_the_exercise_does_not_judge_answers() -> None:
    other = plan(exercise(exists("x"), asks("a", word="no"), lang="en"))
    before = graded(PLAN, x=THERE, a=WRONG)
    now = status_again(submission(before, "no", generation=5), other, NOW)
    assert outcomes(now) == {"x": "Passed", "a": "Failed"}
    assert now["observedGeneration"] == 5


def test_answers_that_change_during_a_grading_are_judged_next() -> None:
    judged = submission(None, "no", generation=4)
    now = submission(None, "yes", generation=5)
    written = render.graded(
        report(PLAN, {"x": THERE, "a": WRONG}),
        as_judged(now, judged),
        started=THEN,
        now=NOW,
        outdated=False,
    )
    assert written["observedGeneration"] == 4
    assert {c["observedGeneration"] for c in written["conditions"]} == {4}
    body = {"metadata": {"generation": 5}, "spec": {"attempt": 1}, "status": written}
    assert due(body, again=False) is Due.RENDER


def test_another_language_during_a_grading_needs_no_second_one() -> None:
    judged = submission(None, "no", generation=4)
    now = submission(None, "no", generation=5, lang="ko")
    assert as_judged(now, judged).generation == 5


def test_answers_that_open_a_check_while_others_are_written_are_judged_next() -> None:
    before = graded(GATED, a=WRONG, x=skipped("NeedsFailed", check="a"))
    now = status_again(submission(before, "yes", generation=5), GATED, NOW)
    assert now["observedGeneration"] == 4
    body = {"metadata": {"generation": 5}, "spec": {"attempt": 1}, "status": now}
    assert due(body, again=False) is Due.RENDER
