"""`heals` judges timelines as values: honest recoveries, slow ones, and cheats."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.api.kinds import Curve, Heals
from labgrader.checks.finding import FULL_CREDIT, Finding, Outcome
from labgrader.checks.heals import judge, problems, whole
from labgrader.checks.recovery import credit, seconds
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Found, Items, NotThere
from labgrader.evidence.requests import DeletePod, HttpTarget, Request
from labgrader.evidence.snapshot import MissingEvidence, Snapshot
from labgrader.evidence.timeline import Action, PodsSeen, Sample, Timeline
from labgrader.reporting.messages import message

SCOPE = Scope("kim")
WEB = {"kind": "Deployment", "name": "web"}
AVAILABILITY = {"service": "web", "port": 80, "path": "/", "min": "99"}
DELETED_MS = 1_000


def heals(**more: Any) -> Heals:
    return Heals.model_validate({"object": WEB, "fault": "DeletePod", "within": "60s", **more})


def deployment(
    replicas: int = 2, ready: int | None = None, *, probe: bool = True
) -> dict[str, Any]:
    container: dict[str, Any] = {"name": "web", "ports": [{"containerPort": 8080}]}
    if probe:
        container["readinessProbe"] = {"httpGet": {"path": "/healthz", "port": 8080}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "kim", "uid": "d", "generation": 3},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {"spec": {"containers": [container]}},
        },
        "status": {
            "observedGeneration": 3,
            "replicas": replicas,
            "readyReplicas": replicas if ready is None else ready,
        },
    }


SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "namespace": "kim", "uid": "s"},
    "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}]},
}


def experiment(*, clients: bool) -> DeletePod:
    target = HttpTarget("kim", "web", 80, "/") if clients else None
    return DeletePod("kim", "apps/v1", "Deployment", "web", "d", 60_000, target)


def snapshot(workload: dict[str, Any] | None, timeline: Timeline | None) -> Snapshot:
    answers: dict[Request, Answer] = {
        SCOPE.named("Deployment", "web"): Found(workload) if workload else NotThere(),
        SCOPE.named("Service", "web"): Found(SERVICE),
        SCOPE.all("EndpointSlice", {"kubernetes.io/service-name": "web"}): Items(()),
    }
    for kind in ("Pod", "ReplicaSet", "Event", "Deployment", "NetworkPolicy"):
        answers[SCOPE.all(kind)] = Items(())
    if timeline is not None:
        answers[experiment(clients=False)] = answers[experiment(clients=True)] = timeline
    return Snapshot(answers)


def pods(at_ms: int, ready: str, others: str = "", wanted: int = 2) -> PodsSeen:
    return PodsSeen(at_ms, tuple(ready), tuple(others), wanted)


def timeline(*seen: PodsSeen, deleted: str = "a", **more: Any) -> Timeline:
    return Timeline(
        actions=(Action(DELETED_MS, "pod-deleted", deleted),), pods=seen, ended_ms=61_000, **more
    )


BEFORE = pods(900, "ab")
DOWN = pods(1_040, "b", "ac")
UP = pods(15_200, "bc", "a")


def found(params: Heals, seen: Timeline | None, workload: dict[str, Any] | None = None) -> Finding:
    return judge(params, SCOPE, snapshot(workload or deployment(), seen))


def told(finding: Finding) -> dict[str, str]:
    return dict(finding.params)


def samples(*, lost: range = range(0), count: int = 400) -> tuple[Sample, ...]:
    """One every 50 ms from the deletion on."""
    return tuple(
        Sample(DELETED_MS + 50 * n, 2, 0 if n in lost else 200, "refused" if n in lost else "")
        for n in range(count)
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


def test_a_missing_workload_fails() -> None:
    assert judge(heals(), SCOPE, snapshot(None, None)).reason == "NotFound"


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
    workload = deployment(replicas=2, probe=False)
    finding = found(heals(availability=AVAILABILITY), seen, workload)
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "HealedButUnavailable")
    assert (told(finding)["lost"], told(finding)["gap"]) == ("40", "2.0")
    assert [cause.reason for cause in finding.causes] == ["NoReadinessProbe"]


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


def test_the_curve_gives_part_of_the_points() -> None:
    curve = {
        "of": "recoveryTime",
        "points": [{"at": "10s", "percent": 100}, {"at": "60s", "percent": 40}],
    }
    finding = found(heals(curve=curve), timeline(BEFORE, DOWN, pods(36_000, "bc")))
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "HealedSlowly")
    assert finding.credit == 70_000
    assert found(heals(curve=curve), timeline(BEFORE, pods(9_000, "bc"))).credit == FULL_CREDIT


CURVE = Curve.model_validate(
    {
        "of": "recoveryTime",
        "points": [
            {"at": "10s", "percent": 100},
            {"at": "40s", "percent": 50},
            {"at": "60s", "percent": 0},
        ],
    }
)


@pytest.mark.parametrize(
    ("ms", "share"),
    [(0, 100_000), (10_000, 100_000), (30_000, 66_667), (40_000, 50_000), (99_000, 0)],
)
def test_a_curve_is_linear_and_clamped(ms: int, share: int) -> None:
    assert credit(CURVE, ms) == share


@given(st.integers(0, 70_000), st.integers(0, 70_000))
def test_a_slower_recovery_never_earns_more(one: int, other: int) -> None:
    fast, slow = sorted((one, other))
    assert 0 <= credit(CURVE, slow) <= credit(CURVE, fast) <= FULL_CREDIT


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
