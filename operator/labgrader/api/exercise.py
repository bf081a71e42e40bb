"""The LabExercise kind: what is asked, and the checks that grade it.

Written by instructors; parsed by the operator and the command line. What the API server
can refuse is refused by rules that ``api.schema`` puts into the CRD; what it cannot see
is found by ``grading.plan``.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from labgrader.api import kinds
from labgrader.api.base import (
    Duration,
    LabelName,
    Model,
    ObjectName,
    PositiveDuration,
    Share,
    Text,
)

CHECK_KINDS = (
    "exists",
    "absent",
    "matches",
    "ready",
    "routes",
    "answers",
    "heals",
    "scales",
    "allows",
    "rejects",
    "asks",
)
"""Every check kind, in the order of the documentation."""

Lang = Literal["ko", "en"]


class Check(Model):
    """One requirement, with points. Exactly one kind key says what is required."""

    name: LabelName
    """The check's name, unique in the exercise."""
    points: Annotated[int, Field(ge=0, le=1000)] = 0
    """What it is worth."""
    needs: Annotated[tuple[LabelName, ...], Field(max_length=10)] = ()
    """Earlier checks that must pass first; otherwise this one is Skipped."""
    hint: Text | None = None
    """Help for the learner, shown while the check does not pass."""
    exists: kinds.Exists | None = None
    """The object is there."""
    absent: kinds.Absent | None = None
    """The object is not there."""
    matches: kinds.Matches | None = None
    """The object has the expected fields."""
    ready: kinds.Ready | None = None
    """The workload is rolled out and Ready."""
    routes: kinds.Routes | None = None
    """The Service sends its traffic to the workload's pods."""
    answers: kinds.Answers | None = None
    """The Service answers HTTP requests."""
    heals: kinds.Heals | None = None
    """The workload recovers from a fault."""
    scales: kinds.Scales | None = None
    """The autoscaler adds replicas under load."""
    allows: kinds.Allows | None = None
    """The subject may do this, and may not do that."""
    rejects: kinds.Rejects | None = None
    """The API server refuses the manifest."""
    asks: kinds.Asks | None = None
    """The learner answers the question rightly."""

    @model_validator(mode="after")
    def _one_kind(self) -> "Check":
        chosen = [kind for kind in CHECK_KINDS if getattr(self, kind) is not None]
        if len(chosen) != 1:
            seen = ", ".join(chosen) or "none"
            raise ValueError(f"check {self.name}: set exactly one check kind, not {seen}")
        return self

    @property
    def kind(self) -> str:
        """The name of the one kind that is set."""
        return next(kind for kind in CHECK_KINDS if getattr(self, kind) is not None)

    @property
    def params(self) -> Any:
        """The params model of that kind."""
        return getattr(self, self.kind)


class ExerciseSpec(Model):
    """What the instructor asks for."""

    title: Text
    """The exercise's title."""
    task: Text
    """What the learner has to do, in markdown."""
    lang: Lang = "ko"
    """The language of messages where a Submission names none: ko or en."""
    pass_percent: Share = Field(default="60")  # type: ignore[assignment]  # written as outside
    """The share of the points that passes, as text: "60"."""
    settle: Duration = Field(default="30s")  # type: ignore[assignment]  # written as outside
    """How long failing checks are looked at again before they count as failed."""
    time_limit: PositiveDuration = Field(default="10m")  # type: ignore[assignment]  # written as outside
    """How long the whole grading may take."""
    checks: Annotated[tuple[Check, ...], Field(min_length=1, max_length=100)]
    """The requirements, in the order in which they are shown."""

    @model_validator(mode="after")
    def _needs_name_earlier_checks(self) -> "ExerciseSpec":
        earlier: set[str] = set()
        for check in self.checks:
            if check.name in earlier:
                raise ValueError(f"check {check.name}: another check has this name")
            unknown = [need for need in check.needs if need not in earlier]
            if unknown:
                raise ValueError(
                    f"check {check.name}: needs {unknown[0]}, which is no earlier check"
                )
            if len(set(check.needs)) < len(check.needs):
                raise ValueError(f"check {check.name}: needs names a check twice")
            earlier.add(check.name)
        return self


class LabExercise(Model):
    """An exercise as parsed from the cluster or a file."""

    name: ObjectName
    namespace: LabelName
    uid: str = ""
    generation: int = 0
    spec: ExerciseSpec

    @classmethod
    def parse(cls, body: Mapping[str, Any], *, strict: bool = False) -> "LabExercise":
        """The exercise in a Kubernetes object.

        ``strict`` refuses unknown fields; the cluster's copy has been pruned already, a
        file has not. Raises pydantic.ValidationError.
        """
        metadata = body.get("metadata") or {}
        spec = ExerciseSpec.model_validate(
            body.get("spec") or {}, extra="forbid" if strict else "ignore", by_name=False
        )
        return cls(
            name=metadata.get("name", ""),
            namespace=metadata.get("namespace") or "default",
            uid=metadata.get("uid", ""),
            generation=metadata.get("generation", 0),
            spec=spec,
        )
