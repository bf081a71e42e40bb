"""What an expression says of objects, and what it read of them, as it is told to people."""

from typing import Any

import orjson
import pytest

from labgrader.checks.cel import evaluate as evaluating
from labgrader.checks.cel.cost import actual
from labgrader.checks.cel.engine import compiled
from labgrader.checks.cel.evaluate import evaluate
from labgrader.checks.cel.shape import real
from labgrader.evidence.answers import Obstacle, Value, Values
from labgrader.evidence.requests import Evaluate


def text(value: Any) -> str:
    return orjson.dumps(value).decode()


def values(expression: str, *objects: Any, beside: Any = None) -> tuple[Value, ...]:
    request = Evaluate(expression, tuple(text(one) for one in objects), text(beside or {}))
    said = evaluate(request)
    assert isinstance(said, Values)
    return said.values


def seen(expression: str, value: Any, **more: Any) -> tuple[tuple[str, str], ...]:
    (said,) = values(expression, value, **more)
    return said.seen


def test_each_object_has_its_own_value() -> None:
    assert values("object.a == 1", {"a": 1}, {"a": 2}, {"b": 1}) == (
        Value(satisfied=True, seen=(("a", "1"),)),
        Value(satisfied=False, seen=(("a", "2"),)),
        Value(satisfied=False, obstacle=Obstacle.NOT_THERE, detail="a"),
    )


def test_a_missing_field_is_told_by_its_path() -> None:
    (said,) = values("object.spec.a.all(x, x.name == 'n')", {"spec": {"a": [{"name": "n"}, {}]}})
    assert said == Value(satisfied=False, obstacle=Obstacle.NOT_THERE, detail="spec.a[*].name")
    (said,) = values("object['a-b'] == 1", {})
    assert said == Value(satisfied=False, obstacle=Obstacle.NOT_THERE, detail='object["a-b"]')
    (said,) = values("object[object.k] == 1", {"k": "z"})
    assert said == Value(satisfied=False, obstacle=Obstacle.NOT_THERE, detail="z")


A_AND_B = {"a": [{"n": 1}, {"x": 1, "n": 2}], "x": 1, "m": {"y": 1}}


@pytest.mark.parametrize(
    "expression",
    [
        "object.a.filter(i, i.x == 1).size() > 0",
        "object.a.map(i, i.x).exists(x, x == 1)",
        "object.a.map(i, i.x == 1, i.n).size() > 0",
        "object.a.exists_one(i, i.x == 1)",
        "object.a.filter(i, object.a.exists(j, j.x == i.x)).size() > 0",
        "(object.a + object.b).exists(i, i.n == 3)",
        "object.x + object.y > 5",
        "[object.x, object.y].exists(x, x == 2)",
        "object.y == 1 ? false : true",
        "object.a.filter(i, has(i.z.y)).size() > 0",
        "object.a.filter(i, object.m[string(i.n)] == 1).size() > 0",
        "object.a.filter(i, i.x == 1).size() > 0 || object.y == 1",
        "object.y == 1 || object.a.filter(i, i.x == 1).size() > 0",
        "object.y == 1 || object.a.filter(i, i.n == 2 && i.y == 1).size() > 0",
        "object.a.filter(i, [i].filter(j, j.x == 1).size() > 0).size() > 0",
        "[object.m].filter(i, i.z + i.y > 1).size() > 0",
    ],
)
def test_a_missing_field_may_hide_the_rest(expression: str) -> None:
    (said,) = values(expression, A_AND_B)
    assert said.obstacle is Obstacle.HIDDEN


@pytest.mark.parametrize(
    "expression",
    [
        "object.y == 1",
        "object.y != object.x",
        "object.y + 1 == 2",
        "object.m.z + '-' + object.m.y == 'a-b'",
        "!(object.y == 1)",
        "object.a.exists(i, i.x == 2)",
        "object.a.all(i, i.n > 0 && object.y == 1)",
        "object.b.filter(i, i.x == 1).size() > 0",
        "object.x == 2 ? true : object.y == 1",
        "object.y in [1, 2]",
        "[object.m].filter(i, i.z == 1).size() > 0",
        "[object.m].map(i, i.z).exists(z, z == 1)",
        "[object.m].exists_one(i, i.z == 1)",
        "object.y == 1 || object.a.filter(i, i.n == 2 && i.x == 2).size() > 0",
        "object.y == 1 || object.a.map(i, i.n == 2 ? i.x : 0).exists(x, x == 2)",
        "object.m[string(object.x)] == 1",
        "object.a.filter(i, has(i.x) && i.x == 2).size() > 0 || object.y == 1",
        "(object.a + [{'z': 1}]).filter(i, has(i.x) && i.x == 2).size() > 0 || object.y == 1",
        "object.a.filter(i, object.m['y' + ''] == 2).size() > 0 || object.y == 1",
    ],
)
def test_a_missing_field_is_the_whole_story_elsewhere(expression: str) -> None:
    (said,) = values(expression, A_AND_B)
    assert said.obstacle is Obstacle.NOT_THERE


def test_another_error_is_told_in_its_words_with_what_was_read() -> None:
    (said,) = values("object.a / 0 == 1", {"a": 1})
    assert said == Value(
        satisfied=False,
        obstacle=Obstacle.NO_VALUE,
        detail="divide by zero",
        seen=(("a", "1"),),
    )


def test_of_errors_in_the_order_of_a_maps_keys_none_is_told() -> None:
    (said,) = values("object.m.all(k, object.m[k].x == 1)", {"m": {"a": {}, "b": 1}})
    assert said == Value(
        satisfied=False,
        obstacle=Obstacle.NO_VALUE,
        seen=(("m", '{"a":{},"b":1}'),),
    )


def test_what_depends_on_the_order_of_keys_has_no_value() -> None:
    (said,) = values("object.m.map(k, k)[0] == 'a'", {"m": {"a": 1, "b": 2}})
    assert said == Value(satisfied=False, obstacle=Obstacle.NO_ORDER)


def test_what_takes_too_long_has_no_value() -> None:
    (said,) = values("object.a.all(x, object.a.all(y, x == y))", {"a": [1] * 1000})
    assert said == Value(satisfied=False, obstacle=Obstacle.TOO_MUCH)


def test_objects_beside_are_read_but_not_told_as_a_whole() -> None:
    expression = "objects.pods.exists(p, p.name == object.name)"
    beside = {"pods": [{"name": "x"}, {"name": "y"}]}
    assert values(expression, {"name": "y"}, beside=beside) == (
        Value(satisfied=True, seen=(("objects.pods[*].name", "x, y"), ("name", "y"))),
    )
    assert seen("size(objects) == object.n", {"n": 0}) == (("n", "0"),)


def test_of_a_path_only_its_end_is_told() -> None:
    assert seen("has(object.a) && object.a.b.c == 1", {"a": {"b": {"c": 1}}}) == (("a.b.c", "1"),)
    assert seen("object.a == object.ab", {"a": 1, "ab": 2}) == (("a", "1"), ("ab", "2"))
    assert seen("object.l[0] == 1 || object.l.all(x, x == 1)", {"l": [1, 2]}) == (("l[*]", "1, 2"),)


def test_what_is_not_there_is_told_as_absent() -> None:
    assert seen("!has(object.a)", {}) == (("a", "(absent)"),)


def test_at_most_four_places_are_told() -> None:
    expression = " || ".join(f"object.{key} == 1" for key in "abcde")
    assert seen(expression, dict.fromkeys("abcde", 0)) == tuple((key, "0") for key in "abcd")


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ([1, 1, 1], "1"),
        (["b", "a", "b"], "b, a"),
        ([1, 2, 3], "1, 2, 3"),
        ([1, 2, 3, 4], "1, 2, 3, …"),
        ([None, True, {"a": 1.5}], 'null, true, {"a":1.5}'),
        (["x" * 60], "x" * 60),
        (["x" * 61], "x" * 60 + "…"),
        ([list(range(20))], text(list(range(20)))),
        ([[10] * 20], text([10] * 20)),
    ],
)
def test_values_are_told_in_short(items: list[Any], told: str) -> None:
    assert seen("object.l.exists(x, x == 'none')", {"l": items}) == (("l[*]", told),)


@pytest.mark.parametrize(("letters", "is_told"), [(57, True), (58, False), (59, False)])
def test_long_values_that_are_no_texts_are_not_told(letters: int, *, is_told: bool) -> None:
    """Of JSON, 61 characters at most: half a value says nothing."""
    value = ["x" * letters]
    told = (("a", text(value)), ("b", "1")) if is_told else (("b", "1"),)
    assert seen("object.a == [] || object.b == 1", {"a": value, "b": 1}) == told


def test_a_long_value_beyond_the_third_does_not_matter() -> None:
    items = [1, 2, 3, ["x" * 99]]
    assert seen("object.l.exists(x, x == 'none')", {"l": items}) == (("l[*]", "1, 2, 3, …"),)


def test_all_objects_share_one_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """An object is still looked at while no more than the budget is spent."""
    one = [1] * 5
    expression = "object.all(x, x == 1)"
    steps = taken(expression, one)
    true = Value(satisfied=True, seen=values(expression, one)[0].seen)
    much = Value(satisfied=False, obstacle=Obstacle.TOO_MUCH)
    monkeypatch.setattr(evaluating, "MOST_STEPS", 2 * steps)
    assert values(expression, *(one,) * 5) == (true, true, true, much, much)
    monkeypatch.setattr(evaluating, "MOST_STEPS", 2 * steps - 1)
    assert values(expression, *(one,) * 5) == (true, true, much, much, much)


def taken(expression: str, value: Any) -> int:
    names = {"object": real((value,), "object"), "objects": real(({},), "objects")}
    return actual(compiled(expression).tree, names).steps


def test_an_object_without_a_value_costs_its_steps_too(monkeypatch: pytest.MonkeyPatch) -> None:
    expression = "object.a / 0 == 1"
    steps = taken(expression, {"a": 1})
    monkeypatch.setattr(evaluating, "MOST_STEPS", steps - 1)
    obstacles = [one.obstacle for one in values(expression, {"a": 1}, {"a": 1})]
    assert obstacles == [Obstacle.NO_VALUE, Obstacle.TOO_MUCH]


def test_an_object_that_was_not_evaluated_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluating, "MOST_STEPS", 0)
    order = values("object.m.map(k, k)[0] == 'a'", *({"m": {"a": 1}},) * 3)
    assert [one.obstacle for one in order] == [Obstacle.NO_ORDER] * 3
    most = values("object.a.all(x, object.a.all(y, x == y))", *({"a": [1] * 1000},) * 3)
    assert [one.obstacle for one in most] == [Obstacle.TOO_MUCH] * 3


def test_large_numbers_are_compared_and_told_as_they_are() -> None:
    (said,) = values("object.n > 5", {"n": 2**63})
    assert said == Value(satisfied=True, seen=(("n", "9223372036854775808"),))
