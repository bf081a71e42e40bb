"""The LabExercise kind: what is asked, and the checks that grade it.

Written by instructors; parsed by the operator and the command line. What the API server
can refuse is refused by rules that ``api.schema`` puts into the CRD; what it cannot see
is found by ``grading.plan``.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic.alias_generators import to_snake

from labgrader.api import kinds
from labgrader.api.base import (
    Duration,
    LabelName,
    Model,
    PlainName,
    PositiveDuration,
    Share,
    Text,
)
from labgrader.api.given import MOST_GIVEN, GivenObject
from labgrader.api.parameters import Parameter, Values, of_learner
from labgrader.api.personal import filled_in, values_of
from labgrader.api.points import Group, NeedAtLeast

CHECK_KINDS = (
    "exists",
    "absent",
    "matches",
    "satisfies",
    "ready",
    "routes",
    "answers",
    "heals",
    "scales",
    "conditions",
    "rolledOut",
    "logs",
    "emitted",
    "configures",
    "claims",
    "allows",
    "rejects",
    "asks",
    "unchanged",
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
    needs_at_least: Annotated[tuple[NeedAtLeast, ...], Field(max_length=5)] = ()
    """Earlier checks of which a share must be fulfilled first; otherwise this one is Skipped."""
    group: LabelName | None = None
    """The group in which it counts, one of spec.groups."""
    required: bool = False
    """While it does not pass, the score is held at the cap."""
    cap: Annotated[int, Field(ge=0, le=100_000)] | None = None
    """The highest score without this required check; one point short of passing where left out."""
    extra: bool = False
    """Its points are extra credit: they come on top of what the other checks are worth."""
    hint: Text | None = None
    """Help for the learner, shown while the check does not pass."""
    exists: kinds.Exists | None = None
    """The object is there."""
    absent: kinds.Absent | None = None
    """The object is not there."""
    matches: kinds.Matches | None = None
    """The object has the expected fields."""
    satisfies: kinds.Satisfies | None = None
    """The selected objects satisfy a CEL expression."""
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
    conditions: kinds.Conditions | None = None
    """The object's controller says what is expected."""
    rolled_out: kinds.RolledOut | None = None
    """The workload was updated as asked, and the rollout is finished."""
    logs: kinds.Logs | None = None
    """The containers' logs have the expected lines."""
    emitted: kinds.Emitted | None = None
    """There are the expected Events about the object."""
    configures: kinds.Configures | None = None
    """The workload's containers have probes, limits, images and security as good practice wants."""
    claims: kinds.Claims | None = None
    """The volume claim is bound and used."""
    allows: kinds.Allows | None = None
    """The subject may do this, and may not do that."""
    rejects: kinds.Rejects | None = None
    """The API server refuses the manifest."""
    asks: kinds.Asks | None = None
    """The learner answers the question rightly."""
    unchanged: kinds.Unchanged | None = None
    """The object is still as the exercise gave it."""

    @model_validator(mode="after")
    def _one_kind(self) -> "Check":
        chosen = [kind for kind in CHECK_KINDS if getattr(self, _field(kind)) is not None]
        if len(chosen) != 1:
            seen = ", ".join(chosen) or "none"
            raise ValueError(f"check {self.name}: set exactly one check kind, not {seen}")
        return self

    @model_validator(mode="after")
    def _cap_belongs_to_required(self) -> "Check":
        if self.cap is not None and not self.required:
            raise ValueError(f"check {self.name}: cap belongs to a required check")
        return self

    @property
    def all_needs(self) -> tuple[str, ...]:
        """The names of all checks that it needs, wholly or in part."""
        return (*self.needs, *(need.check for need in self.needs_at_least))

    @cached_property  # asked for many times in each grading
    def kind(self) -> str:
        """The name of the one kind that is set."""
        return next(kind for kind in CHECK_KINDS if getattr(self, _field(kind)) is not None)

    @cached_property
    def params(self) -> Any:
        """The params model of that kind."""
        return getattr(self, _field(self.kind))


def _field(kind: str) -> str:
    """The model's field for a kind: camelCase outside, snake_case inside."""
    return to_snake(kind)


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
    above_max: Annotated[int, Field(ge=0, le=1000)] = 0
    """By how many points extra credit may lift the score above the maximum; by none where left
    out, so that it only makes up for points lost elsewhere."""
    groups: Annotated[tuple[Group, ...], Field(max_length=20)] = ()
    """Checks that count together."""
    seed: Annotated[str, Field(max_length=253)] | None = None
    """With another seed, learners have other parameters."""
    parameters: Annotated[tuple[Parameter, ...], Field(max_length=10)] = ()
    """Values that differ from learner to learner, written ${name} in texts and checks."""
    given: Annotated[tuple[GivenObject, ...], Field(max_length=MOST_GIVEN)] = ()
    """Objects that are put into the learner's namespace before work starts, in this order; without
    a namespace of their own."""
    given_ready_within: Duration | None = None
    """How long given workloads may take to become Ready; not waited for where left out, as where
    they are given broken."""
    checks: Annotated[tuple[Check, ...], Field(min_length=1, max_length=100)]
    """The requirements, in the order in which they are shown."""

    @model_validator(mode="after")
    def _needs_name_earlier_checks(self) -> "ExerciseSpec":
        earlier: set[str] = set()
        for check in self.checks:
            if check.name in earlier:
                raise ValueError(f"check {check.name}: another check has this name")
            unknown = [need for need in check.all_needs if need not in earlier]
            if unknown:
                raise ValueError(
                    f"check {check.name}: needs {unknown[0]}, which is no earlier check"
                )
            if any(_twice(names) for names in (check.needs, check.all_needs[len(check.needs) :])):
                raise ValueError(f"check {check.name}: needs names a check twice")
            earlier.add(check.name)
        return self

    @model_validator(mode="after")
    def _groups_are_there(self) -> "ExerciseSpec":
        names = [group.name for group in self.groups]
        if _twice(names) or _twice([parameter.name for parameter in self.parameters]):
            raise ValueError("groups and parameters have names of their own")
        for check in self.checks:
            if check.group is not None and check.group not in names:
                raise ValueError(f"check {check.name}: there is no group {check.group}")
        return self


class LabExercise(Model):
    """An exercise as parsed from the cluster or a file, for one learner.

    Without a learner, parameters have the longest of their values.
    """

    name: PlainName
    namespace: LabelName
    uid: str = ""
    generation: int = 0
    spec: ExerciseSpec
    written: Mapping[str, Any] = {}
    """The spec before parameters were filled in; empty where it has none."""
    values: Mapping[str, int | str] = {}
    """The learner's parameters."""

    @classmethod
    def parse(
        cls, body: Mapping[str, Any], *, strict: bool = False, learner: str | None = None
    ) -> "LabExercise":
        """The exercise in a Kubernetes object.

        ``strict`` refuses unknown fields; the cluster's copy has been pruned already, a
        file has not. Raises pydantic.ValidationError.
        """
        metadata, written = body.get("metadata") or {}, body.get("spec") or {}
        extra: Literal["forbid", "ignore"] = "forbid" if strict else "ignore"
        values: Values = {}
        spec = written
        if isinstance(written, Mapping) and written.get("parameters"):
            values = values_of(written, learner)
            spec = filled_in(written, values, ExerciseSpec)
        return cls(
            name=metadata.get("name", ""),
            namespace=metadata.get("namespace") or "default",
            uid=metadata.get("uid", ""),
            generation=metadata.get("generation", 0),
            spec=ExerciseSpec.model_validate(spec, extra=extra, by_name=False),
            written=written if values else {},
            values=values,
        )

    def with_values(self, values: Values) -> "LabExercise":
        """The same exercise with other values of its parameters. Raises pydantic.ValidationError.

        Its unknown fields were found when it was parsed first.
        """
        filled = filled_in(self.written, values, ExerciseSpec)
        spec = ExerciseSpec.model_validate(filled, by_name=False)
        return self.model_copy(update={"spec": spec, "values": values})

    def for_learner(self, learner: str) -> "LabExercise":
        """The exercise with this learner's parameters. Raises pydantic.ValidationError."""
        if not self.spec.parameters:
            return self
        return self.with_values(of_learner(self.spec.parameters, self.spec.seed or "", learner))


def _twice(names: Sequence[str]) -> bool:
    return len(set(names)) < len(names)
