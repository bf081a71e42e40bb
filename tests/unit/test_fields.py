"""Fields of an object, and who owns them, by the paths of managedFields."""

import copy
from typing import Any

import pytest

from labgrader.cluster.experiments.fields import (
    ABSENT,
    field,
    handed_back,
    item,
    owners,
    setting,
    value,
)

IMAGE = (*field("spec", "template", "spec", "containers"), item("web"), "f:image")
NOTE = field("spec", "template", "metadata", "annotations", "example.com/again~1")
KIM = {"manager": "kubectl", "operation": "Apply", "apiVersion": "apps/v1", "time": "t"}
OURS = {"manager": "labgrader-experiment", "operation": "Update", "apiVersion": "apps/v1"}


def owned(*fields: str, key: str = 'k:{"name":"web"}') -> dict[str, Any]:
    inner: dict[str, Any] = {".": {}, **{f"f:{name}": {} for name in fields}}
    return {"f:spec": {"f:template": {"f:spec": {"f:containers": {key: inner}}}}}


def deployment(*entries: dict[str, Any]) -> dict[str, Any]:
    containers = [{"name": "side", "image": "side:1"}, {"name": "web", "image": "web:1"}]
    return {
        "metadata": {"name": "web", "managedFields": list(entries)},
        "spec": {
            "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": containers}}
        },
    }


def test_a_container_is_found_by_its_name() -> None:
    assert value(deployment(), IMAGE) == "web:1"
    assert value(deployment(), (*IMAGE[:-2], item("gone"), "f:image")) is ABSENT
    assert value({"spec": None}, IMAGE) is ABSENT


def test_a_patch_tests_what_it_replaces() -> None:
    at = "/spec/template/spec/containers/1/image"
    test = {"op": "test", "path": at, "value": "web:1"}
    replaces = {"op": "replace", "path": at, "value": "web:2"}
    assert setting(deployment(), IMAGE, "web:2") == [test, replaces]
    assert setting(deployment(), IMAGE, ABSENT) == [test, {"op": "remove", "path": at}]


def test_a_patch_makes_the_maps_that_are_missing() -> None:
    at = "/spec/template/metadata/annotations"
    added = [{"op": "add", "path": at, "value": {"example.com/again~1": "n"}}]
    assert setting(deployment(), NOTE, "n") == added
    body = deployment()
    body["spec"]["template"]["metadata"]["annotations"] = {"a": "b"}
    one = (setting(body, NOTE, "n") or [{}])[0]
    assert one["path"] == f"{at}/example.com~1again~01"
    assert setting(body, NOTE, ABSENT) == []


def test_an_item_that_is_not_there_is_not_made() -> None:
    assert setting(deployment(), (*IMAGE[:-2], item("gone"), "f:image"), "x") is None


@pytest.mark.parametrize("key", ['k:{"name":"web"}', 'k:{ "name": "web" }'])
def test_owners_are_told_without_what_else_they_own(key: str) -> None:
    kim = {**KIM, "fieldsV1": owned("image", "name", key=key)}
    other = {**KIM, "manager": "other", "fieldsV1": owned("name")}
    assert owners(deployment(kim, other, {"manager": "odd"}), IMAGE) == [KIM]


def test_fields_are_handed_back_to_their_owners() -> None:
    kim = {**KIM, "fieldsV1": owned("name")}
    body = deployment(kim, {**OURS, "fieldsV1": owned("image")})
    before = copy.deepcopy(body)
    back = handed_back(body, "labgrader-experiment", [(IMAGE, [KIM])])
    assert back == [{**KIM, "fieldsV1": owned("name", "image")}]
    assert body == before
    again = deployment(*(dict(one) for one in back))
    assert handed_back(again, "labgrader-experiment", [(IMAGE, [KIM])]) is None


def test_an_owner_whose_entry_is_gone_gets_one_again() -> None:
    body = deployment({**OURS, "fieldsV1": owned("image")})
    entry = (handed_back(body, "labgrader-experiment", [(IMAGE, [KIM])]) or [{}])[0]
    leaf: dict[str, Any] = {"f:image": {}}
    assert entry["manager"] == "kubectl"
    assert value(entry, ("f:fieldsV1", *(f"f:{step}" for step in IMAGE[:-1]))) == leaf


def test_an_owner_of_the_map_around_a_field_gets_that_again_too() -> None:
    """It is lost with the last field of the map, and only who had it gets it."""
    steps = field("spec", "limits", "cpu")

    def holding(*keys: str) -> dict[str, Any]:
        return {"f:spec": {"f:limits": {key: {} for key in keys}}}

    body = deployment({**KIM, "fieldsV1": holding(".", "f:cpu")})
    [kim] = owners(body, steps)
    other = {**KIM, "manager": "other", "fieldsV1": holding("f:cpu")}
    assert owners(deployment(other), steps) == [{**KIM, "manager": "other"}]
    taken = deployment({**KIM, "fieldsV1": holding()}, {**OURS, "fieldsV1": holding("f:cpu")})
    back = handed_back(taken, "labgrader-experiment", [(steps, [kim])])
    assert back == [{**KIM, "fieldsV1": holding(".", "f:cpu")}]
    gone = deployment({**OURS, "fieldsV1": holding("f:cpu")})
    assert handed_back(gone, "labgrader-experiment", [(steps, [kim])]) == back


def test_what_else_we_own_stays_ours() -> None:
    body = deployment({**OURS, "fieldsV1": owned("image", "args")})
    assert handed_back(body, "labgrader-experiment", [(IMAGE, [])]) == [
        {**OURS, "fieldsV1": owned("args")}
    ]
