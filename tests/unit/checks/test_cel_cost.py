"""What is counted before an expression is evaluated, and what is refused by the count."""

import time
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.checks.cel.cost import MOST_STEPS, Estimate, OrderMatters, actual, ordinary
from labgrader.checks.cel.engine import BadExpression, NoValue, compiled, fitting
from labgrader.checks.cel.evaluate import evaluate
from labgrader.checks.cel.problems import expression_problems
from labgrader.checks.cel.shape import real
from labgrader.checks.cel.syntax import read
from labgrader.evidence.answers import Obstacle
from labgrader.evidence.requests import Evaluate

DOUBLED = "[object.s]" + ".map(a, a + a)" * 18 + "[0] != ''"
BOMBS: dict[str, tuple[str, Any]] = {
    "nested loops": (
        "object.a.all(a, object.a.all(b, object.a.all(c, object.a.all(d, a == b))))",
        {"a": [1] * 12},
    ),
    "doubled strings": (DOUBLED, {"s": "x" * 1000}),
    "lists that grow": ("object.a.map(a, a).size() > 1", {"a": [1] * 9000}),
    "pairs of large items": (
        "object.a.exists(a, object.a.exists(b, a == b && false))",
        {"a": [list(range(5000))] * 90},
    ),
    "a large pattern": ("object.s.matches('((a{1,30}){1,30}b)')", {"s": "a" * 100_000}),
    "the learner's pattern": (
        "object.s.matches(object.p)",
        {"s": "a" * 99_999, "p": "(a+)+b" * 99},
    ),
    "texts in texts": ("object.s.contains(object.p)", {"s": "a" * 90_000, "p": "a" * 45_000 + "b"}),
    "many keys": (
        "object.m.all(k, object.m.all(l, k != '' && l != ''))",
        {"m": dict.fromkeys(map(str, range(96)))},
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_not_even_lit(bomb: str) -> None:
    expression, value = BOMBS[bomb]
    compiled(expression)
    began = time.process_time()
    (said,) = evaluate(Evaluate(expression, (orjson.dumps(value).decode(),))).values
    assert said.obstacle is Obstacle.TOO_MUCH
    assert time.process_time() - began < 10  # each would take from seconds to ages


@pytest.mark.parametrize(
    "bomb", ["nested loops", "doubled strings", "a large pattern", "the learner's pattern"]
)
def test_what_is_hopeless_for_any_object_is_a_problem_of_the_exercise(bomb: str) -> None:
    (problem,) = expression_problems(BOMBS[bomb][0], ())
    assert problem.reason == "BadExpression"
    assert "too many steps already for an ordinary object" in problem.text


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("(" * 300 + "object.a" + ")" * 300 + " == 1", "recursion limit"),
        ("object.a" + " + 1" * 400 + " == 1", "max recursion depth"),
        ("object.a.matches('a' == 1", "missing ')'"),
        ("object.a.getHours('Asia/Seoul') == 1", "no time zone"),
        ("object\x00.a == 1", "token recognition error"),
    ],
)
def test_what_cannot_be_compiled_says_so_in_one_line(expression: str, complaint: str) -> None:
    texts = [problem.text for problem in expression_problems(expression, ())]
    assert texts
    assert complaint in texts[0]
    assert "\n" not in texts[0]


def steps(expression: str, value: Any) -> int:
    return estimated(expression, value).steps


def estimated(expression: str, value: Any) -> Estimate:
    names = {"object": real((value,), "object"), "objects": real(({},), "objects")}
    return actual(compiled(expression).tree, names)


def test_steps_grow_with_what_is_walked_through() -> None:
    one = "object.a.all(a, a.b == 1)"
    few, many = ({"a": [{"b": 1}] * count} for count in (9, 90))
    assert steps(one, few) < steps(one, many) < 20 * steps(one, few)
    both = "object.a.all(a, object.a.all(c, a.b == c.b))"
    assert steps(both, many) > 80 * steps(both, few)


def test_other_parts_of_an_object_cost_nearly_nothing() -> None:
    expression = "object.a.all(a, object.a.all(b, a == b))"
    small, large = {"a": [1] * 20}, {"a": [1] * 20, "z": list(range(5000))}
    assert steps(expression, large) - steps(expression, small) < 6000


def test_items_that_pass_a_filter_are_still_known() -> None:
    value = {"c": [{"env": [{"name": "A"}]}, {}], "big": ["x" * 1000] * 100}
    expression = "object.c.filter(c, has(c.env)).all(c, c.env.exists(e, e.name == 'A'))"
    estimate = estimated(expression, value)
    assert estimate.iterations == 6
    assert estimate.read["object.c[*].env[*].name"] == ("A",)


def test_ordinary_expressions_are_far_from_the_limit() -> None:
    pod = "object.spec.template.spec"
    for expression in (
        f"{pod}.containers.all(c, c.image.matches('^[a-z0-9./-]+:[0-9]+([.][0-9]+){{0,2}}$'))",
        f"{pod}.containers.all(c, c.env.all(e, !e.value.contains('password')))",
        f"{pod}.volumes.all(v, {pod}.containers.exists(c, c.volumeMounts.exists(m, m.name == v.name)))",
        "objects.services.exists(s, s.spec.selector.all(k, object.metadata.labels[k] == s.spec.selector[k]))",
    ):
        assert ordinary(compiled(expression).tree).steps < MOST_STEPS / 2


MAP = {"m": {"a": [1], "b": [2]}, "l": [{"x": 1}]}


@pytest.mark.parametrize(
    "expression",
    [
        "object.m.map(k, k)[0] == 'a'",
        "object.m.map(k, k) == ['a', 'b']",
        "[object.m.map(k, k)] != []",
        "object.m.filter(k, k != '').map(k, k + 'x') == object.l",
        "(object.l == [] ? [] : object.m.map(k, k))[0] == 'a'",
        "(object.m.map(k, k) + ['c'])[0] == 'a'",
        "{'a': 1, 'b': 2}.map(k, k)[0] == object.l",
        "object.l.map(x, object.m.map(k, k))[0][0] == 'a'",
        "object.m.map(k, k) in [['a', 'b']]",
        "dyn(object.m).map(k, k)[0] == 'a'",
        "[object.m][0].map(k, k)[0] == 'a'",
    ],
)
def test_an_accidental_order_decides_nothing(expression: str) -> None:
    with pytest.raises(OrderMatters):
        steps(expression, MAP)


@pytest.mark.parametrize(
    "expression",
    [
        "size(object.m.map(k, k)) == 2",
        "'a' in object.m.map(k, k)",
        "object.m.map(k, object.m[k]).exists(v, v[0] == 1)",
        "object.m.all(k, object.m[k][0] > 0)",
        "object.m.exists_one(k, k == 'a')",
        "object.l.map(x, x.x)[0] == 1",
        "dyn(object.l).map(x, x.x) == [1]",
        "object.l.filter(x, has(x.x))[0].x == 1",
        "[1, 2].map(x, x * 2)[0] == object.l[0].x * 2",
        "object.?l.orValue([]).map(x, x.x)[0] == 1",
    ],
)
def test_where_no_order_matters_none_is_asked_for(expression: str) -> None:
    assert steps(expression, MAP) > 0
    value = compiled(expression).value({"object": MAP, "objects": {}})
    assert value is True


@pytest.mark.parametrize("damage", [b"", b"\xff" * 40, b"\x12\xff\xff\xff\xff\x0f"])
def test_a_damaged_tree_is_no_tree(damage: bytes) -> None:
    with pytest.raises((ValueError, KeyError)):
        read(damage)


def test_every_prefix_of_a_stored_tree_is_refused_or_read() -> None:
    stored = compiled("object.a.all(x, x.b == {'c': [1, 2u, 3.0, b'x', null, true]}.c)").program
    whole = stored.serialize()
    for end in range(len(whole)):
        with pytest.raises((ValueError, KeyError)):
            read(whole[:end])


@pytest.mark.parametrize("value", [2**63, 2**64 - 1, 2**80, -(2**63), -(2**70)])
def test_whole_numbers_of_any_size_compare(value: int) -> None:
    bigger = compiled("object.n > 5").value({"object": fitting({"n": value}), "objects": {}})
    assert bigger is (value > 5)


@pytest.mark.parametrize("value", ["1e999", "x", "", None, True, [1], "1" * 99])
def test_what_is_no_quantity_has_no_value(value: Any) -> None:
    said = compiled("quantity(object.q) >= quantity(0)").value(
        {"object": {"q": value}, "objects": {}}
    )
    assert isinstance(said, NoValue)


def test_the_librarys_own_budget_is_what_the_count_relies_on() -> None:
    """Beyond 10,000 iterations the library ends an evaluation, whatever || says."""
    program = compiled("object.l.all(x, x == 1) || true").program
    with pytest.raises(RuntimeError, match="Iteration budget exceeded"):
        program.eval(data={"object": {"l": [1] * 10_001}, "objects": {}})
    assert program.eval(data={"object": {"l": [1] * 9_000}, "objects": {}}).value() is True


def test_bad_expressions_are_told_and_not_raised_otherwise() -> None:
    with pytest.raises(BadExpression, match="undeclared reference to 'a'"):
        compiled("a == 1")


@pytest.mark.slow
def test_many_objects_have_a_budget_together() -> None:
    large = orjson.dumps({"a": [1] * 9000}).decode()
    expression = "object.a.exists(a, a == 2) || object.a.exists(a, a == 1) || object.b == 1"
    few = evaluate(Evaluate(expression, (orjson.dumps({"a": [1] * 4000}).decode(),) * 3)).values
    assert [said.obstacle for said in few] == [None] * 3
    many = evaluate(Evaluate("object.a.exists(a, a == 1)", (large,) * 100)).values
    assert many[0].satisfied
    assert many[-1].obstacle is Obstacle.TOO_MUCH


@pytest.mark.slow
@given(st.lists(st.integers(0, 8), max_size=12))
def test_the_count_is_never_below_what_happens(lengths: list[int]) -> None:
    value = {"a": [[0] * length for length in lengths]}
    outer, inner = len(lengths), sum(lengths)
    expression = "object.a.all(x, x.all(y, object.a.map(z, z).size() > y))"
    iterations = outer + inner + inner * outer
    estimate = estimated(expression, value)
    assert estimate.iterations >= iterations
    assert estimate.steps >= iterations + inner * outer**2
