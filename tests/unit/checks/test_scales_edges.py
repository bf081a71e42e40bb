"""`scales` at each of its limits, with everything that is told."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.checks.finding import Finding, cause, failed, passed, unknown
from labgrader.evidence.timeline import Action, AutoscalerSeen, Timeline
from tests.unit.checks.objects import Body
from tests.unit.checks.scaled import hpa
from tests.unit.checks.test_scaling_down import (
    ADDS,
    BACK,
    ENDED_MS,
    IDLE,
    QUICK,
    STARTED_MS,
    TAKES,
    THERE,
    UP,
    found,
    loaded,
)

ABOUT: dict[str, Any] = {
    "autoscaler": "web",
    "namespace": "kim",
    "kind": "Deployment",
    "name": "web",
    "to": 3,
    "within": "120",
    "metrics": "cpu",
}
LOADED: dict[str, Any] = ABOUT | {"sent": "900", "url": "http://web:80/"}
SCALED: dict[str, Any] = LOADED | {"took": "26.5"}
THEN: dict[str, Any] = SCALED | {"down": "90", "base": 1}


def at(moment: AutoscalerSeen, at_ms: int, **more: Any) -> AutoscalerSeen:
    return replace(moment, at_ms=at_ms, **more)


def test_up_and_down_is_told_with_every_number() -> None:
    assert found(loaded(IDLE, ADDS, THERE), UP) == passed("ScaledUp", **SCALED)
    whole = loaded(IDLE, ADDS, THERE, TAKES, BACK)
    assert found(whole) == passed("ScaledUpAndDown", **THEN, back="31.0")


def test_what_was_seen_from_the_start_of_the_load_on_counts() -> None:
    adds, there = at(ADDS, STARTED_MS), at(THERE, STARTED_MS + 120_000)
    assert found(loaded(IDLE, adds, there), UP).reason == "ScaledUp"
    late = at(THERE, STARTED_MS + 120_001)
    assert found(loaded(IDLE, adds, late), UP).reason == "ScaledButNotReady"
    early = at(ADDS, STARTED_MS - 1)
    assert found(loaded(early, THERE), UP).reason == "ScaledByHand"


def test_a_minimum_that_was_raised_is_told() -> None:
    raised = at(THERE, 31_500, minimum=4)
    told = failed("MinimumRaised", **LOADED, minimum=4)
    assert found(loaded(IDLE, ADDS, raised), UP) == told
    afterwards = at(THERE, 40_000, minimum=4)
    assert found(loaded(IDLE, ADDS, THERE, afterwards), UP).reason == "ScaledUp"


@pytest.mark.parametrize(("most", "fits"), [(5, True), (6, False)])
def test_there_may_be_as_many_as_the_maximum(most: int, *, fits: bool) -> None:
    many = at(THERE, 40_000, ready=7, current=most)  # a rollout adds pods, too
    finding = found(loaded(IDLE, ADDS, THERE, many), UP)
    exceeded = failed("MaximumExceeded", **SCALED, most=most, maximum=5)
    assert finding == (passed("ScaledUp", **SCALED) if fits else exceeded)


def test_what_did_not_scale_is_told_with_why() -> None:
    behavior = {"scaleUp": {"policies": [{"type": "Pods", "value": 1, "periodSeconds": 121}]}}
    step = at(ADDS, 20_000, wanted=2, utilization=20)
    finding = found(loaded(IDLE, step), UP, autoscaler=hpa(behavior=behavior))
    assert finding == failed("NotScaledUp", **LOADED, wanted=2, ready=1).because(
        cause("LoadBelowTarget", peak=20, target=60),
        cause("PolicyTooSlow", way="scaleUp", value=1, seconds=121),
    )
    fair = {"scaleUp": {"policies": [{"type": "Pods", "value": 1, "periodSeconds": 120}]}}
    others = found(loaded(IDLE, step), UP, autoscaler=hpa(behavior=fair)).causes
    assert [one.reason for one in others] == ["LoadBelowTarget"]


def test_metrics_that_were_lost_are_told_with_its_last_word() -> None:
    blind = at(IDLE, 20_000, utilization=-1, inactive="FailedGetResourceMetric")
    numbers = LOADED | {"wanted": 1, "ready": 1}
    lost = unknown("MetricsLost", transient=True, **numbers, said="FailedGetResourceMetric")
    assert found(loaded(IDLE, blind), UP) == lost
    quiet = at(IDLE, 20_000, utilization=-1)
    said = unknown("MetricsLost", transient=True, **numbers, said="-")
    assert found(loaded(IDLE, quiet), UP) == said


def test_only_the_last_moment_before_the_load_counts() -> None:
    earlier = at(IDLE, 50, wanted=4, current=4)
    finding = found(loaded(earlier, IDLE), UP)
    assert finding.because() == failed("NotScaledUp", **LOADED, wanted=1, ready=1)
    calm = {**UP, "maxDirectionChanges": 1}
    wild = [at(IDLE, at_ms, wanted=wanted) for at_ms, wanted in ((10, 1), (20, 9), (30, 1))]
    assert found(loaded(*wild, ADDS, THERE), calm).reason == "ScaledUp"


def test_turns_are_told_with_the_path() -> None:
    turns = [at(THERE, at_ms, wanted=wanted) for at_ms, wanted in ((40_000, 3), (41_000, 4))]
    finding = found(loaded(IDLE, ADDS, THERE, *turns), {**UP, "maxDirectionChanges": 1})
    told: dict[str, Any] = {"turns": 2, "allowed": 1, "path": "1 → 4 → 3 → 4"}
    assert finding == failed("ScaledToAndFro", **SCALED, **told)


def test_without_the_end_of_the_load_the_way_back_is_open() -> None:
    whole = loaded(IDLE, ADDS, THERE, TAKES, BACK)
    unended = replace(whole, actions=tuple(a for a in whole.actions if a.what != "load-ended"))
    told = unknown("ProbeLost", transient=True, detail="the load's end is not on record")
    assert found(unended) == told


def test_it_must_come_back_to_what_held_when_the_load_began() -> None:
    two = at(IDLE, 3_000, current=2, wanted=2)
    earlier = at(IDLE, 100, current=3, wanted=3)
    back = at(BACK, 63_000, wanted=2, ready=2)
    takes = at(TAKES, 62_000, wanted=2)
    finding = found(loaded(earlier, two, ADDS, THERE, takes, back))
    assert dict(finding.params)["base"] == "2"
    assert finding.reason == "ScaledUpAndDown"
    unseen = loaded(at(ADDS, STARTED_MS), at(THERE, 31_500), TAKES, BACK)
    assert dict(found(unseen).params)["base"] == "4"


@pytest.mark.parametrize(("late", "reason"), [(0, "ScaledUpAndDown"), (1, "NotScaledDown")])
def test_it_must_be_back_in_time(late: int, reason: str) -> None:
    back = at(BACK, ENDED_MS + 90_000 + late)
    assert found(loaded(IDLE, ADDS, THERE, TAKES, back)).reason == reason


def test_what_did_not_come_back_is_told_with_why() -> None:
    behavior: Body = {"scaleDown": {**QUICK["scaleDown"], "policies": []}}
    behavior["scaleDown"]["policies"] = [{"type": "Pods", "value": 1, "periodSeconds": 91}]
    stays = found(loaded(IDLE, ADDS, THERE, TAKES), autoscaler=hpa(behavior=behavior))
    assert stays == failed("NotScaledDown", **THEN, wanted=1, ready=4).because(
        cause("PolicyTooSlow", way="scaleDown", value=1, seconds=91)
    )


def test_replicas_that_somebody_took_away_are_told() -> None:
    by_hand = at(THERE, 62_000, current=1, wanted=1, ready=1)
    assert found(loaded(IDLE, ADDS, THERE, by_hand)) == failed("ScaledDownByHand", **THEN)


def test_rules_that_changed_after_the_scale_up_prove_nothing() -> None:
    edited = at(TAKES, 62_000, rules="other")
    assert found(loaded(IDLE, ADDS, THERE, edited, BACK)) == failed("AutoscalerChanged", **THEN)


def told_of_load(finding: Finding) -> tuple[str, bool]:
    return finding.reason, finding.transient


def test_a_share_of_no_requests_is_none() -> None:
    points = [{"at": "0", "percent": 100}, {"at": "5", "percent": 0}]
    params = UP | {"curve": {"of": "errorShare", "points": points}}
    finding = found(loaded(IDLE, ADDS, THERE, answered=0), params)
    assert told_of_load(finding) == ("LoadBehind", True)


def test_an_autoscaler_that_never_saw_load_is_told_with_its_last_word() -> None:
    blind = at(IDLE, 100, utilization=-1, inactive="FailedGetScale")
    quiet = at(IDLE, 200, utilization=-1)
    finding = found(Timeline((Action(1, "other"),), autoscaler=(blind, quiet)), UP)
    assert finding == failed("AutoscalerReadsNothing", **ABOUT, said="FailedGetScale")
    unseen = found(Timeline(()), UP)
    assert unseen == failed("AutoscalerReadsNothing", **ABOUT, said="-")
