"""A graded work beside what its folder expects: which differences there are, and how sure."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from labgrader.authoring.exercise_folder import ExerciseFolder, Work
from labgrader.authoring.selftest.comparing import compare, uncovered
from labgrader.checks.finding import Finding, error, failed, passed, skipped, unknown
from labgrader.grading.plan import plan
from labgrader.grading.report import report
from labgrader.reporting.trials import Proof, Trial, Verdict, worst
from tests.unit.grading.worlds import exercise, exists

EXERCISE = exercise(exists("a", 40), exists("b", 60, needs=["a"]))
WELL = passed("ObjectExists", kind="ConfigMap", name="x")
GONE = failed("NotFound", kind="ConfigMap", name="x", namespace="kim")
HALF = failed("NotFound", credit=50_000, kind="ConfigMap", name="x", namespace="kim")
AWAY = unknown("ApiUnreachable", transient=True, detail="timeout")
BROKEN = error("CheckBroken", check="a", why="bug")
BEHIND = skipped("NeedsFailed", check="a")
WAITING = skipped("NeedsOpen", check="a")
SOLUTION = Work("solutions/s", (), {"a": "Passed", "b": "Passed"}, {}, 100, 100)
MISTAKE = Work("mistakes/m", (), {"a": "Passed", "b": "Failed"}, {"b": "NotFound"}, 40, 40)
CURVED = Work("mistakes/c", (), {"a": "Passed", "b": "Failed"}, {}, 40, 99)
START = Work("start", (), {}, {}, 0, 0)


def trial(work: Work, a: Finding, b: Finding) -> Trial:
    return compare(work, report(plan(EXERCISE), {"a": a, "b": b}), "en", 1.0)


@pytest.mark.parametrize(
    ("work", "a", "b", "score"),
    [
        (SOLUTION, WELL, WELL, "100/100"),
        (MISTAKE, WELL, GONE, "40/100"),
        (CURVED, WELL, HALF, "70/100"),
        (START, GONE, BEHIND, "0/100"),
    ],
)
def test_as_expected(work: Work, a: Finding, b: Finding, score: str) -> None:
    found = trial(work, a, b)
    assert (found.verdict, found.differences, found.score) == (Verdict.AS_EXPECTED, (), score)
    assert not any(tried.differs for tried in found.tried)


@pytest.mark.parametrize(
    ("work", "a", "b", "verdict", "told"),
    [
        (SOLUTION, WELL, GONE, Verdict.DIFFERS, ["b is Failed (NotFound), expected Passed: ", "the score is 40, expected 100"]),
        (SOLUTION, GONE, BEHIND, Verdict.DIFFERS, ["a is Failed", "b is Skipped", "the score is 0"]),
        (SOLUTION, AWAY, WAITING, Verdict.OPEN, ["a is Unknown (ApiUnreachable), expected Passed", "b is Skipped (NeedsOpen)", "the score is 0–100, expected 100"]),
        (SOLUTION, GONE, AWAY, Verdict.DIFFERS, ["a is Failed", "b is Unknown", "the score is 0–60"]),
        (SOLUTION, BROKEN, WAITING, Verdict.DIFFERS, ["a is Error (CheckBroken)", "b is", "the score is"]),
        (MISTAKE, WELL, HALF, Verdict.DIFFERS, ["the score is 70, expected 40"]),
        (CURVED, WELL, WELL, Verdict.DIFFERS, ["b is Passed (ObjectExists), expected Failed", "the score is 100, expected 40 to 99"]),
        (START, WELL, GONE, Verdict.DIFFERS, ["a earns 40 points where nobody has done anything", "the score is 40, expected 0"]),
        (START, AWAY, WAITING, Verdict.OPEN, ["the score is 0–100, expected 0"]),
    ],
)  # fmt: skip
def test_what_differs(
    work: Work, a: Finding, b: Finding, verdict: Verdict, told: list[str]
) -> None:
    found = trial(work, a, b)
    assert found.verdict is verdict
    assert len(found.differences) == len(told)
    for sentence, words in zip(found.differences, told, strict=True):
        assert sentence.startswith(words)


def test_a_check_is_covered_where_a_mistake_fails_it(tmp_path: Path) -> None:
    def mistake(name: str, outcomes: Mapping[str, Any]) -> None:
        place = tmp_path / "mistakes" / name
        place.mkdir(parents=True)
        (place / "expect.yaml").write_text(f"outcomes: {dict(outcomes)}\n", "utf-8")
        (place / "x.yaml").write_text("a: b\n", "utf-8")

    folder = ExerciseFolder(tmp_path, EXERCISE)
    assert uncovered(folder) == ("a", "b")
    mistake("one", {"a": "Failed", "b": "Skipped"})
    assert uncovered(folder) == ("b",)
    mistake("two", {"a": "Passed", "b": "Failed"})
    assert uncovered(folder) == ()


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ((), Verdict.AS_EXPECTED),
        ((Verdict.AS_EXPECTED, Verdict.OPEN), Verdict.OPEN),
        ((Verdict.OPEN, Verdict.DIFFERS, Verdict.AS_EXPECTED), Verdict.DIFFERS),
    ],
)
def test_the_worst_decides(verdicts: tuple[Verdict, ...], expected: Verdict) -> None:
    trials = tuple(Trial("w", verdict, (), "", (), 0) for verdict in verdicts)
    assert worst([Proof("lab", (), trials, ())]) is expected
