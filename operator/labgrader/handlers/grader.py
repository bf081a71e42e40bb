"""Grade one Submission: from its key to its written status.

Called by the workers, one call at a time for each key. The object is read anew, unless an
event has just brought it and nothing is disturbed; the status is written once, after the grading,
and once before it where that disturbs or takes over two seconds, so that people see it.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from labgrader.api.submission import Submission
from labgrader.checks.finding import Finding
from labgrader.checks.scope import Scope
from labgrader.cluster.assemble import Evidence
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.submissions import Courses
from labgrader.grading.course import NamespaceSeen, course_of, namespace_seen, refusal
from labgrader.grading.plan import Plan, for_learner
from labgrader.grading.report import report
from labgrader.grading.run import Graded, grade_on_record
from labgrader.handlers.again import as_judged, lacks_a_look, status_again
from labgrader.handlers.due import Due, due
from labgrader.handlers.gate import Gate
from labgrader.handlers.keeper import Keeper
from labgrader.handlers.known import Known, KnownExercise
from labgrader.handlers.queue import Key
from labgrader.reporting import status as render

_LOG = logging.getLogger(__name__)
_SHOW_GRADING_SECONDS = 2.0
_PAUSES = (0.2, 0.5, 1.0, 2.0)
_CONFLICT = 409

Body = Mapping[str, Any]
Status = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What working on a key came to: the object and the status as written.

    ``transition``: people see another result than before.
    """

    body: Body
    status: Status
    transition: bool


class _Refused(Exception):
    """The submission is Stalled instead of graded."""

    def __init__(self, reason: str, params: Mapping[str, str]) -> None:
        self.reason = reason
        self.params = params
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Grader:
    """Everything that grading a Submission takes."""

    courses: Courses
    known: Known
    evidence: Evidence
    gate: Gate
    clock: SystemClock
    keeper: Keeper | None = None
    """Without one, no evidence is kept."""

    async def work_on(
        self,
        key: Key,
        takes_long: Callable[[], None],
        *,
        again: bool,
        given: Body | None = None,
    ) -> Verdict | None:
        """Do what the Submission needs; None where that is nothing, or where it is gone.

        ``given`` is the object as an event has just brought it: looking on its word is
        harmless, since a write on an old version is refused. ``takes_long`` is called where
        the grading disturbs, has to wait, or takes over two seconds. Raises ApiError and
        ApiUnreachable where the object could not be read.
        """
        body = given or await self.courses.submission(key.namespace, key.name)
        todo = Due.NOTHING if body is None else due(body, again=again)
        if body is None or todo is Due.NOTHING:
            return None
        try:
            submission = Submission.parse(body)
        except ValidationError as error:
            _LOG.error("submission %s/%s cannot be read: %s", key.namespace, key.name, error)
            return None
        if todo is Due.RENDER:
            known = await self._known_plan(submission)
            if not lacks_a_look(submission, known):
                return await self._render(body, known)
        try:
            plan = await self._plan(submission)
        except _Refused as refused:
            return await self._stall(body, refused)
        if plan.disturbs and given is not None:  # not on an event's word
            return await self.work_on(key, takes_long, again=again)
        return await self._grade(body, submission, plan, takes_long)

    async def give_up(self, key: Key, detail: str) -> None:
        """Write that the grader failed at this submission. Raises ApiError, ApiUnreachable."""
        body = await self.courses.submission(key.namespace, key.name)
        if body is not None:
            await self._stall(body, _Refused("GraderError", {"detail": detail}))

    async def _stall(self, body: Body, why: _Refused) -> Verdict | None:
        if render.is_stalled_by(body, why.reason):
            return None
        return await self._write(
            body, lambda s: render.stalled(s, why.reason, why.params, self.clock.wall())
        )

    async def _grade(
        self, body: Body, submission: Submission, plan: Plan, takes_long: Callable[[], None]
    ) -> Verdict | None:
        started = self.clock.wall()
        target = submission.spec.target_namespace
        waits = plan.disturbs or not self.gate.is_open(target)
        kept = render.conclusive_findings(submission, plan)
        answers = submission.spec.given
        task = asyncio.ensure_future(self._findings(plan, target, kept, answers))
        try:
            if waits or not await _done_within(task, _SHOW_GRADING_SECONDS):
                takes_long()
                shown = await self._write(body, lambda s: render.grading(s, plan, started))
                if shown is None:
                    return None
                body = shown.body
            graded = await task
        finally:
            await _cancelled(task)
        exercise = self.known.exercises.get((plan.exercise.namespace, plan.exercise.name))
        outdated = exercise is None or (exercise.plan is None or exercise.plan.hash != plan.hash)
        result, now = report(plan, graded.findings), self.clock.wall()
        evidence = None
        if self.keeper is not None:
            evidence = await self.keeper.keep_grading(
                submission, result, graded.record, kept, started=started, ended=now
            )
        return await self._write(
            body,
            lambda s: render.graded(
                result,
                as_judged(s, submission),
                started=started,
                now=now,
                outdated=outdated,
                evidence=evidence,
            ),
        )

    async def _findings(
        self,
        plan: Plan,
        namespace: str,
        kept: Mapping[str, Finding],
        answers: Mapping[str, str],
    ) -> Graded:
        door = self.gate.disturbing if plan.disturbs else self.gate.looking
        async with door(namespace):
            await self.evidence.laboratory.calm(namespace)
            source, keeps = self.evidence.source, self.keeper is not None
            return await grade_on_record(
                plan, Scope(namespace), source, self.clock, kept, answers, on_record=keeps
            )

    async def _render(self, body: Body, plan: Plan | None) -> Verdict | None:
        """Other answers, or another language: what was found by looking stands."""
        return await self._write(body, lambda s: status_again(s, plan, self.clock.wall()))

    async def _known_plan(self, submission: Submission) -> Plan | None:
        """The learner's plan; None where the status is told again without task and hints."""
        exercise = await self._exercise_seen(submission)
        try:
            return _own(exercise.plan, submission) if exercise and exercise.plan else None
        except _Refused:
            return None

    async def _plan(self, submission: Submission) -> Plan:
        home = await self._namespace(submission.namespace)
        target = await self._namespace(submission.spec.target_namespace)
        if home is not None:
            await self._namespace(course_of(submission, home))
        refused = refusal(submission, home, target, self.known.namespaces)
        if refused is not None:
            raise _Refused(refused.reason, dict(refused.params))
        exercise = await self._exercise_seen(submission)
        if exercise is None:
            ref = submission.spec.exercise_ref
            course = ref.namespace or (home.course if home else "")
            raise _Refused("ExerciseNotFound", {"name": ref.name, "course": course})
        if exercise.plan is None:
            first = exercise.problems[0]
            raise _Refused("ExerciseInvalid", {"reason": first.reason, "text": first.text})
        return _own(exercise.plan, submission)

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

    async def _write(self, body: Body, make: Callable[[Submission], Status]) -> Verdict | None:
        """Write a status made for the object as it is now; None where it is gone or moved on."""
        first = Submission.parse(body)
        for pause in _endless(_PAUSES):
            submission = Submission.parse(body)
            status = make(submission)
            try:
                written = await self.courses.write_status(body, status)
                if written is None:
                    return None
                return Verdict(written, status, _seen(status) != _seen(body.get("status") or {}))
            except ApiUnreachable as error:
                _LOG.warning("status of %s not written yet: %s", first.name, error)
            except ApiError as error:
                if error.status != _CONFLICT and not error.overloaded:
                    raise
            await asyncio.sleep(pause)
            now = await self._read_again(first)
            if now is None or _is_overtaken(body, status, now):
                return None
            body = now
        return None

    async def _read_again(self, first: Submission) -> Body | None:
        """The object as it is now; None where it is gone, another one, or on another attempt."""
        for pause in _endless(_PAUSES):
            try:
                body = await self.courses.submission(first.namespace, first.name)
            except (ApiError, ApiUnreachable) as error:  # the verdict may have cost an experiment
                if isinstance(error, ApiError) and not error.overloaded:
                    raise
                await asyncio.sleep(pause)
                continue
            if body is None or body["metadata"]["uid"] != first.uid:
                return None
            return body if body["spec"].get("attempt", 1) == first.spec.attempt else None
        return None


def _own(plan: Plan, submission: Submission) -> Plan:
    """The plan with the learner's own parameters."""
    try:
        return for_learner(plan, submission.spec.learner)
    except ValidationError as error:
        text = f"for learner {submission.spec.learner}: {error.errors()[0]['msg']}"
        raise _Refused("ExerciseInvalid", {"reason": "BadParameter", "text": text}) from error


def _endless(pauses: Sequence[float]) -> Iterator[float]:
    """The pauses, and then the last of them again and again."""
    yield from pauses
    while True:
        yield pauses[-1]


def _is_overtaken(before: Body, tried: Status, now: Body) -> bool:
    """Whether a verdict came that was not there yet in what an old event brought."""
    there = now.get("status") or {}
    written = there not in (before.get("status") or {}, tried)
    return written and due(now, again=False) in {Due.NOTHING, Due.RENDER}


def _seen(status: Mapping[str, Any]) -> tuple[Any, ...]:
    """What people notice of a status."""
    ready = [c["reason"] for c in status.get("conditions") or () if c["type"] == "Ready"]
    return status.get("result"), status.get("attempt"), *ready


async def _done_within(task: "asyncio.Future[Any]", seconds: float) -> bool:
    done, _ = await asyncio.wait({task}, timeout=seconds)
    return bool(done)


async def _cancelled(task: "asyncio.Future[Any]") -> None:
    """End a task and wait for its end: what an experiment changed is restored by then."""
    if task.done():
        return
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
