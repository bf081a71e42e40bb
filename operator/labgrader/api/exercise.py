"""The LabExercise kind: what is asked, and by which checks it is graded.

Written by instructors; parsed by the operator and the command line. What the API server
can refuse is refused by rules that ``api.schema`` puts into the CRD; what it cannot see
is found by ``grading.plan``.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from labgrader.api.base import (
    Duration,
    LabelName,
    Model,
    PlainName,
    PositiveDuration,
    Share,
    Text,
    format_duration,
)
from labgrader.api.check import Check
from labgrader.api.given import MOST_GIVEN, GivenObject
from labgrader.api.parameters import Parameter, Values, of_learner
from labgrader.api.personal import filled_in, values_of
from labgrader.api.points import Group

Lang = Literal["ko", "en"]
Mode = Literal["OnAttempt", "Continuous"]


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
    mode: Mode = "OnAttempt"
    """OnAttempt: checks are judged when a Submission is handed in. Continuous: besides, what is
    found by looking is shown in status.live while the learner works."""
    latch: bool = False
    """Whether a check that was once seen to pass stays passed in status.live; it never counts
    for the grade. Only with mode Continuous."""
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
    also_reads: Annotated[tuple[LabelName, ...], Field(max_length=5)] = ()
    """Other namespaces of the course from which connections may be tried."""
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
    def _time_is_enough(self) -> "ExerciseSpec":
        for check in self.checks:
            longest = check.over_time.longest(self.settle) if check.over_time else 0
            if longest >= self.time_limit:
                told = f"check {check.name}: it may be looked at for {format_duration(longest)}"
                raise ValueError(f"{told}, so timeLimit must be longer than that")
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
