"""`scales` judges timelines as values: real scaling, slow scaling, and cheats."""

from dataclasses import replace

import pytest

from labgrader.checks.finding import Outcome
from labgrader.evidence.timeline import AutoscalerSeen
from labgrader.reporting.messages import message
from tests.unit.checks.scaled import ADDS, IDLE, STARTED_MS, THERE, found, hpa, loaded


def test_passes_when_the_autoscaler_reacts_and_the_pods_are_ready() -> None:
    finding = found(loaded(IDLE, ADDS, THERE))
    assert (finding.outcome, finding.reason) == (Outcome.PASSED, "ScaledUp")
    assert dict(finding.params)["took"] == "26.5"


def test_passes_when_it_reacts_in_steps() -> None:
    step = replace(ADDS, at_ms=15_000, wanted=2)
    further = replace(ADDS, current=2, wanted=3, ready=2)
    assert found(loaded(IDLE, step, further, THERE)).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        pytest.param((IDLE, replace(THERE, at_ms=12_000)), "ScaledByHand", id="kubectl scale"),
        pytest.param(
            (IDLE, replace(ADDS, minimum=3), replace(THERE, minimum=3)),
            "MinimumRaised",
            id="minReplicas raised",
        ),
        pytest.param(
            (IDLE, replace(ADDS, at_ms=9_000, minimum=3), ADDS, THERE),
            "MinimumRaised",
            id="minReplicas raised and lowered again",
        ),
        pytest.param(
            (replace(ADDS, at_ms=4_000), replace(THERE, at_ms=6_000)),
            "ScaledByHand",
            id="there before the load",
        ),
        pytest.param(
            (IDLE, replace(ADDS, utilization=-1), replace(THERE, utilization=-1)),
            "ScaledByHand",
            id="without a metric",
        ),
        pytest.param(
            (IDLE, replace(ADDS, inactive="FailedGetResourceMetric"), replace(THERE)),
            "ScaledByHand",
            id="while inactive",
        ),
    ],
)
def test_replicas_that_load_did_not_call_for_do_not_count(
    seen: tuple[AutoscalerSeen, ...], reason: str
) -> None:
    finding = found(loaded(*seen))
    assert (finding.outcome, finding.reason, finding.credit) == (Outcome.FAILED, reason, 0)


def test_fails_when_it_comes_too_late() -> None:
    late = replace(THERE, at_ms=STARTED_MS + 180_001)
    assert found(loaded(IDLE, ADDS, late)).reason == "ScaledButNotReady"


def test_fails_when_the_pods_do_not_become_ready() -> None:
    finding = found(loaded(IDLE, ADDS, replace(THERE, ready=2)))
    assert (finding.reason, dict(finding.params)["ready"]) == ("ScaledButNotReady", "2")


def test_names_a_load_below_the_target() -> None:
    finding = found(loaded(IDLE, replace(IDLE, at_ms=30_000, utilization=41)))
    assert finding.reason == "NotScaledUp"
    assert [(cause.reason, dict(cause.params)) for cause in finding.causes] == [
        ("LoadBelowTarget", {"peak": "41", "target": "60"})
    ]


def test_a_use_that_never_changed_is_told_as_it_was() -> None:
    finding = found(loaded(IDLE))
    assert finding.reason == "NotScaledUp"
    assert dict(finding.params)["wanted"] == "1"
    assert [dict(cause.params)["peak"] for cause in finding.causes] == ["3"]


@pytest.mark.parametrize(
    "lost",
    [
        replace(ADDS, wanted=1, utilization=-1),
        replace(ADDS, wanted=1, inactive="FailedGetResourceMetric"),
    ],
)
def test_metrics_lost_under_the_load_prove_nothing(lost: AutoscalerSeen) -> None:
    finding = found(loaded(IDLE, lost))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, "MetricsLost")
    assert finding.transient


def test_metrics_that_came_back_prove_what_they_show() -> None:
    gap = replace(IDLE, at_ms=20_000, utilization=-1)
    assert found(loaded(IDLE, gap, replace(IDLE, at_ms=30_000))).reason == "NotScaledUp"


def test_load_that_nobody_answered_is_the_learners() -> None:
    assert found(loaded(IDLE, answered=0, lost=300)).reason == "LoadNotServed"


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_message_has_every_number(lang: str) -> None:
    for finding in (
        found(loaded(IDLE, replace(IDLE, at_ms=30_000, utilization=41))),
        found(None, hpa(maxReplicas=2)),
        found(loaded(IDLE, ADDS)),
        found(loaded(IDLE, answered=0, lost=300)),
        found(loaded(IDLE, replace(IDLE, at_ms=30_000, utilization=-1))),
    ):
        assert "?" not in message(finding, lang)


def test_an_autoscaler_edited_under_the_load_proves_nothing() -> None:
    idle, adds, there = (replace(one, rules="as before") for one in (IDLE, ADDS, THERE))
    assert found(loaded(idle, adds, there)).outcome is Outcome.PASSED
    finding = found(loaded(idle, replace(adds, rules="target of 1 %"), there))
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "AutoscalerChanged")
    edited_later = replace(there, at_ms=THERE.at_ms + 1, rules="edited after it had scaled")
    assert found(loaded(idle, adds, there, edited_later)).outcome is Outcome.PASSED


def test_replicas_under_a_load_that_nobody_serves_do_not_count() -> None:
    finding = found(loaded(IDLE, ADDS, THERE, answered=0, lost=900))
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "LoadNotServed")
