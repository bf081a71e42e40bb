import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labgrader.api.kinds import RolledOut
from labgrader.checks.finding import Outcome
from labgrader.checks.registry import KINDS
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import (
    NAMESPACE,
    Body,
    container,
    daemon_set,
    deployment,
    meta,
    stateful_set,
)

CHANGE = {"container": "web", "before": "web:1", "now": "web:2"}
NESTED = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["spec", "template", "containers", "metadata", "labels", "image", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


def rolled(kind: str = "Deployment", **asked: Any) -> dict[str, Any]:
    return {"rolledOut": {"object": {"kind": kind, "name": "web"}, **asked}}


def template(image: str, **labels: str) -> Body:
    metadata = {"labels": {"app": "web", **labels}}
    return {"metadata": metadata, "spec": {"containers": [container(image=image)]}}


def web(image: str = "web:2", **more: Any) -> Body:
    return deployment("web", **{"template": template(image), **more})


def kept(owner: Body, image: str, suffix: str, born: int, number: str = "") -> Body:
    """A ReplicaSet as the Deployment's controller makes it; ``born`` is a minute."""
    name = f"web-{suffix}"
    labels = {"app": "web", "pod-template-hash": suffix}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": meta(
            name,
            owner,
            labels=labels,
            annotations={"deployment.kubernetes.io/revision": number or str(born)},
        )
        | {"creationTimestamp": f"2026-03-02T09:{born:02}:00Z"},
        "spec": {
            "replicas": 0,
            "selector": {"matchLabels": labels},
            "template": template(image, **{"pod-template-hash": suffix}),
        },
        "status": {"replicas": 0, "observedGeneration": 1},
    }


def revision(owner: Body, image: str, number: int) -> Body:
    """A ControllerRevision as the controllers of StatefulSets and DaemonSets make it."""
    data = {"spec": {"template": {**template(image), "$patch": "replace"}}}
    return {
        "apiVersion": "apps/v1",
        "kind": "ControllerRevision",
        "metadata": meta(f"web-{number}", owner)
        | {"creationTimestamp": f"2026-03-02T09:{number:02}:00Z"},
        "data": data,
        "revision": number,
    }


def updated(**more: Any) -> list[Body]:
    """web:1, then web:2."""
    body = web(**more)
    return [body, kept(body, "web:1", "aaaa", 1), kept(body, "web:2", "bbbb", 2)]


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


def by_hand(owner: Body, **metadata: Any) -> Body:
    body = kept(owner, "web:1", "aaaa", 1)
    body["metadata"] |= metadata
    return body


@pytest.mark.parametrize(
    "fake",
    [
        lambda owner: by_hand(owner, ownerReferences=[]),
        lambda owner: by_hand(owner, ownerReferences=[{"uid": "uid-of-web"}]),
        lambda _: kept(meta_only("other"), "web:1", "aaaa", 1),
        lambda owner: by_hand(owner, name="old"),
        lambda owner: by_hand(owner, labels={"app": "web"}),
        lambda owner: by_hand(owner, name="web-cccc"),
        lambda owner: by_hand(owner, deletionTimestamp="2026-03-02T09:00:00Z"),
        lambda owner: {**by_hand(owner), "spec": {**by_hand(owner)["spec"], "selector": {}}},
    ],
    ids=["orphan", "not-controller", "of-another", "name", "labels", "hash", "deleted", "selector"],
)
def test_a_replica_set_that_the_controller_did_not_make_is_no_revision(fake: Any) -> None:
    body = web()
    judged = Namespace([body, fake(body), kept(body, "web:2", "bbbb", 2)]).judge(
        **rolled(image=CHANGE)
    )
    assert judged.finding.reason == "ImageBefore"


def meta_only(name: str) -> Body:
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta(name)}


def test_a_typed_revision_number_makes_no_revisions() -> None:
    body = web()
    body["metadata"]["annotations"] = {"deployment.kubernetes.io/revision": "7"}
    judged = Namespace([body, kept(body, "web:2", "bbbb", 1, number="7")]).judge(
        **rolled(revisions={"min": 2})
    )
    assert judged.says("en") == (
        "Deployment web should have had at least 2 different versions of its template, but the"
        " cluster knows 1. Each change of the template makes one; deleting Deployment web forgets"
        " them. Look: kubectl -n kim rollout history deployment/web"
    )
    assert "서로 다른 리비전이 2개 이상 있어야 하지만, 클러스터에는 1개만 있습니다." in judged.says(
        "ko"
    )


def test_a_pruned_history_is_told() -> None:
    judged = Namespace(updated(revisionHistoryLimit=1)).judge(**rolled(revisions={"min": 3}))
    assert judged.causes == ("HistoryPruned",)
    assert "keeps 1 earlier version (revisionHistoryLimit), so still earlier ones are gone" in (
        judged.says("en")
    )
    assert "이전 리비전을 1개까지만 보관하므로" in judged.says("ko")
    assert Namespace(updated()).judge(**rolled(revisions={"min": 3})).causes == ()


def back() -> list[Body]:
    """web:1, web:2, and web:1 again; the numbers as the controller counts them."""
    body = web("web:1")
    return [body, kept(body, "web:1", "aaaa", 1, "3"), kept(body, "web:2", "bbbb", 2)]


def test_what_was_made_later_than_the_present_version_shows_a_rollback() -> None:
    assert Namespace(back()).judge(**rolled(rolledBack=True)).finding.outcome is Outcome.PASSED
    ahead = Namespace(updated()).judge(**rolled(rolledBack=True))
    assert ahead.finding.reason == "NotRolledBack"
    assert "이전 리비전으로 롤백되어 있어야 하지만" in ahead.says("ko")
    again = Namespace(back()).judge(**rolled(rolledBack=False))
    assert again.finding.reason == "RolledBack"
    assert "should have its newest version" in again.says("en")
    assert Namespace(updated()).judge(**rolled(rolledBack=False)).finding.outcome is Outcome.PASSED


def test_the_newest_counts_as_present_where_a_server_fills_in_new_defaults() -> None:
    objects = back()
    objects[0]["spec"]["template"]["spec"]["newField"] = "default"
    assert Namespace(objects).judge(**rolled(rolledBack=True)).finding.outcome is Outcome.PASSED


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


def test_no_revision_at_all_is_too_few() -> None:
    finding = Namespace([web()]).judge(**rolled(revisions={"min": 2})).finding
    assert finding.reason == "TooFewRevisions"


@pytest.mark.parametrize("kind", ["StatefulSet", "DaemonSet"])
def test_stateful_sets_and_daemon_sets_keep_controller_revisions(kind: str) -> None:
    body = stateful_set("web") if kind == "StatefulSet" else daemon_set("web")
    body["spec"]["template"] = template("web:2")
    objects = [body, revision(body, "web:1", 1), revision(body, "web:2", 2)]
    asked = rolled(kind, image=CHANGE, revisions={"min": 2}, rolledBack=False)
    judged = Namespace(objects).judge(**asked)
    assert judged.finding.outcome is Outcome.PASSED
    body["spec"]["template"] = template("web:1")
    again = revision(body, "web:1", 1) | {"revision": 3}
    judged = Namespace([body, again, objects[2]]).judge(**rolled(kind, rolledBack=True))
    assert judged.finding.outcome is Outcome.PASSED


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


def test_data_nested_without_end_is_no_template() -> None:
    body = stateful_set("web")
    deep: Any = "x"
    for _ in range(900):
        deep = {"spec": deep}
    odd = revision(body, "web:1", 1)
    odd["data"]["spec"]["template"]["spec"] = deep
    judged = Namespace([body, odd]).judge(**rolled("StatefulSet", revisions={"min": 2}))
    assert judged.finding.reason == "TooFewRevisions"


@settings(deadline=None, max_examples=100)
@given(NESTED, st.text(max_size=5), st.none() | st.integers(-2, 9) | st.text(max_size=2))
def test_no_revision_makes_it_raise(data: Any, number: str, revised: Any) -> None:
    sets = stateful_set("web")
    odd = {**revision(sets, "web:1", 1), "data": data, "revision": revised}
    asked: Any = {"image": CHANGE, "revisions": {"min": 2}, "rolledBack": True}
    assert Namespace([sets, odd]).judge(**rolled("StatefulSet", **asked)).says("ko")
    body = web()
    other = copy.deepcopy(kept(body, "web:1", "aaaa", 1, number))
    assert other["metadata"]["namespace"] == NAMESPACE
    assert Namespace([body, other]).judge(**rolled(**asked)).says("ko")
