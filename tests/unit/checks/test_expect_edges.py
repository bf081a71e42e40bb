"""Expectations at their edges: what quantities, places, values and operators are read as."""

from fractions import Fraction
from typing import Any

import pytest

from labgrader.checks.expect import size
from labgrader.checks.expect.operators import complaint, holds, literal, split
from labgrader.checks.expect.places import holds_quantity, into, item, label, shown
from labgrader.checks.expect.problems import tree_problems
from labgrader.checks.expect.quantity import parse_quantity


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1n", Fraction(1, 10**9)),
        ("1u", Fraction(1, 10**6)),
        ("1M", 10**6),
        ("1G", 10**9),
        ("1T", 10**12),
        ("1P", 10**15),
        ("1Ki", 2**10),
        ("1Gi", 2**30),
        ("1Ti", 2**40),
        ("1Pi", 2**50),
        ("1Ei", 2**60),
        ("+2", 2),
        ("1e-3", Fraction(1, 1000)),
        ("2E+2", 200),
        ("3e0", 3),
        ("9" * 64, int("9" * 64)),
    ],
)
def test_every_suffix_and_exponent_is_exact(text: str, number: Fraction | int) -> None:
    assert parse_quantity(text) == number


@pytest.mark.parametrize(
    ("place", "quantity"),
    [
        ((), False),
        (("cpu",), False),
        (("sizeLimit",), True),
        (("volumes", "emptyDir", "sizeLimit"), True),
        (("limits", "cpu"), True),
        (("spec", "hard", "limits.cpu"), True),
        (("overhead", "podFixed", "cpu"), True),
        (("metric", "target", "value"), True),
        (("target", "averageValue"), True),
        (("metric", "selector", "value"), False),
        (("value",), False),
        (("spec", "limits", "max", "cpu"), True),
        (("spec", "limits", "defaultRequest", "memory"), True),
        (("spec", "other", "max", "cpu"), False),
        (("spec", "replicas", "min"), False),
        (("limits", "max", "x", "cpu"), False),
        (("resourcePolicy", "containerPolicies", "minAllowed", "cpu"), True),
        (("containerPolicies", "maxAllowed", "memory"), True),
        (("containerPolicies", "containerName"), False),
        (("maxAllowed", "memory"), False),
        (("recommendation", "containerRecommendations", "target", "cpu"), True),
        (("containerRecommendations", "lowerBound", "cpu"), True),
        (("containerRecommendations", "upperBound", "cpu"), True),
        (("containerRecommendations", "uncappedTarget", "cpu"), True),
        (("containerRecommendations", "minAllowed", "cpu"), False),
        (("resource", "target", "type"), False),
        (("data", "limits"), False),
    ],
)
def test_where_kubernetes_keeps_quantities(place: tuple[str, ...], *, quantity: bool) -> None:
    assert holds_quantity(place) is quantity


@pytest.mark.parametrize(
    ("thing", "key", "named"),
    [
        ({"name": "web", "port": 80}, "", ("name", "web")),
        ({"port": 80, "containerPort": 8080}, "", ("containerPort", "8080")),
        ({"type": "Ready", "key": "x"}, "", ("type", "Ready")),
        ({"name": None, "uid": "u"}, "", ("uid", "u")),
        ({"name": True, "port": 80}, "", ("port", "80")),
        ({"name": {"a": 1}}, "", None),
        ({"name": "web", "port": 80}, "port", ("port", "80")),
        ({"name": "web"}, "port", None),
        ({"value": "x"}, "", None),
        ("web", "", None),
        (None, "name", None),
    ],
)
def test_what_names_an_item(thing: Any, key: str, named: tuple[str, str] | None) -> None:
    assert label(thing, key) == named


@pytest.mark.parametrize(
    ("path", "written"),
    [
        (into("", "spec"), "spec"),
        (into("spec", "node-name_2"), "spec.node-name_2"),
        (into("data", "app.conf"), 'data["app.conf"]'),
        (into("data", ""), 'data[""]'),
        (item("c", ("name", "web"), 3), "c[web]"),
        (item("c", ("port", "80"), 3), "c[port=80]"),
        (item("c", None, 0), "c[0]"),
        (item("c", None), "c[]"),
    ],
)
def test_places_are_written_as_people_do(path: str, written: str) -> None:
    assert path == written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("web:1", "web:1"),
        ("", '""'),
        ("80", '"80"'),
        ("-1.5e3", '"-1.5e3"'),
        ("true", '"true"'),
        ("null", '"null"'),
        (" x", '" x"'),
        ("x ", '"x "'),
        ("한글 둘", "한글 둘"),
        ("a\nb", "a b"),
        (True, "true"),
        (None, "null"),
        ({"이름": "값"}, '{"이름": "값"}'),
        ("x" * 240, "x" * 240),
        ("x" * 241, "x" * 239 + "…"),
    ],
)
def test_values_are_one_short_line(value: Any, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (">= 2 ", (">=", "2")),
        ("!= x ", ("!=", "x")),
        ("~= x ", ("~=", " x ")),
        ("= x ", ("=", " x ")),
        (">=", (">=", "")),
        ("<5", ("<", "5")),
        ("x=1", ("", "x=1")),
    ],
)
def test_an_operator_and_its_rest(text: str, parts: tuple[str, str]) -> None:
    assert split(text) == parts


@pytest.mark.parametrize("text", ["(present)", "(absent)", ">=2", "=x", "~=(", "", "web"])
def test_a_literal_is_fulfilled_by_its_text_alone(text: str) -> None:
    assert holds(literal(text), text)
    assert not holds(literal(text), f"{text}x")
    assert literal("web") == "web"


@pytest.mark.parametrize(
    ("expected", "seen", "quantity", "fulfilled"),
    [
        ("0.5", "500m", True, True),
        ("0.5", "500m", False, False),
        ("0.5", "0.6", True, False),
        ("many", "many", True, True),
        ("many", "1", True, False),
        (1, "1", True, True),
        (1, 1.0, False, True),
        ("=0.5", "500m", True, True),
        ("!=x", {"x": 1}, False, True),
        ("!=x", ["x"], False, True),
        ("!=x", "x", False, False),
        ("!=0.5", "500m", False, False),
        ("!=false", False, False, False),
        ("~=x", ["x"], False, False),
        ("~=^true$", True, False, True),
        ("~=^false$", False, False, True),
        ("~=^1$", 1, False, True),
        (">=1", ["1"], False, False),
    ],
)
def test_scalars_by_what_the_field_holds(
    expected: Any, seen: Any, *, quantity: bool, fulfilled: bool
) -> None:
    assert holds(expected, seen, quantity=quantity) is fulfilled


def test_an_unusable_operator_says_how_to_mean_the_text_itself() -> None:
    assert complaint(">=many") == (
        "Invalid",
        (
            "'>=many' compares with no quantity such as 2, 250m or 64Mi; "
            "for the text itself write '=>=many'"
        ),
    )
    found = complaint("~=(")
    assert found is not None
    assert found[0] == "BadPattern"
    assert found[1] == "RE2 does not take the pattern '(': missing ): ("
    assert complaint("!=many") is complaint("=~=(") is complaint(">=2") is None


def deep(levels: int) -> Any:
    tree: Any = "x"
    for _ in range(levels):
        tree = {"a": tree}
    return tree


@pytest.mark.parametrize(
    ("expected", "reason", "text"),
    [
        ({"a": {"b": "~=("}}, "BadPattern", "a.b: RE2 does not take the pattern '('"),
        ({"a": [{"name": "x", "b": "~=(?=y)"}]}, "BadPattern", "a[x].b: "),
        ({"a": None}, "Invalid", 'a: null expects nothing; write "(absent)"'),
        ({"a": [None]}, "Invalid", "a[0]: null"),
        ({"a": ["(absent)"]}, "Invalid", "a[0]: "),
        ({"a": {"b": []}}, "Invalid", 'a.b: [] fits any list; write "(absent)" where nothing may'),
        ({"a": [{"name": "x", "b": []}]}, "Invalid", "a[x].b: [] fits"),
        ({"a": [[1], []]}, "Invalid", "a[1]: [] fits"),
        ({"a": ">=many"}, "Invalid", "a: '>=many' compares with no quantity"),
        ({"a": list(range(2001))}, "ExpectTooLarge", "over 2,000"),
        (deep(33), "ExpectTooLarge", "deeper than 32"),
        (deep(5000), "ExpectTooLarge", "deeper than 32"),
    ],
)
def test_unusable_expectations_are_found_before_grading(
    expected: Any, reason: str, text: str
) -> None:
    (problem,) = tree_problems(expected)
    assert problem.reason == reason
    assert text in problem.text


@pytest.mark.parametrize(
    "expected", [{"a": list(range(1998))}, deep(31), {"a": "~=^x$", "b": ">=1Gi", "c": "=>=many"}]
)
def test_usable_expectations_have_no_problem(expected: Any) -> None:
    assert tree_problems(expected) == ()


def test_limits_hold_for_all_trees_together() -> None:
    half = {"a": list(range(998))}  # with its list and itself 1,000
    assert tree_problems(half) == ()
    assert tree_problems(half, {"a": list(range(997))}) == ()
    (problem,) = tree_problems(half, half)
    assert problem.text == "expect has over 2,000 values and keys"
    assert tree_problems(deep(30), deep(30)) == ()
    (problem,) = tree_problems(deep(30), deep(31))
    assert problem.text == "expect is nested deeper than 32 levels"
    assert tree_problems() == ()


def test_each_problem_of_each_tree_is_told_at_its_place() -> None:
    found = tree_problems(
        {"a": [{"name": "x", "b": None}, "(absent)"]}, {"c.d": {"e": ">=x"}, "f": "(absent)"}
    )
    assert [(problem.reason, problem.text.split(":")[0]) for problem in found] == [
        ("Invalid", "a[x].b"),
        ("Invalid", "a[1]"),
        ("Invalid", '["c.d"].e'),
    ]


def test_comparing_has_a_budget_that_only_lists_need(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {"a": [1, 2], "b": {"c": "x"}, "unasked": list(range(1000))}
    assert size.nodes(seen["a"]) == 3
    assert size.nodes({"a": [1, {"b": 2}], "c": 3}) == 6
    wanted = {"a": [1]}  # 3 nodes, of an object of which 4 are looked at
    monkeypatch.setattr(size, "MOST_COMPARISONS", 12)
    assert size.comparable([wanted, None, {"b": {"c": "y"}}], seen)
    monkeypatch.setattr(size, "MOST_COMPARISONS", 11)
    assert not size.comparable([wanted], seen)
    assert size.comparable([{"b": {"c": "y"}}], seen)
    monkeypatch.setattr(size, "MOST_COMPARISONS", 23)
    assert not size.comparable([wanted, wanted], seen)
    assert size.comparable([wanted, {"a": {}}], seen)
    assert not size.comparable([{"b": {"c": ({"d": 1},)}, "a": {}, "unasked": "x"}], seen)
