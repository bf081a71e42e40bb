"""`rolledOut` finds an update that was made, and says of one that is not finished what it lacks."""

from typing import Any

import pytest

from labgrader.api.kinds import RolledOut
from labgrader.checks.finding import Outcome
from labgrader.checks.registry import KINDS
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import (
    Body,
    deployment,
)
from tests.unit.checks.updated import CHANGE, kept, rolled, updated, web


def test_an_update_passes_in_one_round() -> None:
    judged = Namespace(updated()).judge(**rolled(image=CHANGE, revisions={"min": 2}))
    assert judged.finding.outcome is Outcome.PASSED
    assert [len(requests) for requests in judged.rounds] == [3]
    assert judged.says("en") == (
        "Deployment web is rolled out as expected; the cluster keeps 2 versions of its template."
    )
    assert judged.says("ko") == (
        "디플로이먼트 web이 기대한 대로 롤아웃되었습니다. 클러스터에 템플릿의 리비전이 2개 남아 있습니다."
    )


def test_one_that_was_made_so_was_not_updated() -> None:
    body = web()
    judged = Namespace([body, kept(body, "web:2", "bbbb", 1)]).judge(**rolled(image=CHANGE))
    assert judged.says("en") == (
        "Container web of Deployment web has the image web:2, but should have been updated to it"
        " from web:1. Other images in earlier versions: -."
        " Look: kubectl -n kim rollout history deployment/web"
    )
    assert judged.says("ko") == (
        "디플로이먼트 web의 컨테이너 web의 이미지는 web:2이지만, web:1에서 업데이트한 것이어야 합니다."
        " 이전 리비전의 다른 이미지: -. 확인: kubectl -n kim rollout history deployment/web"
    )


def test_the_present_image_is_asked_of_the_template() -> None:
    body = web("web:3")
    judged = Namespace([body, kept(body, "web:1", "aaaa", 1)]).judge(**rolled(image=CHANGE))
    assert judged.says("en").startswith(
        "Container web of Deployment web should now have the image web:2, but it has web:3."
    )
    assert "현재 이미지는 web:2이어야 하지만 web:3입니다." in judged.says("ko")


def test_one_image_is_no_change_whatever_the_patterns() -> None:
    same = {"container": "web", "before": "~=^web", "now": "~=^web"}
    body = web()
    body["spec"]["template"]["spec"]["priority"] = 1
    other = kept(body, "web:2", "aaaa", 1)
    now = kept(body, "web:2", "bbbb", 2)
    now["spec"]["template"]["spec"]["priority"] = 1
    judged = Namespace([body, other, now]).judge(**rolled(image=same))
    assert judged.finding.reason == "ImageBefore"
    assert Namespace(updated()).judge(**rolled(image=same)).finding.outcome is Outcome.PASSED


def test_a_container_that_is_not_there_fails() -> None:
    asked = rolled(image={**CHANGE, "container": "app"})
    assert "its containers are: web." in Namespace(updated()).judge(**asked).says("en")


@pytest.mark.parametrize(
    ("paused", "asked", "reason"),
    [
        (True, False, "StillPaused"),
        (False, True, "NotPaused"),
        (None, True, "NotPaused"),
        (True, True, "RolledOutAsAsked"),
        (False, False, "RolledOutAsAsked"),
    ],
)
def test_a_paused_rollout(*, paused: bool | None, asked: bool, reason: str) -> None:
    judged = Namespace(updated(paused=paused)).judge(**rolled(paused=asked))
    assert judged.finding.reason == reason
    assert "일시 중지" in judged.says("ko") or reason == "RolledOutAsAsked"


def unfinished() -> list[Body]:
    objects = updated()
    objects[0]["status"]["updatedReplicas"] = 1
    return objects


def test_an_unfinished_rollout_fails_unless_that_is_left_open() -> None:
    finding = Namespace(unfinished()).judge(**rolled(image=CHANGE)).finding
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "NotRolledOut")
    left_open: list[Any] = [{"finished": False}, {"paused": True}]
    for more in left_open:
        objects = unfinished()
        objects[0]["spec"]["paused"] = True
        judged = Namespace(objects).judge(**rolled(image=CHANGE, **more))
        assert judged.finding.outcome is Outcome.PASSED, more


def test_no_replicas_are_never_rolled_out() -> None:
    finding = Namespace([deployment("web", 0)]).judge(**rolled()).finding
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "TooFewReplicas")


def test_a_controller_that_has_not_looked_yet_is_not_the_learners_failure() -> None:
    body = web("web:2", status={"observedGeneration": 2})
    judged = Namespace([body, kept(body, "web:1", "aaaa", 1)]).judge(**rolled(rolledBack=False))
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.UNKNOWN, "NotObservedYet")
    assert judged.finding.transient


@pytest.mark.parametrize(
    ("kind", "asked", "text"),
    [
        ("ReplicaSet", {}, "not ReplicaSet"),
        ("Deployment", {"strategy": {"type": "OnDelete"}}, "no strategy OnDelete"),
        ("DaemonSet", {"strategy": {"type": "Recreate"}}, "no strategy Recreate"),
        ("StatefulSet", {"strategy": {"maxSurge": "1"}}, "no maxSurge"),
        ("Deployment", {"strategy": {"type": "Recreate", "maxSurge": "1"}}, "only with Rolling"),
        ("StatefulSet", {"paused": True}, "cannot be paused"),
        ("Deployment", {"finished": False}, "nothing is asked"),
        ("Deployment", {"finished": False, "paused": False}, ""),
        ("Deployment", {"image": {**CHANGE, "now": "~=("}}, "image.now"),
        ("Deployment", {"image": {**CHANGE, "before": "~=("}}, "image.before"),
    ],
)
def test_what_cannot_be_judged_is_refused_before(kind: str, asked: Any, text: str) -> None:
    params = RolledOut.model_validate(rolled(kind, **asked)["rolledOut"])
    found = KINDS["rolledOut"].problems(params)
    assert [text in problem.text for problem in found] == ([True] if text else [])


def test_another_kind_is_the_fault_of_the_check() -> None:
    assert Namespace().judge(**rolled("Job")).finding.outcome is Outcome.ERROR
