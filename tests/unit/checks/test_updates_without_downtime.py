"""`updatesWithoutDowntime`: the numbers it tells, and causes that the timeline proves."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from labgrader.api.kinds import UpdatesWithoutDowntime
from labgrader.checks.rollout import rollout, settled_at, updated_at, watched_until
from labgrader.checks.updates_without_downtime import problems
from labgrader.evidence.timeline import Action, PodsSeen, Sample, Timeline
from tests.support.corpus import patched, shared_objects
from tests.unit.checks.namespaces import Judged
from tests.unit.checks.test_corpus import Recorded

CHECK = {
    "object": {"kind": "Deployment", "name": "web"},
    "to": {"container": "web", "image": "web:2"},
    "within": "60s",
    "availability": {"service": "web", "port": 80, "path": "/", "min": "99"},
}
OLD, NEW = ("p-web-1", "p-web-2"), ("n-1", "n-2")


def acted(*actions: tuple[int, str, str]) -> tuple[Action, ...]:
    return tuple(Action(*one) for one in actions)


def samples(until_ms: int, *lost: tuple[int, int], took_ms: int = 0) -> tuple[Sample, ...]:
    return tuple(
        Sample(at, took_ms, 0, "reset")
        if any(begin <= at < end for begin, end in lost)
        else Sample(at, took_ms, 200)
        for at in range(0, until_ms, 50)
    )


def replaced(*lost: tuple[int, int], ready: tuple[str, ...] = (NEW[0], OLD[1])) -> Timeline:
    """An update in which the old pods end at 4.1 s and 8.1 s after it."""
    return Timeline(
        actions=acted(
            (1_000, "updated", "web:2"),
            (1_100, "pod-new", "n-1"),
            (5_100, "pod-ending", OLD[0]),
            (5_100, "pod-new", "n-2"),
            (9_100, "pod-ending", OLD[1]),
        ),
        pods=(
            PodsSeen(0, OLD, (), 2),
            PodsSeen(5_100, ready, ("n-2", OLD[0]), 2),
            PodsSeen(9_100, NEW, (OLD[1],), 2),
            PodsSeen(11_000, NEW, (), 2),
        ),
        samples=samples(13_000, *lost),
        ended_ms=13_000,
    )


def judged(timeline: Timeline, **but: Any) -> Judged:
    names = ("web-rs", "web-1", "web-2", "web-service", "web-slice")
    objects = [patched(shared_objects()["web"], but), *(shared_objects()[one] for one in names)]
    return Recorded(objects=objects, record=timeline).judge(updatesWithoutDowntime=CHECK)


def container(**fields: Any) -> dict[str, Any]:
    return {"template": {"spec": {"containers": {0: fields}}}}


def rolling(surge: Any, unavailable: Any) -> Mapping[str, Any]:
    numbers = {"maxSurge": surge, "maxUnavailable": unavailable}
    return {"strategy": {"type": "RollingUpdate", "rollingUpdate": numbers}}


def test_the_message_tells_number_bar_and_moment() -> None:
    found = judged(replaced((5_100, 5_700)), spec=container(readinessProbe=None))
    assert found.finding.reason == "UpdatedWithDowntime"
    english, korean = found.says("en"), found.says("ko")
    assert "99% of the requests to http://web:80/ must succeed" in english
    assert "12 of 201 requests failed, between 4.1 s and 4.7 s after the update began" in english
    assert "no readiness probe" in english
    assert "요청 201건 중 12건이 업데이트 시작 4.1초 후부터 4.7초 후 사이에 실패했습니다" in korean
    assert "준비성 프로브가 없습니다" in korean


def test_what_passes_tells_the_pods_at_the_worst_moment() -> None:
    found = judged(replaced())
    assert "in 8.1 s (allowed: 60 s), and 0 of 201 requests" in found.says("en")
    assert "At least 2 of 2 pods were Ready at any moment, and at most 3 existed." in found.says(
        "en"
    )
    assert "8.1초 만에 다른 버전으로 바뀌었고(제한: 60초)" in found.says("ko")
    assert found.causes == ()


@pytest.mark.parametrize(
    ("spec", "ready", "lost", "causes"),
    [
        pytest.param(
            {**container(lifecycle={"preStop": {"sleep": {"seconds": 5}}}), "replicas": 2},
            (NEW[0], OLD[1]),
            (5_100, 5_700),
            (),
            id="nothing is guessed",
        ),
        pytest.param({}, (NEW[0], OLD[1]), (5_100, 5_700), ("NoPreStop",), id="no preStop"),
        pytest.param(
            {}, (NEW[0], OLD[1]), (2_000, 3_000), (), id="no preStop, but nothing was ending"
        ),
        pytest.param(
            {"strategy": {"type": "Recreate", "rollingUpdate": None}},
            (),
            (5_100, 9_000),
            ("UpdateRecreates",),
            id="Recreate",
        ),
        pytest.param(rolling(0, "100%"), (), (5_100, 9_000), ("AllMayBeMissing",), id="100%"),
        pytest.param(
            {**rolling(0, 1), "replicas": 1},
            (),
            (5_100, 9_000),
            ("OnlyReplicaMayBeMissing", "TooManyPods"),
            id="one replica",
        ),
        pytest.param(
            rolling(1, 0), (NEW[0],), (5_600, 5_700), ("NoPreStop", "TooManyMissing"), id="bounds"
        ),
    ],
)
def test_causes_are_proven(
    spec: dict[str, Any], ready: tuple[str, ...], lost: tuple[int, int], causes: tuple[str, ...]
) -> None:
    many = (lost, (lost[0], lost[0] + 400))
    timeline = replaced(*many, ready=ready)
    pods = tuple(replace(seen, wanted=spec.get("replicas", 2)) for seen in timeline.pods)
    found = judged(replace(timeline, pods=pods), spec=spec)
    assert found.finding.reason == "UpdatedWithDowntime"
    assert found.causes == causes
    for lang in ("ko", "en"):
        assert "{" not in found.says(lang)


def test_a_request_under_way_when_a_pod_ends_is_cut() -> None:
    timeline = replaced()
    slow = samples(13_000, (4_700, 5_000), took_ms=500)
    found = judged(replace(timeline, samples=slow))
    assert found.causes == ("NoPreStop",)
    assert "6 of the 6 failed requests were under way" in found.says("en")


@pytest.mark.parametrize(
    ("action", "cause"),
    [
        ((2_000, "pods-refused", 'pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2'), "QuotaExceeded"),
        ((2_000, "pod-waits", "ImagePullBackOff: no such image"), "NewPodWaits"),
    ],
)  # fmt: skip
def test_why_an_update_does_not_end(action: tuple[int, str, str], cause: str) -> None:
    actions = acted((1_000, "updated", "web:2"), action)
    body = Timeline(actions, (PodsSeen(0, OLD, (), 2),), samples=samples(61_000), ended_ms=61_000)
    found = judged(body)
    assert (found.finding.reason, found.causes) == ("NotUpdated", (cause,))


def test_new_pods_that_run_without_being_ready_are_told() -> None:
    body = Timeline(
        acted((1_000, "updated", "web:2"), (1_100, "pod-new", "n-1")),
        (PodsSeen(0, OLD, (), 2), PodsSeen(1_100, OLD, ("n-1",), 2)),
        ended_ms=61_000,
    )
    found = judged(body)
    assert found.causes == ("NewPodsNotReady",)
    assert "1 pods of the new version" in found.says("en")


def test_clients_are_watched_until_the_old_pods_have_ended() -> None:
    found = rollout(replaced())
    assert found is not None
    assert updated_at(found) == 9_100
    assert settled_at(found, 9_100) == 11_000
    assert watched_until(found, 9_100) == 11_000
    assert watched_until(found, 12_000) == 27_000  # nothing was seen after that


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"object": {"kind": "StatefulSet", "name": "db"}}, "not to a StatefulSet"),
        (
            {"curve": {"of": "recoveryTime", "points": [{"at": "1s", "percent": 1}, {"at": "2s", "percent": 0}]}},
            "not recoveryTime",
        ),
    ],
)  # fmt: skip
def test_unusable_params_are_told(change: dict[str, Any], part: str) -> None:
    (problem,) = problems(UpdatesWithoutDowntime.model_validate(CHECK | change))
    assert part in problem.text


@pytest.mark.parametrize(
    "to", [{}, {"image": "web:2"}, {"container": "web"}, {"annotation": "a", "image": "i"}]
)
def test_an_update_changes_one_thing(to: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"container and image|annotation"):
        UpdatesWithoutDowntime.model_validate(CHECK | {"to": to})
