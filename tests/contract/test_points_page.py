"""The page about points shows what is true: its exercise can grade, its numbers come out."""

import re
from pathlib import Path
from typing import Any

import yaml

from labgrader.api.exercise import LabExercise
from labgrader.checks.finding import Finding, failed, passed
from labgrader.grading.plan import problems
from labgrader.grading.score import score

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "points.md"


def example() -> dict[str, Any]:
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    found: dict[str, Any] = yaml.safe_load(blocks[-1])
    return found


def test_the_example_can_grade() -> None:
    asked = LabExercise.parse(example(), strict=True)
    assert problems(asked) == ()


def test_the_example_is_filled_in_for_a_learner() -> None:
    asked = LabExercise.parse(example(), strict=True, learner="kim")
    app, port = asked.values["app"], asked.values["port"]
    assert asked.spec.task.render("en") == f"Run {app} on port {port}. (`echo ${{HOME}}`)"
    answers = asked.spec.checks[1].answers
    assert answers is not None
    assert (answers.service, answers.port) == (app, port)


def points(**findings: Finding) -> int:
    spec = LabExercise.parse(example(), strict=True).spec
    found = {check.name: passed("x") for check in spec.checks}
    total = score(spec, found | {name.replace("_", "-"): f for name, f in findings.items()})
    assert total.max == 100
    return total.low


def test_the_example_earns_what_the_page_says() -> None:
    nothing, third = failed("x"), failed("x", credit=33_333)
    assert points() == 105
    assert points(by_debug_service=nothing) == 105
    assert points(by_service=nothing) == 85
    assert points(has_budget=nothing) == 75
    assert points(is_kept_well=third) == 84
    assert points(no_pod_by_hand=nothing) == 50


def test_the_page_names_every_field() -> None:
    text = PAGE.read_text("utf-8")
    fields = (
        *("groups", "rule", "count", "required", "cap", "extra", "aboveMax", "needsAtLeast"),
        *("clauses", "weight", "parameters", "oneOf", "between", "letters", "seed", "passPercent"),
    )
    assert [field for field in fields if field not in text] == []
