"""`scales`: lost requests, points by measurement, and a cluster that was short of CPU."""

from dataclasses import replace

import pytest

from labgrader.checks.autoscaling import lost
from labgrader.checks.finding import Outcome
from labgrader.evidence.timeline import CpuSeen, LoadSeen
from labgrader.reporting.messages import message
from tests.unit.checks.scaled import deployment
from tests.unit.checks.test_scaling_down import (
    ADDS,
    IDLE,
    STARTED_MS,
    THERE,
    UP,
    causes,
    found,
    loaded,
)

LOAD = (
    LoadSeen(8_100, 60, 0),
    LoadSeen(9_100, 70, 12, "timeout"),
    LoadSeen(14_800, 300, 31, "reset"),
    LoadSeen(15_800, 350, 31, "reset"),
)


def test_lost_requests_have_a_time() -> None:
    seen = lost(loaded(load=LOAD, failed=31, answered=1_173))
    assert (seen.sent, seen.failed, seen.from_ms, seen.until_ms) == (1_204, 31, 3_100, 9_800)
    assert (seen.exceeds(2_574), seen.exceeds(2_575)) == (True, False)  # 2.5747 %


def test_too_many_lost_requests_fail_with_number_bar_and_moment() -> None:
    target = deployment()
    target["spec"]["template"]["spec"]["containers"][0]["ports"] = [{"containerPort": 8080}]
    timeline = loaded(IDLE, ADDS, THERE, load=LOAD, failed=31, answered=1_173)
    finding = found(timeline, UP | {"maxErrorShare": "1"}, target=target)
    assert (finding.reason, causes(finding)) == ("LoadLost", ["NoReadinessProbe"])
    assert "31 of 1,204 requests" in message(finding, "en")
    assert "between 3.1 s and 9.8 s after the load began (allowed: 1 %; last error: reset)" in (
        message(finding, "en")
    )
    assert "3.1초부터 9.8초 사이에" in message(finding, "ko")
    assert found(timeline, UP | {"maxErrorShare": "3"}, target=target).reason == "ScaledUp"


def test_a_slow_scale_up_earns_a_share() -> None:
    points = [{"at": "20s", "percent": 100}, {"at": "60s", "percent": 40}]
    params = UP | {"curve": {"of": "scaleUpTime", "points": points}}
    finding = found(loaded(IDLE, ADDS, THERE), params)
    assert (finding.outcome, finding.reason, finding.credit) == (
        Outcome.FAILED,
        "ScaledSlowly",
        90_250,  # 26.5 s: 100 - 6.5 / 40 * 60
    )
    assert "26.5 s" in message(finding, "en")
    assert "90.25%" in message(finding, "ko")
    assert "기준은 20초입니다." in message(finding, "ko")
    fast = replace(THERE, at_ms=24_000)
    assert found(loaded(IDLE, ADDS, fast), params).outcome is Outcome.PASSED


def test_lost_requests_cost_a_share() -> None:
    points = [{"at": "0", "percent": 100}, {"at": "5.15", "percent": 0}]
    params = UP | {"curve": {"of": "errorShare", "points": points}}
    target = deployment()
    target["spec"]["template"]["spec"]["containers"][0]["ports"] = [{"containerPort": 8080}]
    timeline = loaded(IDLE, ADDS, THERE, load=LOAD, failed=31, answered=1_173)
    finding = found(timeline, params, target=target)
    assert (finding.outcome, finding.reason, finding.credit) == (
        *(Outcome.FAILED, "ScaledPartly"),
        50_000,  # 31 of 1,204 are 2.575 %, rounded up
    )
    assert causes(finding) == ["ErrorShareBar", "NoReadinessProbe"]
    assert "31 of 1,204 requests" in message(finding, "en")
    assert "failed (last: reset), between 3.1 s and 9.8 s" in message(finding, "en")
    assert "3.1초 후부터 9.8초 후 사이에" in message(finding, "ko")
    assert "?" not in message(finding, "en") + message(finding, "ko")
    served = loaded(IDLE, ADDS, THERE, answered=1_204)
    assert found(served, params, target=target).outcome is Outcome.PASSED


def test_no_requests_have_no_share() -> None:
    points = [{"at": "0", "percent": 100}, {"at": "5", "percent": 0}]
    params = UP | {"curve": {"of": "errorShare", "points": points}}
    finding = found(loaded(IDLE, ADDS, THERE, answered=0), params)
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, "LoadBehind")


def test_requests_that_were_lost_on_a_busy_node_cost_nothing() -> None:
    points = [{"at": "0", "percent": 100}, {"at": "5", "percent": 0}]
    params = UP | {"curve": {"of": "errorShare", "points": points}}
    lost = loaded(IDLE, ADDS, THERE, load=LOAD, failed=31, answered=1_173, cpu=busy())
    assert found(lost, params).reason == "ClusterShort"


UNDER = replace(IDLE, at_ms=30_000, utilization=41)


def busy(node: int = 97, pod: int = 43, unplaced: int = 0) -> tuple[CpuSeen, ...]:
    first = CpuSeen(STARTED_MS, 20, 1, 0, 2_000)
    later = (CpuSeen(at, node, pod, unplaced, 2_000) for at in range(10_000, 30_000, 5_000))
    return (first, *later)


def test_a_saturated_node_excuses_what_was_too_slow() -> None:
    finding = found(loaded(IDLE, UNDER, cpu=busy()), UP)
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, "ClusterShort")
    assert finding.transient
    assert "a node was 97 % busy, the busiest pod at 43 % of its limit" in message(finding, "en")
    assert "학습자의 잘못이 아닙니다" in message(finding, "ko")


@pytest.mark.parametrize(
    "cpu",
    [
        pytest.param((), id="not measured"),
        pytest.param(busy(node=70), id="room left"),
        pytest.param(busy(pod=100), id="pods at their own limit"),
        pytest.param(busy()[:2] + busy(node=30)[2:], id="saturated only for a moment"),
    ],
)
def test_a_cluster_with_room_excuses_nothing(cpu: tuple[CpuSeen, ...]) -> None:
    assert found(loaded(IDLE, UNDER, cpu=cpu), UP).reason == "NotScaledUp"


def test_pods_without_room_excuse_unless_no_cluster_like_this_holds_them() -> None:
    cpu = busy(node=60, unplaced=2)
    waits = loaded(IDLE, ADDS, replace(THERE, ready=1), cpu=cpu)
    assert found(waits, UP).reason == "ClusterShort"
    large = deployment({"requests": {"cpu": "900m"}})
    assert found(waits, UP, target=large).reason == "ScaledButNotReady"  # 3 x 900m > 2000m


def test_what_the_learner_did_is_not_excused() -> None:
    by_hand = replace(THERE, at_ms=12_000)
    assert found(loaded(IDLE, by_hand, cpu=busy()), UP).reason == "ScaledByHand"
    raised = (IDLE, replace(ADDS, minimum=3), replace(THERE, minimum=3))
    assert found(loaded(*raised, cpu=busy()), UP).reason == "MinimumRaised"


def test_a_success_needs_no_excuse() -> None:
    assert found(loaded(IDLE, ADDS, THERE, cpu=busy()), UP).outcome is Outcome.PASSED


def test_a_load_generator_without_cpu_proves_nothing() -> None:
    late = tuple(LoadSeen(at, at // 100, 0, "", 900) for at in range(6_000, 30_000, 1_000))
    finding = found(loaded(IDLE, UNDER, load=late), UP)
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, "LoadBehind")
    in_time = tuple(replace(one, late_ms=3) for one in late)
    assert found(loaded(IDLE, UNDER, load=in_time), UP).reason == "NotScaledUp"
    once = (*in_time[:-5], *late[-5:])  # 5 of 24
    assert found(loaded(IDLE, UNDER, load=once), UP).reason == "NotScaledUp"
    often = (*in_time[:-6], *late[-6:])
    assert found(loaded(IDLE, UNDER, load=often), UP).reason == "LoadBehind"
