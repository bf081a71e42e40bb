"""Choices, texts and the grader's own numbers in a check's params are none that a task must say."""

from typing import Annotated, Literal

from pydantic import Field

from labgrader.api.base import Count, Model, Text
from labgrader.api.kinds import Answers, Balances, Configures, Heals, Logs, Matches
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


def test_numbers_by_which_only_the_grader_goes() -> None:
    assert own_fields(Matches) == {("clauses", "weight")}
    assert ("requests",) in own_fields(Balances)
    assert ("requests",) not in own_fields(Configures)
    assert own_fields(Logs) == {("lines",)}
