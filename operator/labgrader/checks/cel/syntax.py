"""The syntax tree of a compiled expression, read from the form in which CEL stores it.

Called by ``engine``; read by ``cost``. CEL's library hands a tree out only as the protocol
buffer ``cel.expr.CheckedExpr`` (https://github.com/google/cel-spec, ``proto/cel/expr``), whose
few messages are read here, so that no protobuf runtime is needed. The library's
parser nests no deeper than 32 levels, so recursion ends. Must not know what an expression
means.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_EXPR_OF_CHECKED = 4
_ASKS = 3  # Select.test_only, which is left out where it is false
_MORE = 0x80


INDEXING = frozenset({"_[_]", "_[?_]", "_?._"})
"""Calls that go into a map or list by a key."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal; ``text`` only of a string. ``size`` is how much of the tree it takes."""

    text: str | None
    size: int


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """``operand.field``, or whether it is there (``has``)."""

    operand: "Tree"
    field: str
    asks: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A function or operator; the target of a method is its first argument."""

    function: str
    arguments: tuple["Tree", ...]
    is_method: bool


@dataclass(frozen=True, slots=True)
class Collection:
    """A list, or a map by its keys and values in turn."""

    items: tuple["Tree", ...]
    is_list: bool


@dataclass(frozen=True, slots=True)
class Loop:
    """What ``all``, ``exists``, ``map`` and the like become: a fold over ``over``."""

    item: str
    second: str
    over: "Tree"
    result: str
    start: "Tree"
    goes_on: "Tree"
    step: "Tree"
    end: "Tree"

    @property
    def makes_list(self) -> bool:
        """Whether it collects a list (``map``, ``filter``) and not one value."""
        return isinstance(self.start, Collection)


Tree = Constant | Name | Field | Call | Collection | Loop

Message = dict[int, list[bytes]]


def read(stored: bytes) -> Tree:
    """The tree in a serialized, checked expression. Raises ValueError."""
    checked = _message(_message(stored)[2][0])  # within a google.protobuf.Any
    return _tree(checked[_EXPR_OF_CHECKED][0])


def below(tree: Tree) -> tuple[Tree, ...]:
    """The parts directly in a tree."""
    match tree:
        case Field():
            return (tree.operand,)
        case Call():
            return tree.arguments
        case Collection():
            return tree.items
        case Loop():
            return (tree.over, tree.start, tree.goes_on, tree.step, tree.end)
    return ()


def nodes(tree: Tree) -> Iterator[Tree]:
    """Every part of a tree."""
    yield tree
    for part in below(tree):
        yield from nodes(part)


def _tree(stored: bytes) -> Tree:
    fields = _message(stored)
    for number, reader in _READERS.items():
        if number in fields:
            return reader(fields[number][0])
    raise ValueError(f"an expression of an unknown sort: {sorted(fields)}")


def _constant(stored: bytes) -> Tree:
    texts = _message(stored).get(6)
    return Constant(texts[0].decode() if texts else None, len(stored))


def _name(stored: bytes) -> Tree:
    return Name(_text(_message(stored), 1))


def _field(stored: bytes) -> Tree:
    fields = _message(stored)
    return Field(_tree(fields[1][0]), _text(fields, 2), asks=_ASKS in fields)


def _call(stored: bytes) -> Tree:
    fields = _message(stored)
    arguments = tuple(_tree(one) for one in (*fields.get(1, ()), *fields.get(3, ())))
    return Call(_text(fields, 2), arguments, is_method=1 in fields)


def _list(stored: bytes) -> Tree:
    return Collection(tuple(_tree(one) for one in _message(stored).get(1, ())), is_list=True)


def _map(stored: bytes) -> Tree:
    items: list[Tree] = []
    for entry in _message(stored).get(2, ()):
        fields = _message(entry)
        items += [_tree(one) for number in (3, 4) for one in fields.get(number, ())]
    return Collection(tuple(items), is_list=False)


def _loop(stored: bytes) -> Tree:
    fields = _message(stored)
    over, start, goes_on, step, end = (_tree(fields[number][0]) for number in (2, 4, 5, 6, 7))
    return Loop(
        _text(fields, 1), _text(fields, 8), over, _text(fields, 3), start, goes_on, step, end
    )


_READERS = {3: _constant, 4: _name, 5: _field, 6: _call, 7: _list, 8: _map, 9: _loop}


def _text(fields: Message, number: int) -> str:
    return fields.get(number, [b""])[0].decode()


def _message(stored: bytes) -> Message:
    """The fields of a message by number. Numbers inside are not needed, so they stay empty."""
    fields: Message = {}
    for number, value in _pieces(stored):
        fields.setdefault(number, []).append(value)
    return fields


def _pieces(stored: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(stored):
        tag, at = _varint(stored, at)
        length, at = _length(stored, at, tag & 7)
        if at + length > len(stored):
            raise ValueError("an expression that ends too early")
        yield tag >> 3, stored[at : at + length]
        at += length


def _length(stored: bytes, at: int, wire: int) -> tuple[int, int]:
    match wire:
        case 2:
            return _varint(stored, at)
        case 0:
            return 0, _varint(stored, at)[1]
        case 1:
            return 8, at
        case 5:
            return 4, at
    raise ValueError(f"an expression stored in an unknown way: {wire}")


def _varint(stored: bytes, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        if at >= len(stored):
            raise ValueError("an expression that ends too early")
        byte = stored[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & _MORE:
            return value, at
