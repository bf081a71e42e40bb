"""What a curve gives for a measurement, and how number and bar are told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from labgrader.api.kinds import Curve
from labgrader.checks.finding import FULL_CREDIT, failed, passed
from labgrader.checks.measures import credit, earned, problems
from labgrader.reporting.messages import message


def curve(of: str, *points: tuple[str, int]) -> Curve:
    listed = [{"at": at, "percent": percent} for at, percent in points]
    return Curve.model_validate({"of": of, "points": listed})


TIME = curve("recoveryTime", ("10s", 100), ("40s", 50), ("60s", 0))
SERVED = curve("availability", ("90", 0), ("99", 50), ("99.9", 100))


@pytest.mark.parametrize(
    ("ms", "share"),
    [(0, 100_000), (10_000, 100_000), (30_000, 66_667), (40_000, 50_000), (99_000, 0)],
)
def test_a_curve_is_linear_and_clamped(ms: int, share: int) -> None:
    assert credit(TIME, ms) == share


@pytest.mark.parametrize(
    ("seen", "share"),
    [(0, 0), (90_000, 0), (94_500, 25_000), (99_000, 50_000), (99_450, 75_000), (100_000, 100_000)],
)
def test_more_availability_earns_more(seen: int, share: int) -> None:
    assert credit(SERVED, seen) == share


@given(st.integers(0, 70_000), st.integers(0, 70_000))
def test_a_slower_recovery_never_earns_more(one: int, other: int) -> None:
    fast, slow = sorted((one, other))
    assert 0 <= credit(TIME, slow) <= credit(TIME, fast) <= FULL_CREDIT


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_a_better_availability_never_earns_less(one: int, other: int) -> None:
    worse, better = sorted((one, other))
    assert 0 <= credit(SERVED, worse) <= credit(SERVED, better) <= FULL_CREDIT


def test_without_a_curve_everything_is_earned() -> None:
    assert earned(None, {}).all
    assert earned(None, {}).why == ()


@pytest.mark.parametrize(
    ("of", "points", "value", "english", "korean"),
    [
        (
            "recoveryTime",
            [("10s", 100), ("1m", 40)],
            14_200,
            "The bar is 10 s.",
            "기준은 10초입니다.",
        ),
        (
            "updateTime",
            [("500ms", 100), ("1m", 40)],
            900,
            "The bar is 0.5 s.",
            "기준은 0.5초입니다.",
        ),
        (
            *("longestGap", [("0s", 100), ("2s", 0)], 1_001),
            "The longest time without a good answer was 1.1 s; the bar is 0 s.",
            "성공한 응답이 없던 가장 긴 시간은 1.1초이고, 기준은 0초입니다.",
        ),
        (
            *("availability", [("90", 0), ("99.5", 100)], 98_765),
            "98.765 % of the requests succeeded; the bar is 99.5 %.",
            "요청의 98.765%가 성공했고, 기준은 99.5%입니다.",
        ),
        (
            *("errorShare", [("1", 100), ("10", 0)], 2_500),
            "2.5 % of the load's requests failed; the bar is 1 %.",
            "부하 요청의 2.5%가 실패했고, 기준은 1%입니다.",
        ),
    ],
)
def test_number_and_bar_are_told(
    of: str, points: list[tuple[str, int]], value: int, english: str, korean: str
) -> None:
    came = earned(curve(of, *points), {of: value})
    assert not came.all
    told = failed("GraderError", credit=came.credit, detail="x").because(*came.why)
    assert english in message(told, "en")
    assert korean in message(told, "ko")


def test_the_bar_is_the_nearest_that_earns_the_most() -> None:
    flat = curve("recoveryTime", ("1s", 100), ("10s", 100), ("60s", 0))
    (why,) = earned(flat, {"recoveryTime": 20_000}).why
    assert dict(why.params) == {"bar": "10"}


@pytest.mark.parametrize(
    ("points", "english", "korean"),
    [
        ((22, 30), "This check earns 22 of 30 points.", "이 점검에서 30점 중 22점을 받습니다."),
        (None, "This check earns 73.5 % of its points.", "이 점검 점수의 73.5%를 받습니다."),
        ((0, 0), "This check earns 73.5 % of its points.", "이 점검 점수의 73.5%를 받습니다."),
    ],
)
def test_the_points_of_a_part_are_told(
    points: tuple[int, int] | None, english: str, korean: str
) -> None:
    part = failed("HealedSlowly", credit=73_500, kind="Deployment", name="web")
    assert english in message(part, "en", points)
    assert korean in message(part, "ko", points)


@pytest.mark.parametrize("finding", [failed("NotFound"), passed("ObjectThere")])
def test_nothing_is_said_of_points_where_none_or_all_are_earned(finding: Any) -> None:
    assert "points" not in message(finding, "en", (10, 10))


def test_a_part_comes_before_where_to_look() -> None:
    part = failed("NotFound", credit=1_000, kind="Pod", name="a", namespace="kim")
    said = message(part, "en", (1, 100))
    assert said.index("This check earns 1 of 100 points.") < said.index("Look: kubectl")


@pytest.mark.parametrize(
    ("of", "points", "complaint"),
    [
        ("recoveryTime", [("10s", 100), ("99", 0)], "a curve of recoveryTime has times"),
        ("availability", [("10s", 100), ("20s", 0)], "a curve of availability has percentages"),
        ("availability", [("99", 0), ("90", 100)], "in the order of their shares"),
        ("errorShare", [("1", 100), ("1.0", 0)], "in the order of their shares"),
        ("longestGap", [("2s", 100), ("1s", 0)], "in the order of their times"),
        ("availability", [("99", 0), ("100.5", 100)], "is not a duration"),
    ],
)
def test_points_that_say_nothing_are_refused(
    of: str, points: list[tuple[str, int]], complaint: str
) -> None:
    with pytest.raises(ValidationError, match=complaint):
        curve(of, *points)


def test_a_curve_is_written_as_it_was_read() -> None:
    for written in (TIME, SERVED):
        assert Curve.model_validate(written.model_dump(by_alias=True)) == written
    assert [point["at"] for point in SERVED.model_dump()["points"]] == ["90", "99", "99.9"]


def test_what_a_kind_does_not_measure_is_said() -> None:
    (found,) = problems("heals", TIME, "availability", "longestGap")
    assert found.text == "heals measures availability and longestGap, not recoveryTime"
    assert list(problems("heals", TIME, "recoveryTime")) == []
    assert list(problems("heals", None)) == []
