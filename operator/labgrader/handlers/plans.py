"""What a Submission is graded by, or why it is not graded.

Called by ``handlers.grader``. What the watches have not brought yet is read from the API server.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from labgrader.api.submission import Submission
from labgrader.cluster.submissions import Courses
from labgrader.grading.course import NamespaceSeen, course_of, namespace_seen, refusal
from labgrader.grading.plan import Plan, for_learner
from labgrader.handlers.known import Known, KnownExercise


class Refused(Exception):
    """The submission is Stalled instead of graded."""

    def __init__(self, reason: str, params: Mapping[str, str]) -> None:
        self.reason = reason
        self.params = params
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Plans:
    """Finds the plans of Submissions, in what is known of their courses."""

    courses: Courses
    known: Known

    async def of(self, submission: Submission) -> Plan:
        """The learner's plan. Raises Refused, ApiError, ApiUnreachable."""
        home = await self._namespace(submission.namespace)
        target = await self._namespace(submission.spec.target_namespace)
        if home is not None:
            await self._namespace(course_of(submission, home))
        refused = refusal(submission, home, target, self.known.namespaces)
        if refused is not None:
            raise Refused(refused.reason, dict(refused.params))
        exercise = await self._exercise_seen(submission)
        if exercise is None:
            ref = submission.spec.exercise_ref
            course = ref.namespace or (home.course if home else "")
            raise Refused("ExerciseNotFound", {"name": ref.name, "course": course})
        if exercise.plan is None:
            first = exercise.problems[0]
            raise Refused("ExerciseInvalid", {"reason": first.reason, "text": first.text})
        for name in exercise.plan.exercise.spec.also_reads:
            place, course = await self._namespace(name), exercise.plan.exercise.namespace
            if place is None or place.course != course:
                raise Refused("TargetNotInCourse", {"target": name, "course": course})
        return _own(exercise.plan, submission)

    async def if_any(self, submission: Submission) -> Plan | None:
        """The learner's plan; None where the status is told again without task and hints."""
        exercise = await self._exercise_seen(submission)
        try:
            return _own(exercise.plan, submission) if exercise and exercise.plan else None
        except Refused:
            return None

    async def _namespace(self, name: str) -> NamespaceSeen | None:
        seen = self.known.namespaces.get(name)
        if seen is None and name:
            body = await self.courses.namespace(name)
            if body is not None:
                self.known.see_namespace(body)
                seen = namespace_seen(body)
        return seen

    async def _exercise_seen(self, submission: Submission) -> KnownExercise | None:
        home = await self._namespace(submission.namespace)
        if home is None:
            return None
        course, name = course_of(submission, home), submission.spec.exercise_ref.name
        seen = self.known.exercises.get((course, name))
        if seen is None:
            body = await self.courses.exercise(course, name)
            if body is not None:
                self.known.see_exercise(body)
            seen = self.known.exercises.get((course, name))
        return seen


def _own(plan: Plan, submission: Submission) -> Plan:
    """The plan with the learner's own parameters."""
    try:
        return for_learner(plan, submission.spec.learner)
    except ValidationError as error:
        text = f"for learner {submission.spec.learner}: {error.errors()[0]['msg']}"
        raise Refused("ExerciseInvalid", {"reason": "BadParameter", "text": text}) from error
