"""Which submissions are followed, from their spec and status and what is known of the course.

Asked by ``handlers.live.live`` for every Submission that is seen, so it reads the raw object
first. The level decides, never the edge. Pure.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from labgrader.api.status import Outcome, Result
from labgrader.api.submission import Submission
from labgrader.grading.course import course_of, refusal
from labgrader.grading.plan import Plan, for_learner
from labgrader.handlers.known import Known

CONTINUOUS = "Continuous"

Body = Mapping[str, Any]
Mark = tuple[Any, ...]


def followed(body: Body, known: Known) -> Plan | None:
    """The learner's plan where the submission is followed, else None."""
    plan = _exercise(body, known)
    if plan is None or "deletionTimestamp" in body["metadata"] or has_nothing_left(body):
        return None
    try:
        submission = Submission.parse(body)
        home = known.namespaces.get(submission.namespace)
        target = known.namespaces.get(submission.spec.target_namespace)
        if home is None or course_of(submission, home) != plan.exercise.namespace:
            return None
        if refusal(submission, home, target, known.namespaces) is not None:
            return None
        return for_learner(plan, submission.spec.learner)
    except ValidationError:
        return None  # the grading says what is wrong with it


def is_being_graded(body: Body) -> bool:
    """Whether a verdict is to come. It is waited for: both would look at the same."""
    status = body.get("status") or {}
    awaited = status.get("attempt") != body["spec"].get("attempt", 1)
    return awaited or status.get("result") == Result.GRADING


def has_nothing_left(body: Body) -> bool:
    """Whether the present attempt is graded and every check passed."""
    status = body.get("status") or {}
    checks = status.get("checks") or ()
    return (
        bool(checks)
        and not is_being_graded(body)
        and all(check["outcome"] == Outcome.PASSED for check in checks)
    )


def mark(body: Body, known: Known) -> Mark:
    """What a new look hangs on, apart from the objects in the namespace.

    Our own write of ``status.live`` does not change it, unless that takes it away for good.
    """
    plan = _exercise(body, known)
    status = body.get("status") or {}
    asked = None if plan is None else (plan.hash, plan.exercise.spec.latch)
    cleared = plan is None and "live" not in status
    generation, attempt = body["metadata"]["generation"], status.get("attempt")
    return generation, attempt, is_being_graded(body), has_nothing_left(body), asked, cleared


def _exercise(body: Body, known: Known) -> Plan | None:
    """The plan of the exercise, where it shows how far the work is."""
    home = known.namespaces.get(body["metadata"]["namespace"])
    ref = body["spec"]["exerciseRef"]
    course = ref.get("namespace") or (home.course if home else "")
    seen = known.exercises.get((course, ref["name"]))
    if seen is None or seen.plan is None or seen.plan.exercise.spec.mode != CONTINUOUS:
        return None
    return seen.plan
