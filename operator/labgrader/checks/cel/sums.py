"""Where an expression reckons with quantities, which are exact only when they are compared.

Called by ``problems``. ``quantity`` makes a binary fraction, so that 100m and 200m together are more
than 300m; ``milli`` makes whole thousandths, which add up. Follows where quantities come from through
lists and loops. Pure; computes no value.
"""

from collections.abc import Mapping

from labgrader.checks.cel.syntax import INDEXING, Call, Collection, Field, Loop, Name, Tree

_RECKONING = frozenset({"_+_", "_-_", "_*_", "_/_", "-_"})
_KEPT = frozenset(
    {"_?_:_", "or", "orValue", "dyn", "double", "value", "optional.of", "optional.ofNonZeroValue"}
)
_NUMBER = 1
"""A quantity; a list or map of some is one more, and so on; nothing of quantities is 0."""


class _Reckons(Exception):
    """A quantity is reckoned with."""


def reckons_with_quantities(tree: Tree) -> bool:
    """Whether a quantity is added, multiplied or the like."""
    try:
        _depth(tree, {})
    except _Reckons:
        return True
    return False


def _depth(tree: Tree, names: Mapping[str, int]) -> int:
    match tree:
        case Name(name=name):
            return names.get(name, 0)
        case Field(operand=operand, asks=asks):
            return 0 if asks else max(0, _depth(operand, names) - 1)
        case Collection(items=items):
            inner = max((_depth(item, names) for item in items), default=0)
            return inner + 1 if inner else 0
        case Call(function=function, arguments=arguments):
            return _of_call(function, [_depth(argument, names) for argument in arguments])
        case Loop():
            return _of_loop(tree, names)
    return 0


def _of_call(function: str, given: list[int]) -> int:
    if function == "quantity":
        return _NUMBER
    if function in _RECKONING and _NUMBER in given:
        raise _Reckons
    if function in _KEPT or function == "_+_":
        return max(given, default=0)
    return max(0, given[0] - 1) if function in INDEXING else 0


def _of_loop(tree: Loop, names: Mapping[str, int]) -> int:
    item = max(0, _depth(tree.over, names) - 1)
    start = _depth(tree.start, names)
    inner = {**names, tree.second: item, tree.result: start, tree.item: item}
    _depth(tree.goes_on, inner)
    result = max(start, _depth(tree.step, inner))
    return _depth(tree.end, {**names, tree.result: result})
