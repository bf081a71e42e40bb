"""What is told of a learner's answer, in one short line."""

from typing import Any

import pytest

from labgrader.checks.finding import Finding, failed, passed
from tests.unit.checks.test_asks import CHOICE, CHOICES, HOURS, judged

WHY: dict[str, Any] = {"question": "why"}


def found(form: dict[str, Any], given: str | None) -> Finding:
    return judged(form, given).finding


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("x" * 100, "x" * 100),
        ("x" * 101, "x" * 99 + "…"),
        (" a \n b\t", "a b"),
    ],
)
def test_a_long_answer_is_shown_in_short(given: str, shown: str) -> None:
    assert found({"pattern": "y"}, given) == failed("AnswerWrong", **WHY, seen=shown)


def test_right_and_wrong_answers_are_told() -> None:
    assert found(CHOICE, " Cheaper\n") == passed("AnswerRight", **WHY, seen="Cheaper")
    assert found(CHOICE, "safer") == failed("AnswerWrong", **WHY, seen="safer")
    assert found(CHOICES, "faster") == failed("AnswerWrong", **WHY, seen="faster")


@pytest.mark.parametrize(
    ("tolerance", "given", "right"),
    [("10%", "110", True), ("10%", "111", False), ("1", "101", True), ("1", "102", False)],
)
def test_a_tolerance_is_an_amount_or_a_share(tolerance: str, given: str, *, right: bool) -> None:
    number = {"value": "100", "tolerance": tolerance}
    assert (found({"number": number}, given).reason == "AnswerRight") is right


def test_another_unit_is_told_with_the_one_that_is_meant() -> None:
    other = failed("OtherUnit", **WHY, seen="3 kg", unit="h")
    assert found(HOURS, "3 kg") == other
    unwanted = failed("UnitUnwanted", **WHY, seen="3 h")
    assert found({"number": {"value": "3"}}, "3 h") == unwanted
