"""Answers for the command line: what a Submission could hold, from a file."""

from pathlib import Path

import click
import pytest

from labgrader.cli.answers_file import read_answers
from labgrader.grading.plan import Plan, plan
from tests.unit.grading.test_answers import asks
from tests.unit.grading.worlds import exercise


@pytest.fixture
def planned() -> Plan:
    return plan(exercise(asks("payback"), asks("benefits")))


def read(tmp_path: Path, planned: Plan, text: str) -> dict[str, str]:
    file = tmp_path / "answers.yaml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    return dict(read_answers(file, planned))


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("", {}),
        ("payback: 18 months", {"payback": "18 months"}),
        ("payback: 18", {"payback": "18"}),
        ("payback: 1.5", {"payback": "1.5"}),
        ("benefits: [faster, safer]", {"benefits": "faster, safer"}),
        ('payback: 18개월\nbenefits: "yes"', {"payback": "18개월", "benefits": "yes"}),
    ],
)
def test_answers_are_read_as_text(
    tmp_path: Path, planned: Plan, text: str, answers: dict[str, str]
) -> None:
    assert read(tmp_path, planned, text) == answers


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("paybak: 1", "paybak: no such question; did you mean payback?"),
        ("1: 1", "1: no such question"),
        ("payback: yes", "payback: write the answer as text in quotes"),
        ("payback:", "payback: write the answer as text in quotes"),
        ("payback: {a: b}", "payback: write the answer as text in quotes"),
        ("payback: [[1]]", "payback: write the answer as text in quotes"),
        (f"payback: {'x' * 1025}", "payback: the answer is longer than 1,024 characters"),
        ("- payback", "must hold answers by question"),
        ("payback: [", "cannot be read"),
        ("payback: \udcff", "cannot be read"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, planned: Plan, text: str, complaint: str) -> None:
    with pytest.raises(click.UsageError) as refused:
        read(tmp_path, planned, text)
    assert complaint in refused.value.message


def test_every_problem_is_listed_at_once(tmp_path: Path, planned: Plan) -> None:
    with pytest.raises(click.UsageError) as refused:
        read(tmp_path, planned, "paybak: 1\nbenefits: no")
    assert "paybak" in refused.value.message
    assert "benefits" in refused.value.message
