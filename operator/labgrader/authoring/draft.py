"""One exercise of a file as its author left it: the model where it fits, remarks where not.

Called by ``cli.exercise_file`` and by lint, so that both refuse the same. Looks at shape only;
what is unwise is lint's business.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from labgrader.api.check import Check
from labgrader.api.exercise import LabExercise
from labgrader.api.names import API_VERSION
from labgrader.authoring.known_fields import known_at
from labgrader.authoring.positions import Path, find, find_expected
from labgrader.authoring.source import Document, Source
from labgrader.reporting.remarks import Remark

Written = tuple[tuple[tuple[str | int, ...], Any], ...]

_FEW = 8
"""So many fields can be read in one line."""
_CHECK = re.compile(r"check (\S+): ")
_TOP = ("apiVersion", "kind", "metadata", "spec")
_FROM_SERVER = ("status",)
_METADATA = (
    "name", "namespace", "labels", "annotations", "finalizers", "ownerReferences", "uid",
    "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink",
    "generateName", "deletionTimestamp", "deletionGracePeriodSeconds",
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """An exercise in a file. ``exercise`` is None where its shape is wrong."""

    source: Source
    document: Document
    exercise: LabExercise | None
    remarks: tuple[Remark, ...]

    def remark(self, rule: str, path: Path, message: str, mend: str = "") -> Remark:
        """A remark at the deepest part of the path that is there."""
        at = find(self.document.node, path)
        return self.source.remark(rule, at.line, at.column, message, mend)

    def remark_expected(self, rule: str, path: Path, shown: str, message: str) -> Remark:
        """A remark below ``path`` at a place as messages write it."""
        at = find_expected(self.document.node, path, shown)
        return self.source.remark(rule, at.line, at.column, message)

    @property
    def checks(self) -> tuple[tuple[int, Check], ...]:
        """The checks with their indexes; none where the shape is wrong."""
        return tuple(enumerate(self.exercise.spec.checks)) if self.exercise else ()

    @cached_property
    def written(self) -> tuple[Written, ...]:
        """For each check, every value in its params as written outside, with its path.

        Without those that are the default anyway. Kept, because many rules read them.
        """
        return tuple(tuple(_walk(_dumped(check), ())) for _, check in self.checks)


def draft(source: Source, document: Document) -> Draft:
    """The exercise in a document."""
    empty = Draft(source, document, None, ())
    wrong = list(_around_the_spec(empty))
    spec = document.value.get("spec")
    if not isinstance(spec, Mapping):
        told = "an exercise has a map called spec"
        return Draft(
            source, document, None, (*wrong, empty.remark("invalid-field", ["spec"], told))
        )
    body = document.value
    if not isinstance(body.get("metadata"), Mapping):
        body = {**body, "metadata": {}}
    try:
        exercise = LabExercise.parse(body, strict=True)
    except ValidationError as error:
        if wrong and error.title == "LabExercise":  # the name, which has been told
            return Draft(source, document, None, tuple(wrong))
        found = (_remark(empty, error.title, item) for item in error.errors() if not _echoes(item))
        return Draft(source, document, None, (*wrong, *found))
    return Draft(source, document, exercise, tuple(wrong))


def _around_the_spec(drafted: Draft) -> Iterator[Remark]:
    body = drafted.document.value
    if body.get("apiVersion") != API_VERSION:
        told = f"apiVersion must be {API_VERSION}, not {body.get('apiVersion')}"
        yield drafted.remark("wrong-api-version", ["apiVersion"], told)
    for key in body:
        if key not in _TOP + _FROM_SERVER:
            yield drafted.remark("unknown-field", [str(key)], _unknown(str(key), key, _TOP))
    metadata = body.get("metadata")
    if not isinstance(metadata, Mapping) or not metadata.get("name"):
        told = "metadata.name: the exercise has no name"
        yield drafted.remark("invalid-field", ["metadata"], told, "Give it a name.")
        return
    for key in metadata:
        if key not in _METADATA:
            told = _unknown(f"metadata.{key}", key, _METADATA)
            yield drafted.remark("unknown-field", ["metadata", str(key)], told)


def _remark(drafted: Draft, title: str, error: Any) -> Remark:
    loc = [part for part in error["loc"] if part != "[key]"]
    path = ["metadata" if title == "LabExercise" else "spec", *loc]
    place = ".".join(str(part) for part in path)
    if error["type"] == "extra_forbidden":
        return drafted.remark("unknown-field", path, _unknown(place, loc[-1], known_at(loc[:-1])))
    said = error["msg"].removeprefix("Value error, ")
    if not loc:
        path += _named_check(drafted.document.value, said)
    return drafted.remark("invalid-field", path, f"{place}: {said[:1].lower()}{said[1:]}")


def _echoes(error: Any) -> bool:
    """Whether it only counts what is left of a list when its wrong items are out: they are told."""
    written = error["input"]
    return (
        error["type"] == "too_short"
        and isinstance(written, list)
        and len(written) >= error["ctx"]["min_length"]
    )


def _named_check(body: Mapping[str, Any], told: str) -> Path:
    """The path of the check that a sentence begins with; of the last where several have its name."""
    named = _CHECK.match(told)
    checks = body["spec"].get("checks")
    if named is None or not isinstance(checks, list):
        return ()
    indexes = [i for i, c in enumerate(checks) if isinstance(c, dict) and c.get("name") == named[1]]
    return ("checks", indexes[-1]) if indexes else ()


def _unknown(place: str, name: Any, known: tuple[str, ...]) -> str:
    told = f"{place}: unknown field"
    near = difflib.get_close_matches(str(name), known, n=1)
    if near:
        return f"{told}; did you mean {near[0]}?"
    return f"{told}; known here: {', '.join(known)}" if 0 < len(known) <= _FEW else told


def _dumped(check: Check) -> Any:
    return check.params.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude_defaults=True
    )


def _walk(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _walk(below, (*path, key))
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from _walk(below, (*path, number))
