"""What the library is told, and what it says: values, errors and complaints, word by word."""

from typing import Any

import pytest

from labgrader.checks.cel.engine import (
    BadExpression,
    Compiled,
    NoValue,
    TooManyIterations,
    compiled,
    fitting,
)
from labgrader.checks.cel.syntax import Name


def said(expression: str, value: Any, **beside: list[Any]) -> bool | NoValue:
    return compiled(expression).value({"object": value, "objects": beside})


@pytest.mark.parametrize(
    ("expression", "value", "told"),
    [
        ("object.a == 1", {"a": 1}, True),
        ("object.a == 1", {"a": 2}, False),
        ("object.a", {"a": True}, True),
        ("object.a", {"a": 3}, NoValue("3", None)),
        ("object.a", {"a": "t"}, NoValue('"t"', None)),
        ("object.b == 1", {"a": 1}, NoValue('Key not found in map : "b"', "b")),
        ("object['b\\nc'] == 1", {}, NoValue('Key not found in map : "b\\nc"', "b\\nc")),
        ("object[3] == 1", {}, NoValue("Key not found in map : 3", "3")),
        ("object.a[3] == 1", {"a": [1]}, NoValue("Index error: index=3 size=1", None)),
        ("object.a.b == 1", {"a": 1}, NoValue("Applying SELECT to non-message type", None)),
        ("object.a / 0 == 1", {"a": 1}, NoValue("divide by zero", None)),
        (
            "object.a ? true : false",
            {"a": 1},
            NoValue("No matching overloads found : <jump_condition>", None),
        ),
        ("quantity(object.a) == 1.0", {"a": "q"}, NoValue("'q' is no quantity", None)),
        ("quantity(object.a) == 1.0", {"a": "1000m"}, True),
        ("quantity(object.a) == 2.0", {"a": 2}, True),
        ("quantity(object.a) == 2.5", {"a": 2.5}, True),
        ("quantity(object.a) == 0.1", {"a": "100m"}, True),
        ("milli(object.a) + milli('200m') == milli('0.3')", {"a": "100m"}, True),
        ("milli(object.a) == 67108864000", {"a": "64Mi"}, True),
        ("milli(object.a) * 3 == 6000", {"a": 2}, True),
        ("milli(object.a) == -2500", {"a": -2.5}, True),
        (
            "milli(object.a) == 0",
            {"a": "100u"},
            NoValue("'100u' has no whole thousandths of 64 bits", None),
        ),
        ("milli(object.a) > 0", {"a": "8Pi"}, True),
        (
            "milli(object.a) > 0",
            {"a": "1E"},
            NoValue("'1E' has no whole thousandths of 64 bits", None),
        ),
        ("milli(object.a) == 1", {"a": "q"}, NoValue("'q' is no quantity", None)),
        ("objects.pods.exists(p, p.a == object.a)", {"a": 1}, True),
        ("object.?b.orValue(5) == 5", {}, True),
    ],
)
def test_a_value_or_why_there_is_none(expression: str, value: Any, told: object) -> None:
    assert said(expression, value, pods=[{"a": 1}]) == told


def test_a_quantity_of_another_type_has_no_value() -> None:
    for value, kind in ((True, "bool"), (None, "null_type"), ([1], "list")):
        told = said("quantity(object.a) == 1.0", {"a": value})
        assert isinstance(told, NoValue)
        assert told.text == f"No matching overloads found : quantity({kind})"


class Odd:
    """A program of the library, or a value of it, that is an error."""

    def __init__(self, error: str, kind: str = "") -> None:
        self._error, self._kind = error, kind

    def eval(self, data: Any) -> "Odd":
        assert data == {"object": 1}
        if not self._kind:
            raise RuntimeError(self._error)
        return self

    def type(self) -> "Odd":
        return self

    def name(self) -> str:
        return self._kind

    def value(self) -> str:
        return self._error

    def __repr__(self) -> str:
        return "an odd value"


@pytest.mark.parametrize(
    ("program", "told"),
    [
        (Odd("INVALID_ARGUMENT: no such thing [INVALID_ARGUMENT]"), NoValue("no such thing", None)),
        (Odd("plain"), NoValue("plain", None)),
        (
            Odd('NOT_FOUND: Key not found in map : "a\nb"', "ERROR"),
            NoValue('Key not found in map : "a\nb"', "a\nb"),
        ),
        (Odd("UNKNOWN: odd", "ERROR"), NoValue("odd", None)),
        (Odd("x", "INT"), NoValue("an odd value", None)),
    ],
)
def test_the_librarys_errors_are_told_without_their_codes(program: Odd, told: NoValue) -> None:
    assert Compiled("BOOL", Name("a"), program).value({"object": 1}) == told


def test_what_goes_on_for_too_long_is_raised_as_such() -> None:
    with pytest.raises(TooManyIterations):
        said("object.a.all(x, x == 1)", {"a": [1] * 10_001})


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        (
            "1 == 'x'",
            "line 1, column 3: found no matching overload for '_==_' applied to '(int, string)'",
        ),
        ("object..", "line 1, column 8: Syntax error: no viable alternative at input '..'"),
        ("true &&\n a", "line 2, column 2: undeclared reference to 'a'"),
        ("'x", "line 1, column 1: Syntax error: token recognition error at: ''x'"),
        (
            "[1].b == 1",
            (
                "line 1, column 4: expression of type 'list(int)' cannot be the operand of a"
                " select operation"
            ),
        ),
        ("objects.a.b == 1", None),
        ("quantity(true) == 1.0", None),
        ("quantity('1', '2') == 1.0", None),
        ("objects[1] == 1", None),
    ],
)
def test_what_does_not_compile_is_told_in_one_line(expression: str, complaint: str | None) -> None:
    with pytest.raises(BadExpression) as raised:
        compiled(expression)
    assert complaint is None or str(raised.value) == complaint
    assert str(raised.value).startswith("line ")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("expression", "returns"),
    [
        ("object.a", "DYN"),
        ("object == 1", "BOOL"),
        ("1", "INT"),
        ("quantity('1')", "DOUBLE"),
        ("quantity(1)", "DOUBLE"),
        ("quantity(1.5)", "DOUBLE"),
        ("milli('1')", "INT"),
        ("milli(1)", "INT"),
        ("milli(1.5)", "INT"),
        ("objects.pods", "LIST<DYN>"),
    ],
)
def test_the_type_of_an_expression_is_known(expression: str, returns: str) -> None:
    assert compiled(expression).returns == returns


def test_an_expression_is_compiled_once() -> None:
    assert compiled("object.once == 1") is compiled("object.once == 1")


def test_numbers_fit_wherever_they_stand() -> None:
    large, small = 2**63, -(2**63)
    given = {"a": [large, {"b": large - 1}, True, None, "x", 1.5], "c": small, "d": small + 1}
    made = fitting(given)
    assert made == {
        "a": [float(large), {"b": large - 1}, True, None, "x", 1.5],
        "c": float(small),
        "d": small + 1,
    }
    assert [type(one) for one in made["a"]] == [float, dict, bool, type(None), str, float]
    assert type(made["a"][1]["b"]) is type(made["d"]) is int
    assert type(made["c"]) is float
