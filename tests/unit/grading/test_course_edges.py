"""What is told to whoever may not point there, and what is read of a namespace."""

import pytest

from labgrader.api.submission import Submission
from labgrader.grading.course import NamespaceSeen, Refusal, course_of, namespace_seen, refusal
from tests.unit.grading.test_course import ALL, KIM, STRAY, submission


@pytest.mark.parametrize(
    ("asked", "reason", "params"),
    [
        (submission("unknown", "kim"), "NotACourse", {"namespace": "unknown"}),
        (submission("stray", "stray"), "NotACourse", {"namespace": "stray"}),
        (submission("kim", "kim", course="other"), "NotACourse", {"namespace": "other"}),
        (submission("fake", "fake"), "NotACourse", {"namespace": "elsewhere"}),
        (submission("kim", "lee"), "TargetNotOwn", {"target": "lee", "own": "kim"}),
        (
            submission("kim", "kim", learner="lee"),
            "LearnerMismatch",
            {"learner": "lee", "label": "kim"},
        ),
        (submission("course", "nowhere"), "TargetMissing", {"detail": "no namespace nowhere"}),
        (submission("course", "dying"), "TargetTerminating", {"detail": "namespace dying"}),
        (
            submission("course", "other"),
            "TargetNotInCourse",
            {"target": "other", "course": "course"},
        ),
    ],
)
def test_a_refusal_says_what_is_wrong(
    asked: Submission, reason: str, params: dict[str, str]
) -> None:
    home, target = ALL.get(asked.namespace), ALL.get(asked.spec.target_namespace)
    assert refusal(asked, home, target, ALL) == Refusal(reason, tuple(params.items()))


def test_a_course_that_is_no_namespace_is_none() -> None:
    lost = {name: one for name, one in ALL.items() if name != "course"}
    told = Refusal("NotACourse", (("namespace", "course"),))
    assert refusal(submission("kim", "kim"), KIM, KIM, lost) == told


def test_an_exercise_is_looked_for_where_the_submission_says() -> None:
    assert course_of(submission("kim", "kim", course="other"), KIM) == "other"
    assert course_of(submission("stray", "kim"), STRAY) == ""


def test_a_namespace_is_read_by_its_labels() -> None:
    labels = {
        "labgrader.dev/course": "c",
        "labgrader.dev/learner": "kim",
        "labgrader.dev/disruption": "allowed",
    }
    body = {"metadata": {"name": "kim", "labels": labels, "deletionTimestamp": "x"}}
    assert namespace_seen(body) == NamespaceSeen("kim", "c", "kim", "allowed", terminating=True)
    for bare in ({"name": "x"}, {"name": "x", "labels": None}, {"name": "x", "labels": {}}):
        assert namespace_seen({"metadata": bare}) == NamespaceSeen("x", "", "")
    with pytest.raises(TypeError, match="a Namespace without metadata"):
        namespace_seen({"metadata": None})
