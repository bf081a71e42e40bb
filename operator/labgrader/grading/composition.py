"""What is senseless in how an exercise's points come together, found before anything is graded.

Called by ``grading.plan``. Whatever an author writes about points must be able to change a
score; what cannot is a slip. Pure.
"""

from collections.abc import Iterator

from labgrader.api.check import Check
from labgrader.api.exercise import ExerciseSpec
from labgrader.api.points import Group
from labgrader.checks.problem import Problem
from labgrader.checks.registry import KINDS
from labgrader.grading.given import gives
from labgrader.grading.score import cap_of, counted, max_extra, max_score, members, worth


def composition_problems(spec: ExerciseSpec) -> Iterator[Problem]:
    """The problems of points, groups, caps, extra credit and needs by share."""
    if not max_score(spec):
        yield Problem("NoPoints", "no check is worth any points")
    for group in spec.groups:
        yield from _of_group(group, members(spec, group), spec)
    for check in spec.checks:
        for text in (*_of_needs(check), *_of_extra(check), *_of_cap(check, spec)):
            yield Problem("PointlessRule", f"check {check.name}{text}")
    if spec.above_max > max_extra(spec):
        yield Problem(
            "PointlessRule",
            f"aboveMax is {spec.above_max}, but all extra credit is worth {max_extra(spec)}",
        )


def is_hollow(check: Check, spec: ExerciseSpec) -> bool:
    """Whether the check passes before any work: it and whatever it needs, near or far."""
    passes: dict[str, bool] = {}
    for other in spec.checks:  # needs name earlier checks only
        needed = all(passes[need] for need in other.all_needs)
        passes[other.name] = needed and _true_at_start(other, spec)
    return passes[check.name]


def _true_at_start(check: Check, spec: ExerciseSpec) -> bool:
    """Whether it may be true of a namespace that holds what is given, and nothing else.

    Of most things it is true that they never are, where nobody works.
    """
    named = check.exists or check.absent
    if named is not None:
        there = gives(spec, named.object)
        return (there is (check.exists is not None)) is (check.never is None)
    return check.never is not None or KINDS[check.kind].hollow(check.params)


def _of_group(group: Group, among: tuple[Check, ...], spec: ExerciseSpec) -> Iterator[Problem]:
    about = f"group {group.name}"
    if not among:
        yield Problem("PointlessGroup", f"{about} has no checks; checks name it in their group")
        return
    if (group.count or 0) > len(among):
        yield Problem(
            "PointlessGroup",
            f"{about} counts its best {group.count} checks, but there are only {len(among)} in it",
        )
    if group.points is None and not worth(group, among):
        yield Problem("PointlessGroup", f"{about} is worth no points, and neither are its checks")
        return
    for check in among:
        if group.points is not None and check.points:
            yield Problem(
                "PointlessGroup",
                f"{about} is worth {group.points} as a whole, so the points of check {check.name} "
                "would not count; leave out the one or the other",
            )
        if group.points is None and group.rule != "all" and not check.points:
            yield Problem(
                "PointlessGroup",
                f"check {check.name} is worth no points, so it can never be of the best in {about}",
            )
    hollow = [check.name for check in among if is_hollow(check, spec)]
    if group.points is not None and len(hollow) >= counted(group, among):
        yield Problem(
            "HollowCheck",
            f"{about} is earned before any work, by check {hollow[0]}; let it need a check that "
            "is not",
        )


def _of_needs(check: Check) -> Iterator[str]:
    for need in check.needs_at_least:
        if not need.percent:
            yield f" needs 0 percent of {need.check}, which is nothing"
        if need.check in check.needs:
            yield f" needs {need.check} wholly already, so a share of it changes nothing"


def _of_extra(check: Check) -> Iterator[str]:
    if not check.extra:
        return
    if check.group is not None:
        yield f" is in group {check.group}; what counts there is extra credit if the group says so"
    elif not check.points:
        yield " is extra credit of no points"
    if check.required:
        yield " is extra credit and required; it can be one of them"


def _of_cap(check: Check, spec: ExerciseSpec) -> Iterator[str]:
    cap, highest = cap_of(check, spec), max_score(spec) + spec.above_max
    if cap is None or not highest:
        return
    if check.cap is None and not spec.pass_percent:
        yield " is required, but passPercent 0 passes in any case; set its cap"
    elif cap >= highest:
        yield f" has a cap of {cap}, but the score cannot exceed {highest} anyway"
