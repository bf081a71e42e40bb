"""The page on checks over time: its example is graded, and it names all that may be said."""

import re
from pathlib import Path

import yaml

from labgrader.api.over_time import WORDS
from labgrader.grading.plan import problems
from labgrader.reporting.texts.over_time_en import TEXTS
from tests.unit.grading.worlds import exercise

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "over-time.md").read_text("utf-8")


def test_the_example_can_be_graded_and_has_every_word() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    checks = yaml.safe_load(block)["checks"]
    assert [word for word in WORDS if any(word in check for check in checks)] == list(WORDS)
    assert problems(exercise(*checks)) == ()


def test_every_reason_is_named() -> None:
    assert {name for name in re.findall(r"`([A-Z]\w+)`", PAGE) if name in TEXTS} == set(TEXTS)
