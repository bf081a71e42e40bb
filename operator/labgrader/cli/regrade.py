"""``labgrader regrade``: judge recorded evidence with the exercise as it is now."""

import sys
from pathlib import Path

import click
import orjson

from labgrader.api.names import LANGS
from labgrader.cli.evidence_file import read_bundle
from labgrader.cli.exercise_file import read_plan
from labgrader.cli.exits import EXIT, EXIT_USAGE
from labgrader.evidence.bundle import Bundle
from labgrader.evidence.packing import BadBundle
from labgrader.grading.again import judge_again
from labgrader.grading.plan import Plan
from labgrader.grading.report import Report, report
from labgrader.reporting.document import regraded


@click.command()
@click.argument("exercise", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("bundles", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Choice(["table", "json"]), default="table")
@click.option("--lang", type=click.Choice(LANGS), help="Language of the messages.")
def regrade(exercise: Path, bundles: tuple[Path, ...], output: str, lang: str | None) -> None:
    """Judge the recorded evidence BUNDLES with the exercise in the file EXERCISE.

    No cluster is needed. Exit status as of `labgrader grade`. A bundle that cannot be read is
    status 2; the others are judged all the same.
    """
    plan = read_plan(exercise)
    results: list[tuple[Path, Bundle, Report]] = []
    for file in bundles:
        try:
            bundle = read_bundle(file)
        except BadBundle as error:
            click.echo(f"Error: {file}: {error}", err=True)
            continue
        _warn_of_another_exercise(file, bundle, plan)
        findings = judge_again(plan, bundle.namespace, bundle.record)
        results.append((file, bundle, report(plan, findings)))
    _show(results, output, lang or plan.exercise.spec.lang, listed=len(bundles) > 1)
    unread = [EXIT_USAGE] if len(results) < len(bundles) else []
    sys.exit(max([*unread, *(EXIT[result.result] for _, _, result in results)]))


def _warn_of_another_exercise(file: Path, bundle: Bundle, plan: Plan) -> None:
    if bundle.exercise != plan.exercise.name:
        click.echo(
            f"Warning: {file} was recorded for the exercise {bundle.exercise}, "
            f"not for {plan.exercise.name}.",
            err=True,
        )


def _show(
    results: list[tuple[Path, Bundle, Report]], output: str, lang: str, *, listed: bool
) -> None:
    if output == "json":
        documents = [regraded(result, bundle, lang) for _, bundle, result in results]
        if not documents:
            return
        whole = documents if listed else documents[0]
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        sys.stdout.write(orjson.dumps(whole, option=options).decode())
        return
    from rich.console import Console  # noqa: PLC0415 (start-up counts)
    from rich.text import Text  # noqa: PLC0415 (start-up counts)

    from labgrader.reporting.regraded import print_regraded  # noqa: PLC0415 (start-up counts)

    console = Console()
    for file, bundle, result in results:
        if listed:
            console.rule(Text(f"{bundle.learner or bundle.namespace} ({file})"), align="left")
        print_regraded(result, bundle, lang, console)
