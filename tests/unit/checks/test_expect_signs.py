"""What each sign of an expectation compares, and how a value that was seen is shown."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from labgrader.checks.clients import told
from labgrader.checks.expect.operators import holds
from labgrader.checks.expect.places import shown
from labgrader.checks.expect.quantity import parse_quantity
from labgrader.evidence.timeline import Sample


@pytest.mark.parametrize(
    ("sign", "less", "equal", "more"),
    [
        (">", False, False, True),
        (">=", False, True, True),
        ("<", True, False, False),
        ("<=", True, True, False),
    ],
)
def test_quantities_are_compared_by_their_sign(
    sign: str, *, less: bool, equal: bool, more: bool
) -> None:
    assert [holds(f"{sign}1Gi", seen) for seen in ("1023Mi", "1024Mi", "1025Mi")] == [
        less,
        equal,
        more,
    ]
    nothing_to_compare: list[Any] = [True, "one", None]
    assert not any(holds(f"{sign}1", seen) for seen in nothing_to_compare)


def test_numbers_are_quantities_and_truth_values_are_none() -> None:
    assert parse_quantity(2) == 2
    assert parse_quantity(0.5) == Fraction(1, 2)
    others: list[Any] = [True, False, None, [], ""]
    assert [parse_quantity(one) for one in others] == [None] * 5


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a  b\tc", "a  b\tc"),
        ("a\nb", "a b"),
        (["안녕"], '["안녕"]'),
        ({"on": date(2026, 1, 2)}, '{"on": "2026-01-02"}'),
        ("8080", '"8080"'),
    ],
)
def test_a_value_is_shown_as_it_is_in_one_line(value: Any, text: str) -> None:
    assert shown(value) == text


def test_what_came_of_a_request() -> None:
    assert told(Sample(0, 1, 503)) == "HTTP 503"
    assert told(Sample(0, 1, 0, "refused")) == "refused"
    assert told(Sample(0, 1, 0)) == "-"
