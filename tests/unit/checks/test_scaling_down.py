"""`scales` beyond the scale-up: the way back, turns, and autoscalers that are in the way."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.api.kinds import Scales
from labgrader.checks.autoscaling import direction_changes, returned
from labgrader.checks.finding import Finding, Outcome
from labgrader.checks.scales import judge, problems
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Found, Items
from labgrader.evidence.experiments import HttpTarget, LoadAutoscaler
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import Action, AutoscalerSeen, CpuSeen, LoadSeen, Timeline
from labgrader.reporting.messages import message
from tests.support.sentences import told_whole
from tests.unit.checks.scaled import SERVICE, deployment, hpa

SCOPE = Scope("kim")
QUICK = {"scaleDown": {"stabilizationWindowSeconds": 15}}
UP = {"autoscaler": "web", "load": {"service": "web", "port": 80}, "up": {"to": 3, "within": "2m"}}
DOWN = UP | {"down": {"within": "90s"}}
IDLE = AutoscalerSeen(100, current=1, wanted=1, minimum=1, ready=1, utilization=3)
ADDS = AutoscalerSeen(20_000, current=1, wanted=4, minimum=1, ready=1, utilization=240)
THERE = AutoscalerSeen(31_500, current=4, wanted=4, minimum=1, ready=3, utilization=120)
TAKES = AutoscalerSeen(62_000, current=4, wanted=1, minimum=1, ready=4, utilization=2)
BACK = AutoscalerSeen(63_000, current=4, wanted=1, minimum=1, ready=1, utilization=2)
STARTED_MS, ENDED_MS = 5_000, 32_000


def loaded(
    *seen: AutoscalerSeen,
    load: tuple[LoadSeen, ...] = (),
    cpu: tuple[CpuSeen, ...] = (),
    failed: int = 0,
    answered: int = 900,
) -> Timeline:
    return Timeline(
        actions=(
            Action(STARTED_MS, "load-started"),
            Action(ENDED_MS, "load-ended"),
            Action(ENDED_MS, "requests-answered", str(answered)),
            Action(ENDED_MS, "requests-failed", str(failed)),
        ),
        autoscaler=seen,
        ended_ms=185_000,
        load=load,
        cpu=cpu,
    )


def found(
    timeline: Timeline | None,
    params: dict[str, Any] = DOWN,
    *,
    autoscaler: dict[str, Any] | None = None,
    others: tuple[dict[str, Any], ...] = (),
    target: dict[str, Any] | None = None,
) -> Finding:
    wanted = Scales.model_validate(params)
    own = autoscaler or hpa(behavior=QUICK)
    answers: dict[Request, Answer] = {
        SCOPE.named("HorizontalPodAutoscaler", "web"): Found(own),
        SCOPE.all("HorizontalPodAutoscaler"): Items((own, *others)),
        SCOPE.named("Service", "web"): Found(SERVICE),
        SCOPE.named("Deployment", "web"): Found(target or deployment()),
        SCOPE.all("EndpointSlice", {"kubernetes.io/service-name": "web"}): Items(()),
    }
    for kind in ("Pod", "ReplicaSet", "Event", "NetworkPolicy"):
        answers[SCOPE.all(kind)] = Items(())
    if timeline is not None:
        experiment = LoadAutoscaler(
            "kim", "web", "h", HttpTarget("kim", "web", 80, "/"), 8, 3, 120_000
        )
        down, hold = wanted.down, wanted.up.hold
        experiment = replace(
            experiment, down_within_ms=down.within if down else 0, hold_ms=hold or 0
        )
        answers[experiment] = timeline
    return told_whole(judge(wanted, SCOPE, Snapshot(answers)))


def causes(finding: Finding) -> list[str]:
    return [cause.reason for cause in finding.causes]


def test_passes_when_it_goes_up_and_comes_back() -> None:
    finding = found(loaded(IDLE, ADDS, THERE, TAKES, BACK))
    assert (finding.outcome, finding.reason) == (Outcome.PASSED, "ScaledUpAndDown")
    assert message(finding, "en") == (
        "Under load, the HorizontalPodAutoscaler web scaled Deployment web to 3 Ready replicas in"
        " 26.5 s (allowed: 120 s), and it was back at 1 in 31.0 s after the load had ended"
        " (allowed: 90 s)."
    )
    assert message(finding, "ko") == (
        "부하가 걸리자 HorizontalPodAutoscaler web이 26.5초 만에 디플로이먼트 web을 준비된 레플리카 3개로"
        " 늘렸고(제한: 120초), 부하가 끝난 뒤 31.0초 만에 1개로 되돌렸습니다(제한: 90초)."
    )


def test_two_replicas_of_before_are_enough_to_come_back_to() -> None:
    before = replace(IDLE, current=2, wanted=2, ready=2)
    back = replace(BACK, wanted=2, ready=2)
    assert found(loaded(before, ADDS, THERE, replace(TAKES, wanted=2), back)).reason == (
        "ScaledUpAndDown"
    )


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        pytest.param((), "NotScaledDown", id="stays"),
        pytest.param(
            (replace(TAKES, at_ms=122_500), replace(BACK, at_ms=123_000)),
            "NotScaledDown",
            id="too late",
        ),
        pytest.param(
            (replace(TAKES, wanted=2), replace(BACK, wanted=2, ready=2)),
            "NotScaledDown",
            id="not all the way",
        ),
        pytest.param((replace(BACK, current=1),), "ScaledDownByHand", id="kubectl scale"),
        pytest.param((TAKES,), "NotScaledDown", id="pods stay"),
        pytest.param(
            (replace(TAKES, rules="edited"), replace(BACK, rules="edited")),
            "AutoscalerChanged",
            id="edited after the load",
        ),
    ],
)
def test_fails_when_it_does_not_come_back_by_itself(
    seen: tuple[AutoscalerSeen, ...], reason: str
) -> None:
    finding = found(loaded(IDLE, ADDS, THERE, *seen))
    assert (finding.outcome, finding.reason, finding.credit) == (Outcome.FAILED, reason, 0)


def test_what_came_back_during_the_load_must_still_be_back_after_it() -> None:
    early = replace(TAKES, at_ms=31_600)
    few = replace(BACK, at_ms=31_700)
    assert returned((THERE, early, few), 1, ENDED_MS) == ENDED_MS
    again = replace(THERE, at_ms=31_800)
    assert returned((THERE, early, few, again), 1, ENDED_MS) is None


@pytest.mark.parametrize(
    ("behavior", "reason", "why"),
    [
        ({}, "CannotScaleDownInTime", ["StabilizationTooLong"]),
        (
            {"scaleDown": {"stabilizationWindowSeconds": 120}},
            "CannotScaleDownInTime",
            ["StabilizationTooLong"],
        ),
        (
            {"scaleDown": {"stabilizationWindowSeconds": 0, "selectPolicy": "Disabled"}},
            "CannotScaleDownInTime",
            ["PolicyDisabled"],
        ),
        (
            QUICK | {"scaleUp": {"selectPolicy": "Disabled"}},
            "CannotScaleUpInTime",
            ["PolicyDisabled"],
        ),
        (
            QUICK | {"scaleUp": {"stabilizationWindowSeconds": 120}},
            "CannotScaleUpInTime",
            ["StabilizationTooLong"],
        ),
    ],
)
def test_rules_that_cannot_be_in_time_fail_without_load(
    behavior: dict[str, Any], reason: str, why: list[str]
) -> None:
    finding = found(None, autoscaler=hpa(behavior=behavior))
    assert (finding.outcome, finding.reason, causes(finding)) == (Outcome.FAILED, reason, why)


def test_a_window_that_may_just_be_in_time_is_tried() -> None:
    """Its last wish for many replicas may be older than the end of the load."""
    own = hpa(behavior={"scaleDown": {"stabilizationWindowSeconds": 100}})
    assert found(loaded(IDLE, ADDS, THERE, TAKES, BACK), autoscaler=own).reason == "ScaledUpAndDown"
    finding = found(loaded(IDLE, ADDS, THERE), autoscaler=own)
    assert (finding.reason, causes(finding)) == ("NotScaledDown", ["StabilizationTooLong"])


@pytest.mark.parametrize(
    ("policy", "named"),
    [
        ({"type": "Pods", "value": 1, "periodSeconds": 90}, False),  # two steps are in time
        ({"type": "Pods", "value": 1, "periodSeconds": 91}, True),
        ({"type": "Pods", "value": 2, "periodSeconds": 120}, False),
        ({"type": "Percent", "value": 10, "periodSeconds": 120}, False),
        ({"type": "Pods", "value": "1", "periodSeconds": 0}, False),
    ],
)
def test_slow_policies_are_named(policy: dict[str, Any], named: bool) -> None:  # noqa: FBT001
    own = hpa(behavior={"scaleDown": {"stabilizationWindowSeconds": 0, "policies": [policy]}})
    finding = found(loaded(IDLE, ADDS, THERE), autoscaler=own)
    assert finding.reason == "NotScaledDown"
    assert causes(finding) == ["PolicyTooSlow"] * named
    if named:
        assert "allows a change of 1 pods in 91 s" in message(finding, "en")
        assert "91초 동안 파드 1개까지만" in message(finding, "ko")


def test_a_second_autoscaler_of_the_same_workload_is_named() -> None:
    other = hpa()
    other["metadata"] = {"name": "web-too", "namespace": "kim", "uid": "h2"}
    finding = found(None, others=(other,))
    assert finding.reason == "AutoscalersCompete"
    assert "web-too" in message(finding, "en")
    assert "web-too가" in message(finding, "ko")


@pytest.mark.parametrize(
    "change",
    [
        {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "api"}},
        {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "web"}},
    ],
)
def test_autoscalers_of_other_workloads_do_not_compete(change: dict[str, Any]) -> None:
    other = hpa(**change)
    other["metadata"] = {"name": "other", "namespace": "kim", "uid": "h2"}
    assert found(loaded(IDLE, ADDS, THERE, TAKES, BACK), others=(other,)).reason == (
        "ScaledUpAndDown"
    )


def test_an_autoscaler_that_leaves_no_room_is_told_so() -> None:
    finding = found(None, autoscaler=hpa(minReplicas=2, maxReplicas=2))
    assert (finding.reason, dict(finding.params)["replicas"]) == ("NoRoomToScale", "2")


@pytest.mark.parametrize(
    ("said", "why"),
    [("AmbiguousSelector", ["SelectorAmbiguous"]), ("ScalingDisabled", ["ScaledToNothing"])],
)
def test_its_own_words_are_explained(said: str, why: list[str]) -> None:
    blind = replace(IDLE, utilization=-1, inactive=said)
    finding = found(Timeline(actions=(), autoscaler=(blind,)))
    assert (finding.reason, causes(finding)) == ("AutoscalerReadsNothing", why)


def test_more_replicas_than_its_maximum_are_somebody_elses() -> None:
    more = replace(THERE, at_ms=31_600, current=6, ready=6)
    finding = found(loaded(IDLE, ADDS, THERE, more, TAKES, BACK))
    assert finding.reason == "MaximumExceeded"
    assert (dict(finding.params)["most"], dict(finding.params)["maximum"]) == ("6", "5")


FLAPS = (IDLE, ADDS, THERE, replace(THERE, at_ms=31_600, wanted=2), replace(THERE, at_ms=31_700))


def test_direction_changes_are_counted() -> None:
    assert direction_changes((IDLE, ADDS, THERE)) == 0
    assert direction_changes((IDLE, ADDS, THERE, TAKES, BACK)) == 1
    assert direction_changes((*FLAPS, TAKES, BACK)) == 3


@pytest.mark.parametrize(("allowed", "passes"), [(1, False), (2, False), (3, True)])
def test_flapping_fails_with_its_path(allowed: int, passes: bool) -> None:  # noqa: FBT001
    finding = found(loaded(*FLAPS, TAKES, BACK), DOWN | {"maxDirectionChanges": allowed})
    assert (finding.outcome is Outcome.PASSED) == passes
    if not passes:
        assert finding.reason == "ScaledToAndFro"
        assert "1 → 4 → 2 → 4 → 1" in message(finding, "en")


@pytest.mark.parametrize(
    "params",
    [
        UP | {"curve": {"of": "recoveryTime", "points": [{"at": "1s", "percent": 100}] * 2}},
        DOWN | {"maxDirectionChanges": 0},
    ],
)
def test_params_that_cannot_be_met_are_problems(params: dict[str, Any]) -> None:
    if "curve" in params:
        params["curve"]["points"] = [{"at": "1s", "percent": 100}, {"at": "2s", "percent": 0}]
    assert [one.reason for one in problems(Scales.model_validate(params))] == ["Invalid"]
    assert problems(Scales.model_validate(DOWN | {"maxDirectionChanges": 1})) == ()
