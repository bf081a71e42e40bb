"""What the watches told: exercises (parsed and planned once), namespaces, held submissions.

Written by the watch handlers and the re-scan, read by the workers. It spares two requests a
grading; what it does not know is asked for, and a missing object is confirmed before it
counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from labgrader.api.conditions import ConditionType
from labgrader.api.exercise import LabExercise
from labgrader.api.status import Result
from labgrader.checks.problem import Problem
from labgrader.grading.course import NamespaceSeen, namespace_seen
from labgrader.grading.plan import Plan, plan, problems
from labgrader.grading.score import max_score
from labgrader.handlers.due import HELD
from labgrader.handlers.queue import Key

Body = Mapping[str, Any]
_TOLD_ANEW = (*HELD, Result.PENDING.value)
"""Results that an edited exercise may change: what it cures, and the task that is shown."""


@dataclass(frozen=True, slots=True)
class KnownExercise:
    """An exercise as graded: its plan, or what keeps it from having one."""

    uid: str
    generation: int
    plan: Plan | None
    problems: tuple[Problem, ...]
    max_score: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """What a stalled or inconclusive submission waits for."""

    home: str
    target: str
    exercise: str


@dataclass
class Known:
    """The operator's view of exercises, namespaces, and submissions that are held up."""

    exercises: dict[tuple[str, str], KnownExercise] = field(default_factory=dict)
    namespaces: dict[str, NamespaceSeen] = field(default_factory=dict)
    held: dict[Key, Held] = field(default_factory=dict)

    def see_submission(self, body: Body) -> Key:
        """Take note of a submission's result."""
        metadata, spec = body["metadata"], body["spec"]
        key = Key(metadata["namespace"], metadata["name"])
        status = body.get("status") or {}
        waits = any(c.get("type") == ConditionType.STALLED for c in status.get("conditions") or ())
        if waits or status.get("result") in _TOLD_ANEW:
            self.held[key] = Held(
                key.namespace, spec["targetNamespace"], spec["exerciseRef"]["name"]
            )
        else:
            self.held.pop(key, None)
        return key

    def forget_submission(self, key: Key) -> None:
        """The submission is gone."""
        self.held.pop(key, None)

    def see_exercise(self, body: Body) -> bool:
        """Take note of an exercise. True where it is new or its spec changed."""
        metadata = body["metadata"]
        place = (metadata["namespace"], metadata["name"])
        before = self.exercises.get(place)
        if (
            before is not None
            and before.uid == metadata["uid"]
            and before.generation >= metadata["generation"]  # a list may be older than a watch
        ):
            return False
        self.exercises[place] = read_exercise(body)
        return True

    def see_namespace(self, body: Body) -> bool:
        """Take note of a namespace. True where what the rules need of it changed."""
        seen = namespace_seen(body)
        changed = self.namespaces.get(seen.name) != seen
        self.namespaces[seen.name] = seen
        return changed

    def forget_exercise(self, namespace: str, name: str, uid: str) -> None:
        """The exercise is gone; another of its name may be there already."""
        seen = self.exercises.get((namespace, name))
        if seen is not None and seen.uid == uid:
            del self.exercises[namespace, name]

    def forget_namespace(self, name: str) -> None:
        """The namespace is gone."""
        self.namespaces.pop(name, None)


def read_exercise(body: Body) -> KnownExercise:
    """Parse and plan an exercise; what is wrong becomes its problems."""
    metadata = body["metadata"]
    uid, generation = metadata["uid"], metadata["generation"]
    try:
        exercise = LabExercise.parse(body)
    except ValidationError as error:
        found = tuple(Problem("Invalid", _sentence(item)) for item in error.errors()[:20])
        return KnownExercise(uid, generation, None, found)
    wrong = problems(exercise)
    planned, most = None if wrong else plan(exercise), max_score(exercise.spec)
    return KnownExercise(uid, generation, planned, wrong, most)


def _sentence(error: Any) -> str:
    return f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}"
