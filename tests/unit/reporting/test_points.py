"""How points that come together are told: in the status, in JSON, and in the table."""

import io
from collections.abc import Mapping
from typing import Any

import pytest
from rich.console import Console

from labgrader.api.submission import Submission
from labgrader.checks.finding import Finding, failed, passed, unknown
from labgrader.grading.plan import Plan, for_learner, plan
from labgrader.grading.report import Report, report
from labgrader.reporting import status as render
from labgrader.reporting.document import document
from labgrader.reporting.messages import text
from labgrader.reporting.read_back import conclusive_findings
from labgrader.reporting.table import print_report
from tests.unit.grading.worlds import exercise, exists

THEN, NOW = "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"
GOOD = passed("ObjectThere", kind="ConfigMap", name="a")
BAD = failed("NotFound", kind="ConfigMap", name="a", namespace="kim")
PARTLY = failed("NotFound", credit=54_321, kind="ConfigMap", name="a", namespace="kim")
OPEN = unknown("Forbidden", detail="no")
GROUPS = [
    {"name": "either", "rule": "any"},
    {"name": "both", "rule": "all", "points": 30},
    {"name": "bonus", "rule": "all", "extra": True},
]


def planned() -> Plan:
    return plan(
        exercise(
            exists("a", 30, group="either"),
            exists("b", 30, group="either"),
            exists("c", 0, group="both"),
            exists("d", 0, group="both"),
            exists("e", 40),
            exists("f", 5, group="bonus"),
            exists("gate", 0, required=True, cap=25),
            groups=GROUPS,
            aboveMax=5,
            lang="en",
        )
    )


def graded(**findings: Finding) -> Report:
    found = dict.fromkeys(("a", "b", "c", "d", "e", "f", "gate"), GOOD) | findings
    return report(planned(), found)


def submission(status: Mapping[str, Any] | None = None, **spec: Any) -> Submission:
    metadata = {"name": "s", "namespace": "course", "uid": "u"}
    written = {"exerciseRef": {"name": "lab"}, "learner": "kim", "targetNamespace": "kim"} | spec
    versions = {"generation": 4, "resourceVersion": "9"}
    return Submission.parse(
        {"metadata": metadata | versions, "spec": written, "status": status or {}}
    )


def status_of(result: Report, **spec: Any) -> dict[str, Any]:
    return render.graded(result, submission(**spec), started=THEN, now=NOW, outdated=False)


def test_each_group_says_what_it_earned_and_how() -> None:
    status = status_of(graded(b=BAD, d=PARTLY))
    assert [(g["name"], g["earned"], g["points"]) for g in status["groups"]] == [
        ("either", 30, 30),
        ("both", 16, 30),
        ("bonus", 5, 5),
    ]
    assert [group["message"] for group in status["groups"]] == [
        "Counted: the best 1 of the group's 2 checks.",
        (
            "The group earns its points as a whole, by its best 2 of 2 checks: the least fulfilled of "
            "those decides."
        ),
        "Counted: 1 check of the group, all of them.",
    ]
    assert (status["score"], status["maxScore"]) == (91, 100)


def test_each_group_is_told_in_korean() -> None:
    status = status_of(graded(), lang="ko")
    assert [group["message"] for group in status["groups"]] == [
        "그룹의 점검 2개 중 점수가 높은 1개를 반영합니다.",
        "그룹의 점수는 점검 2개 중 가장 잘된 2개로 한꺼번에 정해지며, 그중 가장 부족한 점검을 따릅니다.",
        "그룹의 모든 점검(1개)을 점수에 반영합니다.",
    ]


def test_a_check_says_how_it_counts() -> None:
    checks = {check["name"]: check for check in status_of(graded(d=PARTLY))["checks"]}
    assert {key: checks["d"][key] for key in ("group", "percent")} == {
        "group": "both",
        "percent": "54.321",
    }
    assert (checks["f"]["extra"], checks["f"]["group"]) == (True, "bonus")
    assert checks["gate"]["cap"] == 25
    assert not {"group", "percent", "extra", "cap"} & set(checks["e"])


def test_a_check_that_is_fulfilled_in_part_tells_its_points() -> None:
    said = {}
    for lang in ("en", "ko"):
        checks = status_of(graded(e=PARTLY, d=PARTLY), lang=lang)["checks"]
        said[lang] = {check["name"]: check["message"] for check in checks}
    assert "This check earns 21 of 40 points." in said["en"]["e"]
    assert "이 점검에서 40점 중 21점을 받습니다." in said["ko"]["e"]
    assert "This check earns 54.321 % of its points." in said["en"]["d"], "the group has them"
    assert "earns" not in said["en"]["a"]


def test_extra_credit_lifts_the_score_above_the_maximum_where_it_may() -> None:
    assert status_of(graded())["score"] == 105
    assert status_of(graded(f=BAD))["score"] == 100


@pytest.mark.parametrize(
    ("lang", "summary"),
    [
        (
            "en",
            "6 of 7 checks passed. The score is held at 25 until the required check gate passes.",
        ),
        (
            "ko",
            "점검 7개 중 6개 통과. 필수 점검 gate가 통과할 때까지 점수는 25점을 넘지 않습니다.",
        ),
    ],
)
def test_a_score_that_is_held_says_by_what(lang: str, summary: str) -> None:
    status = status_of(graded(gate=BAD), lang=lang)
    assert (status["score"], status["cappedAt"], status["result"]) == (25, 25, "Failed")
    assert status["summary"] == summary


def test_a_score_that_nothing_holds_says_nothing() -> None:
    status = status_of(graded())
    assert "cappedAt" not in status
    assert status["summary"] == "7 of 7 checks passed"


def test_told_in_another_language_and_back_is_the_same() -> None:
    first = status_of(graded(gate=BAD, d=PARTLY, e=PARTLY))
    korean = render.rendered_again(submission(first, lang="ko"), planned(), NOW)
    assert korean["groups"][0]["message"] != first["groups"][0]["message"]
    assert not korean["summary"].isascii()
    back = render.rendered_again(submission(korean, lang="en"), planned(), NOW)
    assert (back["groups"], back["summary"], back["checks"]) == (
        first["groups"],
        first["summary"],
        first["checks"],
    )


def test_an_open_required_check_does_not_hold_the_score_in_any_language() -> None:
    gates = [exists(name, 0, required=True, cap=5) for name in ("another", "gate")]
    both = plan(exercise(exists("work", 10), *gates, lang="en"))
    result = report(both, {"work": GOOD, "another": OPEN, "gate": BAD})
    first = status_of(result)
    assert first["summary"].endswith("held at 5 until the required check gate passes.")
    again = render.rendered_again(submission(first, lang="en"), both, NOW)
    assert again["summary"].endswith("held at 5 until the required check gate passes.")


def test_an_open_group_has_earned_nothing_yet() -> None:
    status = status_of(graded(c=OPEN))
    assert "earned" not in status["groups"][1]
    assert (status["scoreMin"], status["scoreMax"], status["result"]) == (75, 105, "Stalled")


def test_an_alternative_that_stays_open_is_told_and_holds_up_nothing() -> None:
    status = status_of(graded(b=OPEN))
    assert (status["score"], status["result"]) == (105, "Passed")
    assert status["summary"] == "6 of 7 checks passed, 1 could not be decided"
    assert "earned" not in status["checks"][1]


def test_a_share_is_kept_exactly_for_another_try() -> None:
    first = status_of(graded(d=PARTLY, c=OPEN, gate=BAD))
    kept = conclusive_findings(submission(first | {"attempt": 1}), planned())
    assert (kept["d"].credit, kept["a"].credit, kept["gate"].credit) == (54_321, 100_000, 0)


def test_the_json_report_has_groups_the_cap_and_the_learners_parameters() -> None:
    told = document(graded(gate=BAD), "kim", "en")
    assert [group["name"] for group in told["groups"]] == ["either", "both", "bonus"]
    assert (told["score"], told["cappedAt"], told["maxScore"]) == (25, 25, 100)
    assert "parameters" not in told
    parameters = [{"name": "app", "oneOf": ["maple", "cedar"]}]
    own = plan(exercise(exists("a"), parameters=parameters, task={"en": "${app}"}))
    result = report(for_learner(own, "kim"), {"a": GOOD})
    told = document(result, "kim", "en")
    assert told["parameters"] == {"app": result.plan.exercise.values["app"]}
    assert told["exerciseHash"] == own.hash
    assert not {"groups", "cappedAt"} & set(told)


def test_the_task_in_the_status_has_the_learners_own_values() -> None:
    parameters = [{"name": "port", "between": {"min": 8000, "max": 8999}}]
    task = {"en": "Use port ${port}.", "ko": "포트 ${port}번을 쓰세요."}
    own = for_learner(plan(exercise(exists("a"), parameters=parameters, task=task)), "kim")
    status = render.grading(submission(lang="ko"), own, NOW)
    assert f"포트 {own.exercise.values['port']}번을 쓰세요." in status["task"]
    assert "$" not in status["task"]


def table(result: Report, lang: str) -> list[str]:
    console = Console(file=io.StringIO(), width=150)
    print_report(result, lang, console)
    assert isinstance(console.file, io.StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]


def test_the_table_shows_groups_extra_credit_and_what_holds_the_score() -> None:
    lines = table(graded(gate=BAD, b=OPEN), "en")
    assert "f Passed +5/5 ConfigMap a is there." in lines
    assert "group either 30/30 Counted: the best 1 of the group's 2 checks." in lines
    assert "group bonus +5/5 Counted: 1 check of the group, all of them." in lines
    assert "25 of 100 points: not passed" in lines
    assert "The score is held at 25 until the required check gate passes." in lines
    gate = next(line for line in lines if line.startswith("gate "))
    assert gate.startswith("gate Failed 0/0")
    assert "Required: the score stays at 25 or below until this passes." in " ".join(lines)


def test_the_table_shows_groups_in_korean() -> None:
    lines = table(graded(gate=BAD), "ko")
    assert "그룹 either 30/30 그룹의 점검 2개 중 점수가 높은 1개를 반영합니다." in lines
    assert "필수 점검 gate가 통과할 때까지 점수는 25점을 넘지 않습니다." in lines
    assert "필수 점검입니다. 통과할 때까지 점수는 25점을 넘지 않습니다." in " ".join(lines)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "en",
            "Not tried, because 50 % of check a must be fulfilled first, and 25 % is.",
        ),
        (
            "ko",
            "먼저 점검 a를 50% 이상 만족해야 하지만 25%를 만족하여 진행하지 않았습니다.",
        ),
    ],
)
def test_a_share_that_is_missing_is_told(lang: str, told: str) -> None:
    assert text("NeedsMore", {"check": "a", "percent": "50", "seen": "25"}, lang) == told
