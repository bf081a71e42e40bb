"""How a model becomes a schema that a CRD can hold, and what stops it."""

from typing import Annotated, Literal

import pytest
from pydantic import Field

from labgrader.api.base import (
    Model,
)
from labgrader.api.schema.structural import UnsupportedSchemaError, structural


class Inner(Model):
    """An inner model."""

    a: Annotated[int, Field(ge=0)] | None = None
    """A number."""


class Outer(Model):
    """An outer model."""

    first: Inner
    """The first one,
    on two lines."""
    second: Inner = Inner()
    third: Inner = Inner(a=1)
    kinds: tuple[Literal["one", "two"], ...] = ()
    only: Literal["one"] = "one"
    title: str = ""


class More(Inner):
    """More of it."""

    b: str = ""
    """A text."""


def test_inherited_fields_keep_their_descriptions() -> None:
    known = structural(More)["properties"]
    assert {name: field["description"] for name, field in known.items()} == {
        "a": "A number.",
        "b": "A text.",
    }


def test_references_are_written_out_and_nulls_left_out() -> None:
    number = {"type": "integer", "minimum": 0, "description": "A number."}
    assert structural(Outer) == {
        "type": "object",
        "description": "An outer model.",
        "required": ["first"],
        "properties": {
            "first": {
                "type": "object",
                "description": "The first one, on two lines.",
                "properties": {"a": number},
            },
            "second": {
                "type": "object",
                "description": "An inner model.",
                "properties": {"a": number},
            },
            "third": {
                "type": "object",
                "description": "An inner model.",
                "default": {"a": 1},
                "properties": {"a": number},
            },
            "kinds": {
                "type": "array",
                "items": {"type": "string", "enum": ["one", "two"]},
                "x-kubernetes-list-type": "atomic",
            },
            "only": {"type": "string", "enum": ["one"], "default": "one"},
            "title": {"type": "string", "default": ""},
        },
    }


class Either(Model):
    value: int | str


class Odd(Model):
    value: Annotated[int, Field(multiple_of=5)]


@pytest.mark.parametrize(
    ("model", "complaint"),
    [
        (Either, "Either.value: a CRD cannot choose among 2 types"),
        (Odd, "Odd.value: a CRD cannot say multipleOf: 5"),
    ],
)
def test_what_a_crd_cannot_say_stops_the_generator(model: type[Model], complaint: str) -> None:
    with pytest.raises(UnsupportedSchemaError, match=complaint):
        structural(model)
