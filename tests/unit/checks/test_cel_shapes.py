"""What is known of values before they are computed, bound by bound."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.checks.cel.shape import (
    Shape,
    computed,
    either,
    item_of,
    real,
    unseen,
    weigh,
)

POD: dict[str, Any] = {"name": "web", "ports": [{"port": 80}, {"port": 81, "odd-key": "x"}]}


@pytest.mark.parametrize(
    ("value", "weight"),
    [
        (None, 1),
        (7, 1),
        ("x" * 15, 1),
        ("x" * 16, 2),
        ("x" * 33, 3),
        ([], 1),
        ([1, 2, [3]], 5),
        ({}, 1),
        ({"a": 1}, 3),
        ({"k" * 15: 1}, 3),
        ({"k" * 16: 1}, 4),
        ({"a": "x" * 16, "b": [1, {"c": 2}]}, 10),
    ],
)
def test_values_weigh_by_their_parts_and_letters(value: Any, weight: int) -> None:
    assert weigh(value) == weight


def test_what_stands_in_an_object_is_known() -> None:
    assert real(([1, 2], [1, 2, 3]), "object.l") == Shape(
        4, 3, ([1, 2], [1, 2, 3]), "object.l", is_list=True
    )
    assert real(({"a": 1}, "x"), "p") == Shape(3, 1, ({"a": 1}, "x"), "p")
    assert real(("abc",), "p") == Shape(1, 0, ("abc",), "p", is_list=True)
    assert real((), "p") == Shape(1, 0, (), "p")


def test_what_nobody_has_seen_is_of_an_ordinary_size() -> None:
    assert unseen() == Shape(2000, 10, unseen=True)
    assert unseen(70) == Shape(70, 10, unseen=True)
    assert computed(5) == Shape(5, 5)


@pytest.mark.parametrize(
    ("shape", "keyed"),
    [
        (real(({},), ""), True),
        (real(([], {}), ""), True),
        (real(([],), ""), False),
        (real((), ""), False),
        (computed(3), True),
        (Shape(1, 1, is_list=True), False),
        (unseen(), False),
    ],
)
def test_only_what_may_be_a_map_is_walked_by_its_keys(shape: Shape, *, keyed: bool) -> None:
    assert shape.keyed is keyed


def test_items_of_what_is_known_are_known() -> None:
    assert real(([1, 2], [3]), "object.l").items() == real((1, 2, 3), "object.l[*]")
    assert real(([1],), "").items() == real((1,), "")
    assert real(({"a": 1},), "object.m").items() == real(("a",), "")
    assert real((5, "text", [1]), "object.x").items() == real((1,), "object.x[*]")


def test_items_of_what_is_not_known_have_bounds() -> None:
    inner = computed(3)
    assert Shape(9, 9, known=([1],), item=inner).items() is inner
    assert unseen().items() == unseen(200)
    assert unseen(50).items() == unseen(5)
    assert unseen(30).items() == unseen(4)
    assert computed(7).items() == computed(7)


def test_the_value_of_a_key_keeps_its_path() -> None:
    pod = real((POD,), "object")
    assert pod.at("name") == real(("web",), "object.name")
    assert pod.at("odd-key") == real((), 'object["odd-key"]')
    assert pod.at("nothing") == real((), "object.nothing")
    assert real(({"a": 1}, {"a": 2}, {}, "a", ["a"]), "o").at("a") == real((1, 2), "o.a")
    assert real(({"a": 1},), "").at("a") == real((1,), "")


def test_the_value_of_some_key_has_no_path() -> None:
    assert real((POD,), "object").inside() == real(("web", POD["ports"]), "")
    assert real(([1, 2], 5, {"a": 3}), "o").inside() == real((1, 2, 3), "")
    some = unseen(40)
    assert some.inside() is some
    assert some.at("x") is some
    assert computed(6).inside() == computed(6)
    assert computed(6).at("x") == computed(6)
    assert Shape(6, 6, item=computed(2)).inside() == computed(2)


def test_a_key_is_lacking_where_one_map_lacks_it() -> None:
    assert real(({"a": 1}, {"b": 2}), "").lacks("a")
    assert not real(({"a": 1}, ["x"], "b"), "").lacks("a")
    assert not real((["a"],), "").lacks("x")
    assert not computed(4).lacks("a")


def test_one_of_two_is_as_large_as_the_larger() -> None:
    one, other = real(([1],), "object.a"), real(([1, 2, 3],), "object.b")
    item = Shape(1, 0, (1, 1, 2, 3), is_list=True)
    assert either(one, other) == Shape(4, 3, ([1], [1, 2, 3]), item=item, is_list=True)
    item = Shape(1, 0, (1, 1), "object.a[*]", is_list=True)
    assert either(one, one) == Shape(2, 1, ([1], [1]), "object.a", item=item, is_list=True)
    assert (either(other, one).weight, either(other, one).count) == (4, 3)


@pytest.mark.parametrize(
    "both",
    [
        (real(([1],), "object.a"), computed(9)),
        (computed(9), real(([1],), "object.a")),
        (computed(9), computed(2)),
    ],
)
def test_of_what_is_not_known_on_both_sides_nothing_is(both: tuple[Shape, Shape]) -> None:
    mixed = either(*both)
    assert (mixed.known, mixed.path, mixed.weight, mixed.count) == (None, "", 9, 9)


def test_two_things_without_a_known_value_have_no_path() -> None:
    one, other = Shape(1, 1, path="p"), Shape(1, 1, known=(1,), path="p")
    assert either(one, other).path == either(other, one).path == either(one, one).path == ""


@pytest.mark.parametrize(
    ("field", "left", "right", "told"),
    [
        ("no_order", True, False, True),
        ("no_order", False, True, True),
        ("no_order", False, False, False),
        ("is_list", True, True, True),
        ("is_list", True, False, False),
        ("is_list", False, True, False),
        ("unseen", True, True, True),
        ("unseen", True, False, False),
        ("unseen", False, True, False),
    ],
)
def test_what_holds_for_one_or_for_both(field: str, *, left: bool, right: bool, told: bool) -> None:
    one, other = (replace(Shape(1, 0), **{field: is_so}) for is_so in (left, right))  # type: ignore[arg-type]
    assert getattr(either(one, other), field) is told


def test_an_item_of_one_of_two_lists() -> None:
    empty, known, bounded = real(([],), "p"), real(([7],), "p"), Shape(5, 2, item=computed(3))
    assert item_of(empty, empty) is None
    assert item_of(empty, known) == item_of(known, empty) == real((7,), "p[*]")
    assert item_of(empty, bounded) == item_of(bounded, empty) == computed(3)
    assert item_of(known, known) == either(known.items(), known.items())
    assert item_of(known, bounded) == either(known.items(), computed(3))
    assert item_of(bounded, known) == either(computed(3), known.items())


def test_where_one_item_is_not_known_none_is() -> None:
    vague, known, empty = computed(4), real(([7],), "p"), real(([],), "p")
    assert item_of(vague, known) is None
    assert item_of(known, vague) is None
    assert item_of(vague, vague) is None
    assert item_of(vague, empty) is None
