"""Where in a YAML file something stands: from the path of a value to line and column.

Called by ``authoring.source`` and the rules of lint. Finds the deepest part of a path that is
there, so that a missing field is reported at its parent. Must not judge.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

Path = Sequence[str | int]

_STEP = re.compile(r'\.?(?P<key>[A-Za-z0-9_-]+)|\["(?P<quoted>[^"]*)"\]|\[(?P<item>[^\]]*)\]')


@dataclass(frozen=True, slots=True)
class Position:
    """A line and a column, counted from 1, and the node that was found there."""

    line: int
    column: int
    node: yaml.Node


def find(root: yaml.Node, path: Path) -> Position:
    """The key (in a map) or the item (in a list) at a path, or the deepest of its parents."""
    found = position(root)
    for part in path:
        below = _below(found.node, part)
        if below is None:
            return found
        found = below
    return found


def find_expected(root: yaml.Node, path: Path, shown: str) -> Position:
    """As ``find``, then on along a path as messages write it: ``spec.ports[80].name``."""
    found = find(root, path)
    for step in _STEP.finditer(shown):
        part = step["key"] or step["quoted"]
        below = _item(found.node, step["item"]) if part is None else _below(found.node, part)
        if below is None:
            return found
        found = below
    return found


def scalars(root: yaml.Node) -> Iterator[tuple[yaml.ScalarNode, bool]]:
    """Every scalar of a tree, and whether it is a key."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.ScalarNode):
            yield node, False
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                yield key, True
                waiting.append(value)


def position(node: yaml.Node, at: yaml.Node | None = None) -> Position:
    """Where a node stands; ``at`` is its key, where it has one."""
    mark = (at or node).start_mark
    return Position(mark.line + 1, mark.column + 1, node)


def _below(node: yaml.Node, part: str | int) -> Position | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == str(part):
                return position(value, key)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return position(node.value[part])
    return None


def _item(node: yaml.Node, named: str) -> Position | None:
    """The item of a list that is written ``[name]``, ``[key=value]`` or ``[index]``."""
    if not isinstance(node, yaml.SequenceNode):
        return None
    key, equals, value = named.partition("=")
    for item in node.value:
        label = _below(item, key if equals else "name")
        if label is not None and label.node.value == (value if equals else named):
            return position(item)
    index = int(named) if named.isdecimal() else len(node.value)
    return _below(node, index)


def plain(value: Any) -> bool:
    """Whether a node is a scalar without quotes."""
    return isinstance(value, yaml.ScalarNode) and not value.style
