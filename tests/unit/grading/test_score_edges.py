"""Points at their edges: groups without checks, caps that tie, credit that just reaches."""

from collections.abc import Mapping
from typing import Any

import pytest

from labgrader.api.exercise import ExerciseSpec
from labgrader.checks.finding import Finding, failed, passed, unknown
from labgrader.grading.score import Score, cap_of, max_score, members, score, superfluous, worth
from tests.unit.grading.worlds import exercise, exists

PASSED = passed("ObjectThere")
NOTHING = failed("NotFound")
OPEN = unknown("ApiUnreachable", transient=True)


def spec(*checks: Mapping[str, Any], **more: Any) -> ExerciseSpec:
    return exercise(*checks, **more).spec


def share(percent: int) -> Finding:
    return failed("FieldDiffers", credit=percent * 1000)


@pytest.mark.parametrize("group", [{"rule": "all"}, {"rule": "any", "points": 50}])
def test_a_group_without_checks_is_worth_and_earns_nothing(group: dict[str, Any]) -> None:
    written = spec(exists("a", 10), groups=[{"name": "g", **group}])
    assert worth(written.groups[0], members(written, written.groups[0])) == 0
    assert max_score(written) == 10
    assert score(written, {"a": PASSED}) == Score(10, 10, 10)
    assert score(written, {"a": NOTHING}) == Score(0, 0, 10)


def test_where_everybody_passes_a_required_check_keeps_everything() -> None:
    written = spec(exists("gate", 0, required=True), exists("work", 10), passPercent="0")
    assert cap_of(written.checks[0], written) == 0
    assert score(written, {"gate": NOTHING, "work": PASSED}) == Score(0, 0, 10, 0, "gate")


def test_points_that_only_reach_the_cap_are_not_held_by_it() -> None:
    written = spec(exists("gate", 0, required=True, cap=30), exists("work", 100))
    assert score(written, {"gate": NOTHING, "work": share(30)}) == Score(30, 30, 100)
    assert score(written, {"gate": NOTHING, "work": share(31)}) == Score(30, 30, 100, 30, "gate")


def gated(*names: str) -> ExerciseSpec:
    gates = [exists(name, 0, required=True, cap=30) for name in names]
    return spec(*gates, exists("work", 100))


def test_of_two_checks_with_one_cap_the_one_that_failed_for_sure_is_named() -> None:
    found = {"a": OPEN, "b": NOTHING, "work": PASSED}
    assert score(gated("a", "b"), found) == Score(30, 30, 100, 30, "b")


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_of_two_that_failed_the_first_by_name_is_named(names: tuple[str, str]) -> None:
    found = {"a": NOTHING, "b": NOTHING, "work": PASSED}
    assert score(gated(*names), found).capped_by == "a"


def test_what_is_held_perhaps_only_names_nobody() -> None:
    held = score(gated("a"), {"a": OPEN, "work": PASSED})
    assert (held.low, held.high, held.cap, held.capped_by) == (30, 100, None, "")


def test_a_group_that_has_earned_everything_waits_for_nobody_but_required_checks() -> None:
    checks = [exists(name, 10, group="g") for name in "ab"]
    written = spec(*checks, exists("c", 10, group="g", required=True, cap=5), groups=[ANY])
    assert superfluous(written, {}) == frozenset()
    assert superfluous(written, {"a": share(99)}) == frozenset()
    assert superfluous(written, {"a": PASSED}) == {"a", "b"}


def test_a_check_that_another_needs_is_waited_for() -> None:
    checks = [exists(name, 10, group="g") for name in "ab"]
    written = spec(*checks, exists("c", 10, needs=["b"]), groups=[ANY])
    assert superfluous(written, {"a": PASSED}) == {"a"}


ANY = {"name": "g", "rule": "any"}


@pytest.mark.parametrize(("points", "percent", "passes"), [(59, 60, False), (60, 60, True)])
def test_whoever_reaches_the_share_passes(points: int, percent: int, *, passes: bool) -> None:
    assert Score(points, points, 100).passes(percent * 1000) is passes
    assert Score(points, 100, 100).passes(percent * 1000) is passes, "what is certain counts"
