"""Reading a YAML file of an author, strictly and with places: the one reader of exercise files.

Called by the commands that take EXERCISE.yaml and by lint. What the API server or kubectl would
take differently, or not at all, is a remark here: a file must mean the same to everybody. A
file that is small and still expands to a huge tree (aliases), or that is nested without end, is
refused before anything is built from it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from labgrader.authoring.positions import position
from labgrader.authoring.rules import RULES
from labgrader.reporting.remarks import Place, Remark

MAX_BYTES = 512 * 1024
"""More than any API server keeps of an exercise."""
MAX_DEPTH = 100
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster


class _Loader(_BASE):  # type: ignore[misc]  # a class that is chosen at run time
    """Leaves dates the texts that they are for Kubernetes."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (pyyaml's own attribute)
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
        for first, resolvers in _BASE.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file: its tree with places, and what it says."""

    node: yaml.Node
    value: Any


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read. With remarks, ``documents`` holds what could be read before them."""

    path: str
    text: str = ""
    documents: tuple[Document, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def remark(self, rule: str, line: int, column: int, message: str, mend: str = "") -> Remark:
        """A remark at a place of this file."""
        found = RULES[rule]
        return Remark(found, Place(self.path, line, column), message, mend or found.mend)


def read(file: Path) -> Source:
    """The file. Raises OSError where it cannot be read at all."""
    source = Source(str(file))
    with file.open("rb") as opened:
        raw = opened.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        told = f"the file is larger than {MAX_BYTES // 1024} KiB"
        return Source(source.path, remarks=(source.remark("file-too-large", 1, 1, told),))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        told = f"byte {error.start} is not UTF-8"
        return Source(source.path, remarks=(source.remark("not-utf8", line, 1, told),))
    return _parsed(source.path, text)


def _parsed(path: str, text: str) -> Source:
    source, documents = Source(path, text), []
    try:
        refused = _refused(source)
        if refused is not None:
            return Source(path, text, remarks=(refused,))
        loader = _Loader(text)
        while loader.check_node():
            node = loader.get_node()
            documents.append(Document(node, loader.construct_document(node)))
    except yaml.YAMLError as error:
        return Source(path, text, tuple(documents), (_syntax(source, error),))
    except ValueError as error:  # a number with an explicit tag that is none
        told = f"a value is not what its tag says: {error}"
        return Source(path, text, tuple(documents), (source.remark("yaml-syntax", 1, 1, told),))
    twice = tuple(remark for found in documents for remark in _twice(source, found.node))
    return Source(path, text, tuple(documents), twice)


def _refused(source: Source) -> Remark | None:
    """An alias, or nesting without end: found in the events, before any tree is built."""
    depth = 0
    for event in yaml.parse(source.text, _Loader):
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.AliasEvent):
            told = f"*{event.anchor} repeats a value from elsewhere in the file"
            return source.remark("yaml-anchor", line, column, told)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            told = f"this is nested deeper than {MAX_DEPTH} levels"
            return source.remark("yaml-syntax", line, column, told)
    return None


def _syntax(source: Source, error: yaml.YAMLError) -> Remark:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:  # a character that no YAML has
        place = getattr(error, "position", 0)
        before = source.text[: place if isinstance(place, int) else 0]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        told = f"the file holds a character that YAML does not allow: {_reason(error)}"
        return source.remark("yaml-syntax", line, column, told)
    line, column = mark.line + 1, mark.column + 1
    if "\t" in _around(source.text, mark.line, mark.column):
        return source.remark("yaml-tab", line, column, "a tab stands where YAML allows spaces only")
    return source.remark("yaml-syntax", line, column, f"this is no YAML: {_reason(error)}")


def _reason(error: yaml.YAMLError) -> str:
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return re.sub(r"\s+", " ", str(said))


def _around(text: str, line: int, column: int) -> str:
    """The white space at a place of the text."""
    lines = text.split("\n")
    there = lines[line] if line < len(lines) else ""
    found = re.match(r"\s*", there[column:])
    before = re.search(r"\s*$", there[:column])
    return (before[0] if before else "") + (found[0] if found else "")


def _twice(source: Source, root: yaml.Node) -> Iterator[Remark]:
    """Keys that stand twice in a map: all but the last would be lost without a word."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            seen: dict[str, int] = {}
            for key, value in node.value:
                waiting.append(value)
                if key.value in seen:
                    at = position(key)
                    told = f"{key.value} stands here and in line {seen[key.value]}"
                    yield source.remark("duplicate-key", at.line, at.column, told)
                seen[key.value] = key.start_mark.line + 1


def exercises(source: Source) -> tuple[Document, ...]:
    """The documents that say that they are exercises."""
    return tuple(
        found
        for found in source.documents
        if isinstance(found.value, Mapping) and found.value.get("kind") == "LabExercise"
    )
