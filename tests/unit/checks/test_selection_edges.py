"""Selections at their edges: what is told of objects left out, and whose an object is."""

from typing import Any

import pytest

from labgrader.api.selection import Selection
from labgrader.checks.finding import Outcome
from labgrader.checks.scope import Scope, UnknownKind
from labgrader.checks.selection import selected
from labgrader.evidence.answers import Items
from labgrader.evidence.requests import GetObject, ListObjects
from labgrader.evidence.snapshot import Snapshot
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import (
    NAMESPACE,
    Body,
    config_map,
    deployment,
    pod,
    replica_set,
    stateful_set,
)

WEB = deployment()
OF_WEB = {"kind": "Pod", "owner": {"kind": "Deployment", "name": "web"}}
THERE = "object.metadata.name != ''"


def judge(objects: list[Body], select: dict[str, Any], **more: Any) -> Judged:
    params = {"select": select, "expression": THERE, **more}
    return Namespace(objects).judge(satisfies=params)


def labelled(name: str, **labels: str) -> Body:
    return config_map(name, labels=labels)


def left_out(judged: Judged) -> str | None:
    told = (dict(cause.params) for cause in judged.finding.causes if cause.reason == "NotSelected")
    return next((params["names"] for params in told), None)


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, None), (1, "c0"), (5, "c0, c1, c2, c3, c4"), (6, "c0, c1, c2, c3, c4, …")],
)
def test_at_most_five_objects_that_do_not_count_are_named(count: int, told: str | None) -> None:
    others = [labelled(f"c{i}", tier="db") for i in reversed(range(count))]
    judged = judge(others, {"kind": "ConfigMap", "labels": {"tier": "web"}})
    assert judged.finding.reason == "TooFewSelected"
    assert left_out(judged) == told


def test_what_counts_is_not_named_among_what_does_not() -> None:
    objects = [labelled("a", tier="web"), labelled("b")]
    judged = judge(objects, {"kind": "ConfigMap", "labels": {"tier": "web"}}, minMatches=2)
    assert judged.params["found"] == "1"
    assert left_out(judged) == "b"


def test_neither_a_name_nor_a_kind_alone_leaves_anything_out() -> None:
    objects = [labelled("a"), labelled("b")]
    assert left_out(judge(objects, {"kind": "ConfigMap"}, minMatches=3)) is None
    named = judge(objects, {"kind": "ConfigMap", "name": "a", "labels": {"tier": "web"}})
    assert left_out(named) is None


def test_objects_of_other_owners_are_named() -> None:
    judged = judge([WEB, pod("stray"), pod("other")], OF_WEB)
    assert left_out(judged) == "other, stray"


def test_what_is_asked_for_is_told_as_one_types_it() -> None:
    select = {"kind": "ConfigMap", "name": "a", "labels": {"tier": "web", "app": "x"}}
    assert judge([labelled("a")], select).params["which"] == " (name=a, app=x, tier=web)"
    assert judge([WEB], OF_WEB).params["which"] == " (owner=Deployment/web)"
    assert judge([], {"kind": "ConfigMap"}).params["which"] == ""


def test_pods_of_a_deployment_are_asked_for_in_one_round() -> None:
    owner = replica_set(WEB)
    judged = judge([WEB, owner, pod("web-1", owner)], OF_WEB)
    assert judged.finding.outcome is Outcome.PASSED
    assert set(judged.rounds[0]) == {
        ListObjects(NAMESPACE, "v1", "Pod"),
        GetObject(NAMESPACE, "apps/v1", "Deployment", "web"),
        ListObjects(NAMESPACE, "apps/v1", "ReplicaSet"),
    }


def test_pods_of_other_workloads_are_asked_for_without_replica_sets() -> None:
    database = stateful_set()
    select = {"kind": "Pod", "owner": {"kind": "StatefulSet", "name": "db"}}
    judged = judge([database, pod("db-0", database), pod("stray")], select)
    assert judged.params["all"] == "1"
    assert set(judged.rounds[0]) == {
        ListObjects(NAMESPACE, "v1", "Pod"),
        GetObject(NAMESPACE, "apps/v1", "StatefulSet", "db"),
    }


def test_one_of_several_owners_is_enough() -> None:
    both = pod("web-1", replica_set(WEB))
    both["metadata"]["ownerReferences"].append({"uid": "uid-of-db"})
    select = {"kind": "Pod", "owner": {"kind": "StatefulSet", "name": "db"}}
    assert judge([stateful_set(), both], select).params["all"] == "1"


def test_an_owner_reference_without_a_uid_is_nobodys() -> None:
    odd = config_map("a", ownerReferences=[{"name": "web", "kind": "Deployment"}])
    select = {"kind": "ConfigMap", "owner": {"kind": "Deployment", "name": "web"}}
    assert judge([WEB, odd], select).finding.reason == "TooFewSelected"


def test_objects_come_by_name_and_know_what_they_are() -> None:
    objects = [labelled("b"), labelled("a"), labelled("c")]
    of_kind = "object.kind == 'ConfigMap' && object.apiVersion == 'v1'"
    judged = judge(objects, {"kind": "ConfigMap"}, expression=of_kind)
    assert judged.finding.outcome is Outcome.PASSED
    all_wanted = judge(objects, {"kind": "ConfigMap"}, expression="object.kind == 'Secret'")
    assert all_wanted.params["name"] == "a"


def test_a_kind_of_ones_own_is_asked_for_by_its_api_version() -> None:
    select = {"apiVersion": "example.com/v1", "kind": "Widget"}
    judged = judge([], select)
    assert judged.rounds[0] == (ListObjects(NAMESPACE, "example.com/v1", "Widget"),)
    judged = judge([], {**select, "labels": {"b": "2", "a": "1"}})
    assert judged.rounds[0][0] == ListObjects(
        NAMESPACE, "example.com/v1", "Widget", (("a", "1"), ("b", "2"))
    )


def test_one_object_is_asked_for_in_the_learners_namespace() -> None:
    judged = judge([labelled("b")], {"kind": "ConfigMap", "name": "b"})
    assert judged.rounds[0] == (GetObject(NAMESPACE, "v1", "ConfigMap", "b"),)


def test_one_is_enough_unless_more_are_asked_for() -> None:
    snapshot = Snapshot({ListObjects(NAMESPACE, "v1", "ConfigMap"): Items((labelled("a"),))})
    found = selected(Selection(kind="ConfigMap"), Scope(NAMESPACE), snapshot)
    assert isinstance(found, tuple)
    assert [body["metadata"]["name"] for body in found] == ["a"]


def test_a_kind_that_nobody_knows_is_named() -> None:
    with pytest.raises(UnknownKind, match="Widget"):
        selected(Selection(kind="Widget"), Scope(NAMESPACE), Snapshot({}))


@pytest.mark.parametrize("api_version", [None, "example.com/v1"])
def test_what_is_left_out_is_looked_for_where_the_rest_was(api_version: str | None) -> None:
    select = {"kind": "ConfigMap", "labels": {"tier": "web"}}
    judged = judge([], select | ({"apiVersion": api_version} if api_version else {}))
    assert judged.rounds[-1] == (ListObjects(NAMESPACE, api_version or "v1", "ConfigMap"),)
