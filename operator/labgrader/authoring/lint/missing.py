"""Expressions that nothing may satisfy, and fields that may not be there.

A rule of lint. With ``match: none``, and with a ``count`` that has only a ``max``, an object without
the field counts as right; with all others it does under ``never``. That is meant where the field is
optional, and hides a slip of the pen otherwise, which no test of a solution shows: such an expression
is true of nothing at all. Where a missing field hides the rest, as in ``filter``, the check errs instead.
"""

from collections.abc import Iterator

from labgrader.api.kinds import Satisfies
from labgrader.authoring.draft import Draft
from labgrader.checks.cel.engine import BadExpression, compiled
from labgrader.checks.cel.hiding import hidden
from labgrader.checks.cel.syntax import Call, Constant, Field, Name, Tree, nodes
from labgrader.reporting.remarks import Remark

_ALWAYS_THERE = frozenset(
    {
        *("apiVersion", "kind", "metadata", "name", "namespace", "uid", "creationTimestamp"),
        *("spec", "template", "containers", "image", "replicas"),
    }
)
_PASSES = (
    "an object without {path} counts as one of which this does not hold, "
    "so a misspelled field passes everything"
)
_FAILS = (
    "whether this holds of an object without {path} cannot be told, so nobody is graded by it: of filter, map, "
    "exists_one, sums and lists nothing is left without it; ask with has() first, or use exists"
)


def missing(draft: Draft) -> Iterator[Remark]:
    """The fields that an expression reads, and that count as right where they are missing."""
    for index, check in draft.checks:
        params = check.params
        never = check.never is not None
        if not isinstance(params, Satisfies) or wants_few(params) is never:
            continue
        fails = () if never else hiding_the_rest(params.expression)
        for path in unguarded(params.expression):
            told = _FAILS if path in fails else _PASSES
            yield draft.remark(
                "missing-field",
                ["spec", "checks", index, "satisfies", "expression"],
                f"check {check.name}: {told.format(path=path)}",
            )


def unguarded(expression: str) -> tuple[str, ...]:
    """The fields that are read without being asked for by ``has``, and are not always there."""
    try:
        tree = compiled(expression).tree
    except BadExpression:  # which another rule tells
        return ()
    asked = {_path(node) for node in nodes(tree) if isinstance(node, Field) and node.asks}
    read = [path for path in map(_read, nodes(tree)) if path]
    ends = (path for path in read if not any(_is_above(path, other) for other in read))
    return tuple(path for path in dict.fromkeys(ends) if path not in asked)


def hiding_the_rest(expression: str) -> frozenset[str]:
    """The fields that are read where one that is missing hides what is said of the rest."""
    try:
        tree = compiled(expression).tree
    except BadExpression:
        return frozenset()
    return frozenset(map(_read, hidden(tree)))


def _is_above(path: str, other: str) -> bool:
    return other.startswith((f"{path}.", f"{path}["))


def wants_few(params: Satisfies) -> bool:
    """Whether an expression that is true of nothing would pass."""
    count = params.count
    few = count is not None and count.max is not None and not count.min
    return params.match == "none" or few


def _read(node: Tree) -> str:
    match node:
        case Field(field=field, asks=False) if field not in _ALWAYS_THERE:
            return _path(node)
        case Call(function="_[_]", arguments=(_, Constant(text=str()))):
            return _path(node)
    return ""


def _path(node: Tree) -> str:
    """As it is written; empty where it does not begin with a variable, or names a selection."""
    match node:
        case Name(name=name):
            return name
        case Field(operand=Name(name="objects")):
            return ""
        case Field(operand=operand, field=field):
            return _below(operand, f".{field}")
        case Call(function="_[_]", arguments=(operand, Constant(text=str(key)))):
            return _below(operand, f"[{key!r}]")
    return ""


def _below(operand: Tree, end: str) -> str:
    before = _path(operand)
    return f"{before}{end}" if before else ""
