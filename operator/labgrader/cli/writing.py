"""Writing regraded scores into Submissions, for ``labgrader regrade --write``.

A score is written only where the Submission's status rests on this very evidence, the course's
exercise is the one that it was judged with, and every check could be decided: a final score is
never replaced by a range, and a grading under way is left alone.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from labgrader.api.exercise import LabExercise
from labgrader.api.submission import Submission
from labgrader.cli.taking import Result
from labgrader.cluster.client import Client, NoCluster, configure
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.submissions import Courses
from labgrader.evidence.bundle import Bundle
from labgrader.grading.plan import Plan, content_hash, plan
from labgrader.grading.report import Report, report
from labgrader.reporting import status as render

_CONFLICT = 409
_TRIES = 5


async def write_back(
    wanted: Plan, results: Iterable[Result], kubeconfig: Path | None, context: str | None
) -> AsyncIterator[tuple[str, str]]:
    """Write each score; yields where, and why it was not written (empty where it was)."""
    try:
        async with Client(await configure(kubeconfig, context), agent="labgrader-cli") as client:
            courses = Courses(client)
            for where, bundle, result in results:
                yield where, await _write(courses, wanted, bundle, result)
    except (NoCluster, ApiUnreachable) as error:
        raise click.ClickException(f"no cluster answers: {error}") from error


async def _write(courses: Courses, wanted: Plan, bundle: Bundle, result: Report) -> str:
    handed = bundle.submission
    if handed is None:
        return "not written: it belongs to no Submission"
    if result.open:
        names = ", ".join(check.name for check in result.open)
        return f"not written: {names} cannot be decided from this evidence; raise attempt instead"
    try:
        present = await courses.exercise(bundle.course, wanted.exercise.name)
        planned = _same(wanted, present)
        if planned is None:
            return f"not written: the course {bundle.course} has another exercise; apply it first"
        again = report(planned, {check.name: check.finding for check in result.checks})
        for _ in range(_TRIES):
            body = await courses.submission(handed.namespace, handed.name)
            if body is None or body["metadata"]["uid"] != handed.uid:
                return "not written: the Submission is gone"
            told = await _written(courses, body, bundle, again)
            if told is not None:
                return told
    except ApiError as error:
        return f"not written: the cluster refused: {error.message}"
    return "not written: the Submission changes all the time"


async def _written(
    courses: Courses, body: Mapping[str, Any], bundle: Bundle, again: Report
) -> str | None:
    """Why it was not written, empty where it was; None where somebody wrote in between."""
    submission = Submission.parse(body)
    evidence = submission.status.get("evidence") or {}
    if submission.status.get("attempt") != submission.spec.attempt or (
        evidence.get("digest") != bundle.source
    ):
        return "not written: the Submission's score rests on other evidence by now"
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    status = render.regraded(again, submission, now=now)
    if all(status[name] == submission.status.get(name) for name in ("checks", "exercise")):
        return ""  # nothing new, so nothing for the history either
    try:
        await courses.write_status(body, status)
    except ApiError as error:
        if error.status == _CONFLICT:
            return None
        raise
    return ""


def _same(wanted: Plan, present: Mapping[str, Any] | None) -> Plan | None:
    """The plan of the course's exercise, where it asks for the same."""
    if present is None:
        return None
    exercise = LabExercise.parse(present)
    return plan(exercise) if content_hash(exercise) == wanted.hash else None
