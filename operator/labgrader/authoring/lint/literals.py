"""Expressions that compare what Kubernetes fills in with a literal, or count what it adds to.

A rule of lint, which asks of ``satisfies`` what ``versions`` asks of an expect tree. A comparison
with another field lasts, and so does a bound from below.
"""

from collections.abc import Iterator, Mapping

from labgrader.api.kinds import Satisfies
from labgrader.authoring.draft import Draft
from labgrader.authoring.lint.missing import wants_few
from labgrader.authoring.lint.versions import ADDED, grows, why_unstable
from labgrader.checks.cel.engine import BadExpression, compiled
from labgrader.checks.cel.syntax import (
    INDEXING,
    Call,
    Collection,
    Constant,
    Field,
    Loop,
    Name,
    Tree,
    below,
)
from labgrader.reporting.remarks import Remark

_Keys = tuple[str, ...]
_ITEM = ""
"""In place of a key: any item of a list, or what cannot be told."""
_SAME, _NOT = "_==_", "!_"
_AT_MOST = frozenset({"_<_", "_<=_"})
_TURNED = {_SAME: _SAME, "_>_": "_<_", "_>=_": "_<=_"}
"""How it reads from the right to the left."""
_OF_AUTHORS = frozenset(
    {"annotations", "binaryData", "data", "labels", "matchLabels", "nodeSelector", "selector"}
)
"""Maps whose keys are whatever somebody has written."""


def unstable_literals(draft: Draft) -> Iterator[Remark]:
    """Once for each such field of an expression."""
    for index, check in draft.checks:
        params = check.params
        if not isinstance(params, Satisfies):
            continue
        wanted = wants_few(params) is (check.never is not None)
        for complaint in dict.fromkeys(_complaints(params.expression, wanted=wanted)):
            told = f"check {check.name} {complaint}"
            yield draft.remark(
                "version-dependent", ["spec", "checks", index, "satisfies", "expression"], told
            )


def _complaints(expression: str, *, wanted: bool) -> Iterator[str]:
    try:
        tree = compiled(expression).tree
    except BadExpression:  # which another rule tells
        return
    yield from _in(tree, {}, wanted=wanted)


def _in(tree: Tree, loops: Mapping[str, _Keys], *, wanted: bool) -> Iterator[str]:
    """What is wrong in a tree; ``loops`` tells of what each variable is an item.

    Where it is not ``wanted`` to hold, a literal is a value that must not be there, which lasts.
    """
    if isinstance(tree, Loop):
        yield from _in(tree.over, loops, wanted=wanted)
        loops = {**loops, tree.item: (*_keys(tree.over, loops), _ITEM)}
        for part in (tree.start, tree.goes_on, tree.step, tree.end):
            yield from _in(part, loops, wanted=wanted)
        return
    if isinstance(tree, Call) and tree.function == _NOT:
        wanted = not wanted
    elif isinstance(tree, Call) and len(tree.arguments) > 1 and wanted:
        first, second = tree.arguments[:2]
        yield from _compared(tree.function, first, second, loops)
        yield from _compared(_TURNED.get(tree.function, ""), second, first, loops)
    for part in below(tree):
        yield from _in(part, loops, wanted=wanted)


def _compared(function: str, side: Tree, other: Tree, loops: Mapping[str, _Keys]) -> Iterator[str]:
    """What is wrong with one side of a comparison with the other."""
    if not isinstance(other, Constant | Collection):
        return
    if function in _AT_MOST | {_SAME} and isinstance(side, Call) and side.function == "size":
        keys = _of_kubernetes(side.arguments[0], loops)
        if keys and grows(keys):
            yield f"counts {keys[-1]}, which {ADDED}"
    keys = _of_kubernetes(side, loops)
    if function == _SAME and keys:
        why = ADDED if grows(keys) else why_unstable(keys[-1], _only(other))
        if why:
            yield f"expects one value of {keys[-1]}, which {why}"


def _only(literal: Constant | Collection) -> str | None:
    """The text, also as the one item of a list."""
    if isinstance(literal, Constant):
        return literal.text
    items = [item for item in literal.items if isinstance(item, Constant)]
    return items[0].text if len(items) == len(literal.items) == 1 else None


def _of_kubernetes(tree: Tree, loops: Mapping[str, _Keys]) -> _Keys:
    """The keys that lead to a field; empty also where an author gave it its name."""
    keys = _keys(tree, loops)
    return () if keys[-2:-1] and keys[-2] in _OF_AUTHORS else keys


def _keys(tree: Tree, loops: Mapping[str, _Keys]) -> _Keys:
    """The keys that lead to a field; empty for what is none."""
    match tree:
        case Name(name=name):
            return loops.get(name, ())
        case Field(operand=Name(name="objects")):  # which names a selection
            return (_ITEM,)
        case Field(operand=operand, field=field, asks=False):
            return (*_keys(operand, loops), field)
        case Call(function="orValue", arguments=(operand, *_)):
            return _keys(operand, loops)
        case Call(function=function, arguments=(operand, key)) if function in INDEXING:
            text = key.text if isinstance(key, Constant) else None
            return (*_keys(operand, loops), _ITEM if text is None else text)
    return ()
