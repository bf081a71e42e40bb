"""From looks to a verdict at each limit, with everything that is told."""

from dataclasses import replace

import pytest

from labgrader.api.over_time import OverTime
from labgrader.checks.finding import Cause, Finding, cause, failed, passed
from labgrader.checks.over_time import now, standing
from tests.unit.checks.test_over_time import (
    CONSISTENTLY,
    DOWN,
    EVENTUALLY,
    HALF,
    HIDDEN,
    NEVER,
    NO,
    SETTLE,
    STABLE,
    YES,
    looks,
    verdict,
)

WHY = cause("Because", of="x")
NO_WHY, YES_WHY = NO.because(WHY), YES.because(WHY)
NOT = Cause(NO.reason, NO.params)
IS = Cause(YES.reason, YES.params)
IN_TIME = cause("NotInTime", within="60")


@pytest.mark.parametrize(
    ("rule", "told", "due_ms"),
    [
        (EVENTUALLY, [(0, NO), (10, DOWN), (30, NO), (40, DOWN), (45, NO)], 105_000),
        (CONSISTENTLY, [(0, NO), (2, DOWN), (4, NO), (6, DOWN), (9, NO)], 19_000),
        (STABLE, [(0, NO), (10, DOWN), (30, NO), (40, DOWN), (45, NO)], 105_000),
        (NEVER, [(0, NO), (10, DOWN), (30, NO), (40, DOWN), (45, NO)], 75_000),
        (CONSISTENTLY, [(0, YES), (10, YES), (20, YES)], 30_000),
    ],
)
def test_every_gap_is_no_time(
    rule: OverTime, told: list[tuple[float, Finding]], due_ms: int
) -> None:
    """A gap lasts from the last look that saw something to the next."""
    assert verdict(rule, *told) == due_ms


@pytest.mark.parametrize("rule", [EVENTUALLY, CONSISTENTLY, NEVER, STABLE])
def test_without_a_look_the_first_is_due_at_once(rule: OverTime) -> None:
    assert standing(rule, SETTLE, []) == 0


def test_what_came_true_is_told_with_when() -> None:
    assert verdict(EVENTUALLY, (0, YES_WHY)) == YES_WHY
    came = verdict(EVENTUALLY, (0, NO), (7.5, YES_WHY))
    assert came == YES.because(WHY, cause("CameTrue", after="7.5"))


def test_what_did_not_come_in_time_keeps_its_causes() -> None:
    late = verdict(EVENTUALLY, (0, NO_WHY), (60, NO_WHY))
    assert late == NO.because(WHY, IN_TIME)
    never = verdict(STABLE, (0, NO_WHY), (60, NO_WHY))
    assert never == NO.because(WHY, IN_TIME)
    settled = verdict(CONSISTENTLY, (0, NO), (10, NO))
    assert settled == NO.because(cause("NotInTime", within="10"))
    assert standing(CONSISTENTLY, 0, looks((0, NO_WHY))) == NO_WHY


def test_what_stayed_true_is_told_with_its_looks() -> None:
    stayed = verdict(CONSISTENTLY, (0, NO), (5, YES), (20, YES), (35, YES_WHY))
    assert stayed == passed("StayedTrue", seconds="30", looks=4).because(IS, WHY)
    assert verdict(CONSISTENTLY, (0, YES_WHY), (30, YES_WHY)) == passed(
        "StayedTrue", seconds="30", looks=2
    ).because(IS, WHY)


def test_what_did_not_stay_is_told_with_its_part_of_the_points() -> None:
    told = failed("DidNotStay", credit=50_000, seconds="30", after="9.0")
    assert verdict(CONSISTENTLY, (1, YES), (4, YES), (10, HALF)) == told.because(NOT_HALF)


NOT_HALF = Cause(HALF.reason, HALF.params)


def test_what_never_came_is_told_with_its_looks() -> None:
    never = passed("NeverTrue", seconds="30", looks=3)
    assert verdict(NEVER, (0, NO), (10, NO), (30, NO)) == never
    came = failed("BecameTrue", seconds="30", after="12.5")
    assert verdict(NEVER, (0, NO), (12.5, YES_WHY)) == came.because(IS, WHY)


def test_what_hides_shows_nothing_of_never() -> None:
    partly = replace(HIDDEN, credit=7)
    assert verdict(NEVER, (0, partly), (30, partly)) == replace(partly, credit=0)
    assert verdict(NEVER, (0, partly), (29, partly)) == 30_000
    assert verdict(NEVER, (0, NO), (20, HIDDEN), (25, NO)) == 55_000


def test_what_became_stable_is_told_with_when() -> None:
    stable = passed("BecameStable", seconds="20", after="5.0")
    told = verdict(STABLE, (0, NO), (5, YES_WHY), (25, YES_WHY))
    assert told == stable.because(IS, WHY)
    shaky = verdict(STABLE, (0, YES), (10, HALF), (60, HALF))
    unstable = failed("NotStable", credit=50_000, within="60", seconds="20", after="60.0")
    assert shaky == unstable.because(NOT_HALF)


def test_what_one_look_comes_to() -> None:
    assert now(EVENTUALLY, YES_WHY) == YES_WHY
    assert now(EVENTUALLY, NO_WHY) == now(CONSISTENTLY, NO_WHY) == NO_WHY
    assert now(CONSISTENTLY, YES_WHY) == YES.because(WHY, cause("MustStay", seconds="30"))
    assert now(STABLE, YES_WHY) == YES.because(WHY, cause("MustStay", seconds="20"))
    assert now(NEVER, YES_WHY) == failed("TrueNow").because(IS, WHY)
    assert now(NEVER, NO_WHY) == passed("NotTrueNow", seconds="30")
    assert now(NEVER, HIDDEN) == HIDDEN
    assert now(NEVER, DOWN) == DOWN
