"""The values in a check's params, each with its place in the file.

Used by the rules of lint that do not care which kind a check is, so that a new kind is linted
without a line here. Must not judge.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from labgrader.authoring.draft import Draft

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One scalar. ``path`` leads to it from the exercise's document, ``inner`` from the kind."""

    path: Path
    inner: Path
    value: str | int | float | bool


def leaves(draft: Draft, index: int) -> Iterator[Leaf]:
    """The scalars of a check that its author wrote, without those that are the default anyway."""
    base = _base(draft, index)
    for inner, value in draft.written[index]:
        if isinstance(value, str | int | float):
            yield Leaf((*base, *inner), inner, value)


def maps(draft: Draft, index: int) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every map in a check's params, with its path from the document."""
    base = _base(draft, index)
    for inner, value in draft.written[index]:
        if isinstance(value, dict):
            yield (*base, *inner), value


def _base(draft: Draft, index: int) -> Path:
    return ("spec", "checks", index, draft.checks[index][1].kind)
