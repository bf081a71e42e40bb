"""Params of ``conditions``: what a controller says of an object is as expected."""

from typing import Annotated, Literal

from pydantic import Field

from labgrader.api.base import Model, ObjectRef


class ConditionExpected(Model):
    """One condition that the object must have."""

    type: Annotated[str, Field(min_length=1, max_length=316)]
    """The condition's type, for example Available or Complete."""
    status: Literal["True", "False", "Unknown"] = "True"
    """The condition's status, as text: True, False or Unknown."""
    reason: Annotated[str, Field(min_length=1, max_length=1024)] | None = None
    """The condition's reason, where it matters: a value, or an operator such as "~=^Min"."""


class Conditions(Model):
    """The object's conditions are as expected, about its present generation."""

    object: ObjectRef
    """The object to look at, of any kind that the cluster serves."""
    each: (
        Annotated[str, Field(min_length=1, max_length=63, pattern="^[a-z][A-Za-z0-9]*$")] | None
    ) = None
    """A list of the status whose items have the conditions, where the status itself has not:
    parents of an HTTPRoute, listeners of a Gateway. Every item must fulfil them."""
    expect: Annotated[tuple[ConditionExpected, ...], Field(min_length=1, max_length=16)]
    """The conditions that it must have."""
