"""What checks read: objects in their shape, and of the answer that is there now."""

from typing import Any

import pytest

from labgrader.evidence.answers import Found, Items, NotThere
from labgrader.evidence.requests import GetObject, ListObjects
from labgrader.evidence.snapshot import Held, MissingEvidence, Snapshot

ASKED = GetObject("kim", "apps/v1", "Deployment", "web")
LISTED = ListObjects("kim", "v1", "Pod")


def odd(replicas: Any) -> Found:
    return Found({"metadata": {}, "spec": {"replicas": replicas, "paused": "yes"}})


def test_an_object_has_the_shape_of_its_kind() -> None:
    read = Snapshot({ASKED: odd(2)}).object(ASKED)
    assert read == {
        "metadata": {"name": "web", "namespace": "kim", "uid": "", "creationTimestamp": ""},
        "spec": {"replicas": 2, "template": {"spec": {"containers": []}}},
    }


def test_snapshots_of_one_grading_hold_an_object_once() -> None:
    held: Held = {}
    answer = odd(2)
    first = Snapshot({ASKED: answer}, held).object(ASKED)
    assert Snapshot({ASKED: answer}, held).object(ASKED) is first


def test_what_is_read_is_the_answer_of_now() -> None:
    held: Held = {}
    seen = []
    for answer in (odd(2), odd(3), NotThere(), odd(2)):
        body = Snapshot({ASKED: answer}, held).object(ASKED)
        seen.append(body and body["spec"]["replicas"])
    assert seen == [2, 3, None, 2]


def test_a_list_has_what_has_a_name() -> None:
    named, nameless = {"metadata": {"name": "a"}}, {"metadata": {"name": 3}}
    held: Held = {}
    for objects in ((named, nameless), (nameless,)):
        pods = Snapshot({LISTED: Items(objects)}, held).objects(LISTED)
        assert [pod["metadata"]["name"] for pod in pods] == ["a"] * objects.count(named)


def test_what_was_not_asked_for_is_missing_though_it_was_read_before() -> None:
    held: Held = {}
    Snapshot({ASKED: odd(2)}, held).object(ASKED)
    with pytest.raises(MissingEvidence):
        Snapshot({}, held).object(ASKED)
