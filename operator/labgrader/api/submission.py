"""The Submission kind: one learner's attempt at an exercise, and its score.

Written by instructors and learners (spec) and by the operator (status).
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from labgrader.api.base import LabelName, Model, PlainName
from labgrader.api.exercise import Lang


class ExerciseRef(Model):
    """Which exercise."""

    name: PlainName
    """The exercise's name."""
    namespace: LabelName | None = None
    """Its course namespace; the course of the Submission's own namespace where left out."""


MAX_ANSWER = 1024


class GivenAnswer(Model):
    """The learner's answer to one question."""

    name: LabelName
    """The question's name, as in status.task."""
    value: Annotated[str, Field(max_length=MAX_ANSWER)]
    """The answer, as text in quotes. Several choices are divided by commas."""


class SubmissionSpec(Model):
    """What is to be graded. Only attempt, answers and lang may change."""

    exercise_ref: ExerciseRef
    """The exercise."""
    learner: LabelName
    """Who worked."""
    target_namespace: LabelName
    """The namespace where the learner worked."""
    attempt: Annotated[int, Field(ge=0, le=1_000_000)] = 1
    """Raise it to be graded anew; it only grows. With 0 nothing is handed in yet: the task is
    shown, and while the exercise's mode is Continuous, how far the work is."""
    answers: Annotated[tuple[GivenAnswer, ...], Field(max_length=100)] = ()
    """The answers to the exercise's questions. Changed ones are judged at once, and nothing else
    is looked at again."""
    lang: Lang | None = None
    """The language of the messages: ko or en; the exercise's where left out."""

    @property
    def given(self) -> Mapping[str, str]:
        """The answers by question."""
        return {answer.name: answer.value for answer in self.answers}


class Submission(Model):
    """A submission as parsed from the cluster."""

    name: PlainName
    namespace: LabelName
    uid: str
    generation: int
    resource_version: str
    spec: SubmissionSpec
    status: Mapping[str, Any]

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> "Submission":
        """The submission in a Kubernetes object. Raises pydantic.ValidationError."""
        metadata = body["metadata"]
        return cls(
            name=metadata["name"],
            namespace=metadata["namespace"],
            uid=metadata["uid"],
            generation=metadata["generation"],
            resource_version=metadata["resourceVersion"],
            spec=SubmissionSpec.model_validate(body.get("spec") or {}),
            status=body.get("status") or {},
        )
