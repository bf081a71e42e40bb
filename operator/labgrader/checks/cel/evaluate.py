"""Answer an Evaluate request: what an expression says of each object.

Called by the worker of ``cluster.evaluation``, and by tests in their own process. Pure: the
answer follows from the request alone. What would take too many steps is not begun.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from labgrader.checks.cel.cost import Estimate, OrderMatters, TooManySteps, actual
from labgrader.checks.cel.engine import Compiled, NoValue, TooManyIterations, compiled, fitting
from labgrader.checks.cel.shape import Shape, real
from labgrader.evidence.answers import Obstacle, Value, Values
from labgrader.evidence.requests import Evaluate

MOST_STEPS = 5_000_000
"""For all objects of a request together: about half a second."""
_MOST_SEEN, _MOST_TOLD, _LONGEST = 4, 3, 60
_ABSENT = "(absent)"

Json = Mapping[str, Any]


def evaluate(request: Evaluate) -> Values:
    """The answer. Raises BadExpression, which an exercise's problems have found before."""
    program = compiled(request.expression)
    beside = fitting(orjson.loads(request.beside))
    others = real((beside,), "objects")
    values: list[Value] = []
    steps = 0
    for text in request.objects:
        if steps > MOST_STEPS:
            values.append(Value(satisfied=False, obstacle=Obstacle.TOO_MUCH))
            continue
        body = orjson.loads(text)
        names = {"object": real((body,), "object"), "objects": others}
        value, taken = _evaluate(program, names, {"object": body, "objects": beside})
        steps += taken
        values.append(value)
    return Values(tuple(values))


def _evaluate(program: Compiled, names: Mapping[str, Shape], variables: Json) -> tuple[Value, int]:
    """The value for one object, and the steps that it may have taken."""
    try:
        estimate = actual(program.tree, names)
        said = program.value({**variables, "object": fitting(variables["object"])})
    except (TooManySteps, TooManyIterations):
        return Value(satisfied=False, obstacle=Obstacle.TOO_MUCH), 0
    except OrderMatters:
        return Value(satisfied=False, obstacle=Obstacle.NO_ORDER), 0
    if isinstance(said, bool):
        return Value(said, seen=_seen(estimate)), estimate.steps
    return _no_value(said, estimate), estimate.steps


def _no_value(said: NoValue, estimate: Estimate) -> Value:
    if estimate.loose:  # which of several errors comes first is an accident
        return Value(satisfied=False, obstacle=Obstacle.NO_VALUE, seen=_seen(estimate))
    if said.key is not None:
        path = estimate.missing.get(said.key, said.key).removeprefix("object.")
        obstacle = Obstacle.HIDDEN if estimate.hides(said.key) else Obstacle.NOT_THERE
        return Value(satisfied=False, obstacle=obstacle, detail=path)
    return Value(
        satisfied=False, obstacle=Obstacle.NO_VALUE, detail=said.text, seen=_seen(estimate)
    )


def _seen(estimate: Estimate) -> tuple[tuple[str, str], ...]:
    """The ends of the paths that were read, with what stands there in short."""
    told = []
    for path, values in estimate.read.items():
        inner = (other for other in estimate.read if other != path)
        if path == "objects" or any(other.startswith((f"{path}.", f"{path}[")) for other in inner):
            continue
        shown = _short(values)
        if shown:
            told.append((path.removeprefix("object."), shown))
    return tuple(told[:_MOST_SEEN])


def _short(values: tuple[Any, ...]) -> str:
    """Up to three different values; nothing where they are long."""
    if not values:
        return _ABSENT
    texts = list(dict.fromkeys(_text(value) for value in values))
    told = texts[:_MOST_TOLD]
    if any(len(text) > _LONGEST + 1 for text in told):
        return ""
    return ", ".join(told) + (", …" if len(texts) > _MOST_TOLD else "")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value[:_LONGEST] + ("…" if len(value) > _LONGEST else "")
    return orjson.dumps(value).decode()
