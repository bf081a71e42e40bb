"""From an exercise to a Plan, or to what is wrong with it.

Called when an exercise is seen (its conditions) and when a submission is graded. Finds what
the API server's rules cannot see. Pure.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, TypeVar

from labgrader.api.base import Model, ObjectRef, Text
from labgrader.api.check import Check
from labgrader.api.exercise import ExerciseSpec, LabExercise
from labgrader.api.kinds import Asks, Source
from labgrader.api.kinds.isolation import Isolated
from labgrader.api.names import BUILT_IN_API_VERSIONS, LANGS
from labgrader.api.selection import Selection
from labgrader.api.templates import defaulted, schema_of
from labgrader.checks.problem import Problem
from labgrader.checks.registry import KINDS, Phase
from labgrader.grading.composition import composition_problems, is_hollow
from labgrader.grading.given import given_problems
from labgrader.grading.learners import parameter_problems
from labgrader.grading.score import max_score

T = TypeVar("T")
_MOST_QUESTION_BYTES = 12 * 1024
_NOT_ASKED = ("mode", "latch")
"""Fields that say what is shown while learners work. No grade depends on them."""


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

    @property
    def disturbs_in_place(self) -> bool:
        """Whether any check runs an experiment on the learner's own objects, not on a copy."""
        params = (check.params for check in self.phase(Phase.DISTURB))
        return any(not isinstance(p, Isolated) or p.isolation == "InPlace" for p in params)

    @property
    def takes_nodes(self) -> bool:
        """Whether a check takes a node away, so that the cluster needs several."""
        checks = self.exercise.spec.checks
        return any(KINDS[check.kind].takes_nodes(check.params) for check in checks)

    @property
    def needs_policies(self) -> bool:
        """Whether any check can be decided only where NetworkPolicies are enforced."""
        params = (check.connects for check in self.exercise.spec.checks)
        return any(not flow.allowed for found in params if found for flow in found.flows)

    @property
    def needs_recommender(self) -> bool:
        """Whether any check can be decided only where VerticalPodAutoscalers are served."""
        return any(check.recommends is not None for check in self.exercise.spec.checks)

    @property
    def stands_beside(self) -> bool:
        """Whether any check puts a probe pod into a learner's namespace."""
        checks = self.exercise.spec.checks
        sources = (source for check in checks for source in _found(check.params, Source))
        return any(not source.outside for source in sources)


def problems(exercise: LabExercise) -> tuple[Problem, ...]:
    """Everything that keeps the exercise from being graded; empty where nothing does."""
    found = tuple(_problems(exercise))
    return (*found, *parameter_problems(exercise, lambda other: tuple(_problems(other))))


def plan(exercise: LabExercise) -> Plan:
    """The plan of an exercise without problems."""
    return Plan(
        exercise=exercise,
        hash=content_hash(exercise),
        max_score=max_score(exercise.spec),
    )


def for_learner(plan: Plan, learner: str) -> Plan:
    """The plan with this learner's parameters. Raises pydantic.ValidationError.

    Its hash stays that of the exercise as it is written: all learners do the same exercise.
    """
    if not plan.exercise.spec.parameters:
        return plan
    return replace(plan, exercise=plan.exercise.for_learner(learner))


def content_hash(exercise: LabExercise) -> str:
    """A digest of what is asked, equal for equal specs, wherever they are stored."""
    spec: Any = exercise.spec.model_dump(mode="json", by_alias=True, exclude_none=True)
    if exercise.written:  # with what is asked of everybody, not of one learner
        spec = defaulted(exercise.written, schema_of(ExerciseSpec))
    spec = {name: value for name, value in spec.items() if name not in _NOT_ASKED}
    canonical = json.dumps(spec, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _problems(exercise: LabExercise) -> Iterator[Problem]:
    spec = exercise.spec
    yield from composition_problems(spec)
    yield from given_problems(spec)
    yield from _questions(spec.checks)
    yield from _reads(spec)
    phases = {check.name: KINDS[check.kind].phase for check in spec.checks}
    for check in spec.checks:
        for need in check.all_needs:
            if phases[need] > phases[check.name]:
                yield Problem(
                    "NeedsLaterPhase",
                    f"check {check.name} needs {need}, which looks only later "
                    f"({phases[need].name.lower()} comes after {phases[check.name].name.lower()})",
                )
        if check.points and is_hollow(check, spec):
            yield Problem(
                "HollowCheck",
                f"check {check.name} is true before any work; let it need a check that is not, "
                "or carry no points and be required",
            )
        yield from _of_params(check)


def _of_params(check: Check) -> Iterator[Problem]:
    named = _found(check.params, ObjectRef), _found(check.params, Selection)
    references: Iterator[ObjectRef | Selection] = chain(*named)
    for ref in references:
        if ref.api_version is None and ref.kind not in BUILT_IN_API_VERSIONS:
            yield Problem("Invalid", f"check {check.name}: kind {ref.kind} needs its apiVersion")
    for problem in KINDS[check.kind].problems(check.params):
        yield Problem(problem.reason, f"check {check.name}: {problem.text}")


def _reads(spec: ExerciseSpec) -> Iterator[Problem]:
    """Probe pods stand in namespaces only that the exercise names, so that graders can see which."""
    for check in spec.checks:
        for source in _found(check.params, Source):
            if source.namespace and source.namespace not in spec.also_reads:
                yield Problem(
                    "Invalid",
                    f"check {check.name}: from names the namespace {source.namespace}, which is not "
                    "in spec.alsoReads",
                )


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


def _found(value: Any, wanted: type[T]) -> Iterator[T]:
    """Every such model in a check's params."""
    if isinstance(value, wanted):
        yield value
    if isinstance(value, Model):
        for name in type(value).model_fields:
            yield from _found(getattr(value, name), wanted)
    elif isinstance(value, tuple):
        for item in value:
            yield from _found(item, wanted)
