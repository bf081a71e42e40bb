"""What holds for any object and any expectation made from it."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from labgrader.checks.expect.operators import literal
from labgrader.checks.expect.problems import tree_problems
from labgrader.checks.expect.tree import first_difference, fulfils

# A time limit for one example would fail on a busy machine and say nothing about the code.
KEYS = st.text("abcdef./-", min_size=1, max_size=4)
TEXTS = st.text(max_size=6) | st.sampled_from(
    ["(present)", "(absent)", ">=1", "<", "!=x", "~=(", "=", "1", "500m", "true", ""]
)
SCALARS = TEXTS | st.booleans() | st.integers(-5, 5) | st.floats(-2, 2)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=4)
ITEMS = st.lists(VALUES, min_size=1, max_size=5)


def escaped(value: Any) -> Any:
    """The expectation of exactly this value."""
    if isinstance(value, dict):
        return {key: escaped(below) for key, below in value.items()}
    if isinstance(value, list):
        return [escaped(item) for item in value]
    return literal(value) if isinstance(value, str) else value


@pytest.mark.slow
@given(OBJECTS)
def test_an_object_fulfils_itself(seen: dict[str, Any]) -> None:
    assert fulfils(escaped(seen), seen)
    assert first_difference(escaped(seen), seen) is None


@pytest.mark.slow
@given(OBJECTS, OBJECTS)
def test_more_fields_change_nothing(seen: dict[str, Any], more: dict[str, Any]) -> None:
    assert fulfils(escaped(seen), {**more, **seen})


@given(OBJECTS, st.data())
def test_a_missing_field_is_noticed(seen: dict[str, Any], data: st.DataObject) -> None:
    expected = {"kept": 1, **escaped(seen)}
    gone = data.draw(st.sampled_from(sorted(expected)))
    left = {key: value for key, value in {"kept": 1, **seen}.items() if key != gone}
    assert not fulfils(expected, left)
    difference = first_difference(expected, left)
    assert difference is not None
    assert difference.path


@given(ITEMS, st.data())
def test_lists_are_fulfilled_in_any_order(items: list[Any], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(items))
    assert fulfils({"items": escaped(items)}, {"items": shuffled})


@pytest.mark.slow
@given(ITEMS, st.data())
def test_a_missing_item_is_noticed(items: list[Any], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(items) - 1))
    fewer = items[:index] + items[index + 1 :]
    assert not fulfils({"items": escaped(items)}, {"items": fewer})
    assert first_difference({"items": escaped(items)}, {"items": fewer}) is not None


@pytest.mark.slow
@given(OBJECTS, OBJECTS)
def test_a_difference_is_named_whenever_there_is_one(
    expected: dict[str, Any], seen: dict[str, Any]
) -> None:
    assume(not tree_problems(expected))
    assert (first_difference(expected, seen) is None) is fulfils(expected, seen)
