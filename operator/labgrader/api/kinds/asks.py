"""Params of ``asks``: a question, and which answers are right.

Learners read the question in their Submission's status, never what is right.
"""

from typing import Annotated

from pydantic import Field, model_validator

from labgrader.api.base import LabelName, Model, Text

DECIMAL_PATTERN = r"^[-]?[0-9]{1,15}([.][0-9]{1,9})?$"
TOLERANCE_PATTERN = r"^[0-9]{1,15}([.][0-9]{1,9})?%?$"
FORMS = ("choice", "choices", "number", "pattern")


class Option(Model):
    """One option."""

    name: LabelName
    """What the learner writes to choose it."""
    text: Text
    """What it says."""


Options = Annotated[tuple[Option, ...], Field(min_length=2, max_length=20)]


class Choice(Model):
    """One option is right."""

    options: Options
    """What there is to choose from."""
    right: LabelName
    """The name of the right option."""


class Choices(Model):
    """Several options are right; all of them must be chosen and no other."""

    options: Options
    """What there is to choose from."""
    right: Annotated[tuple[LabelName, ...], Field(min_length=1, max_length=20)]
    """The names of the right options."""


class Number(Model):
    """A number is right, give or take a little."""

    value: Annotated[str, Field(max_length=26, pattern=DECIMAL_PATTERN)]
    """The number, as text: "12.5"."""
    tolerance: Annotated[str, Field(max_length=26, pattern=TOLERANCE_PATTERN)] = "0"
    """How far off it may be, in the same unit or as a share of the number: "0.5", "2%"."""
    unit: Annotated[str, Field(min_length=1, max_length=32)] | None = None
    """The unit, such as h, GiB, months, 원 or %. Others of its kind are converted."""


class Asks(Model):
    """The learner answers the question rightly."""

    name: LabelName
    """The name under which the answer stands in the Submission's spec.answers."""
    question: Text
    """The question, in markdown."""
    choice: Choice | None = None
    """One of some options."""
    choices: Choices | None = None
    """Several of some options."""
    number: Number | None = None
    """A number, with a tolerance and a unit."""
    pattern: Annotated[str, Field(min_length=1, max_length=1024)] | None = None
    """An RE2 pattern that must match the whole answer, spaces around it left out."""

    @model_validator(mode="after")
    def _one_form(self) -> "Asks":
        chosen = [form for form in FORMS if getattr(self, form) is not None]
        if len(chosen) != 1:
            seen = ", ".join(chosen) or "none"
            raise ValueError(f"set exactly one of {', '.join(FORMS)}, not {seen}")
        return self

    @property
    def options(self) -> tuple[Option, ...]:
        """What there is to choose from, if anything."""
        chosen = self.choice or self.choices
        return chosen.options if chosen else ()
