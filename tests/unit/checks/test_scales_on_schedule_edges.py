"""`scalesOnSchedule` at each of its limits, with everything that is told."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.checks.finding import Finding, Outcome, cause, failed, passed, unknown
from labgrader.evidence.experiments import RunCronJob
from labgrader.evidence.timeline import Action, PodsSeen, Timeline
from tests.unit.checks.objects import Body, deployment
from tests.unit.checks.test_scales_on_schedule import RAISED, hpa, rush, tried

HERE: dict[str, Any] = {"cron": "rush", "namespace": "kim"}
PLANNED: dict[str, Any] = HERE | {
    "schedule": "45 8 * * 1-5",
    "zone": "Asia/Seoul",
    "peak": "09:00",
    "where": "Asia/Seoul",
    "before": "30",
    "following": "2026-11-30 08:45, 2026-12-01 08:45, 2026-12-02 08:45",
}
RUN: dict[str, Any] = PLANNED | {"kind": "Deployment", "name": "web", "to": 4, "within": "60"}


def found(*objects: Body, timeline: Timeline = RAISED) -> Finding:
    return tried(*(objects or (rush(), deployment())), timeline=timeline)[0].finding


def test_the_run_is_told_everything() -> None:
    going = hpa("going")
    going["metadata"]["deletionTimestamp"] = "x"
    _, namespace = tried(rush(), deployment(), hpa(), going)
    assert namespace.ran == RunCronJob(
        namespace="kim",
        cron_job="rush",
        cron_uid="uid-of-rush",
        api_version="apps/v1",
        kind="Deployment",
        name="web",
        uid="uid-of-web",
        replicas=2,
        minimums=(("web", 2),),
        to=4,
        within_ms=60_000,
    )


def test_a_raise_on_schedule_is_told_with_every_number() -> None:
    assert found() == passed("RaisedOnSchedule", **RUN, took="7.3")


def scheduled(**spec: Any) -> Finding:
    return found(rush(**spec), deployment())


def test_a_schedule_that_cannot_be_followed_is_told() -> None:
    assert scheduled(suspend=True) == failed("ScheduleSuspended", **HERE)
    assert scheduled(suspend=False).reason == "RaisedOnSchedule"
    assert scheduled(timeZone="No/Where") == failed("TimeZoneUnknown", **HERE, zone="No/Where")
    assert scheduled(schedule="x") == failed("ScheduleUnreadable", **HERE, schedule="x")
    assert scheduled(schedule=None) == failed("ScheduleUnreadable", **HERE, schedule="-")


def test_a_schedule_that_never_fires_is_told() -> None:
    never = PLANNED | {"schedule": "0 0 30 2 *", "following": "-"}
    assert scheduled(schedule="0 0 30 2 *") == failed("ScheduleNeverFires", **never)


def test_a_firing_of_no_peak_is_told_in_the_peaks_zone() -> None:
    following = "2026-11-28 08:45, 2026-11-29 08:45, 2026-11-30 08:45"
    daily = PLANNED | {"schedule": "45 23 * * *", "zone": "UTC", "following": following}
    finding = scheduled(schedule="45 23 * * *", timeZone=None)
    assert finding == failed("FiresElsewhere", **daily, fires="2026-11-28 08:45")


DAY = "2026-11-30 09:00"


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"timeZone": None}, cause("TimeZoneNotSet", where="Asia/Seoul")),
        (
            {"timeZone": "Europe/Berlin"},
            cause("TimeZoneOther", zone="Europe/Berlin", where="Asia/Seoul"),
        ),
        (
            {"schedule": "0 8 * * 1-5"},
            cause("FiresTooEarly", fires="2026-11-30 08:00", day=DAY),
        ),
        ({"schedule": "0 9 * * 1-5"}, cause("FiresTooLate", fires=DAY, day=DAY)),
        (
            {"schedule": "5 0 * * 1-5", "timeZone": "UTC"},
            cause("FiresTooLate", fires="2026-11-30 09:05", day=DAY),
        ),
    ],
)
def test_a_peak_without_a_firing_is_explained(spec: Body, told: Any) -> None:
    finding = scheduled(**spec)
    assert (finding.reason, finding.causes) == ("PeakUnserved", (told,))
    assert dict(finding.params)["day"] == DAY


def test_a_period_counts_from_the_last_firing_or_the_beginning() -> None:
    daily: Body = {"schedule": "@every 24h"}
    cron = rush(**daily) | {"status": {"lastScheduleTime": "2026-11-26T23:45:00Z"}}
    finding = found(cron, deployment())
    assert finding.reason == "FiresElsewhere"  # on Saturday, too
    assert dict(finding.params)["following"].startswith("2026-11-28 08:45, 2026-11-29 08:45")
    young = rush(**daily)
    young["metadata"]["creationTimestamp"] = "2026-11-26T22:00:00Z"
    told = dict(found(young, deployment()).params)
    assert told["following"].startswith("2026-11-28 07:00, 2026-11-29 07:00")


def with_owner(body: Body, manager: str, *fields: str, applied: int = 0, **more: str) -> Body:
    """Its spec's fields as written by that manager; what kubectl remembers, where it applied."""
    owned: Body = {"f:spec": {f"f:{one}": {} for one in fields}}
    body["metadata"]["managedFields"] = [{"manager": manager, "fieldsV1": owned, **more}]
    if applied:
        key = "kubectl.kubernetes.io/last-applied-configuration"
        text = f'{{"spec": {{"{fields[0]}": {applied}}}}}'
        body["metadata"]["annotations"] = {key: text}
    return body


CLIENT = "kubectl-client-side-apply"


@pytest.mark.parametrize(("replicas", "there"), [(3, False), (4, True)])
def test_what_is_asked_for_at_all_times_needs_no_schedule(replicas: int, *, there: bool) -> None:
    web = with_owner(deployment(replicas=replicas), CLIENT, "replicas", "selector")
    told = failed("CapacityThereAlready", **RUN, replicas=replicas).because(
        cause(
            "AsksForCapacity",
            kind="Deployment",
            name="web",
            field="spec.replicas",
            number=replicas,
            writer=CLIENT,
        )
    )
    assert (found(rush(), web) == told) is there


def test_what_an_autoscaler_is_to_keep_at_all_times_needs_no_schedule() -> None:
    scaler = with_owner(hpa(minimum=5), "kubectl", "minReplicas", "scaleTargetRef")
    web = with_owner(deployment(), "kubectl", "replicas", "selector")
    told = failed("CapacityThereAlready", **RUN, replicas=5).because(
        cause(
            "AsksForCapacity",
            kind="HorizontalPodAutoscaler",
            name="web",
            field="spec.minReplicas",
            number=5,
            writer="kubectl",
        )
    )
    assert found(rush(), web, scaler) == told


def test_what_nobody_can_tell_is_left_open() -> None:
    """The learner is told how to make it plain."""
    told = unknown("CapacityUnclear", **RUN, replicas=6)
    assert (told.outcome, told.transient) == (Outcome.UNKNOWN, False)
    assert found(rush(), deployment(replicas=6)) == told
    scaled = with_owner(deployment(replicas=6), "kubectl", "replicas", applied=6)
    finding = found(rush(), scaled)
    assert finding.because() == told
    assert [dict(one.params)["writer"] for one in finding.causes] == ["kubectl apply"]


def scaled(replicas: int = 4) -> Body:
    """As the Job leaves it, when it was run before."""
    web = deployment(replicas=replicas)
    return with_owner(web, "kubectl", "replicas", applied=2, subresource="scale")


DOWN = Action(500, "capacity-taken-down", "2")
TOOK = cause("CapacityTakenDown", most=4, quiet=2)


def test_what_an_earlier_run_has_raised_is_taken_down_first() -> None:
    timeline = replace(RAISED, actions=(DOWN, *RAISED.actions))
    judged, namespace = tried(rush(), scaled(), timeline=timeline)
    assert judged.finding == passed("RaisedOnSchedule", **RUN, took="7.3").because(TOOK)
    assert namespace.ran is not None
    assert (namespace.ran.replicas, namespace.ran.down_to) == (4, 2)
    assert judged.says("en").endswith(
        "in 7.3 s (allowed: 60 s); this was undone. It had 4 already, so it was taken down to 2"
        " before; that was undone, too."
    )
    assert "이미 4개였으므로 먼저 2개로 줄였고" in judged.says("ko")


def test_a_job_that_raises_no_more_is_found_all_the_same() -> None:
    """Four are there, and the Job did nothing for them."""
    timeline = Timeline(
        (DOWN, Action(1_000, "job-created"), Action(3_000, "job-succeeded")),
        pods=(PodsSeen(0, tuple("abcd"), (), 4), PodsSeen(700, ("a", "b"), (), 2)),
    )
    finding = found(rush(), scaled(), timeline=timeline)
    assert finding == failed("CapacityNotRaised", **RUN, replicas=2).because(TOOK)


def test_capacity_that_stays_is_not_the_learners() -> None:
    timeline = Timeline(
        (DOWN, Action(90_500, "capacity-stays")),
        pods=(PodsSeen(0, tuple("abcd"), (), 4), PodsSeen(700, tuple("abcde"), (), 6)),
    )
    finding = found(rush(), scaled(), timeline=timeline)
    told = unknown("CapacityStays", transient=True, **RUN, ready=5, wanted=6, waited="90")
    assert finding == told.because(TOOK)


def run(*actions: Action, seen: tuple[PodsSeen, ...] = RAISED.pods[:1]) -> Finding:
    created = Action(1_000, "job-created")
    return found(timeline=Timeline((created, *actions), pods=seen))


def four(at_ms: int, ready: str = "abcd") -> PodsSeen:
    return PodsSeen(at_ms, tuple(ready), (), 4)


@pytest.mark.parametrize(
    ("at_ms", "raised"), [(999, False), (1_000, True), (61_000, True), (61_001, False)]
)
def test_it_must_be_raised_by_the_job_and_in_time(at_ms: int, *, raised: bool) -> None:
    finding = run(Action(2_000, "job-succeeded"), seen=(four(at_ms),))
    assert (finding.reason == "RaisedOnSchedule") is raised


def test_a_job_that_did_not_start_is_told_with_why() -> None:
    waits = run(Action(2_000, "job-waits", "ErrImagePull: no"), Action(3_000, "job-failed", "x"))
    assert waits == failed("ScheduledJobNotStarted", **RUN).because(
        cause("JobPodWaits", why="ErrImagePull: no")
    )
    said = 'pods "x" is forbidden: exceeded quota: q, requested: pods=1'
    refused = run(Action(2_000, "job-waits", "x"), Action(3_000, "job-refused", said))
    assert refused.because() == failed("ScheduledJobNotStarted", **RUN)
    assert [one.reason for one in refused.causes] != ["JobPodWaits"]


def test_what_a_job_came_to_is_told() -> None:
    assert run(Action(2_000, "job-failed", "no right")) == failed(
        "ScheduledJobFailed", **RUN, said="no right"
    )
    assert run(Action(2_000, "job-failed")) == failed("ScheduledJobFailed", **RUN, said="-")
    assert run() == failed("ScheduledJobNotFinished", **RUN)
    done = Action(2_000, "job-succeeded")
    assert run(done) == failed("CapacityNotRaised", **RUN, replicas=2)
    three = PodsSeen(5_000, ("a",), (), 3)
    assert run(done, seen=(three,)) == failed("CapacityNotRaised", **RUN, replicas=3)


def test_replicas_that_do_not_become_ready_are_told() -> None:
    seen = (four(5_000, "abc"), four(6_000, "ab"))
    finding = run(Action(2_000, "job-succeeded"), seen=seen)
    assert finding.because() == failed("RaisedButNotReady", **RUN, wanted=4, ready=3)
    unfinished = run(seen=(replace(seen[0], wanted=5),))
    assert dict(unfinished.params)["wanted"] == "5"
