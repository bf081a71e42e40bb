"""`heals` judges timelines as values: honest recoveries, slow ones, and cheats."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.api.kinds import Heals
from labgrader.checks.finding import FULL_CREDIT, Outcome
from labgrader.checks.heals import judge, problems, whole
from labgrader.checks.recovery import seconds
from labgrader.evidence.snapshot import MissingEvidence, Snapshot
from labgrader.evidence.timeline import Action, PodsSeen, Timeline
from labgrader.reporting.messages import message
from tests.unit.checks.healing import (
    AVAILABILITY,
    BEFORE,
    DELETED_MS,
    DOWN,
    SCOPE,
    UP,
    deployment,
    found,
    heals,
    pods,
    samples,
    snapshot,
    timeline,
    told,
)


def test_passes_when_the_pod_is_replaced_in_time() -> None:
    finding = found(heals(), timeline(BEFORE, DOWN, UP))
    assert (finding.outcome, finding.reason) == (Outcome.PASSED, "Healed")
    assert told(finding)["took"] == "14.2"
    assert told(finding)["within"] == "60"


def test_asks_for_the_workload_alone_before_it_disturbs() -> None:
    with pytest.raises(MissingEvidence) as missing:
        judge(heals(), SCOPE, Snapshot({}))
    assert missing.value.requests == (SCOPE.named("Deployment", "web"),)


@pytest.mark.parametrize(
    "after",
    [
        pytest.param((pods(1_040, "b", "a"), pods(9_000, "b")), id="never replaced"),
        pytest.param((pods(1_040, "ab"),), id="the deleted pod still counted as Ready"),
        pytest.param((pods(1_040, "ac", "b"),), id="the deleted pod beside a new one"),
        pytest.param((pods(1_040, "b", "a"), pods(9_000, "b", "ac")), id="new pod never Ready"),
        pytest.param((DOWN, pods(61_001, "bc")), id="too late"),
    ],
)
def test_fails_when_nothing_replaces_the_pod_in_time(after: tuple[PodsSeen, ...]) -> None:
    finding = found(heals(), timeline(BEFORE, *after))
    assert (finding.outcome, finding.reason, finding.credit) == (Outcome.FAILED, "NotHealed", 0)


def test_a_pod_made_by_hand_replaces_nothing() -> None:
    # It is no pod of the workload, so no observation lists it: only "b" is ever Ready.
    finding = found(heals(), timeline(BEFORE, pods(1_040, "b", "a"), pods(2_000, "b")))
    assert finding.reason == "NotHealed"
    assert told(finding)["ready"] == "1"


def test_lowering_the_replicas_heals_nothing() -> None:
    finding = found(heals(), timeline(BEFORE, DOWN, pods(3_000, "b", "", wanted=1)))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, "ScaledMeanwhile")
    assert finding.transient


def test_pods_to_spare_replace_nothing() -> None:
    spare = pods(900, "abc", wanted=2)
    assert found(heals(), timeline(spare, pods(1_040, "bc", "a"))).reason == "NotHealed"


def test_raised_replicas_do_not_delay_the_recovery() -> None:
    finding = found(heals(), timeline(BEFORE, DOWN, pods(4_000, "bc", "d", wanted=5)))
    assert told(finding)["took"] == "3.0"


@pytest.mark.parametrize(
    ("workload", "is_whole"),
    [
        (deployment(), True),
        (deployment(ready=1), False),
        (deployment(replicas=0), False),
        (deployment() | {"status": {}}, False),
        (deployment() | {"status": {**deployment()["status"], "replicas": 3}}, False),
        (deployment() | {"status": {**deployment()["status"], "observedGeneration": 2}}, False),
    ],
)
def test_whole_is_what_is_rolled_out_and_ready(workload: dict[str, Any], *, is_whole: bool) -> None:
    assert whole(workload) is is_whole


@pytest.mark.parametrize("params", [heals(), heals(availability=AVAILABILITY)])
def test_what_never_was_whole_fails_as_it_was_seen_last(params: Heals) -> None:
    seen = Timeline(
        actions=(Action(20_000, "not-whole"),), pods=(pods(0, "", "a"), pods(9_000, "b", "a"))
    )
    finding = found(params, seen, deployment(replicas=3))
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "NotWholeBefore")
    assert (told(finding)["ready"], told(finding)["wanted"]) == ("1", "2")


def test_an_object_read_before_does_not_decide_whether_it_is_whole() -> None:
    finding = found(heals(), timeline(BEFORE, DOWN, UP), deployment(ready=1))
    assert finding.outcome is Outcome.PASSED


def test_a_missing_workload_fails() -> None:
    assert judge(heals(), SCOPE, snapshot(None, None)).reason == "NotFound"


def test_the_curve_gives_part_of_the_points() -> None:
    curve = {
        "of": "recoveryTime",
        "points": [{"at": "10s", "percent": 100}, {"at": "60s", "percent": 40}],
    }
    finding = found(heals(curve=curve), timeline(BEFORE, DOWN, pods(36_000, "bc")))
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "HealedSlowly")
    assert finding.credit == 70_000
    assert found(heals(curve=curve), timeline(BEFORE, pods(9_000, "bc"))).credit == FULL_CREDIT


def test_seconds_are_rounded_against_the_claim() -> None:
    assert [seconds(ms) for ms in (0, 1, 14_200, 60_001)] == ["0.0", "0.1", "14.2", "60.1"]


def test_what_nothing_replaces_cannot_heal() -> None:
    (problem,) = problems(heals(object={"kind": "Pod", "name": "web"}))
    assert "not Pod" in problem.text
    assert problems(heals()) == ()


def test_the_message_tells_expected_and_seen_in_both_languages() -> None:
    seen = timeline(BEFORE, DOWN, UP, samples=samples(lost=range(100)))
    finding = found(heals(availability=AVAILABILITY), seen)
    assert "100 of 285 requests to http://web:80/ failed" in message(finding, "en")
    assert "요청 285건 중 100건이 실패했습니다" in message(finding, "ko")
    assert "?" not in message(finding, "en") + message(finding, "ko")


def test_a_spare_pod_that_stood_beside_and_was_taken_in_heals_nothing() -> None:
    seen = timeline(BEFORE, DOWN, pods(1_200, "bs", "a"), pods(50_000, "bsc"))
    spare = Action(DELETED_MS, "pod-aside", "s")
    cheated = replace(seen, actions=(spare, *seen.actions))
    took = [told(found(heals(), one))["took"] for one in (seen, cheated)]
    assert took == ["0.2", "49.0"]
