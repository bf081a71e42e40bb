"""Reading the exercise of a command from its file; what lint would refuse is a usage error.

Used by the commands that take EXERCISE.yaml. Reads with ``authoring``, as lint does.
"""

from collections.abc import Iterable
from pathlib import Path

import click
from pydantic import ValidationError

from labgrader.authoring.draft import Draft, draft
from labgrader.authoring.source import Source, exercises, read
from labgrader.grading.plan import Plan, for_learner, plan, problems
from labgrader.reporting.remarks import Remark


def read_plan(file: Path) -> Plan:
    """The plan of the one exercise in the file. Raises click.UsageError with every problem."""
    drafted = _only_exercise(_read(file))
    if drafted.remarks or drafted.exercise is None:
        raise click.UsageError(_listed(file, _sentences(drafted.remarks)))
    wrong = problems(drafted.exercise)
    if wrong:
        raise click.UsageError(_listed(file, [f"{p.reason}: {p.text}" for p in wrong]))
    return plan(drafted.exercise)


def own_plan(file: Path, plan: Plan, learner: str) -> Plan:
    """The plan with the learner's parameters. Raises click.UsageError where they fit nowhere."""
    try:
        return for_learner(plan, learner)
    except ValidationError as error:
        sentences = [
            f"for learner {learner}: {'.'.join(map(str, item['loc']))}: {item['msg']}"
            for item in error.errors()
        ]
        raise click.UsageError(_listed(file, sentences)) from error


def _read(file: Path) -> Source:
    try:
        source = read(file)
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error}") from error
    if source.remarks:
        told = "\n".join(f"  {sentence}" for sentence in _sentences(source.remarks))
        raise click.UsageError(f"{file} cannot be read:\n{told}")
    return source


def _only_exercise(source: Source) -> Draft:
    found = exercises(source)
    if len(found) != 1:
        raise click.UsageError(
            f"{source.path} holds {len(found)} LabExercise objects; one is expected"
        )
    return draft(source, found[0])


def _sentences(remarks: Iterable[Remark]) -> list[str]:
    return [f"line {r.place.line}, column {r.place.column}: {r.message}" for r in remarks]


def _listed(file: Path, sentences: list[str]) -> str:
    return f"{file} cannot be graded:\n" + "\n".join(f"  {sentence}" for sentence in sentences)
