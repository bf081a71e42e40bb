"""Reading a learner's answers from a file: a YAML mapping of question to answer.

Used by ``labgrader grade --answers``. What a Submission could not hold is an error here, too.
"""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import yaml

from labgrader.api.submission import MAX_ANSWER
from labgrader.grading.plan import Plan


def read_answers(file: Path, plan: Plan) -> Mapping[str, str]:
    """The answers by question. Raises click.UsageError with every problem."""
    try:
        body = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise click.UsageError(f"{file} cannot be read: {error}") from error
    if body is None:
        return {}
    if not isinstance(body, dict):
        raise click.UsageError(
            f'{file} must hold answers by question, such as payback: "18 months"'
        )
    asked = [c.params.name for c in plan.exercise.spec.checks if c.kind == "asks"]
    problems = [text for name, value in body.items() if (text := _problem(name, value, asked))]
    if problems:
        raise click.UsageError(f"{file}:\n" + "\n".join(f"  {text}" for text in problems))
    return {str(name): _text(value) for name, value in body.items()}


def _problem(name: Any, value: Any, asked: list[str]) -> str:
    if name not in asked:
        near = difflib.get_close_matches(str(name), asked, n=1)
        return f"{name}: no such question" + (f"; did you mean {near[0]}?" if near else "")
    parts = value if isinstance(value, list) else [value]
    if any(not isinstance(part, str | int | float) or isinstance(part, bool) for part in parts):
        return f'{name}: write the answer as text in quotes, such as "yes"'
    if len(_text(value)) > MAX_ANSWER:
        return f"{name}: the answer is longer than {MAX_ANSWER:,} characters"
    return ""


def _text(value: Any) -> str:
    parts = value if isinstance(value, list) else [value]
    return ", ".join(str(part) for part in parts)
