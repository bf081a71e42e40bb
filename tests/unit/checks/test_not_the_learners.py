"""What is the grader's doing, or somebody else's, is not the learner's failure."""

from dataclasses import replace

import pytest

from labgrader.checks.finding import Outcome
from labgrader.evidence.timeline import Action, PodsSeen, Sample, Timeline
from tests.unit.checks.healing import AVAILABILITY, BEFORE, found, heals, pods, samples
from tests.unit.checks.test_drains import TOLD_MS, judged, slow, timeline
from tests.unit.checks.test_scaling_down import ADDS, IDLE, THERE, UP, loaded
from tests.unit.checks.test_scaling_down import found as scaled
from tests.unit.checks.test_updates_without_downtime import judged as updated
from tests.unit.checks.test_updates_without_downtime import replaced


@pytest.mark.parametrize(
    "record",
    [timeline(direct=slow(cut_ms=200)), timeline(gone_ms=None), timeline(direct=slow(2))],
    ids=["requests lost with it", "did not see the pod go", "had begun too few"],
)
def test_clients_that_ended_themselves_prove_nothing_of_a_pod(record: Timeline) -> None:
    assert judged(record).finding.outcome is Outcome.FAILED
    ended = judged(replace(record, kept_rate=False)).finding
    assert (ended.reason, ended.transient) == ("SamplerBehind", True)


@pytest.mark.parametrize("error", ["refused", "unreachable"])
def test_who_was_never_connected_was_not_cut_off(error: str) -> None:
    late = Sample(TOLD_MS - 200, 250, 0, error)
    assert judged(timeline(direct=(*slow(), late))).finding.outcome is Outcome.PASSED
    for cut in (replace(late, error="reset"), Sample(TOLD_MS - 900, 1_100, 0, error)):
        assert judged(timeline(direct=(*slow(), cut))).finding.reason == "RequestsCut"


def test_answers_that_were_told_too_late_to_begin_are_no_failure() -> None:
    untouched = Timeline((), pods=(BEFORE,), samples=samples(lost=range(399)), ended_ms=30_000)
    assert found(heals(availability=AVAILABILITY), untouched).reason == "SamplerBehind"
    slow_one = replace(untouched, samples=samples(lost=range(400)), direct=slow(1))
    assert judged(slow_one).finding.reason == "SamplerBehind"
    assert judged(replace(slow_one, direct=())).finding.reason == "UnavailableBefore"


def test_somebody_who_wants_fewer_pods_for_a_while_leaves_it_open() -> None:
    fewer = PodsSeen(5_000, ("b",), (), 1)
    record = Timeline(
        (Action(1_000, "pod-deleted", "a"),),
        pods=(BEFORE, fewer, pods(6_000, "b")),
        ended_ms=61_000,
    )
    finding = found(heals(), record)
    assert (finding.reason, dict(finding.params)["after"]) == ("ScaledMeanwhile", "1")
    record = replaced()
    was, *_, last = record.pods
    between = PodsSeen(5_000, was.ready[:1], (), was.wanted - 1)
    unfinished = replace(last, at_ms=6_000, ready=was.ready)
    seen = updated(replace(record, pods=(was, between, unfinished))).finding
    assert (seen.reason, seen.transient) == ("ScaledDuring", True)


def test_load_that_nobody_tells_of_has_no_share_of_errors() -> None:
    silent = loaded(IDLE, ADDS, THERE, answered=0)
    assert scaled(silent, UP).outcome is Outcome.PASSED
    finding = scaled(silent, UP | {"maxErrorShare": "1"})
    assert (finding.reason, finding.transient) == ("LoadBehind", True)
