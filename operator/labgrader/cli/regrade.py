"""``labgrader regrade``: judge recorded evidence with the exercise as it is now."""

import asyncio
import sys
from pathlib import Path

import click
from pydantic import ValidationError

from labgrader.api.names import LANGS
from labgrader.cli.exercise_file import read_plan
from labgrader.cli.exits import EXIT, EXIT_USAGE
from labgrader.cli.options import cluster_options
from labgrader.cli.showing import FORMS, print_json, print_page
from labgrader.cli.taking import Choice, Result, Taken, from_files, from_store
from labgrader.cluster.evaluation.pool import Workers
from labgrader.evidence.store import StoreTrouble
from labgrader.grading.again import judge_again
from labgrader.grading.plan import Plan, for_learner
from labgrader.grading.report import report
from labgrader.reporting.document import regraded


@click.command()
@click.argument("exercise", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("bundles", nargs=-1, type=click.Path(path_type=Path))
@click.option("--store", envvar="LABGRADER_EVIDENCE", metavar="URL", help="The operator's store.")
@click.option(
    "--submission",
    metavar="NAMESPACE/NAME",
    help="From the store: the latest evidence of this Submission.",
)
@click.option("--latest", is_flag=True, help="From the store: the latest of every Submission.")
@click.option("--all", "every", is_flag=True, help="From the store: all that is kept.")
@click.option("--course", help="From the store: only of this course.")
@click.option(
    "--write",
    is_flag=True,
    help="Write the new scores into the Submissions; the old ones stay in their history. "
    "The course must have the same EXERCISE.",
)
@cluster_options
@click.option("-o", "--output", type=click.Choice(FORMS), default="table")
@click.option("--lang", type=click.Choice(LANGS), help="Language of the messages.")
def regrade(
    *,
    exercise: Path,
    bundles: tuple[Path, ...],
    store: str | None,
    submission: str | None,
    latest: bool,
    every: bool,
    course: str | None,
    write: bool,
    kubeconfig: Path | None,
    context: str | None,
    output: str,
    lang: str | None,
) -> None:
    """Judge recorded evidence with the exercise in the file EXERCISE.

    The evidence is that in the files BUNDLES, or in the operator's store. No cluster is needed
    but for --write. Exit status as of `labgrader grade`. Evidence that cannot be read, and a
    score that cannot be written, are status 2; the rest is done all the same.
    """
    plan = read_plan(exercise)
    choice = Choice(submission, latest=latest, every=every, course=course)
    if bool(bundles) == choice.chosen:
        raise click.UsageError("name BUNDLES, or one of --submission, --latest, --all")
    if write and (bundles or every):
        raise click.UsageError("--write goes with --submission or --latest")
    taken = from_files(bundles) if bundles else asyncio.run(_from_store(store, choice, plan))
    results = asyncio.run(_judged(plan, taken))
    _show(results, output, lang or plan.exercise.spec.lang, listed=len(bundles) != 1)
    failed = len(results) < len(taken.bundles) or taken.unread
    if write:
        failed |= not asyncio.run(_write(plan, results, kubeconfig, context))
    sys.exit(max([EXIT_USAGE * failed, *(EXIT[result.result] for _, _, result in results)]))


async def _from_store(url: str | None, choice: Choice, plan: Plan) -> Taken:
    if not url:
        raise click.UsageError("--store (or LABGRADER_EVIDENCE) must name the store")
    try:
        taken = await from_store(url, choice, plan.exercise.name)
    except StoreTrouble as error:
        raise click.ClickException(f"the evidence store: {error}") from error
    if not taken.bundles and not taken.unread:
        raise click.ClickException(f"no such evidence of {plan.exercise.name} is kept there")
    return taken


async def _judged(plan: Plan, taken: Taken) -> list[Result]:
    """What the evidence comes to; evidence to which the exercise cannot be put is named."""
    results, workers = [], Workers()
    try:
        for where, bundle in taken.bundles:
            if bundle.exercise != plan.exercise.name:
                click.echo(
                    f"Warning: {where} was recorded for the exercise {bundle.exercise}, "
                    f"not for {plan.exercise.name}.",
                    err=True,
                )
            learner = bundle.learner or bundle.namespace  # as `labgrader grade` takes it
            try:
                own = for_learner(plan, learner)
            except ValidationError as error:
                told = error.errors()[0]["msg"]
                click.echo(f"Error: {where}: for learner {learner}: {told}", err=True)
                continue
            findings = await judge_again(own, bundle.namespace, bundle.record, workers)
            results.append((where, bundle, report(own, findings)))
    finally:
        await workers.close()
    return results


async def _write(
    plan: Plan, results: list[Result], kubeconfig: Path | None, context: str | None
) -> bool:
    from labgrader.cli.writing import write_back  # noqa: PLC0415 (start-up counts)

    written = True
    async for where, done in write_back(plan, results, kubeconfig, context):
        written = written and done.written
        click.echo(f"{where}: {done.told}", err=True)
    return written


def _show(results: list[Result], output: str, lang: str, *, listed: bool) -> None:
    if output == "json":
        documents = [regraded(result, bundle, lang) for _, bundle, result in results]
        if documents:
            print_json(documents if listed else documents[0])
        return
    if output == "html":
        _show_page(results, lang)
        return
    from rich.console import Console  # noqa: PLC0415 (start-up counts)
    from rich.text import Text  # noqa: PLC0415 (start-up counts)

    from labgrader.reporting.regraded import print_regraded  # noqa: PLC0415 (start-up counts)

    console = Console()
    for where, bundle, result in results:
        if listed:
            console.rule(Text(f"{bundle.learner or bundle.namespace} ({where})"), align="left")
        print_regraded(result, bundle, lang, console)


def _show_page(results: list[Result], lang: str) -> None:
    from labgrader.reporting.document import evidence  # noqa: PLC0415 (start-up counts)
    from labgrader.reporting.html.page import page  # noqa: PLC0415 (start-up counts)
    from labgrader.reporting.html.sheet import Sheet  # noqa: PLC0415 (start-up counts)

    sheets = [
        Sheet(
            *(bundle.namespace, bundle.learner or bundle.namespace, result, bundle.record),
            evidence=evidence(bundle, bundle.source),
            before=bundle,
        )
        for _, bundle, result in results
    ]
    if sheets:
        print_page(page(sheets, lang))
