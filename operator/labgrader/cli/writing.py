"""Writing regraded scores into Submissions, for ``labgrader regrade --write``.

A score is written only where the Submission's status rests on this very evidence, the course's
exercise is the one that it was judged with, and every check could be decided: a final score is
never replaced by a range, and a grading under way is left alone. Answers are taken from the
Submission: the learner may have changed them since the evidence was recorded.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from labgrader.api.exercise import LabExercise
from labgrader.api.submission import Submission
from labgrader.checks.finding import Finding
from labgrader.checks.scope import Scope
from labgrader.cli.taking import Result
from labgrader.cluster.client import Client
from labgrader.cluster.configuration import NoCluster, configure
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.submissions import Courses
from labgrader.evidence.bundle import Bundle
from labgrader.grading.answers import asks, judged_again
from labgrader.grading.plan import Plan, content_hash, for_learner, plan
from labgrader.grading.report import Report, report
from labgrader.reporting import status as render

_CONFLICT = 409
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one score, for people."""

    told: str
    written: bool = False


async def write_back(
    wanted: Plan, results: Iterable[Result], kubeconfig: Path | None, context: str | None
) -> AsyncIterator[tuple[str, Done]]:
    """Write each score; yields where, and what became of it."""
    try:
        async with Client(await configure(kubeconfig, context), agent="labgrader-cli") as client:
            courses = Courses(client)
            for where, bundle, result in results:
                yield where, await _write(courses, wanted, bundle, result)
    except (NoCluster, ApiUnreachable) as error:
        raise click.ClickException(f"no cluster answers: {error}") from error


async def _write(courses: Courses, wanted: Plan, bundle: Bundle, result: Report) -> Done:
    handed = bundle.submission
    if handed is None:
        return Done("not written: it belongs to no Submission")
    try:
        present = await courses.exercise(bundle.course, wanted.exercise.name)
        planned = _same(wanted, present)
        if planned is None:
            return Done(
                f"not written: the course {bundle.course} has another exercise; apply it first"
            )
        own = for_learner(planned, bundle.learner)
        findings = {check.name: check.finding for check in result.checks}
        for _ in range(_TRIES):
            body = await courses.submission(handed.namespace, handed.name)
            if body is None or body["metadata"]["uid"] != handed.uid:
                return Done("not written: the Submission is gone")
            done = await _written(courses, body, bundle, own, findings)
            if done is not None:
                return done
    except ApiError as error:
        return Done(f"not written: the cluster refused: {error.message}")
    return Done("not written: the Submission changes all the time")


async def _written(
    courses: Courses,
    body: Mapping[str, Any],
    bundle: Bundle,
    own: Plan,
    recorded: Mapping[str, Finding],
) -> Done | None:
    """What became of it; None where somebody wrote in between."""
    submission = Submission.parse(body)
    evidence = submission.status.get("evidence") or {}
    if submission.status.get("attempt") != submission.spec.attempt or (
        evidence.get("digest") != bundle.source
    ):
        return Done("not written: the Submission's score rests on other evidence by now")
    given, scope = submission.spec.given, Scope(bundle.namespace)
    findings = judged_again(own, scope, recorded, given) if asks(own) else recorded
    if findings is None:
        return Done("not written: with the present answers more is to be looked at; raise attempt")
    again = report(own, findings)
    if again.open:
        names = ", ".join(check.name for check in again.open)
        return Done(
            f"not written: {names} cannot be decided from this evidence; raise attempt instead"
        )
    told = "written"
    if dict(findings) != dict(recorded):
        told = f"written, with the present answers: {again.score.low} of {again.score.max} points"
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    status = render.regraded(again, submission, now=now)
    if all(status[name] == submission.status.get(name) for name in ("checks", "exercise")):
        return Done(told, written=True)  # nothing new, so nothing for the history either
    try:
        await courses.write_status(body, status)
    except ApiError as error:
        if error.status == _CONFLICT:
            return None
        raise
    return Done(told, written=True)


def _same(wanted: Plan, present: Mapping[str, Any] | None) -> Plan | None:
    """The plan of the course's exercise, where it asks for the same."""
    if present is None:
        return None
    exercise = LabExercise.parse(present)
    return plan(exercise) if content_hash(exercise) == wanted.hash else None
