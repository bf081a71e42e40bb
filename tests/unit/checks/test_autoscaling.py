"""What is measured on the record of a loaded autoscaler, at each of its limits."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.checks.autoscaling import (
    Lost,
    adds,
    base,
    count,
    direction_changes,
    lost,
    reached,
    reads,
    returned,
    sees,
    starved_load,
    target_of,
)
from labgrader.evidence.requests import GetObject
from labgrader.evidence.timeline import (
    Action,
    AutoscalerSeen,
    LoadSeen,
    MetricSeen,
    Timeline,
)

IDLE = AutoscalerSeen(100, current=1, wanted=1, minimum=1, ready=1, utilization=0)
READ, UNREAD = MetricSeen("cpu", "0 %", 0), MetricSeen("memory", "", -1)


def at(at_ms: int, current: int, wanted: int, ready: int, **more: Any) -> AutoscalerSeen:
    return replace(IDLE, at_ms=at_ms, current=current, wanted=wanted, ready=ready, **more)


def test_a_metric_is_read_from_nothing_on() -> None:
    assert reads(IDLE)
    assert not reads(replace(IDLE, utilization=-1))
    assert not reads(replace(IDLE, inactive="ScalingDisabled"))


@pytest.mark.parametrize(
    ("inactive", "metrics", "told"),
    [
        ("FailedGetResourceMetric", (UNREAD, READ), True),
        ("FailedGetResourceMetric", (UNREAD,), False),
        ("FailedGetResourceMetric", (), False),
        ("FailedGetScale", (READ,), False),
        ("InvalidMetric", (READ,), False),
        ("", (UNREAD,), True),
    ],
)
def test_one_metric_of_several_is_enough_to_see(
    inactive: str, metrics: tuple[MetricSeen, ...], *, told: bool
) -> None:
    assert sees(replace(IDLE, inactive=inactive, metrics=metrics)) is told


@pytest.mark.parametrize(
    ("current", "wanted", "more", "told"),
    [
        (1, 3, {}, True),
        (2, 3, {}, True),
        (3, 3, {}, False),
        (2, 2, {}, False),
        (2, 4, {}, True),
        (2, 4, {"utilization": -1}, False),
    ],
)
def test_it_adds_where_it_goes_from_fewer_to_so_many(
    current: int, wanted: int, more: dict[str, Any], *, told: bool
) -> None:
    assert adds(at(0, current, wanted, 1, **more), 3) is told


def test_it_has_reached_what_it_added_and_what_is_ready() -> None:
    wish, there = at(2, 1, 3, 1), at(9, 3, 3, 3)
    assert reached([IDLE, wish, there], 3) == 9
    assert reached([at(5, 1, 3, 3)], 3) == 5
    assert reached([there], 3) is None
    assert reached([wish, replace(there, ready=2)], 3) is None
    assert reached([wish, replace(there, wanted=2)], 3) is None
    assert reached([wish, replace(there, minimum=2)], 3) == 9
    assert reached([wish, replace(there, minimum=3)], 3) is None
    assert reached([], 1) is None


def test_the_base_is_the_most_that_held_before() -> None:
    assert base([]) == 1
    assert base([at(0, 2, 1, 1), at(1, 1, 1, 9)]) == 2
    assert base([at(0, 1, 3, 1), at(1, 2, 2, 1)]) == 3
    assert base([at(0, 0, 0, 0, minimum=4)]) == 4
    assert base([at(0, 0, 0, 0, minimum=0)]) == 0


def test_it_is_back_when_it_took_away_what_is_gone() -> None:
    takes, back = at(10, 3, 1, 3), at(20, 1, 1, 1)
    assert returned([at(5, 3, 3, 3), takes, back], 1, 0) == 20
    assert returned([back], 1, 0) is None
    assert returned([at(5, 3, 3, 3), back], 1, 0) is None
    assert returned([takes, replace(back, wanted=2)], 1, 0) is None
    assert returned([takes, replace(back, ready=2)], 1, 0) is None
    assert returned([takes, back], 1, 0) == returned([takes, back], 2, 20) == 20


def test_it_must_still_be_back_when_it_counts() -> None:
    takes, back, again = at(10, 3, 1, 1), at(20, 1, 1, 1), at(30, 1, 3, 1)
    assert returned([takes, again], 1, 5) == 10
    assert returned([takes, again], 1, 29) == 29
    assert returned([takes, again], 1, 30) is None
    assert returned([takes, again, replace(back, at_ms=40)], 1, 30) == 40
    assert returned([takes, back], 1, 25) == 25


@pytest.mark.parametrize(
    ("wanted", "turns"),
    [((), 0), ((1,), 0), ((1, 2, 3), 0), ((1, 2, 2, 1), 1), ((3, 1, 3, 1), 2), ((1, 1, 1), 0)],
)
def test_turns_are_counted_between_steps(wanted: tuple[int, ...], turns: int) -> None:
    assert direction_changes(at(n, 1, one, 1) for n, one in enumerate(wanted)) == turns


def test_a_share_of_lost_requests_is_exceeded_by_more_only() -> None:
    assert not Lost(1000, 10, 0, 0, "-").exceeds(1_000)
    assert Lost(1000, 11, 0, 0, "-").exceeds(1_000)
    assert not Lost(0, 0, 0, 0, "-").exceeds(0)
    assert [Lost(sent, n, 0, 0, "-").share for sent, n in ((3, 1), (4, 1), (0, 0), (9, 0))] == [
        *(33_334, 25_000, 0, 0)
    ]


def record(*load: LoadSeen, answered: str = "90", failed: str = "10", **more: Any) -> Timeline:
    actions = (
        Action(5_000, "load-started"),
        Action(9_000, "requests-answered", answered),
        Action(9_000, "requests-failed", failed),
        Action(9_500, "requests-failed", "1"),
    )
    return Timeline(actions, load=load, **more)


def test_counts_are_summed() -> None:
    assert count(record(), "requests-failed") == 11
    assert count(record(), "requests-answered") == 90
    assert count(record(), "nothing") == 0


def test_lost_requests_are_told_from_the_second_before_the_first() -> None:
    load = (
        LoadSeen(6_000, 10, 0, "early"),
        LoadSeen(7_000, 20, 1, "refused"),
        LoadSeen(8_000, 30, 1, "quiet"),
        LoadSeen(9_000, 40, 5, "timeout"),
        LoadSeen(9_500, 50, 5, "late"),
    )
    assert lost(record(*load)) == Lost(101, 11, 1_000, 4_000, "timeout")
    assert lost(record(*load[:2])) == Lost(101, 11, 1_000, 2_000, "refused")
    assert lost(record(LoadSeen(6_000, 0, 1))) == Lost(101, 11, 0, 1_000, "-")
    assert lost(record(load[0])) == lost(record()) == Lost(101, 11, 0, 0, "-")
    unstarted = Timeline((), load=(LoadSeen(700, 0, 0), LoadSeen(800, 0, 1, "x")))
    assert lost(unstarted) == Lost(0, 0, 700, 800, "x")


@pytest.mark.parametrize(
    ("late", "told"),
    [
        ((), False),
        ((250, 250), False),
        ((251,), True),
        ((251, 0, 0, 0), True),
        ((251, 0, 0, 0, 0), False),
        ((300, 300, 0, 0, 0, 0, 0, 0), True),
    ],
)
def test_one_late_second_in_four_is_no_load(late: tuple[int, ...], *, told: bool) -> None:
    load = (LoadSeen(n, 1, 0, late_ms=one) for n, one in enumerate(late))
    assert starved_load(record(*load)) is told


@pytest.mark.parametrize(
    ("ref", "told"),
    [
        (("apps/v1", "Deployment"), "apps/v1"),
        (("apps/v1beta1", "Deployment"), "apps/v1"),
        (("v1", "Deployment"), None),
        (("x/v1", "Deployment"), None),
        (("", "Deployment"), None),
        ((None, "Deployment"), None),
        (("v2", "ConfigMap"), "v1"),
        ((None, "ConfigMap"), "v1"),
        (("x/v1", "ConfigMap"), None),
        (("example.com/v1", "Game"), "example.com/v1"),
        ((None, "Game"), ""),
    ],
)
def test_a_target_is_asked_for_by_its_group(ref: tuple[str | None, str], told: str | None) -> None:
    version, kind = ref
    reference = {"kind": kind, "name": "web"} | ({"apiVersion": version} if version else {})
    hpa = {"metadata": {"namespace": "kim"}, "spec": {"scaleTargetRef": reference}}
    wanted = None if told is None else GetObject("kim", told, kind, "web")
    assert target_of(hpa) == wanted
