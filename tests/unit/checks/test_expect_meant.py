"""Which item of a list was meant, in which order, and what is told of the ones that differ."""

from typing import Any

import pytest

from labgrader.checks.expect.lists import Pairing, in_force, pair, pair_in_order
from labgrader.checks.expect.tree import How, first_difference, fulfils


def same(want: Any, thing: Any) -> bool:
    return bool(want == thing)


def test_pairs_in_order_may_have_others_between_them() -> None:
    assert pair_in_order("ac", "xabc", same) == Pairing({1: 0, 3: 1}, None)
    assert pair_in_order("ca", "abc", same) == Pairing({2: 0}, 1)
    assert pair_in_order("aa", "a", same) == Pairing({0: 0}, 1)
    assert pair_in_order("", "a", same) == Pairing({}, None)
    assert pair_in_order("a", "", same) == Pairing({}, 0)
    assert pair_in_order("ac", "abc", same, from_first=True) == Pairing({0: 0, 2: 1}, None)
    assert pair_in_order("bc", "abc", same, from_first=True) == Pairing({}, 0)
    assert pair_in_order("a", "", same, from_first=True) == Pairing({}, 0)
    assert pair_in_order("", "a", same, from_first=True) == Pairing({}, None)


def test_of_entries_of_one_name_the_last_is_in_force_and_what_has_none_stays() -> None:
    entries: list[Any] = [{"name": "A"}, {"name": "B", "value": "1"}, {"name": "B", "value": "2"}]
    assert in_force(entries) == [entries[0], entries[2]]
    odd: list[Any] = [5, {"name": ["A"]}, {}, "B", 5, {"name": ["A"]}]
    assert in_force(odd) == odd
    assert in_force([]) == []


def test_pairs_move_to_make_room_and_the_first_without_one_is_told() -> None:
    def either(want: str, thing: str) -> bool:
        return thing in want

    assert pair(["ab", "a"], "ab", either) == Pairing({0: 1, 1: 0}, None)
    assert pair(["abc", "ab", "a"], "abc", either).unmatched is None
    assert pair(["a", "b", "a", "c"], "abc", either).unmatched == 2
    assert pair(["x", "y"], "a", either).unmatched == 0
    assert pair([], "a", either) == Pairing({}, None)


@pytest.mark.parametrize(
    ("expected", "how", "path", "wanted", "seen"),
    [
        # the item that agrees in most is meant, not the first
        ([{"a": 1, "b": 2, "c": 4}], How.DIFFERENT, "l[1].c", "4", "3"),
        ([{"b": 9, "a": 8}], How.NO_ITEM, "l[]", '{"b": 9, "a": 8}', None),
        # an item that another expectation has is not meant
        ([{"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 9}], How.DIFFERENT, "l[0].b", "9", "5"),
        ([{"a": [1, {"x": 1}], "b": 5}], How.DIFFERENT, "l[0].a", '[1, {"x": 1}]', "1"),
        (["x"], How.NO_ITEM, "l[]", "x", None),
    ],
)
def test_the_item_that_was_meant_is_the_one_most_alike(
    expected: Any, how: How, path: str, wanted: str, seen: str | None
) -> None:
    items = [{"a": 1, "b": 5}, {"a": 1, "b": 2, "c": 3}]
    difference = first_difference({"l": expected}, {"l": items})
    assert difference is not None
    assert (difference.how, difference.path, difference.expected) == (how, path, wanted)
    if seen is not None:
        assert difference.seen == seen


def test_nested_agreement_counts_every_scalar() -> None:
    seen = [{"n": 1, "m": {"x": 1}}, {"n": 2, "m": {"x": 1, "y": [1, 2]}}]
    wanted = [{"n": 1, "m": {"x": 1, "y": [1, 2]}}]
    difference = first_difference({"l": wanted}, {"l": seen})
    assert difference is not None
    assert (difference.path, difference.expected, difference.seen) == ("l[1].n", "1", "2")


def test_the_items_there_are_told_by_name_only_if_each_has_one() -> None:
    named = first_difference({"l": [{"name": "x"}]}, {"l": [{"name": "a"}, {"name": "b"}]})
    mixed = first_difference({"l": ["x"]}, {"l": [{"name": "a"}, "b"]})
    none = first_difference({"l": ["x"]}, {"l": []})
    assert named is not None
    assert mixed is not None
    assert none is not None
    assert named.seen == "a, b"
    assert mixed.seen == '[{"name": "a"}, "b"]'
    assert none.seen == "[]"


def test_the_first_field_that_is_missing_is_named_past_those_that_shall_be() -> None:
    wanted = {"a": {"b": "(absent)", "c": {"d": {}}}}
    difference = first_difference(wanted, {"a": None})
    assert difference is not None
    assert (difference.how, difference.path, difference.expected) == (How.MISSING, "a.c.d", "{}")


def test_order_matters_in_command_and_args_only() -> None:
    assert fulfils({"items": ["b", "a"]}, {"items": ["a", "b"]})
    for key in ("command", "args"):
        difference = first_difference({key: ["x", "b", "a"]}, {key: ["x", "a", "b"]})
        assert difference is not None
        assert (difference.how, difference.path) == (How.ORDER, key)
        assert (difference.expected, difference.seen) == ('["x", "b", "a"]', '["x", "a", "b"]')


def test_a_command_begins_with_its_program_and_args_with_anything() -> None:
    assert fulfils({"args": ["b", "c"]}, {"args": ["a", "b", "c"]})
    difference = first_difference({"command": ["b", "c"]}, {"command": ["a", "b", "c"]})
    assert difference is not None
    assert (difference.how, difference.path) == (How.DIFFERENT, "command[0]")
    assert (difference.expected, difference.seen) == ("b", "a")
    nothing = first_difference({"command": ["b"]}, {"command": []})
    assert nothing is not None
    assert (nothing.how, nothing.path, nothing.seen) == (How.ORDER, "command", "[]")
