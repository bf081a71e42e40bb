"""``labgrader grade``: grade a namespace from a laptop, with no operator and no CRDs."""

import asyncio
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from labgrader.api.names import LANGS
from labgrader.checks.scope import Scope
from labgrader.cli.answers_file import read_answers
from labgrader.cli.evidence_file import NoPlace, places, write
from labgrader.cli.exercise_file import own_plan, read_plan
from labgrader.cli.exits import EXIT, EXIT_USAGE
from labgrader.cli.options import cluster_options, experiment_options
from labgrader.cli.own_cluster import node_switch
from labgrader.cli.showing import FORMS, Graded, show
from labgrader.cluster.assemble import Evidence, laptop_evidence
from labgrader.cluster.client import Client
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.configuration import NoCluster, configure
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.experiments.switch import NodeSwitch
from labgrader.cluster.records import state_folder
from labgrader.evidence.bundle import Bundle, written
from labgrader.evidence.record import Record
from labgrader.evidence.source import EvidenceSource
from labgrader.grading.plan import Plan
from labgrader.grading.recording import bundle
from labgrader.grading.report import Report, report
from labgrader.grading.run import grade_on_record

_TELL_AFTER_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of the evidence: all of it for a file, or the timelines to be shown."""

    record: bool
    timeline: bool


@dataclass(frozen=True, slots=True)
class _Job:
    """One namespace to be graded: who worked there, and on what."""

    namespace: str
    learner: str
    plan: Plan
    kept: _Kept


@dataclass(frozen=True, slots=True)
class _Graded:
    """One namespace's report, and its evidence where it is recorded."""

    report: Report
    bundle: Bundle | None
    record: Record


@dataclass(frozen=True, slots=True)
class _Allowed:
    """What checks may disturb; ``switch`` stops nodes."""

    disruption: bool
    own_cluster: bool
    switch: NodeSwitch | None


@click.command()
@click.argument("exercise", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-n",
    "--namespace",
    "namespaces",
    required=True,
    multiple=True,
    help="The namespace where the learner worked; may be given several times.",
)
@click.option(
    "--answers",
    "answers_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML file with the answers to the exercise's questions, by name.",
)
@cluster_options
@experiment_options
@click.option(
    "--record",
    metavar="FILE",
    help="Write the evidence to this file, to be judged again by `labgrader regrade`. "
    "With several namespaces its name must contain {namespace}.",
)
@click.option("--learner", help="Who worked there; else who is called as the namespace.")
@click.option(
    "--timeline",
    is_flag=True,
    help="Show what each experiment did and saw, over time; HTML always does.",
)
@click.option("-o", "--output", type=click.Choice(FORMS), default="table")
@click.option("--lang", type=click.Choice(LANGS), help="Language of the messages.")
def grade(
    exercise: Path,
    namespaces: tuple[str, ...],
    answers_file: Path | None,
    kubeconfig: Path | None,
    context: str | None,
    allow_disruption: bool,  # noqa: FBT001 (a flag of the command line)
    own_cluster: bool,  # noqa: FBT001 (a flag of the command line)
    node_command: str,
    probe_image: str,
    record: str | None,
    learner: str | None,
    timeline: bool,  # noqa: FBT001 (a flag of the command line)
    output: str,
    lang: str | None,
) -> None:
    """Grade the exercise in the file EXERCISE.

    Exit status: 0 passed, 1 failed, 2 usage or exercise wrong, 3 inconclusive; of several
    namespaces the highest. Their JSON is a list then, and their HTML one page.
    """
    if learner and len(namespaces) > 1:
        raise click.UsageError("--learner names one learner, and there are several namespaces")
    plan = read_plan(exercise)
    answers = read_answers(answers_file, plan) if answers_file else {}
    plans = {name: own_plan(exercise, plan, learner or name) for name in namespaces}
    for name, own in plans.items():
        if own.exercise.values:
            told = ", ".join(f"{key} = {value}" for key, value in own.exercise.values.items())
            click.echo(f"{name} works with {told}", err=True)
    try:
        files = places(record, namespaces) if record else {}
    except NoPlace as error:
        raise click.UsageError(str(error)) from error
    keeps = _Kept(record=bool(record), timeline=timeline or output == "html")
    jobs = [_Job(name, learner or name, plans[name], keeps) for name in plans]
    switch = node_switch(node_command, own_cluster=own_cluster)
    allowed = _Allowed(allow_disruption, own_cluster, switch)
    try:
        graded = asyncio.run(_grade(jobs, answers, kubeconfig, context, probe_image, allowed))
    except NoCluster as error:
        click.echo(f"Error: no cluster to connect to: {error}", err=True)
        sys.exit(EXIT_USAGE)
    recorded = {
        name: _record(kept, file)
        for name, file in files.items()
        if (kept := graded[name].bundle) is not None
    }
    results = [
        Graded(
            *(job.namespace, job.learner, one.report, one.record),
            evidence=recorded.get(job.namespace),
            timeline=timeline,
        )
        for job in jobs
        for one in (graded[job.namespace],)
    ]
    show(results, output, lang or plan.exercise.spec.lang)
    unwritten = [EXIT_USAGE] if None in recorded.values() else []
    sys.exit(max([*unwritten, *(EXIT[one.report.result] for one in results)]))


def _record(bundle: Bundle, file: Path) -> dict[str, Any] | None:
    """Write the evidence and say so; None where it could not be written, which is said too."""
    from labgrader.reporting.document import evidence  # noqa: PLC0415 (start-up counts)

    kept, packed = written(bundle)
    try:
        write(file, packed.file)
    except NoPlace as error:
        click.echo(f"Error: the evidence was not recorded: {error}", err=True)
        return None
    click.echo(f"Evidence recorded in {file} ({packed.digest}), self-reported.", err=True)
    if kept.record.left_out:
        count = len(kept.record.left_out)
        click.echo(f"It was too large: {count} answer(s) are left out of it.", err=True)
    return evidence(kept, packed.digest)


async def _grade(
    jobs: Sequence[_Job],
    answers: Mapping[str, str],
    kubeconfig: Path | None,
    context: str | None,
    probe_image: str,
    allowed: _Allowed,
) -> dict[str, _Graded]:
    configuration = await configure(kubeconfig, context)
    plan, names = jobs[0].plan, ", ".join(job.namespace for job in jobs)
    click.echo(f"Grading {names} on {configuration.host} …", err=True)
    clock = SystemClock()
    async with Client(configuration, agent="labgrader-cli") as client:
        evidence = laptop_evidence(
            client,
            clock,
            folder=state_folder(os.environ),
            image=probe_image,
            digest_key=secrets.token_bytes(32),
            allowed=allowed.disruption,
            own_cluster=allowed.own_cluster,
            switch=allowed.switch,
        )
        await finish_what_was_left(evidence)
        turns = asyncio.Semaphore(1 if plan.disturbs else len(jobs))

        async def graded_in(job: _Job) -> _Graded:
            async with turns:  # one learner's load must not be another's trouble
                return await _graded(job, answers, evidence.source, clock)

        gradings = asyncio.gather(*(graded_in(job) for job in jobs))
        done, _ = await asyncio.wait({gradings}, timeout=_TELL_AFTER_SECONDS)
        if not done:
            limit = plan.exercise.spec.time_limit // 1000
            click.echo(
                f"Still looking (settles, probes, experiments; at most {limit} s) …", err=True
            )
        try:
            return {job.namespace: one for job, one in zip(jobs, await gradings, strict=True)}
        finally:
            await evidence.close()


async def _graded(
    job: _Job, answers: Mapping[str, str], source: EvidenceSource, clock: SystemClock
) -> _Graded:
    started, scope = clock.wall(), Scope(job.namespace)
    graded = await grade_on_record(
        job.plan,
        scope,
        source,
        clock,
        answers=answers,
        on_record=job.kept.record or job.kept.timeline,
    )
    result = report(job.plan, graded.findings)
    if not job.kept.record:
        return _Graded(result, None, graded.record)
    kept = bundle(
        result,
        graded.record,
        namespace=job.namespace,
        started=started,
        ended=clock.wall(),
        learner=job.learner,
        self_reported=True,
    )
    return _Graded(result, kept, graded.record)


async def finish_what_was_left(evidence: Evidence) -> None:
    """An earlier run that was killed may have left a probe and its namespace behind."""
    try:
        finished = await evidence.laboratory.sweep()
    except (ApiError, ApiUnreachable, OSError) as error:
        click.echo(f"What an earlier run left behind is still there: {error}", err=True)
        return
    await evidence.laboratory.close()
    if finished:
        click.echo(f"Removed what {finished} interrupted experiment(s) had left behind.", err=True)
