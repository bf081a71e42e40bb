"""Parts of a LabExercise that say how points come together: groups, and needs by share.

Read by ``api.check`` and ``api.exercise``; ``grading.score`` computes with them. Must not compute.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from labgrader.api.base import LabelName, Model, Share

GroupRule = Literal["all", "any", "bestOf"]


class NeedAtLeast(Model):
    """An earlier check that must be fulfilled in part."""

    check: LabelName
    """The earlier check."""
    percent: Share
    """The share of it that must be fulfilled, as text: "50"."""


class Group(Model):
    """Checks that count together. It counts its best members: all, any (one) or bestOf (count)."""

    name: LabelName
    """The group's name, which its checks give in their group."""
    rule: GroupRule
    """How many of its checks count: all, any (the best one) or bestOf (the best count)."""
    count: Annotated[int, Field(ge=1, le=100)] | None = None
    """With bestOf: how many."""
    points: Annotated[int, Field(ge=1, le=1000)] | None = None
    """What the group is worth as a whole, earned when as many checks pass as the rule asks for;
    its checks carry no points then. Where left out, the points of its best checks add up."""
    extra: bool = False
    """Whether its points are extra credit."""

    @model_validator(mode="after")
    def _count_belongs_to_best_of(self) -> "Group":
        if (self.rule == "bestOf") != (self.count is not None):
            raise ValueError(f"group {self.name}: count belongs to rule bestOf, which needs it")
        return self
