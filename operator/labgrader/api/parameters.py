"""Values that differ from learner to learner: how they are declared, and how they are derived.

Read by ``api.exercise`` and ``api.templates``. A value follows from the exercise's seed, the
learner and the parameter's name alone, by a hash that is the same everywhere, so that the
operator, the command line and a later regrading agree. Pure.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_lowercase
from typing import Annotated

from pydantic import Field, model_validator

from labgrader.api.base import PARAMETER_PATTERN, Model

Value = int | str
Values = Mapping[str, Value]

KINDS = ("oneOf", "between", "letters")


class Between(Model):
    """Whole numbers from min to max, both included."""

    min: Annotated[int, Field(ge=0, le=1_000_000)]
    """The least."""
    max: Annotated[int, Field(ge=0, le=1_000_000)]
    """The greatest."""

    @model_validator(mode="after")
    def _ascends(self) -> "Between":
        if self.min > self.max:
            raise ValueError("min is greater than max")
        return self


class Parameter(Model):
    """One value of a learner's own, written ${name} in texts and checks."""

    name: Annotated[str, Field(min_length=1, max_length=32, pattern=PARAMETER_PATTERN)]
    """The parameter's name, as it stands between ${ and }."""
    one_of: (
        Annotated[
            tuple[Annotated[str, Field(min_length=1, max_length=253)], ...],
            Field(min_length=2, max_length=50),
        ]
        | None
    ) = None
    """One of these texts."""
    between: Between | None = None
    """A whole number of this range, such as a port or a count."""
    letters: Annotated[int, Field(ge=1, le=20)] | None = None
    """So many lower-case letters."""

    @model_validator(mode="after")
    def _one_kind(self) -> "Parameter":
        kinds = (self.one_of, self.between, self.letters)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError(f"parameter {self.name}: set exactly one of {', '.join(KINDS)}")
        if self.one_of is not None and len(set(self.one_of)) < len(self.one_of):
            raise ValueError(f"parameter {self.name}: oneOf names a text twice")
        return self

    def value(self, seed: str, learner: str) -> Value:
        """The learner's value: HMAC-SHA256 of learner, NUL, name, keyed by the seed."""
        told = f"{learner}\0{self.name}".encode()
        number = int.from_bytes(hmac.digest(seed.encode(), told, hashlib.sha256), "big")
        if self.one_of is not None:
            return self.one_of[number % len(self.one_of)]
        if self.between is not None:
            return self.between.min + number % (self.between.max - self.between.min + 1)
        letters = ""
        for _ in range(self.letters or 0):
            number, index = divmod(number, len(ascii_lowercase))
            letters += ascii_lowercase[index]
        return letters

    @property
    def edges(self) -> tuple[Value, ...]:
        """The values that stand for all others: each text, and a range's two ends.

        What takes both ends of a range takes what lies between, and any letters are alike.
        """
        if self.one_of is not None:
            return self.one_of
        if self.between is not None:
            return (self.between.min, self.between.max)
        return ("a" * (self.letters or 0),)


def of_learner(parameters: Sequence[Parameter], seed: str, learner: str) -> Values:
    """The learner's value of each parameter."""
    return {parameter.name: parameter.value(seed, learner) for parameter in parameters}


def all_edges(parameters: Sequence[Parameter]) -> Iterator[Values]:
    """Few sets of values in which each edge of each parameter occurs, and all longest together.

    What is right with all of these is right for every learner: no field depends on two
    parameters but by their length and their size.
    """
    yield {p.name: max(p.edges, key=lambda value: (len(str(value)), value)) for p in parameters}
    for index in range(max((len(p.edges) for p in parameters), default=0)):
        yield {p.name: p.edges[index % len(p.edges)] for p in parameters}
