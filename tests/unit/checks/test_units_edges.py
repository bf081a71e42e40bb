"""Numbers as learners write them: what still is one, and what is none."""

from fractions import Fraction

import pytest

from labgrader.checks.units import NotANumber, OtherUnit, read_number

NONE = NotANumber()


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("5", None, 5),
        (" 5. ", None, 5),
        ("+5", None, 5),
        ("-5", None, -5),
        ("\N{MINUS SIGN}5", None, -5),
        (".5", None, Fraction(1, 2)),
        ("1,234,567.5", None, Fraction(2469135, 2)),
        ("５", None, 5),
        ("1h 30m", "m", 90),
        ("1h 30m 30s", "h", Fraction(5430, 3600)),
        ("1시간 30분", "분", 90),
        ("1 H", "Hours", 1),
        ("2 weeks", "d", 14),
        ("500m", "cores", Fraction(1, 2)),
        ("500m", "millicores", 500),
        ("5 m", "h", Fraction(1, 12)),
        ("1 Mi", "Ki", 1024),
        ("$40", "usd", 40),
        ("-$40", "dollars", -40),
        ("+ $ 40", "dollars", 40),
        ("50¢ ", "¢", 50),
        ("3 widgets", "widgets", 3),
        ("3widgets", "Widgets", 3),
        ("1 widget 2 widget", "widget", 3),
        ("3 boxes of", "boxes of", 3),
        ("4 quarters", "years", 1),
        ("1" * 80, None, int("1" * 80)),
    ],
)
def test_what_is_a_number(text: str, unit: str | None, number: Fraction | int) -> None:
    assert read_number(text, unit) == number


@pytest.mark.parametrize(
    "text",
    ["", " ", ".", "five", "h", "1 2", "1,23", "1,2345x,", "1h -30m", "1h +30m", "5 5 h", "1" * 81],
)
def test_what_is_no_number(text: str) -> None:
    assert read_number(text, "h") == NONE


@pytest.mark.parametrize(
    ("text", "unit", "seen"),
    [
        ("5 km", "m", "km"),
        ("5 h", "month", "h"),
        ("5 h", None, "h"),
        ("5 xxxx", None, "xxxx"),
        ("1h 5 kg", "h", "kg"),
        ("$5", "eur", "$"),
        ("5 boxes", "widgets", "boxes"),
        ("5 Gi", "h", "gi"),
    ],
)
def test_a_unit_that_cannot_be_converted_is_told(text: str, unit: str | None, seen: str) -> None:
    assert read_number(text, unit) == OtherUnit(seen)
