"""How many steps are counted for each form of an expression: one per part, and what it weighs.

The count decides whether an expression is evaluated at all, so it is fixed here to the step.
"""

from typing import Any

import pytest

from labgrader.checks.cel import cost
from labgrader.checks.cel.cost import Estimate, OrderMatters, TooManySteps, actual, ordinary
from labgrader.checks.cel.engine import compiled
from labgrader.checks.cel.shape import Shape, real, weigh
from labgrader.checks.cel.syntax import Call, Collection, Constant, Loop, Name

VALUE: dict[str, Any] = {
    "a": 1,
    "s": "x" * 32,
    "l": [1, 2, 3],
    "m": {"a": [1], "b": [2]},
    "c": [{"n": "A", "e": [1]}, {"n": "B"}],
    "p": "a{2}",
}


def estimated(expression: str) -> Estimate:
    names = {"object": real((VALUE,), "object"), "objects": real(({},), "objects")}
    estimate = actual(compiled(expression).tree, names)
    estimate.steps -= weigh(VALUE) + weigh({})
    return estimate


def on_ordinary(expression: str) -> tuple[int, int]:
    estimate = ordinary(compiled(expression).tree)
    return estimate.steps, estimate.iterations


def test_variables_are_paid_for_before_anything_is_looked_at() -> None:
    assert weigh(VALUE) == 33
    assert actual(Name("a"), {"a": Shape(3, 0), "b": Shape(4, 0)}).steps == 1 + 3 + 4


@pytest.mark.parametrize(
    ("expression", "steps", "on_any"),
    [
        ("object.a == 1", 6, 2005),
        ("object.s == ''", 8, 2005),
        ("has(object.a)", 2, 2),
        ("!has(object.z)", 3, 3),
        ("object['a'] == 1", 7, 2006),
        ("object[object.s] == 1", 17, 2007),
        ("object.?a.orValue(2) == 2", 9, 2008),
        ("object.l[?0].orValue(2) == 2", 10, 2009),
        ("object.l[0] == 1", 8, 2007),
        ("object.s.contains('a')", 7, 2004),
        ("object.s.matches('ab{3}c{2,4}')", 4 + 200 + 3 * (11 * 3 * 4), 264204),
        ("size(object.l) == 3", 7, 7),
        ("type(object.a) == int", 7, 7),
        ("object.a + 1 == 2", 11, 4009),
        ("object.l + [1] == []", 20, 4012),
        ("object.s + object.s == ''", 20, 8008),
        ("object.a > 1 && object.a < 1", 13, 4011),
        ("object.a == 1 ? true : false", 9, 2008),
        ("(object.a == 1 ? object.l : object.m)[0] == 1", 18, 4015),
        ("dyn(object.l) == []", 10, 2006),
        ("-object.a == 1", 9, 4007),
        ("object.a * 2 == 1", 12, 4010),
        ("string(object.a) == '1'", 9, 4007),
        ("[1, 2, 'x'] == object", 43, 2010),
        ("{'a': 1} == object", 41, 2008),
        ("object.a in [1]", 8, 2007),
        ("'a' in object.m", 12, 2005),
        ("object.s.startsWith('x')", 8, 2005),
        ("optional.none() == object.?a", 7, 2006),
        ("optional.of(object.l).value() == []", 11, 2007),
    ],
)
def test_each_part_is_a_step_and_what_it_looks_at_weighs(
    expression: str, steps: int, on_any: int
) -> None:
    estimate = estimated(expression)
    assert (estimate.steps, estimate.iterations, estimate.loose) == (steps, 0, False)
    assert on_ordinary(expression) == (on_any, 0)


@pytest.mark.parametrize(
    ("expression", "steps", "iterations", "on_any"),
    [
        ("[].all(x, x == object)", 4, 0, (4, 0)),
        ("{}.all(x, x == object)", 4, 0, (4, 0)),
        ("object.l.all(x, x == 1)", 35, 3, (2095, 10)),
        ("object.l.exists(x, x == 1)", 38, 3, (2105, 10)),
        ("object.l.exists_one(x, x == 1)", 51, 3, (2139, 10)),
        ("object.l.map(x, x + 1) == []", 82, 3, (8280, 10)),
        ("object.l.map(x, x > 1, x * 2) == [4]", 114, 3, (10372, 10)),
        ("object.l.map(x, object.s).size() == 1", 68, 3, (40211, 10)),
        ("object.l.filter(x, x > 1)[0] == 2", 75, 3, (6461, 10)),
        ("object.c.exists(c, c.n == 'A')", 29, 2, (2115, 10)),
        ("object.c.map(c, c.n)[0] == 'A'", 40, 2, (4411, 10)),
        ("object.l.all(x, object.l.all(y, x == y))", 125, 12, (40905, 110)),
        ("object.l.map(x, [x])[0][0] == 1", 65, 3, (4433, 10)),
    ],
)
def test_loops_are_counted_as_often_as_they_go_round(
    expression: str, steps: int, iterations: int, on_any: tuple[int, int]
) -> None:
    estimate = estimated(expression)
    assert (estimate.steps, estimate.iterations, estimate.loose) == (steps, iterations, False)
    assert on_ordinary(expression) == on_any


def test_texts_in_texts_weigh_by_both() -> None:
    assert estimated("object.s.contains(object.s)").steps == 5 + 3 * 3
    with pytest.raises(TooManySteps):
        on_ordinary("object.s.contains(object.s)")


def test_a_pattern_that_nobody_knows_may_be_any() -> None:
    assert estimated("object.s.matches(object.p)").steps == 5 + 200 + 3 * 16 * 1000


@pytest.mark.parametrize(
    ("pattern", "weight"),
    [
        ("a", 1),
        ("a{3}", 4 * 3),
        ("a{3,}", 5 * 3),
        ("a{,7}", 5 * 7),
        ("a{2,5}", 6 * 5),
        ("a{0}", 4),
        ("a{2}b{3}", 8 * 6),
        ("a{1000}b{2}", 11 * 1000),
        ("a{5000}", 7 * 1000),
        ("a{30}b{40}", 10 * 1000),
    ],
)
def test_a_pattern_weighs_by_its_repeats(pattern: str, weight: int) -> None:
    assert estimated(f"object.p.matches('{pattern}')").steps == 4 + 200 + weight


def test_what_is_read_is_noted_once_and_what_lacks_too() -> None:
    estimate = estimated("object.a == 1 || object.z.y == 1 || object['q'] == object.z")
    assert estimate.read == {
        "object": (VALUE,),
        "object.a": (1,),
        "object.z": (),
        "object.z.y": (),
        "object.q": (),
    }
    assert estimate.missing == {"z": "object.z", "q": "object.q"}
    assert estimated("has(object.z) || object.?q.hasValue()").missing == {}


def test_of_fields_that_lack_under_the_same_key_the_first_is_told() -> None:
    assert estimated("object.m.n == 1 || object.n == 1").missing == {"n": "object.m.n"}


def test_items_at_an_index_are_read_without_a_path() -> None:
    assert set(estimated("object.l[0] == 1").read) == {"object", "object.l"}
    assert set(estimated("object.l[?0] == object.?z").read) == {"object", "object.l", "object.z"}
    assert set(estimated("object.c.all(c, c.n == c.?e[?0])").read) == {
        *("object", "object.c", "object.c[*]", "object.c[*].n", "object.c[*].e"),
    }


def test_errors_in_the_order_of_keys_are_loose() -> None:
    assert estimated("object.m.all(k, object.m[k] == 1)").loose
    assert estimated("object.m.map(k, k).all(x, x == 'a')").loose
    assert estimated("object.m.map(k, k).exists(x, x == 'a') && object.l.all(x, x == 1)").loose
    assert not estimated("{}.all(k, k == object)").loose


def loop(over: Shape, start: Constant | Collection, step: Any) -> Estimate:
    """Over the variable o, with a name for the item and another for the second."""
    tree = Loop("i", "j", Name("o"), "r", start, Name("r"), step, Name("r"))
    return actual(tree, {"o": over})


def test_both_names_of_a_loop_are_its_items() -> None:
    over = real(([{"x": 1}],), "o")
    for name in ("i", "j"):
        found = loop(over, Constant(None, 2), Call("size", (Name(name),), is_method=False))
        assert found.read == {"o": ([{"x": 1}],), "o[*]": ({"x": 1},)}


def test_a_step_of_a_loop_knows_what_it_began_with() -> None:
    over = Shape(5, 2, is_list=True)
    called = Call("f", (Name("r"),), is_method=False)
    # The variable and its count; the loop, what it goes over, begins with and ends with; and
    # twice what goes on and the step, with a text of 32 letters, which weighs as three.
    assert loop(over, Constant("x" * 32, 34), called).steps == 5 + 2 + 4 + 2 * (1 + 2 + 3)


def test_an_unknown_name_is_a_single_value() -> None:
    assert actual(Name("x"), {}).steps == 1
    called = Call("f", (Name("x"),), is_method=False)
    assert actual(called, {}).steps == 2 + 1


def test_there_may_be_a_million_steps_and_nine_thousand_iterations() -> None:
    assert actual(Name("a"), {"a": Shape(cost.MOST_STEPS - 1, 0)}).steps == cost.MOST_STEPS
    with pytest.raises(TooManySteps):
        actual(Name("a"), {"a": Shape(cost.MOST_STEPS, 0)})
    nothing = Constant(None, 2)
    assert loop(Shape(1, 9_000, is_list=True), nothing, nothing).iterations == 9_000
    with pytest.raises(TooManySteps):
        loop(Shape(1, 9_001, is_list=True), nothing, nothing)


@pytest.mark.parametrize("function", ["f", "_+_", "size", "_==_", "@in", "dyn"])
def test_only_some_functions_do_not_mind_the_order(function: str) -> None:
    ordered, loose = Shape(1, 1, is_list=True), Shape(1, 1, is_list=True, no_order=True)
    minds = function in {"f", "_==_", "@in"}
    call = Call(function, (Name("a"), Name("b")), is_method=False)
    if minds:
        with pytest.raises(OrderMatters):
            actual(call, {"a": loose, "b": ordered})
    else:
        assert actual(call, {"a": loose, "b": ordered}).steps > 0
    if minds and function != "@in":
        with pytest.raises(OrderMatters):
            actual(call, {"a": ordered, "b": loose})
    else:
        assert actual(call, {"a": ordered, "b": loose}).steps > 0


@pytest.mark.parametrize("loose", ["a", "b"])
@pytest.mark.parametrize("function", ["_+_", "list", "_?_:_"])
def test_the_accidental_order_of_a_part_is_that_of_the_whole(function: str, loose: str) -> None:
    shapes = {"a": Shape(1, 1, is_list=True), "b": Shape(1, 1, is_list=True), "c": Shape(1, 0)}
    shapes[loose] = Shape(1, 1, is_list=True, no_order=True)
    parts: tuple[Name, ...] = (Name("a"), Name("b"))
    made: Call | Collection = Collection(parts, is_list=True)
    if function != "list":
        given = (Name("c"), *parts) if function == "_?_:_" else parts
        made = Call(function, given, is_method=False)
    with pytest.raises(OrderMatters):
        actual(Call("f", (made,), is_method=False), shapes)
