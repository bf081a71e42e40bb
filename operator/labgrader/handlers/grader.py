"""Grade one Submission: from its key to its written status.

Called by the workers, one call at a time for each key. The object is read anew, unless an
event has just brought it and nothing is disturbed; the status is written once, after the grading,
and once before it where that disturbs or takes over two seconds, so that people see it.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from labgrader.api.submission import Submission
from labgrader.checks.finding import Finding
from labgrader.checks.scope import Scope
from labgrader.cluster.assemble import Evidence
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.submissions import Courses
from labgrader.grading.plan import Plan
from labgrader.grading.report import report
from labgrader.grading.run import Graded, grade_on_record
from labgrader.handlers.again import as_judged, lacks_a_look, status_again
from labgrader.handlers.due import Due, due
from labgrader.handlers.gate import Gate
from labgrader.handlers.keeper import Keeper
from labgrader.handlers.known import Known
from labgrader.handlers.plans import Plans, Refused
from labgrader.handlers.queue import Key
from labgrader.handlers.showing import shown_until_begun
from labgrader.handlers.turns import Turn
from labgrader.handlers.writing import Body, Status, Verdict, write
from labgrader.reporting import status as render
from labgrader.reporting.read_back import conclusive_findings, is_stalled_by
from labgrader.reporting.standing import has_verdict, standing

_LOG = logging.getLogger(__name__)
_SHOW_GRADING_SECONDS = 2.0


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
        plans = Plans(self.courses, self.known)
        if todo is Due.RENDER:
            known = await plans.if_any(submission)
            if not lacks_a_look(submission, known):
                return await self._render(body, known)
        try:
            plan = await plans.of(submission)
        except Refused as refused:
            return await self._stall(body, refused)
        if todo is Due.SHOW:
            return await self._show(body, submission, plan)
        if plan.disturbs and given is not None:  # not on an event's word
            return await self.work_on(key, takes_long, again=again)
        return await self._grade(body, submission, plan, takes_long)

    async def give_up(self, key: Key, detail: str) -> None:
        """Write that the grader failed at this submission. Raises ApiError, ApiUnreachable."""
        body = await self.courses.submission(key.namespace, key.name)
        if body is not None:
            await self._stall(body, Refused("GraderError", {"detail": detail}))

    async def _show(self, body: Body, submission: Submission, plan: Plan) -> Verdict | None:
        shown = render.not_handed_in(submission, plan, self.clock.wall())
        if shown == submission.status:
            return None
        return await self._write(body, lambda s: render.not_handed_in(s, plan, self.clock.wall()))

    async def _stall(self, body: Body, why: Refused) -> Verdict | None:
        """Write why it is not graded. A verdict that is there stands, whatever is refused now."""
        if is_stalled_by(body, why.reason):
            return None

        def status(now: Submission) -> Status:
            make = standing if has_verdict(now) else render.stalled
            return make(now, why.reason, why.params, self.clock.wall())

        return await self._write(body, status)

    async def _grade(
        self, body: Body, submission: Submission, plan: Plan, takes_long: Callable[[], None]
    ) -> Verdict | None:
        target = submission.spec.target_namespace
        turn = _turn(plan, target)
        waits = plan.disturbs or not self.gate.is_open(target)
        kept = conclusive_findings(submission, plan)
        answers = submission.spec.given
        started = self.clock.wall()
        task = asyncio.ensure_future(self._findings(plan, target, kept, answers, turn))
        try:
            if waits or not await _done_within(task, _SHOW_GRADING_SECONDS):
                takes_long()
                shown = await shown_until_begun(
                    self.courses, self.clock, self.gate.turns, body, plan, turn
                )
                if shown is None:
                    return None
                body, started = shown.body, shown.status["startedAt"]
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
        turn: Turn | None,
    ) -> Graded:
        door = self.gate.looking(namespace) if turn is None else self.gate.disturbing(turn)
        async with door:
            await self.evidence.laboratory.calm(namespace)
            source, keeps = self.evidence.source, self.keeper is not None
            return await grade_on_record(
                plan, Scope(namespace), source, self.clock, kept, answers, on_record=keeps
            )

    async def _render(self, body: Body, plan: Plan | None) -> Verdict | None:
        """Other answers, or another language: what was found by looking stands."""
        return await self._write(body, lambda s: status_again(s, plan, self.clock.wall()))

    async def _write(self, body: Body, make: Callable[[Submission], Status]) -> Verdict | None:
        return await write(self.courses, body, make)


def _turn(plan: Plan, namespace: str) -> Turn | None:
    """The turn that a grading has to wait for; None where it only looks."""
    exercise = plan.exercise
    return Turn(namespace, f"{exercise.namespace}/{exercise.name}") if plan.disturbs else None


async def _done_within(task: "asyncio.Future[Any]", seconds: float) -> bool:
    done, _ = await asyncio.wait({task}, timeout=seconds)
    return bool(done)


async def _cancelled(task: "asyncio.Future[Any]") -> None:
    """End a task and wait for its end: what an experiment changed is restored by then."""
    if task.done():
        return
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
