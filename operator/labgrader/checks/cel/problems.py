"""What makes an expression unusable, found before anything is graded.

Called by ``checks.satisfies`` for an exercise's conditions, and by whatever lints exercises.
It compiles, and never evaluates.
"""

from collections.abc import Collection, Iterator

from labgrader.checks.cel.cost import OrderMatters, TooManySteps, ordinary
from labgrader.checks.cel.engine import BadExpression, compiled
from labgrader.checks.cel.sealed import reads_sealed
from labgrader.checks.cel.sums import reckons_with_quantities
from labgrader.checks.cel.syntax import Call, Field, Name, Tree, nodes
from labgrader.checks.expect.sealed import UNSEEN
from labgrader.checks.problem import Problem

_TIME_ZONED = frozenset(
    {
        "getDate",
        "getDayOfMonth",
        "getDayOfWeek",
        "getDayOfYear",
        "getFullYear",
        "getHours",
        "getMilliseconds",
        "getMinutes",
        "getMonth",
        "getSeconds",
    }
)


def expression_problems(
    expression: str, beside: Collection[str], secrets: Collection[str] = ()
) -> tuple[Problem, ...]:
    """The problems of an expression.

    ``beside`` are the variables that objects has; ``secrets`` those of them that hold Secrets, with
    ``object`` where it is one.
    """
    try:
        program = compiled(expression)
    except BadExpression as error:
        return (_problem(str(error)),)
    except ValueError as error:
        return (_problem(f"the expression cannot be read: {error}"),)
    found = [*_complaints(program.returns, program.tree, beside)]
    if secrets and reads_sealed(program.tree, secrets):
        found.append(f"{UNSEEN}; ask for keys: has(object.data.token), or 'token' in object.data")
    return tuple(_problem(text) for text in found)


def _complaints(returns: str, tree: Tree, beside: Collection[str]) -> Iterator[str]:
    if returns == "DYN":
        yield "the expression must be true or false by itself: compare, like object.x == true"
    elif returns != "BOOL":
        yield f"the expression must be true or false, and this is {returns.lower()}"
    parts = tuple(nodes(tree))
    if not any(isinstance(node, Name) and node.name == "object" for node in parts):
        yield "the expression says nothing about object"
    for node in parts:
        match node:
            case Field(operand=Name(name="objects"), field=name) if name not in beside:
                yield f"objects.{name} is no variable of beside"
            case Call(function=name, arguments=(_, _)) if name in _TIME_ZONED:
                yield f"{name}() takes no time zone here: machines differ in what they know of them"
    if reckons_with_quantities(tree):
        yield "quantity() is exact only to compare: reckon with milli(), whole thousandths"
    try:
        ordinary(tree)
    except TooManySteps:
        yield "the expression may take too many steps already for an ordinary object"
    except OrderMatters:
        yield "the expression depends on the order of a map's keys, and a map has none"


def _problem(text: str) -> Problem:
    return Problem("BadExpression", f"expression: {text}")
