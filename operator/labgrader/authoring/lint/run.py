"""Lint of files and folders: every rule on every exercise, in the order of the file.

Called by ``cli.lint`` and by the tests. The table ``_LOOKS`` is all there is; a new family of
rules is one line.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from labgrader.api.names import API_VERSION
from labgrader.authoring.draft import Draft, draft
from labgrader.authoring.exercise_folder import expect_files, expectation
from labgrader.authoring.lint.hollow import hollow
from labgrader.authoring.lint.ignores import without_ignored
from labgrader.authoring.lint.literals import unstable_literals
from labgrader.authoring.lint.missing import missing
from labgrader.authoring.lint.needs import NO_EARLIER, needs
from labgrader.authoring.lint.nodes import several_nodes
from labgrader.authoring.lint.points import points, time, unearnable
from labgrader.authoring.lint.problems import refused
from labgrader.authoring.lint.task import task, texts
from labgrader.authoring.lint.values import values
from labgrader.authoring.lint.versions import removed, unstable
from labgrader.authoring.positions import find
from labgrader.authoring.rules import RULES
from labgrader.authoring.source import Source, exercises, read
from labgrader.reporting.remarks import Place, Remark

_LOOKS: tuple[Callable[[Draft], Iterator[Remark]], ...] = (
    values,
    needs,
    hollow,
    missing,
    refused,
    points,
    unearnable,
    time,
    task,
    several_nodes,
    texts,
    removed,
    unstable,
    unstable_literals,
)
_MARK = re.compile(rb"""kind["']?\s*:\s*["']?LabExercise""")
"""What a file has that holds an exercise, be it YAML or not; a comment that names one has not."""
_ENDS = (".yaml", ".yml")
_OWN_FILE = "exercise.yaml"


class NoExercise(Exception):
    """A path that was named holds no exercise at all."""


@dataclass(frozen=True, slots=True)
class Linted:
    """What came of it: files in order, remarks by place."""

    files: tuple[Path, ...]
    remarks: tuple[Remark, ...]


def lint(paths: Iterable[Path]) -> Linted:
    """Lint files and folders. Raises NoExercise, OSError."""
    names: dict[tuple[str, str], Place] = {}
    linted: dict[Path, list[Remark] | None] = {}
    for path in paths:
        files = _files(path)
        for file in files:
            if file not in linted:
                linted[file] = _lint(file, names)
        if all(linted[file] is None for file in files):
            what = "file with a LabExercise" if path.is_dir() else "LabExercise"
            raise NoExercise(f"{path} holds no {what}")
    told = {file: remarks for file, remarks in linted.items() if remarks is not None}
    remarks = dict.fromkeys(remark for found in told.values() for remark in found)
    return Linted(tuple(told), tuple(sorted(remarks, key=lambda r: (r.place, r.rule.id))))


def _files(path: Path) -> list[Path]:
    """The file itself; of a folder, every YAML file below that may hold an exercise."""
    if not path.is_dir():
        return [path]
    below = sorted(
        Path(folder, name)
        for folder, _, names in os.walk(path)
        for name in names
        if name.endswith(_ENDS)
    )
    own = {file.parent for file in below if file.name == _OWN_FILE}
    return [
        file
        for file in below
        if file.name == _OWN_FILE
        or (
            file.parent.parent.parent not in own
            and file.is_file()
            and _MARK.search(file.read_bytes())
        )
    ]


def _lint(file: Path, names: dict[tuple[str, str], Place]) -> list[Remark] | None:
    """What is found in a file; None where it is about something else."""
    source = read(file)
    remarks = list(_of_another_kind(file, source))
    if not exercises(source) and not source.remarks and not remarks:
        return None
    return [*remarks, *without_ignored(source, _remarks(file, source, names))]


def _of_another_kind(file: Path, source: Source) -> Iterator[Remark]:
    """A slip in the kind of what by its place is an exercise, and would be passed over."""
    if file.name != _OWN_FILE or exercises(source):
        return
    for document in source.documents:
        value = document.value
        if isinstance(value, Mapping) and value.get("apiVersion") == API_VERSION:
            told = f"kind must be LabExercise, not {value.get('kind')}"
            at = find(document.node, ["kind"])
            yield source.remark("invalid-field", at.line, at.column, told)


def _remarks(file: Path, source: Source, names: dict[tuple[str, str], Place]) -> Iterator[Remark]:
    yield from source.remarks
    for document in exercises(source):
        drafted = draft(source, document)
        yield from _of_shape(drafted)
        yield from _named_twice(drafted, names)
        if drafted.exercise is not None and file.name == _OWN_FILE:
            yield from _expectations(file, drafted)


def _of_shape(drafted: Draft) -> Iterator[Remark]:
    """What the rules find; what two of them say of one place, once."""
    found = [remark for look in _LOOKS for remark in look(drafted)]
    needs_told = any(remark.rule.id.startswith("needs-") for remark in found)
    for remark in drafted.remarks:
        if not (needs_told and remark.message.endswith(NO_EARLIER)):
            yield remark
    told = set()
    for remark in found:
        if (remark.rule.id, remark.place) not in told or remark.rule.id != "hollow-check":
            yield remark
        told.add((remark.rule.id, remark.place))


def _named_twice(drafted: Draft, names: dict[tuple[str, str], Place]) -> Iterator[Remark]:
    exercise = drafted.exercise
    if exercise is None:
        return
    name = (exercise.namespace, exercise.name)
    here = drafted.remark("duplicate-name", ["metadata", "name"], "")
    if name in names:
        first = names[name]
        told = f"the exercise {exercise.name} stands in {first.path}:{first.line}, too"
        yield Remark(here.rule, here.place, f"{told}; one would overwrite the other", here.mend)
    names.setdefault(name, here.place)


def _expectations(file: Path, drafted: Draft) -> Iterator[Remark]:
    if drafted.exercise is None:
        return
    rule = RULES["expectation"]
    for expected in expect_files(file.parent):
        try:
            expectation(expected, drafted.exercise)
        except ValueError as wrong:
            told = str(wrong).removeprefix(f"{expected}").lstrip(":")
            line, _, rest = told.partition(": ")
            told = rest if line.isdecimal() else told.strip()
            place = Place(str(expected), int(line) if line.isdecimal() else 1)
            yield Remark(rule, place, told, rule.mend)
