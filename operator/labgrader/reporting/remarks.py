"""What lint has to say about a file: a rule, a place, and how to mend it.

Made by ``authoring``; rendered by ``reporting.remark_text``, ``reporting.sarif`` and
``reporting.junit``. Not a Finding: a Finding judges a learner's work, a Remark an author's. Pure.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    """The exercise cannot be graded, or grades wrongly."""
    WARNING = "warning"
    """It can be graded, but is likely not what its author means. May be silenced with a reason."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of lint. ``summary`` completes "this rule finds …"; ``mend`` is what to do."""

    id: str
    severity: Severity
    summary: str
    mend: str


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file, counted from 1."""

    path: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is wrong. ``message`` says what was found; ``mend`` what to do about it."""

    rule: Rule
    place: Place
    message: str
    mend: str
