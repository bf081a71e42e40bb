"""Which cause of an update is told, with everything that its sentence needs."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.checks.diagnosis.noticed import Noticed, unasked
from labgrader.checks.diagnosis.updates import all_missing, bounds, unfinished, versions
from labgrader.checks.finding import Cause, cause
from labgrader.checks.rollout import POD_WAITS, PODS_REFUSED, Rollout
from labgrader.evidence.timeline import Action, EndpointsSeen, PodsSeen, Sample, Timeline
from tests.unit.checks.objects import Body, container, deployment

WEB = {"kind": "Deployment", "name": "web"}
PLACED = WEB | {"namespace": "kim"}
PROBED = container(readinessProbe={"httpGet": {"path": "/", "port": 80}})
AT, END = 1_000, 20_000
LOST = Sample(5_000, 100, 0, "reset")


def seen(at_ms: int, ready: str = "", others: str = "", wanted: int = 2) -> PodsSeen:
    return PodsSeen(at_ms, tuple(ready.split()), tuple(others.split()), wanted)


def found(*later: PodsSeen, new: str = "", ending: Any = (), wanted: int = 2) -> Rollout:
    before = seen(0, " ".join("ab"[:wanted]), wanted=wanted)
    return Rollout(AT, before, frozenset(new.split()), dict(ending), None, later)


def web(replicas: int = 2, *containers: Body, **rolling: Any) -> Body:
    body = deployment(
        replicas=replicas, strategy={"type": "RollingUpdate", "rollingUpdate": rolling}
    )
    body["spec"]["template"]["spec"]["containers"] = list(containers or [PROBED])
    return body


def why_lost(workload: Body, *later: PodsSeen, failures: Any = (LOST,), **more: Any) -> list[Cause]:
    update = found(*later, **more)
    seen_by_clients = Timeline((), pods=later, samples=failures)
    before = frozenset((*update.before.ready, "x"))
    noticed = Noticed(workload, seen_by_clients, AT, END, before, update.ending)
    return [*noticed.unprobed(), *noticed.unhooked()]


def why_none(workload: Body, *later: PodsSeen, **more: Any) -> list[Cause]:
    return list(all_missing(workload, found(*later, **more), END))


def test_the_only_replica_that_may_be_missing() -> None:
    told = why_none(web(1, maxUnavailable=1), seen(2_000, wanted=1), wanted=1)
    assert told == [cause("OnlyReplicaMayBeMissing", **WEB, seen="1")]
    assert why_none(web(1, maxUnavailable=1), seen(2_000, "c", wanted=1), wanted=1) == []


@pytest.mark.parametrize("written", [2, "100%"])
def test_all_that_may_be_missing(written: Any) -> None:
    told = why_none(web(2, maxUnavailable=written), seen(2_000))
    assert told == [cause("AllMayBeMissing", **WEB, seen=str(written), replicas=2)]


def test_pods_without_a_readiness_probe() -> None:
    front, side = container("front"), container("side", ports=[{"containerPort": 80}])
    assert list(unasked(web(2, front, container("rear")))) == [
        cause("NoReadinessProbe", **PLACED, container="front")
    ]
    assert list(unasked(web(2, front, side))) == [
        cause("NoReadinessProbe", **PLACED, container="side")
    ]
    assert list(unasked(web(2, front, PROBED))) == []


@pytest.mark.parametrize(
    ("at", "ready", "blamed"),
    [
        (5_100, "a b c", True),
        (5_101, "a b c", False),  # LOST had been answered by then
        (3_000, "a b", False),
        (AT, "a b c", False),
        (3_000, "a x", False),  # it was there before, only not Ready
    ],
)
def test_a_missing_probe_is_to_blame_only_once_a_new_pod_counts_as_ready(
    at: int, ready: str, *, blamed: bool
) -> None:
    told = why_lost(web(2, container("front")), seen(at, ready, "d"))
    why = [cause("NoReadinessProbe", **PLACED, container="front")]
    assert told[:1] == why * blamed


@pytest.mark.parametrize(
    ("at", "took", "cut"),
    [(3_500, 0, True), (3_501, 0, False), (1_400, 100, True), (1_400, 99, False)],
)
def test_a_request_is_cut_around_the_end_of_a_pod(at: int, took: int, *, cut: bool) -> None:
    failures = (Sample(at, took, 0, "reset"), Sample(END, 0, 0, "reset"))
    told = why_lost(web(), failures=failures, ending={"a": 1_500})
    assert told == [cause("NoPreStop", **PLACED, cut="1", lost="2")] * cut


def test_more_missing_than_allowed() -> None:
    workload = web(maxUnavailable=1, maxSurge=1)
    told = list(bounds(workload, found(seen(2_000)), END))
    assert told == [cause("TooManyMissing", **WEB, lowest=0, least=1)]
    assert list(bounds(workload, found(seen(2_000, "a")), END)) == []


def test_more_pods_than_allowed() -> None:
    workload = web(maxUnavailable=0, maxSurge=1)
    told = list(bounds(workload, found(seen(2_000, "a b", "c d")), END))
    assert told == [cause("TooManyPods", **WEB, most=4, allowed=3)]
    assert list(bounds(workload, found(seen(2_000, "a b", "c")), END)) == []


def why_not(*actions: tuple[str, str], later: PodsSeen | None = None) -> list[Cause]:
    timeline = Timeline(tuple(Action(2_000, what, subject) for what, subject in actions))
    update = found(*([later] if later else []), new="c d")
    return list(unfinished(web(), timeline, update))


def test_what_new_pods_wait_for_is_told_once_each() -> None:
    told = why_not(
        (POD_WAITS, "ErrImagePull: no\nsuch image"), (POD_WAITS, "ErrImagePull: no\nsuch image")
    )
    assert told == [cause("NewPodWaits", said="ErrImagePull: no such image")]


@pytest.mark.parametrize("what", [POD_WAITS, PODS_REFUSED])
def test_at_most_three_are_told(what: str) -> None:
    assert len(why_not(*((what, f"reason {number}") for number in range(5)))) == 3


def test_new_pods_that_are_not_ready_are_counted() -> None:
    later = seen(3_000, "a c", "d")
    assert why_not(later=later) == [cause("NewPodsNotReady", **WEB, count=1)]
    assert why_not((POD_WAITS, "x"), later=later) == [cause("NewPodWaits", said="x")]
    assert why_not() == []


def test_what_keeps_the_old_version_from_coming_back_is_told() -> None:
    """New pods that wait are of the old version then, and what was before the undo is over."""
    actions = (Action(2_000, POD_WAITS, "before"), Action(9_000, POD_WAITS, "ErrImagePull: gone"))
    later = seen(9_500, "c", "d old")
    back = replace(found(later, new="c d"), undone_ms=8_000)
    told = list(unfinished(web(), Timeline(actions), back))
    assert told == [cause("NewPodWaits", said="ErrImagePull: gone")]
    assert list(unfinished(web(), Timeline(actions[:1]), back)) == [
        cause("NewPodsNotReady", **WEB, count=1)
    ]


ENDPOINTS = tuple(
    EndpointsSeen(at, tuple(uids.split()))
    for at, uids in [(500, "a b"), (3_000, "a b c"), (5_000, "c d"), (9_000, "c a"), (9_500, "a b")]
)


def served(update: Rollout, until_ms: int, endpoints: Any = ENDPOINTS) -> list[Cause]:
    return list(versions(Timeline((), endpoints=endpoints), update, "web", until_ms))


def test_which_versions_clients_were_sent_to_and_when() -> None:
    update = found(new="c d")
    told = cause("VersionsServed", service="web", first="2.0", last="4.0")
    assert served(update, 8_000) == [told]
    undone = replace(update, undone_ms=8_000)
    both = cause("OtherVersionServed", service="web", first="2.0", last="8.5")
    assert served(undone, 12_000) == [both]
    assert served(update, 3_000) == [], "the new one came only then"
    assert served(update, 12_000, ()) == [], "older records have no endpoints"
    only_new = (EndpointsSeen(AT, ("c",)),)
    assert served(update, 8_000, only_new) == []
