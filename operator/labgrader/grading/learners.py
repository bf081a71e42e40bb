"""What is wrong with an exercise's parameters, for any learner.

Called by ``grading.plan``. A value that makes a wrong name or port is found for the whole range
when the exercise is seen, not when the unlucky learner is graded. Pure.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import ValidationError

from labgrader.api.exercise import LabExercise
from labgrader.api.parameters import Values, all_edges
from labgrader.api.templates import templated_keys
from labgrader.checks.problem import Problem

Find = Callable[[LabExercise], tuple[Problem, ...]]


def parameter_problems(exercise: LabExercise, find: Find) -> Iterator[Problem]:
    """What is wrong for some learner; ``find`` finds what is wrong with one learner's exercise."""
    parameters = exercise.spec.parameters
    if not parameters:
        return
    used = _used(exercise)
    for parameter in parameters:
        if parameter.name not in used:
            yield Problem("BadParameter", f"parameter {parameter.name} is used nowhere")
        if len(set(parameter.edges)) == 1 and parameter.letters is None:
            yield Problem("BadParameter", f"parameter {parameter.name} is the same for everybody")
    for place in templated_keys(exercise.written):
        told = ".".join(str(part) for part in place)
        yield Problem("BadParameter", f"{told}: parameters are filled in values, not in keys")
    seen = {(problem.reason, problem.text) for problem in find(exercise)}
    for values in all_edges(parameters):
        for problem in _with(exercise, values, find):
            if (problem.reason, problem.text) not in seen:
                seen.add((problem.reason, problem.text))
                yield Problem(problem.reason, f"{problem.text} (with {_told(values)})")


def _with(exercise: LabExercise, values: Values, find: Find) -> tuple[Problem, ...]:
    try:
        return find(exercise.with_values(values))
    except ValidationError as error:
        return tuple(Problem("BadParameter", _sentence(wrong)) for wrong in error.errors()[:5])


def _used(exercise: LabExercise) -> set[str]:
    written = {name: value for name, value in exercise.written.items() if name != "parameters"}
    text = json.dumps(written, ensure_ascii=False).replace("$${", "")
    return set(re.findall(r"\$\{([A-Za-z0-9]+)(?:\.text)?\}", text))


def _told(values: Values) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def _sentence(error: Any) -> str:
    return f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}"
