"""What every exercise's folder must hold before anybody grades anything."""

import pytest

from labgrader.grading.plan import problems
from labgrader.grading.score import max_score
from tools.exercise_folder import ExerciseFolder, folders


@pytest.fixture(params=folders(), ids=lambda folder: folder.exercise.name)
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


def test_exercises_have_names_of_their_own() -> None:
    names = [folder.exercise.name for folder in folders()]
    assert len(names) == len(set(names)) >= 3
