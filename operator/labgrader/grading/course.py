"""Who may point at what: the course rules, from the labels of namespaces.

Called by the workers before every grading; admission policies say the same earlier, but only
here is it enforced. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from labgrader.api.names import COURSE_LABEL, DISRUPTION_LABEL, LEARNER_LABEL
from labgrader.api.submission import Submission


@dataclass(frozen=True, slots=True)
class NamespaceSeen:
    """A namespace as far as the rules need it. Only instructors write these labels."""

    name: str
    course: str
    learner: str
    disruption: str = ""
    terminating: bool = False

    @property
    def is_course(self) -> bool:
        """Whether it is the course namespace itself."""
        return self.course == self.name


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a submission is Stalled instead of graded."""

    reason: str
    params: tuple[tuple[str, str], ...]


def course_of(submission: Submission, home: NamespaceSeen) -> str:
    """The course namespace in which the exercise is looked for."""
    return submission.spec.exercise_ref.namespace or home.course


def refusal(
    submission: Submission,
    home: NamespaceSeen | None,
    target: NamespaceSeen | None,
    namespaces: Mapping[str, NamespaceSeen],
) -> Refusal | None:
    """Why this submission may not be graded; None where it may.

    ``home`` is the Submission's own namespace. A Submission in the course namespace may
    target any namespace of its course; one in a learner's namespace grades only that
    namespace, for the learner in its label.
    """
    spec = submission.spec
    if home is None or not home.course:
        return _refuse("NotACourse", namespace=submission.namespace)
    course = course_of(submission, home)
    place = namespaces.get(course)
    if course != home.course or place is None or not place.is_course:
        return _refuse("NotACourse", namespace=course)
    if not home.is_course:
        if spec.target_namespace != home.name:
            return _refuse("TargetNotOwn", target=spec.target_namespace, own=home.name)
        if spec.learner != home.learner:
            return _refuse("LearnerMismatch", learner=spec.learner, label=home.learner)
    if target is None:
        return _refuse("TargetMissing", detail=f"no namespace {spec.target_namespace}")
    if target.terminating:
        return _refuse("TargetTerminating", detail=f"namespace {target.name}")
    if target.course != course:
        return _refuse("TargetNotInCourse", target=target.name, course=course)
    return None


def namespace_seen(body: Mapping[str, object]) -> NamespaceSeen:
    """What the rules need of a Namespace object."""
    metadata = body["metadata"]
    if not isinstance(metadata, Mapping):
        raise TypeError("a Namespace without metadata")
    labels = metadata.get("labels") or {}
    return NamespaceSeen(
        name=metadata["name"],
        course=labels.get(COURSE_LABEL, ""),
        learner=labels.get(LEARNER_LABEL, ""),
        disruption=labels.get(DISRUPTION_LABEL, ""),
        terminating="deletionTimestamp" in metadata,
    )


def _refuse(reason: str, **params: str) -> Refusal:
    return Refusal(reason, tuple(params.items()))
