"""Params of ``satisfies``: objects for which a CEL expression is true."""

from typing import Annotated, Literal

from pydantic import Field

from labgrader.api.base import Model, Text
from labgrader.api.selection import Selection

Expression = Annotated[str, Field(min_length=1, max_length=2048)]
VariableName = Annotated[str, Field(min_length=1, max_length=63, pattern=r"^[a-z][A-Za-z0-9]*$")]
Many = Annotated[int, Field(ge=1, le=1000)]


class Beside(Selection):
    """More objects, which the expression compares with."""

    variable: VariableName
    """The expression reads them as the list objects.VARIABLE."""


class HowMany(Model):
    """Bounds for how many of the objects satisfy the expression."""

    min: Annotated[int, Field(ge=0, le=1000)] = 0
    """At least so many."""
    max: Annotated[int, Field(ge=0, le=1000)] | None = None
    """At most so many; any number where left out."""


class Satisfies(Model):
    """The selected objects satisfy a CEL expression."""

    select: Selection
    """The objects to look at, one after the other, as object."""
    min_matches: Many = 1
    """How many objects must be selected at least. Nothing at all never passes."""
    match: Literal["all", "any", "none", "count"] = "all"
    """How many of them must satisfy the expression: all, any, none, or count."""
    count: HowMany | None = None
    """With match: count, how many."""
    beside: Annotated[tuple[Beside, ...], Field(max_length=5)] = ()
    """More objects to compare with; of each there must be one at least."""
    expression: Expression
    """A CEL expression that is true or false. What it touches and is not there makes the object
    not satisfy it; has() and the optional syntax of CEL ask whether something is there."""
    message: Text | None = None
    """What is required, in words for the learner, instead of the expression."""
