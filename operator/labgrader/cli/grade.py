"""``labgrader grade``: grade a namespace from a laptop, with no operator and no CRDs."""

import asyncio
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

import click
import orjson

from labgrader.api.names import LANGS
from labgrader.api.status import Result
from labgrader.checks.finding import Finding
from labgrader.checks.scope import Scope
from labgrader.cli.answers_file import read_answers
from labgrader.cli.exercise_file import own_plan, read_plan
from labgrader.cluster.assemble import Evidence, laptop_evidence
from labgrader.cluster.client import Client, NoCluster, configure
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.records import state_folder
from labgrader.grading.plan import Plan
from labgrader.grading.report import Report, report
from labgrader.grading.run import grade as run_grading

_EXIT = {Result.PASSED: 0, Result.FAILED: 1, Result.INCONCLUSIVE: 3, Result.STALLED: 3}
_EXIT_USAGE = 2
_TELL_AFTER_SECONDS = 2.0


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
@click.option("--kubeconfig", type=click.Path(exists=True, path_type=Path), envvar="KUBECONFIG")
@click.option("--context", help="The kube-context; the current one where left out.")
@click.option(
    "--allow-disruption", is_flag=True, help="Allow checks that delete pods or send load."
)
@click.option("--probe-image", default="", help="Image of probe Jobs: the operator's.")
@click.option("--learner", help="Whose parameters; else who is called as the namespace.")
@click.option("-o", "--output", type=click.Choice(["table", "json"]), default="table")
@click.option("--lang", type=click.Choice(LANGS), help="Language of the messages.")
def grade(
    exercise: Path,
    namespaces: tuple[str, ...],
    answers_file: Path | None,
    kubeconfig: Path | None,
    context: str | None,
    allow_disruption: bool,  # noqa: FBT001 (a flag of the command line)
    probe_image: str,
    learner: str | None,
    output: str,
    lang: str | None,
) -> None:
    """Grade the exercise in the file EXERCISE.

    Exit status: 0 passed, 1 failed, 2 usage or exercise wrong, 3 inconclusive; of several
    namespaces the highest. Their JSON is a list then.
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
    allowed = allow_disruption
    try:
        results = asyncio.run(
            _grade(plans, answers, kubeconfig, context, probe_image, allowed=allowed)
        )
    except NoCluster as error:
        click.echo(f"Error: no cluster to connect to: {error}", err=True)
        sys.exit(_EXIT_USAGE)
    _show(results, output, lang or plan.exercise.spec.lang)
    sys.exit(max(_EXIT[result.result] for result in results.values()))


async def _grade(
    plans: Mapping[str, Plan],
    answers: Mapping[str, str],
    kubeconfig: Path | None,
    context: str | None,
    probe_image: str,
    *,
    allowed: bool,
) -> dict[str, Report]:
    configuration = await configure(kubeconfig, context)
    plan = next(iter(plans.values()))
    click.echo(f"Grading {', '.join(plans)} on {configuration.host} …", err=True)
    clock = SystemClock()
    async with Client(configuration, agent="labgrader-cli") as client:
        evidence = laptop_evidence(
            client,
            clock,
            folder=state_folder(os.environ),
            image=probe_image,
            digest_key=secrets.token_bytes(32),
            allowed=allowed,
        )
        await finish_what_was_left(evidence)
        turns = asyncio.Semaphore(1 if plan.disturbs else len(plans))

        async def findings_of(name: str) -> Mapping[str, Finding]:
            async with turns:  # one learner's load must not be another's trouble
                scope = Scope(name)
                return await run_grading(
                    plans[name], scope, evidence.source, clock, answers=answers
                )

        findings = asyncio.gather(*(findings_of(name) for name in plans))
        done, _ = await asyncio.wait({findings}, timeout=_TELL_AFTER_SECONDS)
        if not done:
            limit = plan.exercise.spec.time_limit // 1000
            click.echo(
                f"Still looking (settles, probes, experiments; at most {limit} s) …", err=True
            )
        try:
            found = dict(zip(plans, await findings, strict=True))
            return {name: report(plans[name], findings) for name, findings in found.items()}
        finally:
            await evidence.close()


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


def _show(results: dict[str, Report], output: str, lang: str) -> None:
    if output == "json":
        from labgrader.reporting.document import document  # noqa: PLC0415 (start-up counts)

        documents = [document(result, name, lang) for name, result in results.items()]
        whole = documents[0] if len(documents) == 1 else documents
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        sys.stdout.write(orjson.dumps(whole, option=options).decode())
        return
    from rich.console import Console  # noqa: PLC0415 (start-up counts)

    from labgrader.reporting.table import print_report  # noqa: PLC0415 (start-up counts)

    console = Console()
    for name, result in results.items():
        if len(results) > 1:
            console.rule(name, align="left")
        print_report(result, lang, console)
