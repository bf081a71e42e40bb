"""The versions of a workload's template, as its controllers keep them."""

from typing import Any

import pytest

from labgrader.checks.diagnosis.revisions import (
    History,
    Revision,
    containers_in,
    history,
    image_in,
    kept,
    revisions_in,
)
from labgrader.checks.scope import Scope
from tests.unit.checks.objects import Body, container, deployment, meta, stateful_set

HASH = "pod-template-hash"


def born(minute: int) -> str:
    return f"2026-03-02T09:{minute:02}:00Z"


def template(image: str = "web:1", **more: Any) -> Body:
    spec = {"containers": [container(image=image)]}
    return {"metadata": {"labels": {"app": "web"}}, "spec": spec, **more}


def web(image: str = "web:1", **spec: Any) -> Body:
    return deployment("web", template=template(image), **spec)


def keeper(number: Any, image: str, suffix: str = "", minute: int = 0, **more: Any) -> Body:
    """A ReplicaSet as the Deployment's controller makes it."""
    suffix = suffix or f"h{number}"
    labels = {"app": "web", HASH: suffix}
    made = template(image)
    made["metadata"]["labels"] = labels
    metadata = meta(
        f"web-{suffix}",
        web(),
        labels=labels,
        annotations={"deployment.kubernetes.io/revision": str(number)},
        creationTimestamp=born(minute),
    )
    spec = {"selector": {"matchLabels": labels}, "template": made}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": metadata | more,
        "spec": spec,
    }


def revision(number: Any, image: str, minute: int = 0, **more: Any) -> Body:
    """A ControllerRevision as a StatefulSet's controller makes it."""
    return {
        "apiVersion": "apps/v1",
        "kind": "ControllerRevision",
        "metadata": meta(f"db-{number}", stateful_set("db"), creationTimestamp=born(minute)),
        "data": {"spec": {"template": {**template(image), "$patch": "replace"}}},
        "revision": number,
        **more,
    }


def told(found: History) -> tuple[Any, list[int]]:
    """The number of the present version, and those of the others."""
    return found.present and found.present.number, [other.number for other in found.others]


def test_a_deployment_keeps_its_versions_as_replica_sets() -> None:
    one, two = keeper(1, "web:1"), keeper(2, "web:2", minute=5)
    found = history(web("web:2"), [two, one])
    assert found == History(
        Revision(born(5), 2, two["spec"]["template"]),
        (Revision(born(0), 1, one["spec"]["template"]),),
    )
    assert (found.count, found.is_rolled_back) == (2, False)
    back = history(web("web:1"), [two, one])
    assert told(back) == (1, [2])
    assert back.is_rolled_back
    same = history(web("web:1"), [keeper(1, "web:1"), keeper(2, "web:2")])
    assert not same.is_rolled_back


def test_other_workloads_keep_them_as_controller_revisions() -> None:
    db = stateful_set("db", template=template("web:2"))
    found = history(db, [revision(2, "web:2", 5), revision(1, "web:1")])
    assert told(found) == (2, [1])
    assert found.present is not None
    assert (found.present.born, found.present.image("web")) == (born(5), "web:2")
    assert told(history(db, [revision("x", "web:1", data=None)])) == (0, [])
    assert told(history(db, [revision(number=True, image="web:2")])) == (0, [])


def test_versions_are_told_from_the_oldest_on() -> None:
    keepers = [
        keeper(3, "web:3", minute=2),
        keeper(2, "web:2", minute=2),
        keeper(1, "web:1", minute=9),
    ]
    assert told(history(web("web:9", paused=True), keepers)) == (None, [2, 3, 1])


def test_of_equal_versions_the_oldest_is_the_present_one() -> None:
    keepers = [keeper(2, "web:1", minute=5), keeper(1, "web:1", minute=0)]
    assert told(history(web("web:1"), keepers)) == (1, [2])


@pytest.mark.parametrize(
    "change",
    [
        {"ownerReferences": []},
        {"deletionTimestamp": born(9)},
        {"labels": {}},
        {"labels": {HASH: "other"}},
        {"labels": None},
        {"name": "web-other"},
        {"name": "h1"},
        {"name": "dba-h1"},
    ],
)
def test_what_the_controller_did_not_make_is_no_version(change: Body) -> None:
    assert history(web(), [keeper(1, "web:1", **change)]) == History(None, ())


@pytest.mark.parametrize("where", ["selector", "template"])
def test_a_hash_stands_in_selector_and_template_too(where: str) -> None:
    odd = keeper(1, "web:1")
    labels = odd["spec"]["template"]["metadata"]["labels"]
    if where == "selector":
        odd["spec"]["selector"] = {"matchLabels": {"app": "web"}}
    else:
        odd["spec"]["template"]["metadata"] = {"labels": labels | {HASH: "x"}}
    assert history(web(), [odd]) == History(None, ())


def test_a_long_name_is_cut_before_the_hash() -> None:
    long = web()
    long["metadata"]["name"] = "web-of-a-very-long-name"
    cut = keeper(1, "web:1", name="web-of-a-very-h1")
    assert told(history(long, [cut])) == (1, [])


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("7", 7),
        ("", 0),
        ("x", 0),
        ("-7", 0),
        ("٣", 0),
        ("9" * 18, int("9" * 18)),
        ("9" * 19, 0),
    ],
)
def test_a_number_is_read_only_if_it_is_one(number: str, read: int) -> None:
    assert told(history(web(), [keeper(number, "web:1", "h")])) == (read, [])
    bare = keeper(1, "web:1", annotations=None)
    assert told(history(web(), [bare])) == (0, [])


def test_where_no_version_is_literally_the_templates_the_newest_is() -> None:
    keepers = [keeper(1, "web:1", minute=9), keeper(2, "web:2", minute=0)]
    assert told(history(web("web:9"), keepers)) == (2, [1])
    assert told(history(web("web:9"), [])) == (None, [])


@pytest.mark.parametrize("observed", [2, None, "3"])
def test_while_the_controller_has_not_looked_none_is_present(observed: Any) -> None:
    late = web("web:9")
    late["status"]["observedGeneration"] = observed
    assert told(history(late, [keeper(1, "web:1")])) == (None, [1])
    nothing: tuple[Any, ...] = (None, {})
    for status in nothing:
        late["status"] = status
        assert told(history(late, [keeper(1, "web:1")])) == (None, [1])
    late["metadata"].pop("generation")
    assert told(history(late, [keeper(1, "web:1")])) == (1, [])


def test_a_paused_rollout_has_no_new_version() -> None:
    assert told(history(web("web:9", paused=True), [keeper(1, "web:1")])) == (None, [1])
    assert told(history(web("web:1", paused=True), [keeper(1, "web:1")])) == (1, [])


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ({"a": None}, {}, True),
        ({"a": {}}, {"b": []}, True),
        ({"a": {"b": None}}, {}, True),
        ({"a": [{"b": None, "c": 1}]}, {"a": [{"c": 1}]}, True),
        ({"a": 0}, {}, False),
        ({"a": ""}, {}, False),
        ({"a": False}, {}, False),
        ({"a": 1.5}, {"a": 1.5}, True),
        ({"a": 1}, {"a": 2}, False),
        ({"a": [1, 2]}, {"a": [2, 1]}, False),
    ],
)
def test_templates_are_compared_without_what_is_empty(
    ours: Body, theirs: Body, *, same: bool
) -> None:
    wanted, one, two = web(), keeper(1, "web:1", minute=0), keeper(2, "web:2", minute=5)
    wanted["spec"]["template"] |= ours
    one["spec"]["template"] |= theirs
    assert told(history(wanted, [one, two])) == ((1, [2]) if same else (2, [1]))


def test_labels_belong_to_a_template_but_for_the_hash() -> None:
    wanted = web()
    wanted["spec"]["template"]["metadata"] = {"labels": {"app": "web", "x": "y"}}
    keepers = [keeper(1, "web:1"), keeper(2, "web:2", minute=5)]
    assert told(history(wanted, keepers)) == (2, [1])
    wanted["spec"]["template"]["metadata"] = {"labels": {"app": "web"}, "annotations": {"a": "b"}}
    assert told(history(wanted, keepers)) == (2, [1])
    wanted["spec"]["template"]["metadata"] = {"labels": {"app": "web", HASH: "own"}}
    assert told(history(wanted, keepers)) == (1, [2])


@pytest.mark.parametrize("listed", [False, True])
def test_what_nests_too_deep_is_not_compared(listed: bool) -> None:  # noqa: FBT001 (a case)
    def nested(levels: int, inner: Any) -> Any:
        for _ in range(levels):
            inner = [inner] if listed else {"a": inner}
        return inner

    for levels, told_apart in ((38, True), (39, False)):
        wanted = web()
        wanted["spec"]["template"]["x"] = nested(levels, {"b": 1})
        one, two = keeper(1, "web:1"), keeper(2, "web:2", minute=5)
        one["spec"]["template"]["x"] = nested(levels, {"b": 2})
        found = history(wanted, [one, two])
        assert told(found) == ((2, [1]) if told_apart else (1, [2]))


@pytest.mark.parametrize(
    ("limit", "count"),
    [({}, 10), ({"revisionHistoryLimit": 0}, 0), ({"revisionHistoryLimit": 3}, 3)],
)
def test_how_many_earlier_versions_are_kept(limit: Body, count: int) -> None:
    assert kept({"spec": limit}) == count


def test_what_keeps_versions_depends_on_the_kind() -> None:
    scope = Scope("kim")
    assert revisions_in(scope, "Deployment") == scope.all("ReplicaSet")
    assert revisions_in(scope, "DaemonSet") == scope.all("ControllerRevision")


def test_containers_that_start_first_come_first() -> None:
    first, second = container("init", "init:1"), container("web", "web:1")
    body = {"spec": {"initContainers": [first], "containers": [second]}}
    assert containers_in(body) == (first, second)
    assert (image_in(body, "init"), image_in(body, "web")) == ("init:1", "web:1")
    assert image_in(body, "x") is image_in({}, "x") is None
    assert image_in({"spec": {"containers": [{"name": "x"}]}}, "x") == ""
