"""Which versions `rolledOut` counts: those a controller made, in their order, and no others."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.checks.finding import Outcome
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import (
    NAMESPACE,
    Body,
    daemon_set,
    stateful_set,
)
from tests.unit.checks.updated import (
    CHANGE,
    kept,
    meta_only,
    revision,
    rolled,
    template,
    updated,
    web,
)

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


def test_data_nested_without_end_is_no_template() -> None:
    body = stateful_set("web")
    deep: Any = "x"
    for _ in range(900):
        deep = {"spec": deep}
    odd = revision(body, "web:1", 1)
    odd["data"]["spec"]["template"]["spec"] = deep
    judged = Namespace([body, odd]).judge(**rolled("StatefulSet", revisions={"min": 2}))
    assert judged.finding.reason == "TooFewRevisions"


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
