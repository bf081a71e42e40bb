"""A check of a LabExercise: what it is worth, and the one kind that says what is required.

Read by ``api.exercise``, and by all that plans and judges. A new kind is named in CHECK_KINDS and
has a field here.
"""

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field, model_validator
from pydantic.alias_generators import to_snake

from labgrader.api import kinds
from labgrader.api.base import LabelName, Model, Text
from labgrader.api.over_time import (
    KINDS_WITHOUT,
    WORDS,
    Consistently,
    Eventually,
    Never,
    OverTime,
    StableAfter,
)
from labgrader.api.points import NeedAtLeast

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
    "scalesOnSchedule",
    "resizes",
    "recommends",
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
    "updatesWithoutDowntime",
    "survivesBadUpdate",
    "rollsBack",
    "balances",
    "drains",
    "persists",
    "resolves",
    "connects",
)
"""Every check kind, in the order of the documentation."""
_FIELDS: Mapping[str, str] = MappingProxyType({kind: to_snake(kind) for kind in CHECK_KINDS})
_WORD_FIELDS: Mapping[str, str] = MappingProxyType({word: to_snake(word) for word in WORDS})
"""The model's field for a kind or a word: camelCase outside, snake_case inside."""


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
    eventually: Eventually | None = None
    """It must become true within a time of its own."""
    consistently: Consistently | None = None
    """Once true, it must stay true for a time."""
    never: Never | None = None
    """It must not become true in a time. It needs a check that is not true before any work."""
    stable_after: StableAfter | None = None
    """It must become true within a time, and then stay true for another."""
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
    scales_on_schedule: kinds.ScalesOnSchedule | None = None
    """The CronJob raises capacity before the load comes."""
    resizes: kinds.Resizes | None = None
    """A running container gets other resources in place."""
    recommends: kinds.Recommends | None = None
    """The VerticalPodAutoscaler recommends resources for the container."""
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
    updates_without_downtime: kinds.UpdatesWithoutDowntime | None = None
    """The Deployment is updated, and its clients do not notice."""
    survives_bad_update: kinds.SurvivesBadUpdate | None = None
    """A version that never becomes Ready does not take the old one down."""
    rolls_back: kinds.RollsBack | None = None
    """An update is undone, and the old version serves again."""
    balances: kinds.Balances | None = None
    """Fresh connections to the Service reach every Ready pod, each its share."""
    drains: kinds.Drains | None = None
    """A pod that is told to stop finishes its requests first."""
    persists: kinds.Persists | None = None
    """What was written into the pods is there after they were deleted."""
    resolves: kinds.Resolves | None = None
    """The Service's name is found, and leads where it must."""
    connects: kinds.Connects | None = None
    """Connections come about where they must, and not where they must not."""

    @model_validator(mode="after")
    def _one_kind(self) -> "Check":
        chosen = [kind for kind, field in _FIELDS.items() if getattr(self, field) is not None]
        if len(chosen) != 1:
            seen = ", ".join(chosen) or "none"
            raise ValueError(f"check {self.name}: set exactly one check kind, not {seen}")
        return self

    @model_validator(mode="after")
    def _cap_belongs_to_required(self) -> "Check":
        if self.cap is not None and not self.required:
            raise ValueError(f"check {self.name}: cap belongs to a required check")
        return self

    @model_validator(mode="after")
    def _one_time(self) -> "Check":
        words = [word for word, field in _WORD_FIELDS.items() if getattr(self, field) is not None]
        if len(words) > 1:
            raise ValueError(f"check {self.name}: write at most one of {', '.join(WORDS)}")
        if words and self.kind in KINDS_WITHOUT:
            why = "asks for an answer, which stays" if self.kind == "asks" else "has its own times"
            raise ValueError(
                f"check {self.name}: {words[0]} does not go with {self.kind}, which {why}"
            )
        return self

    @property
    def over_time(self) -> OverTime | None:
        """What it says about time, if anything."""
        return self.eventually or self.consistently or self.never or self.stable_after

    @property
    def at_one_look(self) -> "Check":
        """The check as it is judged at each look: without its needs, and without any time."""
        nothing = dict.fromkeys(_WORD_FIELDS.values()) | {"needs": (), "needs_at_least": ()}
        return self.model_copy(update=nothing)

    @property
    def all_needs(self) -> tuple[str, ...]:
        """The names of all checks that it needs, wholly or in part."""
        return (*self.needs, *(need.check for need in self.needs_at_least))

    @cached_property  # asked for many times in each grading
    def kind(self) -> str:
        """The name of the one kind that is set."""
        return next(kind for kind, field in _FIELDS.items() if getattr(self, field) is not None)

    @cached_property
    def params(self) -> Any:
        """The params model of that kind."""
        return getattr(self, _FIELDS[self.kind])
