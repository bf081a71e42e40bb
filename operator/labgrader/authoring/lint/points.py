"""Points: their sum, checks worth nothing, points that nobody can earn, and too little time.

Rules of lint. Points of an exercise that cannot be graded at all are ``grading.plan``'s.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from labgrader.api.base import parse_duration
from labgrader.api.exercise import ExerciseSpec
from labgrader.authoring.draft import Draft
from labgrader.authoring.lint.clashes import clashes
from labgrader.authoring.lint.leaves import leaves, maps
from labgrader.checks.registry import KINDS, Phase
from labgrader.grading.run import waves
from labgrader.grading.score import max_score
from labgrader.reporting.remarks import Remark

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
    for index, told in clashes(draft):
        yield draft.remark("unearnable", ["spec", "checks", index], told)


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
