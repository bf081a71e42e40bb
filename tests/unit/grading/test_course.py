"""Who may point at what."""

from typing import Any

import pytest

from labgrader.api.submission import Submission
from labgrader.grading.course import NamespaceSeen, course_of, refusal

COURSE = NamespaceSeen("course", course="course", learner="")
OTHER = NamespaceSeen("other", course="other", learner="")
KIM = NamespaceSeen("kim", course="course", learner="kim")
LEE = NamespaceSeen("lee", course="course", learner="lee")
STRAY = NamespaceSeen("stray", course="", learner="")
FALSE_COURSE = NamespaceSeen("fake", course="elsewhere", learner="")
DYING = NamespaceSeen("dying", course="course", learner="kim", terminating=True)
ALL = {n.name: n for n in (COURSE, OTHER, KIM, LEE, STRAY, FALSE_COURSE, DYING)}


def submission(home: str, target: str, learner: str = "kim", course: str = "") -> Submission:
    reference: dict[str, Any] = {"name": "lab"} | ({"namespace": course} if course else {})
    spec = {"exerciseRef": reference, "learner": learner, "targetNamespace": target}
    metadata = {
        "name": "s",
        "namespace": home,
        "uid": "u",
        "generation": 1,
        "resourceVersion": "1",
    }
    return Submission.parse({"metadata": metadata, "spec": spec})


def refused(asked: Submission) -> str | None:
    home, target = ALL.get(asked.namespace), ALL.get(asked.spec.target_namespace)
    no = refusal(asked, home, target, ALL)
    return no.reason if no else None


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (submission("course", "kim"), None),
        (submission("course", "lee", "lee"), None),
        (submission("kim", "kim"), None),
        (submission("kim", "kim", course="course"), None),
        (submission("kim", "lee"), "TargetNotOwn"),
        (submission("kim", "kim", learner="lee"), "LearnerMismatch"),
        (submission("kim", "kim", course="other"), "NotACourse"),
        (submission("kim", "kim", course="kim"), "NotACourse"),
        (submission("stray", "stray"), "NotACourse"),
        (submission("fake", "fake"), "NotACourse"),
        (submission("course", "other"), "TargetNotInCourse"),
        (submission("course", "stray"), "TargetNotInCourse"),
        (submission("course", "nowhere"), "TargetMissing"),
        (submission("course", "dying"), "TargetTerminating"),
        (submission("unknown", "kim"), "NotACourse"),
    ],
)
def test_refusal(asked: Submission, reason: str | None) -> None:
    assert refused(asked) == reason


def test_the_exercise_is_looked_for_in_the_learners_course() -> None:
    assert course_of(submission("kim", "kim"), KIM) == "course"
