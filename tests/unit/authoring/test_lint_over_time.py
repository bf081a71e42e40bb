"""What lint says of checks that are watched over a time."""

from pathlib import Path

import pytest

from labgrader.authoring.lint.run import lint
from labgrader.reporting.remarks import Remark

WATCHED = """\
apiVersion: labgrader.dev/v1alpha1
kind: LabExercise
metadata: {name: lab}
spec:
  title: {ko: 웹, en: Web}
  task:
    ko: 디플로이먼트 `web`을 만드세요. 30초 동안 그대로 있어야 하고, 잡 `late`는 없어야 합니다.
    en: Make the Deployment `web`. It must stay for half a minute (30s), without any Job `late`.
  settle: 10s
  timeLimit: 2m
  checks:
  - name: there
    points: 40
    exists: {object: {kind: Deployment, name: web}}
  - name: stays
    points: 30
    needs: [there]
    consistently: {for: 30s}
    exists: {object: {kind: Deployment, name: web}}
  - name: nobody
    points: 30
    needs: [stays]
    never: {for: 30s}
    exists: {object: {kind: Job, name: late}}
"""


def linted(folder: Path, *changes: tuple[str, str]) -> tuple[Remark, ...]:
    text = WATCHED
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = folder / "lab.yaml"
    file.write_text(text, "utf-8")
    return lint([file]).remarks


def test_a_right_one_is_clean(tmp_path: Path) -> None:
    assert linted(tmp_path) == ()


@pytest.mark.parametrize(
    ("changes", "rule", "line", "told"),
    [
        (
            [("    needs: [stays]\n", "")],
            "hollow-check",
            20,
            "check nobody is true of a namespace where nobody has done anything",
        ),
        (
            [("for: 30s", "for: 45s")],
            "not-in-task",
            18,
            "check stays asks for 45s, and the Korean and the English task does not say it",
        ),
        (
            [("for: 30s", "for: 70s"), ("30초", "70초"), ("half a minute (30s)", "70s")],
            "time-limit",
            10,
            (
                "settle, what is watched, and the experiments may take 160 s, and timeLimit is over after "
                "120 s"
            ),
        ),
        (
            [("timeLimit: 2m", "timeLimit: 35s")],
            "invalid-field",
            15,
            "check stays: it may be looked at for 40s, so timeLimit must be longer than that",
        ),
        (
            [
                (
                    "consistently: {for: 30s}",
                    "consistently: {for: 30s}\n    eventually: {within: 30s}",
                )
            ],
            "invalid-field",
            15,
            "check stays: write at most one of eventually, consistently, never, stableAfter",
        ),
        (
            [("consistently: {for: 30s}", "consistently: {within: 30s}")],
            "unknown-field",
            18,
            "consistently.within: unknown field",
        ),
    ],
)
def test_what_is_wrong_is_found_at_its_place(
    tmp_path: Path, changes: list[tuple[str, str]], rule: str, line: int, told: str
) -> None:
    found = linted(tmp_path, *changes)
    assert (rule, line) in [(remark.rule.id, remark.place.line) for remark in found]
    assert any(told in remark.message for remark in found if remark.rule.id == rule)


def test_what_must_never_be_clashes_with_nothing_that_is_absent(tmp_path: Path) -> None:
    gone = "  - {name: gone, needs: [there], required: true, absent: {object: {kind: Job, name: late}}}"
    last = "exists: {object: {kind: Job, name: late}}\n"
    assert linted(tmp_path, (last, f"{last}{gone}\n")) == ()


def test_how_long_the_grader_waits_need_not_be_told(tmp_path: Path) -> None:
    assert linted(tmp_path, ("consistently: {for: 30s}", "eventually: {within: 45s}")) == ()


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("heals: {object: {kind: Deployment, name: web}, fault: DeletePod, within: 30s}", "has its own times"),
        ("asks: {name: why, question: {ko: 왜, en: Why}, pattern: x}", "asks for an answer, which stays"),
    ],
)  # fmt: skip
def test_what_does_not_look_takes_no_time(tmp_path: Path, kind: str, why: str) -> None:
    old = "exists: {object: {kind: Job, name: late}}"
    found = [remark.message for remark in linted(tmp_path, (old, kind))]
    assert any(f"check nobody: never does not go with {kind[:4]}" in told for told in found)
    assert any(why in told for told in found)
