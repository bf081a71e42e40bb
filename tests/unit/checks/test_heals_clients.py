"""What clients notice while a workload heals: how much may be lost, and what proves nothing."""

from typing import Any

import pytest

from labgrader.checks.finding import Outcome
from labgrader.checks.heals import problems
from labgrader.evidence.timeline import Sample, Timeline
from labgrader.reporting.messages import message
from tests.unit.checks.healing import (
    AVAILABILITY,
    BEFORE,
    DELETED_MS,
    DOWN,
    UP,
    deployment,
    found,
    heals,
    pods,
    samples,
    timeline,
    told,
)


@pytest.mark.parametrize(
    "more",
    [{"samples": (), "kept_rate": False}, {"samples": ()}, {"samples": (Sample(0, 5, 200),)}],
    ids=["none heard of", "none sent", "good, but told late"],
)
def test_answers_that_were_not_heard_of_in_time_prove_nothing(more: dict[str, Any]) -> None:
    seen = Timeline(actions=(), pods=(BEFORE,), ended_ms=9_000, **more)
    finding = found(heals(availability=AVAILABILITY), seen)
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, "SamplerBehind")
    assert finding.transient


def test_a_missing_port_fails_before_anything_is_disturbed() -> None:
    params = heals(availability={**AVAILABILITY, "port": 8080})
    assert found(params, None).reason == "ServicePortMissing"


def test_counts_the_requests_between_deletion_and_recovery() -> None:
    seen = timeline(BEFORE, DOWN, UP, samples=samples(lost=range(2)))
    finding = found(heals(availability=AVAILABILITY), seen)
    assert finding.reason == "HealedAvailable"
    assert (told(finding)["sent"], told(finding)["lost"]) == ("285", "2")


def test_requests_after_the_recovery_do_not_count() -> None:
    seen = timeline(BEFORE, DOWN, UP, samples=samples(lost=range(300, 400)))
    assert found(heals(availability=AVAILABILITY), seen).outcome is Outcome.PASSED


def test_fails_when_clients_notice_too_much() -> None:
    seen = timeline(BEFORE, DOWN, UP, samples=samples(lost=range(20, 60)))
    finding = found(heals(availability=AVAILABILITY), seen)
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "HealedButUnavailable")
    assert (told(finding)["lost"], told(finding)["gap"]) == ("40", "2.0")


def test_names_the_only_replica_as_the_cause() -> None:
    one = timeline(pods(900, "a", wanted=1), pods(1_040, "", "ac", 1), pods(3_000, "c", "a", 1))
    seen = Timeline(one.actions, one.pods, samples=samples(lost=range(40)))
    finding = found(heals(availability=AVAILABILITY), seen, deployment(replicas=1))
    assert [cause.reason for cause in finding.causes] == ["OneReplica"]


@pytest.mark.parametrize(
    ("lost", "outcome"), [(3, Outcome.PASSED), (4, Outcome.FAILED)], ids=["met", "missed"]
)
def test_a_share_is_met_exactly(lost: int, outcome: Outcome) -> None:
    up = pods(15_951, "bc", "a")
    seen = timeline(BEFORE, DOWN, up, samples=samples(lost=range(lost)))
    finding = found(heals(availability=AVAILABILITY), seen)
    assert (told(finding)["sent"], finding.outcome) == ("300", outcome)


@pytest.mark.parametrize("took_ms", [1_000, 2_000, 10_000])
def test_a_fast_recovery_is_not_judged_by_fewer_requests(took_ms: int) -> None:
    up = pods(DELETED_MS + took_ms, "bc")
    seen = timeline(BEFORE, DOWN, up, samples=samples(lost=range(2)))
    finding = found(heals(availability=AVAILABILITY), seen)
    assert (told(finding)["sent"], told(finding)["lost"]) == ("201", "2")
    assert finding.outcome is Outcome.PASSED
    assert told(finding)["took"] == f"{took_ms / 1000:.1f}"


@pytest.mark.parametrize(
    "more",
    [{"kept_rate": False, "samples": samples(lost=range(100))}, {"samples": ()}],
    ids=["slow sampler", "no samples"],
)
def test_a_sampler_that_fell_behind_proves_nothing(more: dict[str, Any]) -> None:
    finding = found(heals(availability=AVAILABILITY), timeline(BEFORE, DOWN, UP, **more))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, "SamplerBehind")
    assert finding.transient


def test_a_slow_sampler_does_not_excuse_what_never_healed() -> None:
    seen = timeline(BEFORE, DOWN, kept_rate=False)
    assert found(heals(availability=AVAILABILITY), seen).reason == "NotHealed"


def test_clients_kept_out_from_the_start_fail() -> None:
    seen = Timeline(actions=(), pods=(BEFORE,), samples=samples(lost=range(400)), ended_ms=30_000)
    finding = found(heals(availability=AVAILABILITY), seen)
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "UnavailableBefore")
    assert told(finding)["seen"] == "refused"


def test_clients_decide_by_a_curve_where_they_are_watched() -> None:
    points = [{"at": "90", "percent": 0}, {"at": "100", "percent": 100}]
    curve = {"of": "availability", "points": points}
    lenient = AVAILABILITY | {"min": "50"}
    seen = timeline(BEFORE, DOWN, UP, samples=samples(lost=range(10)))
    finding = found(heals(availability=lenient, curve=curve), seen)
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "HealedPartly")
    assert finding.credit == 64_910  # 275 of 285 are 96.491 %
    assert [cause.reason for cause in finding.causes] == ["AvailabilityBar", "NoPreStop"]
    assert "?" not in message(finding, "en") + message(finding, "ko")
    strict = found(heals(availability=AVAILABILITY, curve=curve), seen)
    assert (strict.reason, strict.credit) == ("HealedButUnavailable", 0)


def test_nobody_is_asked_what_nobody_watches() -> None:
    points = [{"at": "0s", "percent": 100}, {"at": "1s", "percent": 0}]
    curve = {"of": "longestGap", "points": points}
    (problem,) = problems(heals(curve=curve))
    assert problem.text == "heals measures recoveryTime, not longestGap"
    assert problems(heals(curve=curve, availability=AVAILABILITY)) == ()
