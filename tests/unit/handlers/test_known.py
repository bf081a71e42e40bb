"""What the watches told, and how it survives lists that are older than they are."""

from typing import Any

from labgrader.handlers.known import Known
from labgrader.handlers.queue import Key
from tests.unit.grading.worlds import exists


def exercise(uid: str, generation: int, points: int = 1) -> dict[str, Any]:
    metadata = {"name": "lab", "namespace": "course", "uid": uid, "generation": generation}
    text = {"en": "t"}
    spec = {"title": text, "task": text, "checks": [exists("a", points)]}
    return {"metadata": metadata, "spec": spec}


def test_a_list_that_is_older_than_the_watch_changes_nothing() -> None:
    known = Known()
    assert known.see_exercise(exercise("u", 2, points=20))
    assert not known.see_exercise(exercise("u", 1, points=10))
    plan = known.exercises["course", "lab"].plan
    assert plan is not None
    assert plan.max_score == 20


def test_an_exercise_made_anew_replaces_the_old_one_and_outlives_its_end() -> None:
    known = Known()
    known.see_exercise(exercise("old", 5))
    assert known.see_exercise(exercise("new", 1))
    known.forget_exercise("course", "lab", "old")
    assert known.exercises["course", "lab"].uid == "new"


def test_an_exercise_that_cannot_be_read_says_why() -> None:
    known = Known()
    body = exercise("u", 1)
    del body["spec"]["title"]
    known.see_exercise(body)
    seen = known.exercises["course", "lab"]
    assert seen.plan is None
    assert [(p.reason, p.text) for p in seen.problems] == [("Invalid", "title: Field required")]


def test_the_points_of_an_exercise_with_problems_are_known_too() -> None:
    known = Known()
    body = exercise("u", 1, points=20)
    body["spec"]["groups"] = [{"name": "empty", "rule": "all"}]
    body["spec"]["checks"] += [exists("b", 7, extra=True)]
    known.see_exercise(body)
    seen = known.exercises["course", "lab"]
    assert (seen.plan, seen.max_score) == (None, 20)


def test_held_submissions_are_known_by_what_they_wait_for() -> None:
    known = Known()
    body = {
        "metadata": {"namespace": "course", "name": "s"},
        "spec": {"targetNamespace": "kim", "exerciseRef": {"name": "lab"}},
        "status": {"result": "Stalled"},
    }
    key = known.see_submission(body)
    assert (known.held[key].target, known.held[key].exercise) == ("kim", "lab")
    known.see_submission(body | {"status": {"result": "Passed"}})
    assert Key("course", "s") not in known.held
