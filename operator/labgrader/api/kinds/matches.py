"""Params of ``matches``: an object has the fields that the exercise expects."""

from typing import Annotated, Any

from pydantic import Field, WithJsonSchema, model_validator

from labgrader.api.base import Model, ObjectRef

Expected = Annotated[
    dict[str, Any],
    Field(min_length=1),
    WithJsonSchema(
        {"type": "object", "minProperties": 1, "x-kubernetes-preserve-unknown-fields": True}
    ),
]


class Clause(Model):
    """A part of what is expected that earns its share of the points by itself."""

    expect: Expected
    """What the object must contain, as in matches.expect."""
    weight: Annotated[int, Field(ge=1, le=100)] = 1
    """How much of the points it earns, in proportion to the other clauses."""


class Matches(Model):
    """The object contains the expected tree."""

    object: ObjectRef
    """The object to look at."""
    expect: Expected | None = None
    """What it must contain: maps by key, lists of objects one-to-one, scalars as values or
    operators such as ">=2", "<=256Mi", "~=^web-", "(present)", "(absent)". With clauses, nothing
    is earned without it."""
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1, max_length=20)] | None = None
    """What it must contain besides, in parts that each earn a share of the points."""

    @model_validator(mode="after")
    def _expects_something(self) -> "Matches":
        if self.expect is None and self.clauses is None:
            raise ValueError("say in expect, in clauses, or in both what the object must contain")
        return self
