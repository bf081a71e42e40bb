"""``labgrader lint``: what is wrong or unwise in exercises, with no cluster."""

import sys
from pathlib import Path

import click
import orjson

from labgrader.authoring.lint.run import Linted, NoExercise
from labgrader.authoring.lint.run import lint as run_lint
from labgrader.authoring.rules import RULES
from labgrader.reporting.remark_text import documents, lines, summary
from labgrader.reporting.remarks import Remark

_EXIT_REMARKS = 1
_OUTPUTS = ("text", "json", "sarif")


@click.command()
@click.argument(
    "paths",
    metavar="PATH…",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)
@click.option("-o", "--output", type=click.Choice(_OUTPUTS), default="text", show_default=True)
@click.option(
    "--junit",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Also write JUnit XML to this file.",
)
def lint(paths: tuple[Path, ...], output: str, junit: Path | None) -> None:
    """Look for mistakes in the exercises of files and folders, offline.

    One warning is silenced by a comment on its line or the line above, with the reason:
    # labgrader-lint: ignore=RULE because …

    Exit status: 0 nothing found, 1 something found, 2 usage or a file that cannot be read.
    """
    try:
        linted = run_lint(paths)
        if junit is not None:
            junit.write_text(_junit(linted), "utf-8")
    except NoExercise as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(f"{error.filename} cannot be read or written: {error}") from error
    _show(linted, output)
    sys.exit(_EXIT_REMARKS if linted.remarks else 0)


def _show(linted: Linted, output: str) -> None:
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    match output:
        case "json":
            click.echo(orjson.dumps(documents(linted.remarks), option=options), nl=False)
        case "sarif":
            from importlib.metadata import version  # noqa: PLC0415 (start-up counts)

            from labgrader.reporting.sarif import sarif  # noqa: PLC0415 (start-up counts)

            log = sarif(linted.remarks, tuple(RULES.values()), version("labgrader"))
            click.echo(orjson.dumps(log, option=options), nl=False)
        case _:
            for line in lines(linted.remarks):
                click.echo(line)
            click.echo(summary(linted.remarks, len(linted.files)))


def _junit(linted: Linted) -> str:
    from labgrader.reporting.junit import Case, Suite, Trouble, junit  # noqa: PLC0415 (start-up)

    cases = []
    by_file: dict[str, list[Remark]] = {str(file): [] for file in linted.files}
    for remark in linted.remarks:
        by_file.setdefault(remark.place.path, []).append(remark)
    for path, remarks in by_file.items():
        trouble = Trouble(remarks[0].message, "\n".join(lines(remarks))) if remarks else None
        cases.append(Case(path, trouble=trouble))
    return junit([Suite("labgrader lint", cases)])
