"""`survivesBadUpdate`: its messages, and that only a version that was tried proves anything."""

import pytest

from labgrader.api.kinds import SurvivesBadUpdate
from labgrader.checks.survives_bad_update import problems
from labgrader.evidence.timeline import PodsSeen, Timeline
from tests.support.corpus import patched, shared_objects
from tests.unit.checks.namespaces import Judged
from tests.unit.checks.test_corpus import Recorded
from tests.unit.checks.test_updates_without_downtime import OLD, acted, samples

CHECK = {
    "object": {"kind": "Deployment", "name": "web"},
    "to": {"container": "web", "image": "web:9"},
    "during": "15s",
    "availability": {"service": "web", "port": 80, "min": "99"},
}


def judged(*lost: tuple[int, int], ready: tuple[str, ...] = OLD, probe: bool = True) -> Judged:
    names = ("web-rs", "web-1", "web-2", "web-service", "web-slice")
    spec = {"template": {"spec": {"containers": {0: {"readinessProbe": None}}}}}
    web = patched(shared_objects()["web"], {} if probe else {"spec": spec})
    timeline = Timeline(
        acted((1_000, "updated", "web:9"), (1_100, "pod-new", "n-1")),
        (PodsSeen(0, OLD, (), 2), PodsSeen(1_100, ready, ("n-1",), 2)),
        samples=samples(16_100, *lost),
        ended_ms=16_100,
    )
    objects = [web, *(shared_objects()[one] for one in names)]
    return Recorded(objects=objects, record=timeline).judge(survivesBadUpdate=CHECK)


def test_what_goes_on_is_told_with_its_numbers() -> None:
    found = judged()
    assert "0 of 301 requests to http://web:80/ failed (99% must succeed)" in found.says("en")
    assert "요청 301건 중 0건이 실패했고(99% 이상 성공해야 합니다)" in found.says("ko")


def test_what_went_down_is_told_with_its_moment() -> None:
    found = judged((2_000, 16_000), ready=())
    assert found.finding.reason == "BadUpdateHurt"
    assert "280 of 301 failed, between 1.0 s and 15.0 s after the update began" in found.says("en")
    assert "파드 2개 중 0개만" in found.says("ko")


def test_a_version_that_only_runs_is_not_taken() -> None:
    found = judged(ready=(*OLD, "n-1"), probe=False)
    assert found.finding.reason == "BadVersionTaken"
    assert found.causes == ("NoReadinessProbe",)
    assert "let the old version go for it" in found.says("en")
    assert "준비된 것으로 인정되면 안 되지만" in found.says("ko")


@pytest.mark.parametrize("kind", ["DaemonSet", "Pod"])
def test_only_deployments_are_updated(kind: str) -> None:
    body = CHECK | {"object": {"kind": kind, "name": "web"}}
    assert problems(SurvivesBadUpdate.model_validate(body))
