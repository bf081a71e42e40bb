"""Choices and texts in a check's params are no values that a task must say."""

from typing import Annotated, Literal

from pydantic import Field

from labgrader.api.base import Count, Model, Text
from labgrader.api.kinds import Answers, Heals
from labgrader.authoring.lint.own_fields import own_fields


class Inner(Model):
    """A part."""

    how: Literal["This", "That"] | None = None
    name: str = ""


class Outer(Model):
    """Params of a kind that may come."""

    question: Text
    parts: Annotated[tuple[Inner, ...], Field(max_length=3)] = ()
    one_part: Inner | None = None
    count: Count = Count()
    words: tuple[Annotated[str, Field(max_length=3)], ...] = ()


def test_choices_and_texts_are_found_at_any_depth() -> None:
    assert own_fields(Outer) == {("question",), ("parts", "how"), ("onePart", "how")}


def test_of_the_kinds_there_are() -> None:
    assert own_fields(Heals) == {("fault",), ("isolation",), ("curve", "of")}
    assert own_fields(Answers) == frozenset()
