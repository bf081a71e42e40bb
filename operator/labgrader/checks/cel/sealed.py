"""Where an expression reads values of Secrets, which nobody but their owner sees.

Called by ``problems``. Digests stand for the values once they are gathered, so whatever an
expression asks of one, it asks of the digest. Asking for keys is fine, and so is whether two values
are equal: then their digests are, too. Follows where values come from through the whole tree, but
for fields whose names are computed (``object[name]``). Pure; computes no value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from labgrader.checks.cel.syntax import (
    INDEXING,
    Call,
    Collection,
    Constant,
    Field,
    Loop,
    Name,
    Tree,
)


class Sort(IntEnum):
    """What a part of an expression is; of several that it may be, the greatest counts."""

    OTHER = 0
    BESIDE = 1
    """The variable ``objects``."""
    SECRET = 2
    """A Secret, or a list of some."""
    DATA = 3
    """All values of one by their keys."""
    VALUE = 4
    """A value, or what is made of some."""


_PARTS = frozenset({"data", "stringData"})
_EQUAL = frozenset({"_==_", "_!=_", "@in"})
_FREE = frozenset({"_&&_", "_||_", "!_", "@not_strictly_false", "hasValue", "type"})
_KEPT = frozenset(
    {"_?_:_", "or", "orValue", "dyn", "value", "optional.of", "optional.ofNonZeroValue", "_+_"}
)


def reads_sealed(tree: Tree, secrets: Iterable[str]) -> bool:
    """Whether a value is read; ``secrets`` are the variables that hold Secrets."""
    names = set(secrets)
    walk = _Walk(frozenset(names - {"object"}))
    known = {"objects": Sort.BESIDE, "object": Sort.SECRET if "object" in names else Sort.OTHER}
    return walk.visit(tree, known) is Sort.VALUE or walk.reads


@dataclass(slots=True)
class _Walk:
    beside: frozenset[str]
    reads: bool = False

    def visit(self, tree: Tree, names: Mapping[str, Sort]) -> Sort:
        """What the tree is, where the variables are ``names``."""
        match tree:
            case Name(name=name):
                return names.get(name, Sort.OTHER)
            case Field(operand=operand, field=name, asks=asks):
                found = self._below(self.visit(operand, names), name)
                return Sort.OTHER if asks else found
            case Call(function=function, arguments=arguments):
                return self._call(function, arguments, [self.visit(a, names) for a in arguments])
            case Collection(items=items):
                return max((self.visit(item, names) for item in items), default=Sort.OTHER)
            case Loop():
                return self._loop(tree, names)
        return Sort.OTHER

    def _below(self, operand: Sort, name: str | None) -> Sort:
        match operand:
            case Sort.BESIDE if name in self.beside:
                return Sort.SECRET
            case Sort.SECRET if name in _PARTS:
                return Sort.DATA
            case Sort.DATA:
                return Sort.VALUE
        return Sort.OTHER

    def _call(self, function: str, arguments: tuple[Tree, ...], given: list[Sort]) -> Sort:
        if function in INDEXING:
            return self._at(arguments[-1], given[0])
        if function in _KEPT:
            return max(given, default=Sort.OTHER)
        if function == "size" and given == [Sort.DATA]:
            return Sort.OTHER
        among_keys = function == "@in" and given[1] is Sort.DATA
        sealed = [sort for sort in (given[:1] if among_keys else given) if sort >= Sort.DATA]
        alike = function in _EQUAL and len(sealed) == len(given)
        if sealed and not alike and function not in _FREE:
            self.reads |= not _compared_with_nothing(arguments, given)
        return Sort.OTHER

    def _at(self, key: Tree, operand: Sort) -> Sort:
        if operand is Sort.SECRET and not (isinstance(key, Constant) and key.text is not None):
            return Sort.SECRET  # an item of a list
        return self._below(operand, key.text if isinstance(key, Constant) else None)

    def _loop(self, tree: Loop, names: Mapping[str, Sort]) -> Sort:
        over = self.visit(tree.over, names)
        item = Sort.OTHER if over is Sort.DATA else over
        second = Sort.VALUE if over is Sort.DATA else over
        start = self.visit(tree.start, names)
        inner = {**names, tree.result: start, tree.item: item}
        if tree.second:
            inner[tree.second] = second
        self.visit(tree.goes_on, inner)
        result = max(start, self.visit(tree.step, inner))
        return self.visit(tree.end, {**names, tree.result: result})


def _compared_with_nothing(arguments: tuple[Tree, ...], given: list[Sort]) -> bool:
    """Whether all data are compared with an empty map."""
    return max(given) is Sort.DATA and any(
        isinstance(one, Collection) and not one.items for one in arguments
    )
