"""`rollsBack`: back is the old version, not any version."""

from dataclasses import replace

import pytest

from labgrader.api.kinds import RollsBack
from labgrader.checks.rollout import back_at, rollout
from labgrader.checks.rolls_back import problems
from labgrader.evidence.timeline import PodsSeen, Timeline
from tests.support.corpus import shared_objects
from tests.unit.checks.namespaces import Judged
from tests.unit.checks.test_corpus import Recorded
from tests.unit.checks.test_updates_without_downtime import CHECK, NEW, OLD, acted, samples


def undone(*lost: tuple[int, int], back: tuple[str, ...] = ("o-1", "o-2")) -> Timeline:
    new = tuple((1_100, "pod-new", uid) for uid in NEW)
    return Timeline(
        acted(
            (1_000, "updated", "web:2"),
            *new,
            *((4_000, "pod-ending", uid) for uid in OLD),
            (6_000, "update-undone", ""),
            *((9_000, "pod-ending", uid) for uid in NEW),
        ),
        (
            PodsSeen(0, OLD, (), 2),
            PodsSeen(4_000, NEW, OLD, 2),
            PodsSeen(5_000, NEW, (), 2),
            PodsSeen(9_000, back, NEW, 2),
            PodsSeen(10_000, back, (), 2),
        ),
        samples=samples(12_000, *lost),
        ended_ms=12_000,
    )


def judged(timeline: Timeline) -> Judged:
    names = ("web", "web-rs", "web-1", "web-2", "web-service", "web-slice")
    objects = [shared_objects()[one] for one in names]
    return Recorded(objects=objects, record=timeline).judge(rollsBack=CHECK)


def test_back_and_serving() -> None:
    found = judged(undone())
    assert "3.0 s after the undo (allowed: 60 s) its old version served again" in found.says("en")
    assert "되돌린 지 3.0초 만에(제한: 60초) 이전 버전이 다시 응답했습니다" in found.says("ko")


def test_pods_of_the_new_version_are_not_the_old_one() -> None:
    timeline = undone(back=NEW)
    found = rollout(timeline)
    assert found is not None
    assert back_at(found) is None
    assert judged(timeline).finding.reason == "NotBack"


def test_fewer_pods_than_before_are_not_back() -> None:
    assert judged(undone(back=("o-1",))).finding.reason == "NotBack"


def test_requests_that_failed_on_the_way_back_count() -> None:
    found = judged(undone((9_000, 9_500)))
    assert found.finding.reason == "BackWithDowntime"
    assert "between 8.0 s and 8.5 s after the update began" in found.says("en")


def test_an_update_that_was_not_undone_shows_nothing_of_the_way_back() -> None:
    timeline = undone()
    actions = tuple(one for one in timeline.actions if one.what != "update-undone")
    assert judged(replace(timeline, actions=actions)).finding.reason == "NotUpdated"


@pytest.mark.parametrize(("of", "usable"), [("recoveryTime", True), ("updateTime", False)])
def test_what_it_measures(of: str, usable: bool) -> None:  # noqa: FBT001 (a table)
    points = [{"at": "1s", "percent": 100}, {"at": "2s", "percent": 0}]
    params = RollsBack.model_validate(CHECK | {"curve": {"of": of, "points": points}})
    assert (problems(params) == ()) is usable


CURVES = {
    "recoveryTime": [{"at": "1s", "percent": 100}, {"at": "5s", "percent": 0}],
    "longestGap": [{"at": "0s", "percent": 100}, {"at": "1s", "percent": 0}],
}


@pytest.mark.parametrize(
    ("of", "causes"),
    [("recoveryTime", ["TimeBar"]), ("longestGap", ["GapBar", "NoPreStop"])],
)
def test_why_requests_were_lost_is_told_where_they_cost_points(of: str, causes: list[str]) -> None:
    served = {"availability": {**CHECK["availability"], "min": "50"}}  # type: ignore[dict-item]
    names = ("web", "web-rs", "web-1", "web-2", "web-service", "web-slice")
    objects = [shared_objects()[one] for one in names]
    recorded = Recorded(objects=objects, record=undone((9_000, 9_500)))
    asked = CHECK | served | {"curve": {"of": of, "points": CURVES[of]}}
    found = recorded.judge(rollsBack=asked).finding
    assert (found.reason, found.credit) == ("BackPartly", 50_000)
    assert [cause.reason for cause in found.causes] == causes
