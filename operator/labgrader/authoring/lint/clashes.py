"""Checks that no piece of work fulfils together.

Called by ``lint.points``. A check that its group can do without is one way of several, and may
well contradict another: it is left out. Says nothing where it is not certain that both checks
look at the same field of the same object.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from labgrader.api.check import Check
from labgrader.api.names import BUILT_IN_API_VERSIONS
from labgrader.authoring.draft import Draft
from labgrader.authoring.lint.leaves import Path, maps
from labgrader.checks.expect.operators import ABSENT, PRESENT, complaint, holds, split
from labgrader.checks.expect.places import holds_quantity
from labgrader.checks.expect.quantity import parse_quantity
from labgrader.grading.score import counted, members

_Reference = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Asks:
    """What one check wants: objects that are there or not, and values in one of them."""

    index: int
    name: str
    absent: _Reference | None
    present: frozenset[_Reference]
    matched: _Reference | None
    values: Mapping[Path, Any]


def clashes(draft: Draft) -> Iterator[tuple[int, str]]:
    """The later of two checks that contradict each other, and how."""
    for first, second in combinations(_asks(draft), 2):
        clash = _clash(first, second)
        if clash:
            yield second.index, f"checks {first.name} and {second.name} cannot both pass: {clash}"


def _asks(draft: Draft) -> Iterator[_Asks]:
    for index, check in draft.checks:
        # "never" wants what it says not to be so
        if check.never is not None or _can_be_done_without(check, draft):
            continue
        named = frozenset(_reference(found) for _, found in maps(draft, index))
        itself = _reference(draft.written[index][0][1].get("object") or {})
        if check.kind == "absent":
            yield _Asks(index, check.name, itself, frozenset(), None, {})
        elif check.kind == "matches":
            values = dict(_scalars(check.params.expect or {}, ()))
            yield _Asks(index, check.name, None, named, itself, values)
        else:
            yield _Asks(index, check.name, None, named, None, {})


def _can_be_done_without(check: Check, draft: Draft) -> bool:
    """Whether its group comes to all its points by other checks: it is one way of several."""
    spec = draft.exercise.spec if draft.exercise else None
    group = next((g for g in spec.groups if g.name == check.group), None) if spec else None
    if spec is None or group is None or check.required:
        return False
    among = members(spec, group)
    return counted(group, among) < len(among)


def _clash(first: _Asks, second: _Asks) -> str | None:
    """Why one namespace cannot fulfil both."""
    for one, other in ((first, second), (second, first)):
        if one.absent in other.present:
            return f"one wants {one.absent[1]} {one.absent[2]}, the other wants none"
    if first.matched is None or first.matched != second.matched:
        return None
    for path in first.values.keys() & second.values.keys():
        wanted, other = first.values[path], second.values[path]
        place = tuple(str(part) for part in path)
        if _exclude(wanted, other, quantity=holds_quantity(place)):
            return f"{'.'.join(place)} cannot be both {wanted} and {other}"
    return None


def _exclude(one: Any, other: Any, *, quantity: bool) -> bool:
    """Whether no value of a field fulfils both; False where that is not certain."""
    if any(isinstance(text, str) and complaint(text) for text in (one, other)):
        return False  # which another rule tells
    if ABSENT in (one, other):
        return bool(one != other)
    for value, wanted in ((one, other), (other, one)):
        if _is_one_value(value):
            return not holds(wanted, _value(value), quantity=quantity)
    lower, upper = _bound(one, ">"), _bound(other, "<")
    if lower is None or upper is None:
        lower, upper = _bound(other, ">"), _bound(one, "<")
    if lower is None or upper is None:
        return False
    return lower[0] > upper[0] or (lower[0] == upper[0] and not (lower[1] and upper[1]))


def _is_one_value(expected: Any) -> bool:
    return not isinstance(expected, str) or (
        expected != PRESENT and split(expected)[0] in {"", "="}
    )


def _value(expected: Any) -> Any:
    return split(expected)[1] if isinstance(expected, str) else expected


def _bound(expected: str, way: str) -> tuple[Fraction, bool] | None:
    """The number that it must be above (``>``) or below (``<``), and whether that will do, too."""
    sign, rest = split(expected)
    number = parse_quantity(rest) if sign.startswith(way) else None
    return None if number is None else (number, sign.endswith("="))


def _reference(found: Mapping[str, Any]) -> _Reference:
    kind, name = str(found.get("kind", "")), str(found.get("name", ""))
    if "service" in found and not kind:
        kind, name = "Service", str(found["service"])
    return str(found.get("apiVersion") or BUILT_IN_API_VERSIONS.get(kind, "")), kind, name


def _scalars(expected: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """The scalars below maps; what stands in lists may be another item each time."""
    if isinstance(expected, Mapping):
        for key, value in expected.items():
            yield from _scalars(value, (*path, key))
    elif isinstance(expected, str | int | float):
        yield path, expected
