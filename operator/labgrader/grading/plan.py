"""From an exercise to a Plan, or to what is wrong with it.

Called when an exercise is seen (its conditions) and when a submission is graded. Finds what
the API server's rules cannot see. Pure.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from labgrader.api.base import Model, ObjectRef, Text
from labgrader.api.exercise import Check, LabExercise
from labgrader.api.kinds import Asks
from labgrader.api.names import BUILT_IN_API_VERSIONS, LANGS
from labgrader.checks.problem import Problem
from labgrader.checks.registry import KINDS, Phase

_MOST_QUESTION_BYTES = 12 * 1024


@dataclass(frozen=True, slots=True)
class Plan:
    """An exercise that can be graded."""

    exercise: LabExercise
    hash: str
    max_score: int

    def phase(self, phase: Phase) -> tuple[Check, ...]:
        """The checks of one phase, in the exercise's order."""
        return tuple(c for c in self.exercise.spec.checks if KINDS[c.kind].phase is phase)

    @property
    def disturbs(self) -> bool:
        """Whether any check runs an experiment."""
        return bool(self.phase(Phase.DISTURB))


def problems(exercise: LabExercise) -> tuple[Problem, ...]:
    """Everything that keeps the exercise from being graded; empty where nothing does."""
    return tuple(_problems(exercise))


def plan(exercise: LabExercise) -> Plan:
    """The plan of an exercise without problems."""
    return Plan(
        exercise=exercise,
        hash=content_hash(exercise),
        max_score=sum(check.points for check in exercise.spec.checks),
    )


def content_hash(exercise: LabExercise) -> str:
    """A digest of what is asked, equal for equal specs, wherever they are stored."""
    spec = exercise.spec.model_dump(mode="json", by_alias=True, exclude_none=True)
    canonical = json.dumps(spec, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _problems(exercise: LabExercise) -> Iterator[Problem]:
    checks = exercise.spec.checks
    if not sum(check.points for check in checks):
        yield Problem("NoPoints", "no check is worth any points")
    yield from _questions(checks)
    phases = {check.name: KINDS[check.kind].phase for check in checks}
    for check in checks:
        for need in check.needs:
            if phases[need] > phases[check.name]:
                yield Problem(
                    "NeedsLaterPhase",
                    f"check {check.name} needs {need}, which looks only later "
                    f"({phases[need].name.lower()} comes after {phases[check.name].name.lower()})",
                )
        if check.points and _is_hollow(check) and not _needs_positive(check, checks):
            yield Problem(
                "HollowCheck",
                f"check {check.name} is true before any work; let it need a check that is not",
            )
        for ref in _references(check.params):
            if ref.api_version is None and ref.kind not in BUILT_IN_API_VERSIONS:
                yield Problem(
                    "Invalid", f"check {check.name}: kind {ref.kind} needs its apiVersion"
                )
        for problem in KINDS[check.kind].problems(check.params):
            yield Problem(problem.reason, f"check {check.name}: {problem.text}")


def _needs_positive(check: Check, checks: tuple[Check, ...]) -> bool:
    hollow = {other.name: _is_hollow(other) for other in checks}
    return any(not hollow[need] for need in check.needs)


def _is_hollow(check: Check) -> bool:
    return KINDS[check.kind].hollow(check.params)


def _questions(checks: tuple[Check, ...]) -> Iterator[Problem]:
    """Answers have names of their own, and all questions fit into what learners read."""
    asked = [check for check in checks if check.kind == "asks"]
    names = [check.params.name for check in asked]
    for check in asked:
        if names.count(check.params.name) > 1:
            yield Problem(
                "Invalid",
                f"check {check.name}: another question is called {check.params.name}, too",
            )
    texts = [text for check in asked for text in _texts(check.params)]
    for lang in LANGS:
        if sum(len(text.render(lang).encode()) for text in texts) > _MOST_QUESTION_BYTES:
            yield Problem("Invalid", f"the questions are over {_MOST_QUESTION_BYTES:,} bytes long")
            return


def _texts(params: Asks) -> Iterator[Text]:
    yield params.question
    for option in params.options:
        yield option.text


def _references(value: Any) -> Iterator[ObjectRef]:
    if isinstance(value, ObjectRef):
        yield value
    elif isinstance(value, Model):
        for name in type(value).model_fields:
            yield from _references(getattr(value, name))
