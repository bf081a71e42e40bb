"""What an expectation accepts: quantities, operators, maps, and lists one-to-one."""

import json
from fractions import Fraction
from typing import Any

import pytest

from labgrader.checks.expect.operators import holds
from labgrader.checks.expect.quantity import parse_quantity
from labgrader.checks.expect.tree import How, first_difference, fulfils


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", Fraction(1)),
        (1, Fraction(1)),
        (0.5, Fraction(1, 2)),
        ("250m", Fraction(1, 4)),
        (".5", Fraction(1, 2)),
        ("1.", Fraction(1)),
        ("1e3", Fraction(1000)),
        ("1E", Fraction(10**18)),
        ("1E2", Fraction(100)),
        ("64Mi", Fraction(64 * 2**20)),
        ("1.5Gi", Fraction(3 * 2**29)),
        ("100k", Fraction(100_000)),
        ("-3n", Fraction(-3, 10**9)),
        ("0.1", Fraction(1, 10)),
        ("123456789012345678901", Fraction(123456789012345678901)),
    ],
)
def test_quantities_are_exact(text: Any, number: Fraction) -> None:
    assert parse_quantity(text) == number


@pytest.mark.parametrize(
    "text", ["", "m", "1K", "1 Gi", "1e9999", "0x10", "1m1", "10s", True, None, [], "9" * 65]
)
def test_what_is_no_quantity_is_none(text: Any) -> None:
    assert parse_quantity(text) is None


@pytest.mark.parametrize(
    ("expected", "seen", "fulfilled"),
    [
        ("web", "web", True),
        ("web", "Web", False),
        (80, 80, True),
        (80, 80.0, True),
        (80, "80", False),
        ("80", 80, False),
        (1, True, False),
        (True, True, True),
        (True, "true", False),
        (False, 0, False),
        (">=2", 2, True),
        (">=2", "2", True),
        (">= 2", 3, True),
        (">2", 2, False),
        ("<3", 2, True),
        ("<=256Mi", "262144Ki", True),
        ("<=256Mi", "257Mi", False),
        ("<=500m", "0.5", True),
        (">=2", "many", False),
        (">=0", True, False),
        ("!=latest", "1.0", True),
        ("!=latest", "latest", False),
        ("!=1", "1000m", False),
        ("!=true", True, False),
        ("~=^web-", "web-1", True),
        ("~=^web-", "my-web-1", False),
        ("~=^80", 8080, True),
        ("~=", "anything", True),
        ("(present)", "", True),
        ("(present)", {}, True),
        ("(absent)", "x", False),
        ("=(present)", "(present)", True),
        ("=(present)", "x", False),
        ("=>=2", ">=2", True),
        ("=>=2", "3", False),
        ("==x", "=x", True),
    ],
)
def test_scalars_and_operators(expected: Any, seen: Any, *, fulfilled: bool) -> None:
    assert holds(expected, seen) is fulfilled


LIMITS = {"resources": {"limits": {"cpu": "500m", "memory": "256Mi"}}}


@pytest.mark.parametrize(
    "limits",
    [
        {"cpu": "0.5"},
        {"cpu": 0.5},
        {"cpu": "500m", "memory": "0.25Gi"},
        {"memory": 268435456},
        {"cpu": ">=0.5", "memory": "<=256Mi"},
    ],
)
def test_quantity_fields_compare_by_amount(limits: Any) -> None:
    assert fulfils({"resources": {"limits": limits}}, LIMITS)


@pytest.mark.parametrize(
    ("expected", "seen"),
    [
        ({"env": [{"name": "N", "value": "1"}]}, {"env": [{"name": "N", "value": "1.0"}]}),
        ({"labels": {"v": "1"}}, {"labels": {"v": "1000m"}}),
        ({"data": {"limits": "1"}}, {"data": {"limits": "1.0"}}),
    ],
)
def test_other_texts_compare_by_letters(expected: Any, seen: Any) -> None:
    assert not fulfils(expected, seen)


@pytest.mark.parametrize(
    ("expected", "seen", "fulfilled"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}, "d": 3}, True),
        ({"a": {"b": 1}}, {"a": None}, False),
        ({"a": {"b": 1}}, {"a": "text"}, False),
        ({"a": {"b": 1}}, {"a": [{"b": 1}]}, False),
        ({"a": "(absent)"}, {}, True),
        ({"a": "(absent)"}, {"a": None}, True),
        ({"a": "(absent)"}, {"a": {}}, False),
        ({"a": {"b": "(absent)"}}, {}, True),
        ({"a": {"b": {"c": "(absent)"}}}, {"a": None}, True),
        ({"a": {"b": "(absent)"}}, {"a": "text"}, False),
        ({"a": {"b": "(absent)"}}, {"a": {"b": 1}}, False),
        ({"a": {"b": "(absent)", "c": 1}}, {}, False),
        ({"a": {}}, {"a": {}}, True),
        ({"a": {}}, {}, False),
        ({"a": "!=x"}, {}, False),
        ({"a": []}, {"a": [1]}, True),
        ({"a": [1, 1]}, {"a": [1, 2, 1]}, True),
        ({"a": [1, 1]}, {"a": [1, 2]}, False),
        ({"a": [2, 1]}, {"a": [1, 2]}, True),
        ({"a": ["~=^x"]}, {"a": ["y", "xy"]}, True),
        ({"a": [[1], [2]]}, {"a": [[2], [1]]}, True),
        ({"command": ["sh", "-c"]}, {"command": ["sh", "-c", "true"]}, True),
        ({"command": ["-c", "sh"]}, {"command": ["sh", "-c", "true"]}, False),
        ({"args": ["--port", "80"]}, {"args": ["-v", "--port", "80"]}, True),
        ({"args": ["a", "a"]}, {"args": ["a"]}, False),
    ],
)
def test_trees(expected: Any, seen: Any, *, fulfilled: bool) -> None:
    assert fulfils(expected, seen) is fulfilled
    assert (first_difference(expected, seen) is None) is fulfilled


def test_no_item_fulfils_two_expectations() -> None:
    one = [{"name": "web", "image": "web:1"}]
    assert not fulfils([{"image": "web:1"}, {"name": "web"}], one)
    assert fulfils([{"image": "web:1"}, {"name": "web"}], [*one, {"image": "web:1"}])


def test_an_early_expectation_gives_way_to_a_pickier_one() -> None:
    seen = [{"port": 1, "name": "a"}, {"port": 1}]
    assert fulfils([{"port": 1}, {"port": 1, "name": "a"}], seen)
    assert fulfils([{"port": 1}, {"port": 1}, {"name": "c"}], [{"name": "c", "port": 1}, *seen])


def test_pairing_gives_way_along_a_chain_of_any_length() -> None:
    count = 150
    expected = [{"n": f"~=^(x{i}|x{i + 1})$"} for i in range(count)] + [{"n": "x0"}]
    seen = [{"n": f"x{i}"} for i in range(count + 1)]
    assert fulfils(expected, seen)
    assert not fulfils([*expected, {"n": "x0"}], seen)


CONTAINERS = [
    {"name": "web", "image": "web:1", "ports": [{"containerPort": 8080, "protocol": "TCP"}]},
    {"name": "log", "image": "fluentd:1", "command": ["fluentd", "-v"]},
]


@pytest.mark.parametrize(
    ("expected", "how", "path", "wanted", "seen"),
    [
        ([{"name": "web", "image": "web:2"}], How.DIFFERENT, "c[web].image", "web:2", "web:1"),
        (
            [{"name": "web", "ports": [{"containerPort": 80}]}],
            How.NO_ITEM,
            "c[web].ports[containerPort=80]",
            '{"containerPort": 80}',
            "8080",
        ),
        (
            [{"name": "web", "ports": [{"containerPort": 8080, "name": "http"}]}],
            How.MISSING,
            "c[web].ports[containerPort=8080].name",
            "http",
            "",
        ),
        ([{"name": "wbe", "image": "web:1"}], How.DIFFERENT, "c[web].name", "wbe", "web"),
        ([{"name": "db"}], How.NO_ITEM, "c[db]", '{"name": "db"}', "web, log"),
        (
            [{"image": "web:1"}, {"image": "~=^web"}],
            How.TOO_FEW,
            "c",
            '{"image": "~=^web"}',
            json.dumps(CONTAINERS),
        ),
        (
            [{"name": "log", "command": ["-v", "fluentd"]}],
            How.DIFFERENT,
            "c[log].command[0]",
            "-v",
            "fluentd",
        ),
        (
            [{"name": "log", "command": ["fluentd", "-q"]}],
            How.ORDER,
            "c[log].command",
            '["fluentd", "-q"]',
            '["fluentd", "-v"]',
        ),
        ([{"name": "log", "command": "(absent)"}], How.UNWANTED, "c[log].command", "", None),
        (
            [{"name": "web", "resources": {"claims": {"x": "(absent)"}, "limits": "(present)"}}],
            How.MISSING,
            "c[web].resources.limits",
            "(present)",
            "",
        ),
        (
            [{"name": "web", "resources": {"limits": {"memory": "<=1Gi"}}}],
            How.MISSING,
            "c[web].resources.limits.memory",
            "<=1Gi",
            "",
        ),
    ],
)
def test_the_first_difference_is_named(
    expected: Any, how: How, path: str, wanted: str, seen: str | None
) -> None:
    difference = first_difference({"c": expected}, {"c": CONTAINERS})
    assert difference is not None
    assert (difference.how, difference.path, difference.expected) == (how, path, wanted)
    assert seen is None or difference.seen == seen


def test_types_that_look_alike_are_told_apart() -> None:
    difference = first_difference({"a": 80}, {"a": "80"})
    assert difference is not None
    assert (difference.expected, difference.seen) == ("80", '"80"')


def test_keys_with_dots_are_quoted_in_paths() -> None:
    labels = {"labels": {"app.kubernetes.io/name": "web"}}
    difference = first_difference(labels, {"labels": {}})
    assert difference is not None
    assert difference.path == 'labels["app.kubernetes.io/name"]'


def test_long_values_are_cut() -> None:
    difference = first_difference({"a": "x"}, {"a": "y" * 100_000})
    assert difference is not None
    assert len(difference.seen) < 300
