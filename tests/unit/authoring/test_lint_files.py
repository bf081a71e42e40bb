"""Lint of files and folders: what silences a warning, what is searched, what lies beside."""

from pathlib import Path

import pytest

from labgrader.authoring.lint.run import NoExercise, lint
from tests.unit.authoring.lint_cases import GOOD, changed, linted

UNTOLD = changed(("64Mi로", "조금으로"))


@pytest.mark.parametrize(
    "text",
    [
        UNTOLD.rstrip("\n") + "  # labgrader-lint: ignore=not-in-task it is the riddle\n",
        UNTOLD.replace(
            "        spec: {rep",
            "        # labgrader-lint: ignore=not-in-task it is the riddle\n\n        spec: {rep",
        ),
    ],
    ids=["on the line", "above it"],
)  # fmt: skip
def test_a_warning_is_silenced_with_a_reason(tmp_path: Path, text: str) -> None:
    assert linted(tmp_path, text) == ()


@pytest.mark.parametrize(
    ("comment", "rules"),
    [
        ("ignore=not-in-task", {"ignore-without-reason"}),
        ("ignore=text-missing on purpose", {"useless-ignore", "not-in-task"}),
        ("ignore=nonsense on purpose", {"useless-ignore", "not-in-task"}),
        ("ignore= on purpose", {"useless-ignore", "not-in-task"}),
    ],
)
def test_what_is_wrong_with_an_ignore(tmp_path: Path, comment: str, rules: set[str]) -> None:
    text = UNTOLD.rstrip("\n") + f"  # labgrader-lint: {comment}\n"
    assert {r.rule.id for r in linted(tmp_path, text)} == rules


def test_an_error_is_not_silenced(tmp_path: Path) -> None:
    text = changed(("replicas: 3", "replicas: 010")).rstrip("\n")
    remarks = linted(tmp_path, text + "  # labgrader-lint: ignore=unquoted-value I like it\n")
    assert {"unquoted-value", "useless-ignore"} <= {r.rule.id for r in remarks}


def test_two_exercises_of_one_name(tmp_path: Path) -> None:
    remarks = linted(tmp_path, GOOD + "---\n" + GOOD)
    assert [(r.rule.id, r.place.line) for r in remarks] == [("duplicate-name", 23)]
    assert f"the exercise lab stands in {tmp_path / 'lab.yaml'}:3, too" in remarks[0].message


def test_a_folder_is_searched_for_exercises(tmp_path: Path) -> None:
    for name in ("one", "two"):
        place = tmp_path / name
        (place / "mistakes" / "empty").mkdir(parents=True)
        (place / "exercise.yaml").write_text(GOOD.replace("name: lab", f"name: {name}"), "utf-8")
        (place / "mistakes" / "empty" / "pod.yaml").write_text("kind: Pod\n", "utf-8")
        (place / "mistakes" / "empty" / "expect.yaml").write_text(
            "outcomes: {there: Failed, right: Skipped}\n", "utf-8"
        )
    found = lint([tmp_path, tmp_path / "one" / "exercise.yaml"])
    assert [file.parent.name for file in found.files] == ["one", "two"]
    assert found.remarks == ()


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        ("outcomes: {there: Failed}", "outcomes must name the checks there, right in this order"),
        ("outcomes: {there: Failed, right: Sunk}", "Sunk is no check or no outcome"),
        ("outcomes: {there: Failed, right: []}", "[] is no check or no outcome"),
        ("outcomes: {there: Failed, right: Skipped}\nreasons: {x: Y}", "x is no check"),
        ("- 1", "must be maps"),
        ("", "must be maps"),
        ("outcomes: {\n", "this is no YAML"),
    ],
)
def test_expectations_fit_their_exercise(tmp_path: Path, expected: str, words: str) -> None:
    file = tmp_path / "mistakes" / "m" / "expect.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(expected, "utf-8")
    (tmp_path / "exercise.yaml").write_text(GOOD, "utf-8")
    (remark,) = lint([tmp_path]).remarks
    assert (remark.rule.id, remark.place.path) == ("expectation", str(file))
    assert words in remark.message


def test_nothing_to_lint_is_said(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text("kind: Pod\n", "utf-8")
    for path in (tmp_path, tmp_path / "pod.yaml"):
        with pytest.raises(NoExercise, match="LabExercise"):
            lint([path])


def test_files_of_a_folder_that_are_about_something_else_are_passed_over(tmp_path: Path) -> None:
    others = {
        "ci.yml": "# our LabExercise files are linted\non: push\n",
        "broken.yaml": "{{ a template }} # for a LabExercise\n  - x: [\n",
        "crd.yaml": "kind: CustomResourceDefinition\nspec: {names: {kind: LabExercise}}\n",
        "exercise.yaml": "title: of somebody else\n",
        "list.yaml": "kind: List\nitems: [{kind: Pod, note: 'kind: LabExercise'}]\n",
    }
    for name, text in others.items():
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(NoExercise, match="holds no file with a LabExercise"):
        lint([tmp_path])
    (tmp_path / "lab.yaml").write_text(GOOD, "utf-8")
    found = lint([tmp_path])
    assert (found.files, found.remarks) == ((tmp_path / "lab.yaml",), ())
    with pytest.raises(NoExercise, match=r"ci\.yml holds no LabExercise"):
        lint([tmp_path, tmp_path / "ci.yml"])


def test_an_exercise_that_is_no_yaml_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").write_text("kind: LabExercise\nspec: [\n", "utf-8")
    assert [r.rule.id for r in lint([tmp_path]).remarks] == ["yaml-syntax"]


def test_a_slip_in_the_kind_of_an_exercise_is_told(tmp_path: Path) -> None:
    file = tmp_path / "exercise.yaml"
    file.write_text(GOOD.replace("LabExercise", "LabExcercise"), "utf-8")
    (remark,) = lint([tmp_path]).remarks
    assert (remark.rule.id, remark.place.line) == ("invalid-field", 2)
    assert remark.message == "kind must be LabExercise, not LabExcercise"


@pytest.mark.parametrize("kind", ["List", "LabExerciseList"])
def test_exercises_in_a_list_are_linted(tmp_path: Path, kind: str) -> None:
    lines = UNTOLD.splitlines()
    item = "".join(f"  {line}\n" for line in lines).replace("  ", "- ", 1)
    text = f"apiVersion: v1\nkind: {kind}\nitems:\n- {{kind: Pod}}\n{item}"
    (remark,) = linted(tmp_path, text)
    assert (remark.rule.id, remark.place.line) == ("not-in-task", 4 + len(lines))
