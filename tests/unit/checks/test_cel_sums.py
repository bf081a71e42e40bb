"""Reckoning with quantities, which are exact only when they are compared."""

import pytest

from labgrader.checks.cel.problems import expression_problems

SAYS = "expression: quantity() is exact only to compare: reckon with milli(), whole thousandths"


def refused(expression: str) -> bool:
    told = [problem.text for problem in expression_problems(expression, ["pods"])]
    assert told in ([], [SAYS])
    return bool(told)


@pytest.mark.parametrize(
    "expression",
    [
        "quantity(object.a) + quantity(object.b) <= quantity('300m')",
        "quantity(object.a) - quantity(object.b) >= 0.0",
        "quantity(object.a) == 3.0 * quantity(object.b)",
        "quantity(object.a) / 2.0 == 1.0",
        "-quantity(object.a) < 0.0",
        "(has(object.a) ? quantity(object.a) : 0.0) + 1.0 > 2.0",
        "dyn(quantity(object.a)) + 1.0 > 2.0",
        "[quantity(object.a)][0] + 1.0 > 2.0",
        "{'a': quantity(object.a)}.a + 1.0 > 2.0",
        "object.l.map(x, quantity(x))[0] + 1.0 > 2.0",
        "object.l.map(x, quantity(x)).exists(q, q + 1.0 > 2.0)",
        "object.l.all(x, quantity(x) * 2.0 < 3.0)",
        "optional.of(quantity(object.a)).orValue(0.0) + 1.0 > 2.0",
    ],
)
def test_a_quantity_cannot_be_reckoned_with(expression: str) -> None:
    assert refused(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "quantity(object.a) <= quantity('300m') && quantity(object.b) == 0.5",
        "milli(object.a) + milli(object.b) <= milli('300m')",
        "milli(object.a) * 3 == milli(object.b)",
        "object.l.map(x, quantity(x)).all(q, q <= quantity(object.a))",
        "object.l.map(x, quantity(x)) + [1.0] == [2.0]",
        "object.l.exists_one(x, quantity(x) > 1.0)",
        "object.l.filter(x, quantity(x) > 1.0).size() + 1 > 2",
        "int(quantity(object.a)) + 1 == 2",
        "object.replicas + 1 > 2 && quantity(object.a) > 1.0",
    ],
)
def test_a_quantity_can_be_compared_wherever_it_stands(expression: str) -> None:
    assert not refused(expression)
