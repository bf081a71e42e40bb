"""The status of a LabExercise: whether it can grade, and what keeps it from it.

Called by ``handlers.exercises``. Read by instructors, so the sentences are in English, as
everything that kubectl prints. Pure.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from labgrader.api.conditions import ConditionType, ExerciseReason
from labgrader.api.status import MAX_PROBLEMS
from labgrader.checks.problem import Problem
from labgrader.reporting.conditions import Condition, render


def exercise_status(
    previous: Mapping[str, Any],
    generation: int,
    max_score: int,
    problems: Sequence[Problem],
    now: str,
) -> dict[str, Any]:
    """The whole status."""
    if problems:
        first = problems[0]
        wanted = [
            Condition(ConditionType.READY, "False", first.reason, first.text),
            Condition(ConditionType.STALLED, "True", first.reason, first.text),
        ]
    else:
        wanted = [
            Condition(
                ConditionType.READY, "True", ExerciseReason.VALID.value, "The exercise can grade."
            )
        ]
    return {
        "observedGeneration": generation,
        "maxScore": max_score,
        "problems": [problem.text[:4096] for problem in problems[:MAX_PROBLEMS]],
        "conditions": render(wanted, previous, generation, now),
    }
