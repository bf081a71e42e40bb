"""What every exercise's folder must hold before anybody grades anything."""

from pathlib import Path

import pytest

from labgrader.authoring.exercise_folder import ExerciseFolder, Work
from labgrader.grading.plan import problems
from labgrader.grading.score import max_score
from tools.shipped import shipped


@pytest.fixture(params=shipped(), ids=lambda folder: folder.exercise.name)
def folder(request: pytest.FixtureRequest) -> ExerciseFolder:
    found: ExerciseFolder = request.param
    return found


def test_the_exercise_can_grade(folder: ExerciseFolder) -> None:
    assert problems(folder.exercise) == ()
    assert max_score(folder.exercise.spec) == 100


def test_there_are_two_answers_and_three_mistakes(folder: ExerciseFolder) -> None:
    assert len(folder.solutions) >= 2
    assert len(folder.mistakes) >= 3
    assert all(solution.least >= 100 for solution in folder.solutions)
    assert all(mistake.most < 100 for mistake in folder.mistakes)


def test_learners_read_it_in_korean_and_in_english(folder: ExerciseFolder) -> None:
    texts = [folder.exercise.spec.title, folder.exercise.spec.task]
    texts += [check.hint for check in folder.checks if check.hint]
    assert all(text.ko and text.en for text in texts)


def test_learners_bring_no_namespace_of_their_own(folder: ExerciseFolder) -> None:
    works = (*folder.solutions, *folder.mistakes)
    assert not [
        body for work in works for body in work.objects() if "namespace" in body["metadata"]
    ]


def test_answers_are_texts_to_questions_that_are_asked(folder: ExerciseFolder) -> None:
    asked = {check.params.name for check in folder.checks if check.kind == "asks"}
    for work in (*folder.solutions, *folder.mistakes):
        assert all(isinstance(answer["value"], str) for answer in work.given), work.name
        assert {answer["name"] for answer in work.given} <= asked, work.name
    assert all({a["name"] for a in work.given} == asked for work in folder.solutions)


def test_exercises_have_names_of_their_own() -> None:
    names = [folder.exercise.name for folder in shipped()]
    assert len(names) == len(set(names)) >= 3


def test_numbered_manifests_are_steps_in_their_order(tmp_path: Path) -> None:
    for name in ("2-update.yaml", "10-again.yaml", "1-b.yaml", "1-a.yaml", "service.yaml"):
        (tmp_path / name).write_text(f"name: {name}\n---\n", "utf-8")
    work = Work("solutions/x", tuple(tmp_path.iterdir()), {}, {}, 0, 0)
    steps = [[body["name"] for body in step] for step in work.steps()]
    assert steps == [
        ["service.yaml"],
        ["1-a.yaml", "1-b.yaml"],
        ["2-update.yaml"],
        ["10-again.yaml"],
    ]
    assert [body["name"] for body in work.objects()] == [name for step in steps for name in step]


def test_manifests_without_numbers_are_one_step(folder: ExerciseFolder) -> None:
    for work in (*folder.solutions, *folder.mistakes):
        if not any(file.name[0].isdigit() for file in work.manifests):
            assert len(list(work.steps())) == bool(work.manifests)
    assert list(folder.start.steps()) == []
