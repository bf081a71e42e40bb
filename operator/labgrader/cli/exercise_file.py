"""Reading a LabExercise from a file, strictly: what the API server would prune is an error here.

Used by the commands that take EXERCISE.yaml.
"""

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import yaml
from pydantic import BaseModel, ValidationError

from labgrader.api.exercise import ExerciseSpec, LabExercise
from labgrader.api.names import API_VERSION
from labgrader.grading.plan import Plan, for_learner, plan, problems


def read_plan(file: Path) -> Plan:
    """The plan of the one exercise in the file. Raises click.UsageError with every problem."""
    exercise = _parse(file, _only_exercise(file))
    wrong = problems(exercise)
    if wrong:
        raise click.UsageError(_listed(file, [f"{p.reason}: {p.text}" for p in wrong]))
    return plan(exercise)


def own_plan(file: Path, plan: Plan, learner: str) -> Plan:
    """The plan with the learner's parameters. Raises click.UsageError where they fit nowhere."""
    try:
        return for_learner(plan, learner)
    except ValidationError as error:
        sentences = [f"for learner {learner}: {_sentence(item)}" for item in error.errors()]
        raise click.UsageError(_listed(file, sentences)) from error


def _only_exercise(file: Path) -> Mapping[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster
    try:
        documents = list(yaml.load_all(file.read_text("utf-8"), Loader=loader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise click.UsageError(f"{file} cannot be read: {error}") from error
    found = [d for d in documents if isinstance(d, dict) and d.get("kind") == "LabExercise"]
    if len(found) != 1:
        raise click.UsageError(f"{file} holds {len(found)} LabExercise objects; one is expected")
    if found[0].get("apiVersion") != API_VERSION:
        seen = found[0].get("apiVersion")
        raise click.UsageError(f"{file}: apiVersion must be {API_VERSION}, not {seen}")
    return found[0]


def _parse(file: Path, body: Mapping[str, Any]) -> LabExercise:
    try:
        return LabExercise.parse(body, strict=True)
    except ValidationError as error:
        sentences = [_sentence(item) for item in error.errors()]
        raise click.UsageError(_listed(file, sentences)) from error


def _sentence(error: Any) -> str:
    place = ".".join(str(part) for part in ("spec", *error["loc"]))
    if error["type"] != "extra_forbidden":
        return f"{place}: {error['msg'].removeprefix('Value error, ')}"
    unknown = str(error["loc"][-1])
    near = difflib.get_close_matches(unknown, sorted(set(_field_names(ExerciseSpec))), n=1)
    return f"{place}: unknown field" + (f"; did you mean {near[0]}?" if near else "")


def _field_names(model: type[BaseModel]) -> Iterator[str]:
    """Every field name of a model and of the models inside it, as written outside."""
    for definition in (schema := model.model_json_schema(by_alias=True)).get("$defs", {}).values():
        yield from definition.get("properties", {})
    yield from schema["properties"]


def _listed(file: Path, sentences: list[str]) -> str:
    return f"{file} cannot be graded:\n" + "\n".join(f"  {sentence}" for sentence in sentences)
