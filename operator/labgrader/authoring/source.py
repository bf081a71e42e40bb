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

from labgrader.authoring.positions import find, position
from labgrader.authoring.rules import RULES
from labgrader.reporting.remarks import Place, Remark

MAX_BYTES = 512 * 1024
"""More than any API server keeps of an exercise."""
MAX_DEPTH = 150
_LISTS = ("List", "LabExerciseList")
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_TEXT, _LIST, _MAP = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))
_MERGE = "tag:yaml.org,2002:merge"
_ALIAS = re.compile(r"(?:^|[\s\[{,:?-])\*[^\s*]", re.MULTILINE)
_INDENT = re.compile(r"^[ \t?:-]*", re.MULTILINE)
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


def documents(text: str) -> list[Any]:
    """What YAML that is not an author's exercise says, document by document.

    Raises yaml.YAMLError.
    """
    return list(yaml.load_all(text, Loader=_BASE))


def document(text: str) -> Any:
    """The same where there is one document. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_BASE)  # noqa: S506 (it is a safe one)


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
    twice: list[tuple[yaml.Node, int]] = []
    try:
        refused = _refused(source)
        if refused is not None:
            return Source(path, text, remarks=(refused,))
        loader = _Loader(text)
        while loader.check_node():
            node = loader.get_node()
            documents.append(Document(node, _value(loader, node, twice)))
    except yaml.YAMLError as error:
        return Source(path, text, tuple(documents), (_syntax(source, error),))
    remarks = []
    for key, line in twice:
        at = position(key)
        told = f"{key.value} stands here and in line {line}"
        remarks.append(source.remark("duplicate-key", at.line, at.column, told))
    return Source(path, text, tuple(documents), tuple(remarks))


def _value(loader: Any, node: yaml.Node, twice: list[tuple[yaml.Node, int]]) -> Any:
    """What a node says. Notes keys that stand twice, all but the last of which would be lost."""
    if isinstance(node, yaml.ScalarNode):
        return node.value if node.tag == _TEXT else _scalar(loader, node)
    if isinstance(node, yaml.SequenceNode) and node.tag == _LIST:
        return [_value(loader, item, twice) for item in node.value]
    if not isinstance(node, yaml.MappingNode) or node.tag != _MAP:
        raise _unusual(node, f"{node.tag} is no type of Kubernetes")
    found: dict[Any, Any] = {}
    lines: dict[Any, int] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _unusual(key, "a key must be a text")
        name = _value(loader, key, twice)
        if name in lines:
            twice.append((key, lines[name]))
        lines[name] = key.start_mark.line + 1
        found[name] = _value(loader, value, twice)
    return found


def _scalar(loader: Any, node: yaml.ScalarNode) -> Any:
    if node.tag == _MERGE:
        raise _unusual(node, "<< merges maps, which Kubernetes' own tools do not all do")
    try:
        return loader.construct_object(node)
    except ValueError as error:
        raise _unusual(node, str(error)) from error


def _unusual(node: yaml.Node, why: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=why, problem_mark=node.start_mark)


def _refused(source: Source) -> Remark | None:
    """An alias, or nesting without end: found in the events, before any tree is built."""
    if not _suspicious(source.text):
        return None
    depth = 0
    for event in yaml.parse(source.text, _Loader):
        mark: Any = event.start_mark
        line, column = mark.line + 1, mark.column + 1
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


def _suspicious(text: str) -> bool:
    """Whether it could hold an alias or be nested deep; reading the events takes its time.

    A level of nesting takes a bracket, or a column of an indent, where two levels may begin.
    """
    if _ALIAS.search(text):
        return True
    longest = max((len(indent) for indent in _INDENT.findall(text)), default=0)
    return text.count("[") + text.count("{") + 2 * longest > MAX_DEPTH


def _syntax(source: Source, error: yaml.YAMLError) -> Remark:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:  # a character that no YAML has
        place = getattr(error, "position", 0)
        before = source.text[: place if isinstance(place, int) else 0]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        told = f"the file holds a character that YAML does not allow: {_reason(error)}"
        return source.remark("yaml-syntax", line, column, told)
    line, column = mark.line + 1, mark.column + 1
    tab = _tab(source.text, mark.line, mark.column)
    if tab is not None:
        column = tab + 1
        return source.remark("yaml-tab", line, column, "a tab stands where YAML allows spaces only")
    return source.remark("yaml-syntax", line, column, f"this is no YAML: {_reason(error)}")


def _reason(error: yaml.YAMLError) -> str:
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return re.sub(r"\s+", " ", str(said))


def _tab(text: str, line: int, column: int) -> int | None:
    """The column of a tab in the line's indent, or in the white space at this place."""
    lines = text.split("\n")
    there = lines[line] if line < len(lines) else ""
    indent = len(there) - len(there.lstrip())
    begin = len(there[:column].rstrip())
    for start, end in ((0, indent), (begin, column + 1)):
        found = there.find("\t", start, end)
        if found >= 0:
            return found
    return None


def exercises(source: Source) -> tuple[Document, ...]:
    """What says that it is an exercise: documents, and items of Kubernetes' own lists."""
    return tuple(
        found
        for document in source.documents
        for found in _flat(document)
        if isinstance(found.value, Mapping) and found.value.get("kind") == "LabExercise"
    )


def _flat(document: Document) -> Iterator[Document]:
    """The document, or the items of the list that it is, as kubectl takes it apart."""
    value = document.value
    items = value.get("items") if isinstance(value, Mapping) else None
    if not isinstance(items, list) or value.get("kind") not in _LISTS:
        yield document
        return
    for index, item in enumerate(items):
        yield from _flat(Document(find(document.node, ["items", index]).node, item))
