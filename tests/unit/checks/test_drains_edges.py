"""`drains` at each of its limits, with everything that its sentences need."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.api.kinds import Drains
from labgrader.checks.drains import problems
from labgrader.checks.finding import Finding, cause, error, failed, passed, unknown
from labgrader.checks.problem import Problem
from labgrader.checks.registry import KINDS
from labgrader.checks.scope import Scope
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import Action, EndpointsSeen, PodsSeen, Sample, Timeline
from tests.unit.checks.objects import Body, container, deployment
from tests.unit.checks.test_drains import TOLD_MS, judged, slow, timeline, workload

WEB: dict[str, Any] = {"kind": "Deployment", "name": "web", "namespace": "kim"}
SLOW: dict[str, Any] = {**WEB, "slow": "/slow", "url": "http://web:80/", "within": "30"}
UNDER_WAY: dict[str, Any] = {**SLOW, "under_way": "8", "grace": "30"}
CLIENTS: dict[str, Any] = {
    **UNDER_WAY,
    "sent": "401",
    "lost": "0",
    "gap": "0.0",
    "min": "99",
    "took": "6.0",
}
HOOK = {"preStop": {"sleep": {"seconds": 4}}}


def found(record: Timeline, body: Body | None = None, **params: Any) -> Finding:
    return judged(record, body, **{"min": "99", **params}).finding


def early(*actions: Action, **more: Any) -> Timeline:
    """The record of a pod that was not told to stop."""
    return Timeline((Action(1, "other"), *actions), ended_ms=30_000, **more)


def sleeping(seconds: Any, **more: Any) -> Body:
    return workload(lifecycle={"preStop": {"sleep": {"seconds": seconds}}}, **more)


def test_what_cannot_be_drained_is_refused() -> None:
    params = {"service": "web", "port": 80, "slow": "/slow", "within": "30s"}
    alone = {"object": {"kind": "Pod", "name": "web"}, **params}
    known = "Deployment, StatefulSet, DaemonSet and ReplicaSet"
    unknown_kind = Problem("Invalid", f"drains knows {known}, not Pod")
    assert problems(Drains.model_validate(alone)) == (unknown_kind,)
    points = [{"at": "0s", "percent": 100}, {"at": "9s", "percent": 0}]
    slow_curve = {"curve": {"of": "recoveryTime", "points": points}}
    odd_curve = Problem("Invalid", "drains measures availability and longestGap, not recoveryTime")
    assert problems(Drains.model_validate(alone | slow_curve)) == (odd_curve, unknown_kind)
    web = {"object": {"kind": "Deployment", "name": "web"}, **params}
    assert problems(Drains.model_validate(web | slow_curve)) == (odd_curve,)
    for measured in ("longestGap", "availability"):
        shares = [{"at": "90", "percent": 0}, {"at": "99", "percent": 100}]
        given = points if measured == "longestGap" else shares
        good = {"curve": {"of": measured, "points": given}}
        assert problems(Drains.model_validate(web | good)) == ()
    assert KINDS["drains"].judge(Drains.model_validate(alone), Scope("kim"), Snapshot()) == error(
        "NothingHealsIt", kind="Pod"
    )


def test_a_pod_that_drains_is_told_with_every_number() -> None:
    assert found(timeline()) == passed("Drained", **CLIENTS)


@pytest.mark.parametrize(
    ("cut_ms", "after", "body", "causes"),
    [
        (0, "0.0", workload(), [cause("EndsAtOnce", **WEB)]),
        (2_000, "2.0", workload(), [cause("EndsAtOnce", **WEB)]),
        (2_100, "2.1", workload(), []),
        (1_000, "1.0", workload(lifecycle=HOOK), []),
        (1_999, "2.0", workload(grace=3), [cause("EndsAtOnce", **WEB)]),
        (2_000, "2.0", workload(grace=3), [cause("GraceTooShort", **WEB, grace=3)]),
    ],
)
def test_cut_requests_are_explained_by_when_that_began(
    cut_ms: int, after: str, body: Body, causes: list[Any]
) -> None:
    """One request of the many is lost; its end is when that began."""
    good = slow()
    lost = replace(good[0], took_ms=TOLD_MS + cut_ms - good[0].at_ms, status=0, error="reset")
    later = replace(good[1], took_ms=lost.took_ms + 5_000, status=0, error="reset")
    finding = found(timeline(direct=(lost, later, *good[2:])), body)
    grace = "3" if "GraceTooShort" in str(causes) or cut_ms == 1_999 else "30"
    numbers = UNDER_WAY | {"grace": grace, "cut": "2", "after": after}
    assert finding == failed("RequestsCut", **numbers).because(*causes)


def test_a_killed_process_that_cut_requests_needs_more_time() -> None:
    record = timeline(direct=slow(cut_ms=2_100), gone_ms=9_000, code=137)
    assert found(record).causes == (cause("GraceTooShort", **WEB, grace=30),)
    two = replace(record, actions=(*record.actions, Action(11_000, "container-ended", "side 0")))
    assert found(two).causes == (cause("GraceTooShort", **WEB, grace=30),)
    zero = timeline(direct=slow(cut_ms=2_100), gone_ms=9_000, code=1)
    assert found(zero).causes == ()


def test_requests_cut_by_another_clock_were_cut_at_once() -> None:
    lost = Sample(TOLD_MS - 500, 500, 0, "reset")
    assert dict(found(timeline(direct=(lost,))).params)["after"] == "0.0"


@pytest.mark.parametrize(("count", "passes"), [(3, True), (2, False)])
def test_three_requests_under_way_say_enough(count: int, *, passes: bool) -> None:
    finding = found(timeline(direct=slow(count)))
    numbers: dict[str, Any] = {"under_way": str(count), "grace": "30"}
    if passes:
        assert finding == passed("Drained", **CLIENTS | numbers)
    else:
        assert finding == failed("NothingUnderWay", **SLOW, **numbers, took="3.0")


def test_without_requests_under_way_the_slowest_answer_is_told() -> None:
    quick = (Sample(100, 40, 200), Sample(200, 90, 200), Sample(300, 20, 0, "reset"))
    at_once, later = Sample(TOLD_MS, 9, 200), Sample(TOLD_MS + 5, 9_000, 200)
    numbers = SLOW | {"under_way": "0", "grace": "30"}
    for direct in (quick, (*quick, later)):
        expected = failed("NothingUnderWay", **numbers, took="0.1")
        assert found(timeline(direct=direct)) == expected
    fails = (Sample(100, 40, 404), Sample(200, 90, 0, "refused"))
    assert found(timeline(direct=fails)) == failed("SlowFails", **numbers, seen="HTTP 404")
    for nothing in ((), (at_once,), (later,)):
        assert found(timeline(direct=nothing)) == failed("SlowFails", **numbers, seen="-")


def test_a_pod_must_be_gone_in_time() -> None:
    took = CLIENTS | {"took": "30.0", "sent": "1,201"}
    assert found(timeline(gone_ms=30_000)) == passed("Drained", **took)
    assert found(timeline(gone_ms=30_001)) == failed("NotEndedInTime", **UNDER_WAY)
    assert found(timeline(gone_ms=None)) == failed("NotEndedInTime", **UNDER_WAY)


@pytest.mark.parametrize(
    ("body", "grace", "causes"),
    [
        (workload(grace=31), 31, [cause("GraceTooLong", **WEB, grace=31, within="30")]),
        (sleeping(30), 30, [cause("PreStopTooLong", **WEB, container="web", seconds=30)]),
        (sleeping(29), 30, []),
        (sleeping(seconds=True), 30, []),
        (sleeping("30"), 30, []),
        (
            sleeping(40, grace=60),
            60,
            [
                cause("GraceTooLong", **WEB, grace=60, within="30"),
                cause("PreStopTooLong", **WEB, container="web", seconds=40),
            ],
        ),
    ],
)
def test_why_a_pod_lingers(body: Body, grace: int, causes: list[Any]) -> None:
    expected = failed("NotEndedInTime", **UNDER_WAY | {"grace": grace})
    assert found(timeline(gone_ms=None), body) == expected.because(*causes)


def test_a_grace_period_that_just_goes_with_what_is_asked() -> None:
    finding = found(timeline(gone_ms=None), workload(grace=20), within="20s")
    assert finding.causes == ()
    long = found(timeline(gone_ms=None), workload(grace=20), within="19999ms")
    assert long.causes == (cause("GraceTooLong", **WEB, grace=20, within="19.999"),)


@pytest.mark.parametrize(
    ("body", "late", "causes"),
    [
        (
            sleeping(8, grace=10),
            False,
            [cause("PreStopTooLong", **WEB, container="web", seconds=8)],
        ),
        (sleeping(7, grace=10), False, [cause("IgnoresTerm", **WEB)]),
        (sleeping(7, grace=10), True, [cause("GraceTooShort", **WEB, grace=10)]),
        (sleeping(9, grace=10), True, [cause("PreStopTooLong", **WEB, container="web", seconds=9)]),
    ],
)
def test_why_a_process_was_killed(body: Body, causes: list[Any], *, late: bool) -> None:
    busy = (Sample(TOLD_MS + 2_500, 1_800, 0, "reset"),) if late else ()
    record = timeline(direct=(*slow(), *busy), gone_ms=10_500, code=137)
    expected = failed("KilledInTheEnd", **UNDER_WAY | {"grace": 10}, container="web", ended="10.0")
    assert found(record, body) == expected.because(*causes)


def test_the_first_container_that_was_killed_is_named() -> None:
    record = timeline(gone_ms=10_500)
    ends = [
        Action(TOLD_MS + n, "container-ended", f"{name} 137") for n, name in ((9, "b"), (7, "a"))
    ]
    killed = replace(record, actions=(*record.actions, *ends))
    params = dict(found(killed).params)
    assert (params["container"], params["ended"]) == ("b", "0.1")


def test_new_requests_that_were_lost_are_told() -> None:
    lost = timeline(lost=range(TOLD_MS + 100, TOLD_MS + 600))
    numbers = CLIENTS | {"lost": "20", "gap": "0.5"}
    body = workload(lifecycle=HOOK)
    assert found(lost, body) == failed("NewRequestsLost", **numbers)
    only_post = workload(lifecycle={"postStart": {"sleep": {"seconds": 4}}})
    stops = cause("StopsWithoutHook", **WEB)
    assert found(lost, only_post) == failed("NewRequestsLost", **numbers).because(stops)
    one = failed("NewRequestsLost", **numbers).because(cause("OneReplica", **WEB))
    none = timeline(lost=range(TOLD_MS + 100, TOLD_MS + 600), after="", wanted=1)
    assert found(none, workload(lifecycle=HOOK)) == one
    bare = deployment()
    bare["spec"]["template"]["spec"]["containers"] = [
        container("quiet"),
        container("side", ports=[{"containerPort": 2}], readinessProbe={}),
    ]
    joined = timeline(lost=range(TOLD_MS + 100, TOLD_MS + 600), after="uid-of-web-2 new")
    assert found(joined, bare) == failed("NewRequestsLost", **numbers).because(
        cause("NoReadinessProbe", **WEB, container="side"),
        cause("StopsWithoutHook", **WEB),
    )


def test_clients_are_watched_for_ten_seconds_or_until_the_pod_is_gone() -> None:
    for at_ms, gone_ms, count in ((9_975, 6_000, 1), (10_025, 6_000, 0), (11_975, 12_000, 1)):
        lost = range(TOLD_MS + at_ms, TOLD_MS + at_ms + 1)
        params = dict(found(timeline(lost=lost, gone_ms=gone_ms)).params)
        assert params["lost"] == str(count)


def test_a_pod_that_stays_behind_its_service_is_told() -> None:
    on_time, late = (timeline(left_ms=5_500 + 1_000 + more) for more in (0, 1))
    assert found(on_time) == passed("Drained", **CLIENTS)
    assert found(late) == unknown(
        "EndpointsBehind", transient=True, **WEB, service="web", after="1.1"
    )
    never = replace(late, endpoints=late.endpoints[:1])
    assert found(never) == unknown(
        "EndpointsBehind", transient=True, **WEB, service="web", after="0.5"
    )


def test_a_curve_gives_part_of_the_points() -> None:
    points = [{"at": "0s", "percent": 100}, {"at": "1s", "percent": 0}]
    curve = {"of": "longestGap", "points": points}
    lost = timeline(lost=range(TOLD_MS + 100, TOLD_MS + 150))
    numbers = CLIENTS | {"lost": "2", "gap": "0.1"}
    expected = failed("DrainedPartly", credit=95_000, **numbers).because(
        cause("GapBar", gap="0.1", bar="0"), cause("StopsWithoutHook", **WEB)
    )
    assert found(lost, curve=curve) == expected
    assert found(timeline(), curve=curve) == passed("Drained", **CLIENTS)
    shares = [{"at": "99", "percent": 0}, {"at": "100", "percent": 100}]
    by_share = found(lost, curve={"of": "availability", "points": shares})
    assert by_share.credit == 50_100  # 399 of 401 are 99.501 %
    assert by_share.causes[0] == cause("AvailabilityBar", share="99.501", bar="100")


def test_answers_that_nobody_heard_prove_nothing() -> None:
    behind = unknown("SamplerBehind", transient=True, detail="http://web:80/")
    assert found(replace(timeline(), samples=())) == behind
    assert found(early(samples=())) == failed("SlowNotAnswered", **SLOW)
    assert found(early(samples=(Sample(0, 5, 200),), kept_rate=False)) == behind


def test_a_workload_without_a_pod_behind_the_service_is_told() -> None:
    not_behind = early(Action(5, "not-behind"))
    assert found(not_behind) == failed("NoPodBehind", **SLOW, service="web", port=80)


def test_a_workload_that_was_not_whole_is_told() -> None:
    pods = (PodsSeen(0, (), (), 3), PodsSeen(1, ("a",), (), 2))
    finding = found(early(Action(5, "not-whole"), pods=pods))
    assert replace(finding, causes=()) == failed("NotWholeBefore", **WEB, ready=1, wanted=2)
    watched = tuple(Sample(at, 1, 200) for at in range(0, 30_000, 25))
    unseen = early(Action(5, "not-whole"), samples=watched)
    assert found(unseen) == failed("SlowNotAnswered", **SLOW)


def test_a_service_that_answers_nobody_is_told_with_its_last_word() -> None:
    bad = tuple(Sample(at, 1, 0, "refused") for at in range(0, 30_000, 25))
    last = (*bad[:-1], Sample(bad[-1].at_ms, 1, 503))
    numbers = SLOW | {"lost": "1200", "sent": "1200"}
    assert found(early(samples=last)) == failed("UnavailableBefore", **numbers, seen="HTTP 503")
    some = (*bad[:-1], Sample(bad[-1].at_ms, 1, 200))
    assert found(early(samples=some)) == failed("SlowNotAnswered", **SLOW)
    good = tuple(Sample(at, 1, 200) for at in range(0, 30_000, 25))
    assert found(early(samples=good)) == failed("SlowNotAnswered", **SLOW)


def test_endpoints_seen_before_say_nothing_of_the_stop() -> None:
    record = timeline()
    before = EndpointsSeen(TOLD_MS - 1, ("uid-of-web-2",))
    stays = replace(record, endpoints=(before, record.endpoints[0]))
    assert found(stays).reason == "EndpointsBehind"
