"""What counts as a change of an object that was given, place by place."""

from typing import Any

import pytest

from labgrader.checks.expect.exact import (
    Looks,
    expectation,
    first_change,
    leads_somewhere,
    place_of,
)
from labgrader.checks.expect.tree import Difference, How
from tests.unit.checks.objects import Body

EVERYWHERE = Looks()


def body(kind: str = "Deployment", **fields: Any) -> Body:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "x"}, **fields}


def expected(written: Body, **looks: Any) -> Any:
    made = dict(expectation(written, Looks(**looks)))
    assert made.get("metadata", {}) is not None
    return made


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("spec.ports", ("spec", "ports")),
        ('data["app.conf"].x', ("data", "app.conf", "x")),
        ('data["a b"]', ("data", "a b")),
        ("a-b_c.D1", ("a-b_c", "D1")),
        ("", ()),
    ],
)
def test_a_path_leads_to_a_place(path: str, place: tuple[str, ...]) -> None:
    assert place_of(path) == place


@pytest.mark.parametrize(
    ("looks", "place", "looked_at"),
    [
        (EVERYWHERE, ("a",), True),
        (Looks(only=(("a",),)), ("a", "b"), True),
        (Looks(only=(("a", "b"),)), ("a",), False),
        (Looks(only=(("a",), ("b",))), ("b",), True),
        (Looks(only=(("a",),)), ("b",), False),
        (Looks(leaving_out=(("a",),)), ("a", "b"), False),
        (Looks(leaving_out=(("a", "b"),)), ("a",), True),
        (Looks(leaving_out=(("x",), ("a",))), ("a",), False),
        (Looks(only=(("a",),), leaving_out=(("a", "b"),)), ("a", "b"), False),
        (Looks(only=(("a",),), leaving_out=(("a", "b"),)), ("a", "c"), True),
    ],
)
def test_only_some_places_are_looked_at(
    looks: Looks, place: tuple[str, ...], *, looked_at: bool
) -> None:
    assert looks.at(place) is looked_at


@pytest.mark.parametrize(
    ("place", "leads"),
    [
        (("spec",), True),
        (("spec", "ports", "port"), True),
        (("spec", "ports", "name"), True),
        (("spec", "ports", "x"), False),
        (("spec", "port"), False),
        (("spec", "nothing"), True),
        (("metadata", "labels"), True),
        (("metadata", "name"), False),
        (("kind",), False),
        (("apiVersion",), False),
        ((), True),
    ],
)
def test_a_place_may_lead_nowhere(place: tuple[str, ...], *, leads: bool) -> None:
    ports = [{"port": 1}, {"name": "b", "port": 2}]
    written = body(spec={"ports": ports, "nothing": None})
    written["metadata"]["labels"] = {}
    assert leads_somewhere(written, place) is leads


def test_a_config_map_has_data_even_where_none_is_written() -> None:
    assert leads_somewhere(body("ConfigMap"), ("data",))
    assert leads_somewhere(body("ConfigMap"), ("binaryData",))
    assert not leads_somewhere(body("Secret"), ("data",))
    assert not leads_somewhere({"kind": "Secret", "metadata": None}, ("data",))


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ({"a": 1}, {"a": 1}),
        ({"a": "x"}, {"a": "x"}),
        ({"a": ">=2"}, {"a": "=>=2"}),
        ({"a": None, "b": "", "c": False, "d": 0}, {}),
        ({"allowPrivilegeEscalation": False}, {"allowPrivilegeEscalation": False}),
        ({"automountServiceAccountToken": False}, {"automountServiceAccountToken": False}),
        ({"emptyDir": {}}, {"emptyDir": {}}),
        (
            {"podSelector": {}, "namespaceSelector": {}},
            {"podSelector": {}, "namespaceSelector": {}},
        ),
        ({"data": {}, "selector": {}, "labels": {}, "limits": {}, "nodeSelector": {}}, {}),
        ({"a": {"b": ""}}, {}),
        ({"a": []}, {}),
        ({"a": ["", "x", 1, ">=2"]}, {"a": ["", "x", 1, "=>=2"]}),
        ({"a": [{"name": "n", "b": ""}]}, {"a": [{"name": "n"}]}),
        ({"a": [{"b": ""}]}, {"a": [{}]}),
        ({"a": [{"name": "n", "b": 2}, {"c": 3}]}, {"a": [{"name": "n", "b": 2}, {"c": 3}]}),
        ({"a": [[], [1]]}, {"a": [[], [1]]}),
    ],
)
def test_what_is_to_be_found_of_what_was_written(written: Body, made: Body) -> None:
    assert expected(body(spec=written)) == ({"spec": made} if made else {})


def test_what_names_an_object_is_no_expectation_of_it() -> None:
    named = body(metadata={"name": "x", "namespace": "kim", "labels": {"a": "b"}})
    assert expected(named) == {"metadata": {"namespace": "kim", "labels": {"a": "b"}}}
    assert expected({"kind": "Pod", "metadata": None}) == {}


def test_only_what_is_looked_at_is_to_be_found() -> None:
    written = body(spec={"a": 1, "l": [{"name": "n", "b": 2}, {"name": "m", "c": 3}], "e": {}})
    ports = {"l": [{"name": "n", "b": 2}, {"name": "m"}]}
    assert expected(written, only=(("spec", "l", "b"),)) == {"spec": ports}
    assert expected(written, only=(("spec", "x"),)) == {}
    left = {"a": 1, "e": {}}
    assert expected(written, leaving_out=(("spec", "l"),)) == {"spec": left}
    assert expected(written, only=(("spec", "e"),)) == {"spec": {"e": {}}}


def change(written: Any, seen: Any, kind: str = "Deployment", **looks: Any) -> Difference | None:
    """Of two specs."""
    return first_change(body(kind, spec=written), {"spec": seen}, Looks(**looks))


def unwanted(path: str, seen: str) -> Difference:
    return Difference(How.UNWANTED, path, "", seen)


@pytest.mark.parametrize(
    ("written", "seen", "path"),
    [
        ({"selector": {"a": "b"}}, {"selector": {"a": "b", "c": "d"}}, "spec.selector.c"),
        ({"x": {"a": "b"}}, {"x": {"a": "b", "c": "d"}}, None),
        ({"hard": {}}, {"hard": {"pods": "d"}}, "spec.hard.pods"),
        (
            {"matchLabels": {"a": "b"}},
            {"matchLabels": {"a": "b", "x.y/z": "d"}},
            'spec.matchLabels["x.y/z"]',
        ),
        ({"x": {"podSelector": {}}}, {"x": {"podSelector": {"e": "d"}}}, "spec.x.podSelector.e"),
    ],
)
def test_keys_added_to_whole_maps_are_changes(written: Any, seen: Any, path: str | None) -> None:
    assert change(written, seen) == (None if path is None else unwanted(path, "d"))
    if path is not None:
        place = place_of(path)
        assert change(written, seen, leaving_out=(place,)) is None
        assert change(written, seen, only=(place,)) == unwanted(path, "d")


@pytest.mark.parametrize(
    ("written", "seen", "found"),
    [
        ([{"name": "a"}], [{"name": "a"}, {"name": "b"}], unwanted("spec.l[b]", '{"name": "b"}')),
        ([{"name": "a"}], [{"name": "b"}, {"name": "a"}], unwanted("spec.l[b]", '{"name": "b"}')),
        ([{"x": 1}], [{"x": 1}, {"x": 2}], unwanted("spec.l[1]", '{"x": 2}')),
        ([1], [1, 2], unwanted("spec.l[1]", "2")),
        ([1, 2], [1, 3, 2], unwanted("spec.l[1]", "3")),
        ([1], [1, 1], unwanted("spec.l[1]", "1")),
        ([1, 1], [1, 1], None),
        (["a"], ["b", "a"], unwanted("spec.l[0]", "b")),
        ([], [{"port": 5}], unwanted("spec.l[port=5]", '{"port": 5}')),
        ([{"name": "a"}], [{"name": "a"}], None),
        (
            [{"name": "a", "selector": {}}],
            [{"name": "a", "selector": {"b": "c"}}],
            unwanted("spec.l[a].selector.b", "c"),
        ),
        (
            [{"x": 1}, {"selector": {}}],
            [{"x": 1}, {"selector": {"b": "c"}}],
            unwanted("spec.l[1].selector.b", "c"),
        ),
    ],
)
def test_items_added_to_lists_are_changes(
    written: Any, seen: Any, found: Difference | None
) -> None:
    assert change({"l": written}, {"l": seen}) == found
    if found is not None:
        assert change({"l": written}, {"l": seen}, leaving_out=(("spec", "l"),)) is None


def test_to_a_pod_the_api_server_adds_items() -> None:
    assert change({"l": [{"name": "a"}]}, {"l": [{"name": "a"}, {"name": "b"}]}, "Pod") is None


def test_two_items_of_one_name_are_paired_by_where_they_stand() -> None:
    dns = [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]
    assert change({"l": dns}, {"l": dns}) is None
    more = [{"port": 53, "selector": {}}, {"port": 53, "selector": {"a": "b"}}]
    there = [{"port": 53, "selector": {"c": "d"}}, {"port": 53, "selector": {"a": "b"}}]
    assert change({"l": more}, {"l": there}) == unwanted("spec.l[port=53].selector.c", "d")


@pytest.mark.parametrize(
    ("written", "seen", "found"),
    [
        ("", "x", Difference(How.DIFFERENT, "spec.a", '""', "x")),
        (False, True, Difference(How.DIFFERENT, "spec.a", "false", "true")),
        (0, 1, Difference(How.DIFFERENT, "spec.a", "0", "1")),
        (None, "x", Difference(How.DIFFERENT, "spec.a", "null", "x")),
        (None, None, None),
        ("", "", None),
        (0, 0, None),
    ],
)
def test_what_was_written_as_nothing_must_stay_nothing(
    written: Any, seen: Any, found: Difference | None
) -> None:
    assert change({"a": written}, {"a": seen}) == found
    assert change({"a": written}, {"a": seen}, leaving_out=(("spec", "a"),)) is None
    assert change({"a": written}, {}) is None


def test_a_value_that_changed_is_told_before_what_was_added() -> None:
    written, seen = {"selector": {}, "a": 1}, {"selector": {"x": "y"}, "a": 2}
    assert change(written, seen) == Difference(How.DIFFERENT, "spec.a", "1", "2")


def test_a_secret_or_config_map_is_compared_by_its_data() -> None:
    added = first_change(body("ConfigMap"), {"data": {"k": "v"}}, EVERYWHERE)
    assert added == unwanted("data.k", "v")
    binary = first_change(body("ConfigMap"), {"binaryData": {"k": "v"}}, EVERYWHERE)
    assert binary == unwanted("binaryData.k", "v")
    assert first_change(body("Secret"), {"data": {"k": "v"}}, EVERYWHERE) is None
    assert (
        first_change(body("ConfigMap", data={"k": "v"}), {"data": {"k": "v"}}, EVERYWHERE) is None
    )
