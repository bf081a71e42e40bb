"""The bounds and the exact words of what is told about the objects that an exercise gives."""

import json
from typing import Any

import pytest

from labgrader.api.given import GIVEN_KINDS, MOST_GIVEN_BYTES
from labgrader.grading.given import given_problems
from tests.unit.grading.worlds import exercise, exists

TEXT = "must be a text; put it in quotes (of a parameter: ${name.text})"


def found(*given: Any, unchanged: dict[str, Any] | None = None, **spec: Any) -> list[str]:
    checks = [exists("a")]
    if unchanged:
        checks.append({"name": "keeps", "points": 5, "unchanged": {"object": unchanged}})
    of = exercise(*checks, given=given, **spec)
    return [f"{problem.reason}: {problem.text}" for problem in given_problems(of.spec)]


def config(name: str = "shop", **fields: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}} | fields


def service(**fields: Any) -> dict[str, Any]:
    return config(kind="Service", **fields)


def test_the_size_of_all_given_together() -> None:
    room = MOST_GIVEN_BYTES - len(json.dumps([config(data={"text": ""})]))
    assert found(config(data={"text": "x" * room})) == []
    told = f"Invalid: given: {MOST_GIVEN_BYTES + 1:,} bytes of JSON; {MOST_GIVEN_BYTES:,}"
    assert found(config(data={"text": "x" * (room + 1)})) == [f"{told} are allowed"]


def test_the_wait_for_the_given() -> None:
    too_long = "Invalid: givenReadyWithin: at most 10m can be waited for"
    assert found(config(), givenReadyWithin="10m") == []
    assert found(config(), givenReadyWithin="601s") == [too_long]


def test_the_length_of_a_name() -> None:
    assert found(config("x" * 253)) == []
    assert found(config("x" * 254)) == [f"Invalid: given[0]: {'x' * 80!r} is no name of an object"]


def nested(lists: int) -> list[Any]:
    inner: list[Any] = []
    for _ in range(lists - 1):
        inner = [inner]
    return inner


def test_the_depth_of_what_is_given() -> None:
    assert found(service(spec=nested(31))) == []
    told = ["Invalid: given[0]: nested deeper than 32 levels"]
    assert found(service(spec=nested(32))) == told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (config(kind="Node"), f"Node cannot be given; these can: {', '.join(GIVEN_KINDS)}"),
        (config(immutable=None), "null gives nothing; leave the field out"),
        (
            config(metadata={"name": "shop", "namespace": "kim"}),
            "leave metadata.namespace out; it is the learner's",
        ),
        (
            config(metadata={"name": "shop", "annotations": {"tier": 3}}),
            f"metadata.annotations.tier {TEXT}",
        ),
        (
            config(metadata={"name": "shop", "annotations": {"labgrader.dev/of": "x"}}),
            "metadata.annotations: labgrader.dev/of is labgrader's own",
        ),
        (
            config(kind="Secret", stringData={"PORT": 80}),
            f"stringData.PORT {TEXT}",
        ),
    ],
)
def test_what_is_told(body: dict[str, Any], told: str) -> None:
    assert found(body) == [f"Invalid: given[0]: {told}"]


def test_only_maps_of_texts_must_hold_texts() -> None:
    assert found(service(data={"PORT": 80})) == []


def test_the_version_in_a_check_is_the_given_ones() -> None:
    shop = {"apiVersion": "v1", "kind": "ConfigMap", "name": "shop"}
    given = config(data={"GREETING": "hello"})
    assert found(given, unchanged=shop) == []
    told = "Invalid: check keeps: given ConfigMap shop has the apiVersion v1"
    assert found(given, unchanged=shop | {"apiVersion": "v2"}) == [told]


def test_a_secret_cannot_be_told_unchanged() -> None:
    secret = config(kind="Secret", stringData={"PIN": "1"})
    (told,) = found(secret, unchanged={"kind": "Secret", "name": "shop"})
    assert told == (
        "Invalid: check keeps: values of Secrets are never seen by the grader,"
        " so it cannot tell a change"
    )
