"""The status of a submission, as it is written."""

from typing import Any

import pytest

from labgrader.api.status import MAX_HISTORY, MAX_MESSAGE, MAX_PARAM
from labgrader.api.submission import Submission
from labgrader.checks.finding import Finding, cause, failed, passed, skipped, unknown
from labgrader.grading.plan import Plan, plan
from labgrader.grading.report import report
from labgrader.reporting import status as render
from labgrader.reporting.read_back import conclusive_findings, is_stalled_by
from tests.unit.grading.worlds import exercise, exists

THEN, NOW = "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"


def submission(status: dict[str, Any] | None = None, **spec: Any) -> Submission:
    metadata = {"name": "s", "namespace": "course", "uid": "u"}
    written = {"exerciseRef": {"name": "lab"}, "learner": "kim", "targetNamespace": "kim"} | spec
    versions = {"generation": 4, "resourceVersion": "9"}
    return Submission.parse(
        {"metadata": metadata | versions, "spec": written, "status": status or {}}
    )


def planned() -> Plan:
    hint = {"hint": {"ko": "도움", "en": "help"}}
    return plan(exercise(exists("a", 60, **hint), exists("b", 40, needs=["a"]), lang="en"))


def graded(
    a: Finding, b: Finding, asked: Submission | None = None, *, outdated: bool = False
) -> dict[str, Any]:
    result = report(planned(), {"a": a, "b": b})
    return render.graded(result, asked or submission(), started=THEN, now=NOW, outdated=outdated)


def conditions(status: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {c["type"]: (c["status"], c["reason"]) for c in status["conditions"]}


GOOD = passed("ObjectThere", kind="ConfigMap", name="a")
BAD = failed("NotFound", kind="ConfigMap", name="a", namespace="kim")


def test_everything_passed() -> None:
    status = graded(GOOD, GOOD)
    assert (status["result"], status["score"], status["maxScore"]) == ("Passed", 100, 100)
    assert conditions(status) == {"Ready": ("True", "Graded"), "Passed": ("True", "EnoughPoints")}
    assert status["summary"] == "2 of 2 checks passed"
    assert {c["observedGeneration"] for c in status["conditions"]} == {4}
    assert "hint" not in status["checks"][0]
    assert (status["startedAt"], status["finishedAt"]) == (THEN, NOW)


def test_failed_is_ready_and_tells_why_with_the_hint() -> None:
    status = graded(BAD, skipped("NeedsFailed", check="a"))
    assert (status["result"], status["score"]) == ("Failed", 0)
    assert conditions(status)["Ready"] == ("True", "Graded")
    assert conditions(status)["Passed"] == ("False", "TooFewPoints")
    assert status["checks"][0]["hint"] == "help"
    assert status["checks"][0]["earned"] == 0


def test_an_open_check_makes_the_score_a_range_and_never_a_number() -> None:
    status = graded(GOOD, unknown("ApiUnreachable", transient=True, detail="refused"))
    assert "score" not in status
    assert "finishedAt" not in status
    assert (status["scoreMin"], status["scoreMax"], status["result"]) == (60, 100, "Inconclusive")
    assert "earned" not in status["checks"][1]
    assert conditions(status)["Reconciling"] == ("True", "Inconclusive")


def test_permanent_trouble_stalls_with_its_reason() -> None:
    status = graded(GOOD, unknown("DisruptionNotAllowed", detail="kim"))
    assert status["result"] == "Stalled"
    assert conditions(status)["Stalled"] == ("True", "DisruptionNotAllowed")
    assert conditions(status)["Ready"] == ("False", "DisruptionNotAllowed")


def test_an_exercise_edited_meanwhile_is_said() -> None:
    status = graded(GOOD, GOOD, outdated=True)
    assert conditions(status)["Ready"] == ("True", "Outdated")


def test_the_language_is_the_submissions_then_the_exercises() -> None:
    korean = graded(BAD, GOOD, submission(lang="ko"))
    assert "도움" in korean["checks"][0]["hint"]
    assert not korean["checks"][0]["message"].isascii()
    assert graded(BAD, GOOD)["checks"][0]["message"].isascii()


def test_told_again_in_another_language_and_back_is_the_same() -> None:
    because = BAD.because(cause("ImagePullBackOff", image="web:9", pod="web-1", why="not found"))
    first = graded(because, GOOD)
    korean = render.rendered_again(submission(first, lang="ko"), planned(), NOW)
    assert korean["checks"][0]["message"] != first["checks"][0]["message"]
    back = render.rendered_again(submission(korean, lang="en"), planned(), NOW)
    assert back["checks"] == first["checks"]
    assert back["summary"] == first["summary"]


def test_a_new_attempt_puts_the_old_score_into_the_history() -> None:
    before = graded(BAD, GOOD) | {"attempt": 1}
    status = graded(GOOD, GOOD, submission(before, attempt=2))
    past = status["history"]
    assert [(p["attempt"], p["score"], p["finishedAt"]) for p in past] == [(1, 40, NOW)]
    assert past[0]["exerciseHash"] == planned().hash


def test_a_score_goes_into_the_history_with_its_evidence() -> None:
    evidence = {"state": "Kept", "digest": "sha256:1", "ref": "r"}
    result = report(planned(), {"a": BAD, "b": GOOD})
    before = render.graded(
        result, submission(), started=THEN, now=NOW, outdated=False, evidence=evidence
    )
    assert before["evidence"] == evidence
    status = graded(GOOD, GOOD, submission(before, attempt=2))
    assert status["history"][0]["evidence"] == evidence
    assert "evidence" not in status, "the new attempt has its own, or none"


def test_the_history_does_not_grow_without_end() -> None:
    long = [{"attempt": 1, "score": 0}] * MAX_HISTORY
    before = graded(BAD, GOOD) | {"attempt": 1, "history": long}
    assert len(graded(GOOD, GOOD, submission(before, attempt=2))["history"]) == MAX_HISTORY


def test_a_condition_keeps_its_time_while_its_status_stays() -> None:
    before = graded(GOOD, GOOD)
    for condition in before["conditions"]:
        condition["lastTransitionTime"] = THEN
    again = graded(BAD, GOOD, submission(before))
    times = {c["type"]: c["lastTransitionTime"] for c in again["conditions"]}
    assert times == {"Ready": THEN, "Passed": NOW}


def test_a_learners_endless_line_does_not_make_the_status_unwritable() -> None:
    endless = BAD.because(cause("CrashLoopBackOff", line="x" * 100_000, container="web"))
    check = graded(endless, GOOD)["checks"][0]
    assert len(check["message"]) <= MAX_MESSAGE
    assert max(len(v) for v in check["causes"][0]["params"].values()) <= MAX_PARAM


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_stalled_submission_says_what_to_do(lang: str) -> None:
    asked = submission(lang=lang)
    status = render.stalled(asked, "ExerciseNotFound", {"name": "lab", "course": "c"}, NOW)
    assert status["result"] == "Stalled"
    assert "score" not in status
    assert "lab" in status["summary"]
    assert conditions(status)["Stalled"] == ("True", "ExerciseNotFound")


def test_what_was_settled_is_kept_with_its_points_for_another_try() -> None:
    partly = failed("RecoveredLate", credit=41_000, took="3")
    first = graded(partly, unknown("ProbeNotStarted", transient=True, detail="x"))
    kept = conclusive_findings(submission(first | {"attempt": 1}), planned())
    assert list(kept) == ["a"]
    again = report(planned(), kept | {"b": GOOD})
    assert again.checks[0].earned == first["checks"][0]["earned"] == 24


@pytest.mark.parametrize("other", [{"attempt": 2}, {"exercise": {"hash": "another"}}])
def test_another_attempt_or_exercise_keeps_nothing(other: dict[str, Any]) -> None:
    first = graded(GOOD, unknown("ProbeNotStarted", transient=True, detail="x"))
    assert conclusive_findings(submission(first | other), planned()) == {}


def test_a_stalled_grading_keeps_its_cause_in_another_language() -> None:
    first = graded(GOOD, unknown("DisruptionNotAllowed", detail="kim"))
    korean = render.rendered_again(submission(first, lang="ko"), planned(), NOW)
    told = {c["type"]: c["message"] for c in korean["conditions"]}
    assert told["Stalled"] == korean["checks"][1]["message"]
    assert not told["Stalled"].isascii()


def test_a_refusal_that_stands_is_not_written_again() -> None:
    stalled = render.stalled(submission(), "ExerciseNotFound", {"name": "l", "course": "c"}, NOW)
    body = {"metadata": {"generation": 4}, "status": stalled}
    assert is_stalled_by(body, "ExerciseNotFound")
    assert not is_stalled_by(body, "TargetMissing")
    assert not is_stalled_by({"metadata": {"generation": 5}, "status": stalled}, "ExerciseNotFound")
