"""Points: their sum, checks worth nothing, points that nobody can earn, and too little time.

Rules of lint. Points of an exercise that cannot be graded at all are ``grading.plan``'s.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from labgrader.api.base import parse_duration
from labgrader.api.exercise import ExerciseSpec
from labgrader.api.names import BUILT_IN_API_VERSIONS
from labgrader.authoring.draft import Draft
from labgrader.authoring.lint.leaves import Path, leaves, maps
from labgrader.checks.expect.operators import ABSENT, PRESENT, holds, split
from labgrader.checks.expect.places import holds_quantity
from labgrader.checks.registry import KINDS, Phase
from labgrader.grading.run import waves
from labgrader.grading.score import max_score
from labgrader.reporting.remarks import Remark

_Reference = tuple[str, str, str]
_WHOLE = 100
_FULL_PERCENT = 100
_NOTHING_WATCHED = "settle and the experiments"


def points(draft: Draft) -> Iterator[Remark]:
    """What is odd about the points."""
    if draft.exercise is None:
        return
    spec = draft.exercise.spec
    total = max_score(spec)
    if total and total != _WHOLE:
        told = f"the exercise has {total} points in all"
        yield draft.remark("points-sum", ["spec", "checks"], told)
    needed = {need for check in spec.checks for need in check.all_needs}
    paid = {group.name for group in spec.groups if group.points}
    for index, check in draft.checks:
        counts = check.points or check.required or check.group in paid or check.name in needed
        if total and not counts:
            told = f"check {check.name} has no points, and no other check needs it"
            yield draft.remark("worthless-check", ["spec", "checks", index], told)


def unearnable(draft: Draft) -> Iterator[Remark]:
    """Points that no work can earn together, or at all."""
    for index, check in draft.checks:
        for path, found in maps(draft, index):
            percents = [point["percent"] for point in _points(found)]
            if path[-1] == "curve" and percents and max(percents) < _FULL_PERCENT:
                told = f"check {check.name}: the curve gives {max(percents)} % at most"
                mend = "Let the curve's best point give 100 percent."
                yield draft.remark("unearnable", path, told, mend)
    for first, second in combinations(_asks(draft), 2):
        clash = _clash(first, second)
        if clash:
            told = f"checks {first.name} and {second.name} cannot both pass: {clash}"
            yield draft.remark("unearnable", ["spec", "checks", second.index], told)


def time(draft: Draft) -> Iterator[Remark]:
    """A time limit that ends before what is watched and the experiments may."""
    if draft.exercise is None:
        return
    spec = draft.exercise.spec
    waits = [
        parse_duration(leaf.value)
        for index, check in draft.checks
        if KINDS[check.kind].phase is Phase.DISTURB
        for leaf in leaves(draft, index)
        if leaf.path[-1] == "within"
    ]
    longest = sum(_looking(spec, wave) for wave in waves(spec.checks)) + sum(waits)
    if longest >= spec.time_limit:
        watched = any(check.over_time for check in spec.checks)
        what = "settle, what is watched, and the experiments" if watched else _NOTHING_WATCHED
        told = f"{what} may take {longest // 1000} s, and timeLimit is over"
        told += f" after {spec.time_limit // 1000} s"
        place = "timeLimit" if "time_limit" in spec.model_fields_set else "settle"
        yield draft.remark("time-limit", ["spec", place], told)


def _looking(spec: ExerciseSpec, wave: frozenset[str]) -> int:
    """How long looking at checks that wait for no other may take; nothing where all disturb."""
    checks = [c for c in spec.checks if c.name in wave and KINDS[c.kind].phase < Phase.DISTURB]
    times = [
        check.over_time.longest(spec.settle)
        + (spec.settle if wave.intersection(check.all_needs) else 0)
        for check in checks
        if check.over_time is not None
    ]
    return max(spec.settle, *times, 0) if checks else 0


def _points(curve: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = curve.get("points")
    listed = found if isinstance(found, list) else []
    return [point for point in listed if isinstance(point, Mapping) and "percent" in point]


@dataclass(frozen=True, slots=True)
class _Asks:
    """What one check wants: objects that are there or not, and plain values of one of them."""

    index: int
    name: str
    absent: _Reference | None
    present: frozenset[_Reference]
    matched: _Reference | None
    values: Mapping[Path, Any]


def _asks(draft: Draft) -> Iterator[_Asks]:
    for index, check in draft.checks:
        if check.never is not None:  # it wants what it says not to be so
            continue
        named = frozenset(_reference(found) for _, found in maps(draft, index))
        itself = _reference(draft.written[index][0][1].get("object") or {})
        if check.kind == "absent":
            yield _Asks(index, check.name, itself, frozenset(), None, {})
        elif check.kind == "matches":
            values = dict(_plain(check.params.expect or {}, ()))
            yield _Asks(index, check.name, None, named, itself, values)
        else:
            yield _Asks(index, check.name, None, named, None, {})


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
        if not holds(wanted, other, quantity=holds_quantity(place)):
            return f"{'.'.join(place)} cannot be both {wanted} and {other}"
    return None


def _reference(found: Mapping[str, Any]) -> _Reference:
    kind, name = str(found.get("kind", "")), str(found.get("name", ""))
    if "service" in found and not kind:
        kind, name = "Service", str(found["service"])
    return str(found.get("apiVersion") or BUILT_IN_API_VERSIONS.get(kind, "")), kind, name


def _plain(expected: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """The plain values below maps; what stands in lists may be another item each time."""
    if isinstance(expected, Mapping):
        for key, value in expected.items():
            yield from _plain(value, (*path, key))
    elif isinstance(expected, str):
        if not split(expected)[0] and expected not in {PRESENT, ABSENT}:
            yield path, expected
    elif isinstance(expected, int | float):
        yield path, expected
