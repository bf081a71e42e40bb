"""``labgrader test``: exercises prove themselves on a cluster that the user names."""

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import click
import yaml

from labgrader.api.names import LANGS, SELFTEST_LABEL
from labgrader.authoring.exercise_folder import ExerciseFolder, Work, exercise_files
from labgrader.authoring.selftest.run import Bench, try_folder
from labgrader.cli.exercise_file import read_plan
from labgrader.cli.grade import finish_what_was_left
from labgrader.cluster.assemble import laptop_evidence
from labgrader.cluster.client import Client, NoCluster, configure
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.records import state_folder
from labgrader.cluster.resources import Resources
from labgrader.cluster.workbench import Workbench
from labgrader.grading.plan import plan
from labgrader.reporting.junit import junit as as_junit
from labgrader.reporting.trials import Proof, Verdict, print_proof, suite, worst

_EXIT = {Verdict.AS_EXPECTED: 0, Verdict.DIFFERS: 1, Verdict.OPEN: 3}
_EXIT_USAGE = 2
_EXIT_STOPPED = 130


@click.command(name="test")
@click.argument(
    "paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
@click.option("--kubeconfig", type=click.Path(exists=True, path_type=Path), envvar="KUBECONFIG")
@click.option("--context", help="The kube-context; the current one where left out.")
@click.option(
    "--allow-disruption", is_flag=True, help="Allow checks that delete pods or send load."
)
@click.option("--probe-image", default="", help="Image of probe Jobs: the operator's.")
@click.option("--lang", type=click.Choice(LANGS), default="en", help="Language of the messages.")
@click.option(
    "--junit", type=click.Path(dir_okay=False, path_type=Path), help="Also write JUnit XML here."
)
def selftest(
    paths: tuple[Path, ...],
    kubeconfig: Path | None,
    context: str | None,
    allow_disruption: bool,  # noqa: FBT001 (a flag of the command line)
    probe_image: str,
    lang: str,
    junit: Path | None,
) -> None:
    """Try exercises with their own solutions and mistakes, in namespaces made for it.

    The untouched start must earn nothing, every solution everything, and every mistake must end
    as its expect.yaml says.

    Exit status: 0 all as expected, 1 something differs, 2 usage, exercise or cluster wrong,
    3 something could not be decided.
    """
    if junit is not None and not junit.parent.is_dir():
        raise click.UsageError(f"{junit} cannot be written: there is no folder {junit.parent}")
    folders = tuple(_folder(file) for path in paths for file in _files(path))
    disturbing = [f.exercise.name for f in folders if plan(f.exercise).disturbs]
    if disturbing and not allow_disruption:
        told = f"{', '.join(disturbing)}: checks delete pods or send load; allow it with"
        raise click.UsageError(f"{told} --allow-disruption")
    wanted = _Wanted(kubeconfig, context, probe_image, allow_disruption, lang)
    try:
        proofs = asyncio.run(_until_stopped(folders, wanted))
    except NoCluster as error:
        _leave(_EXIT_USAGE, f"Error: no cluster to connect to: {error}")
    except (ApiError, ApiUnreachable) as error:
        _leave(_EXIT_USAGE, f"Error: the cluster does not answer: {error}")
    except (KeyboardInterrupt, asyncio.CancelledError):
        _leave(_EXIT_STOPPED, "Stopped.")
    _show(proofs, junit)
    sys.exit(_EXIT[worst(proofs)])


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the user typed."""

    kubeconfig: Path | None
    context: str | None
    image: str
    allowed: bool
    lang: str


def _files(path: Path) -> tuple[Path, ...]:
    """The exercise files of a path: the one in the folder, or all below."""
    if not path.is_dir():
        return (path,)
    found = exercise_files(path)
    if not found:
        raise click.UsageError(f"{path} holds no exercise.yaml")
    return found


def _folder(file: Path) -> ExerciseFolder:
    """The exercise with its works, all of them readable. Raises click.UsageError."""
    folder = ExerciseFolder(file.parent, read_plan(file).exercise)
    try:
        works = (*folder.solutions, *folder.mistakes)
        wrong = [told for work in works for told in _wrong(work)]
    except (ValueError, OSError, yaml.YAMLError) as error:
        raise click.UsageError(f"{folder.path}: {error}") from error
    if wrong:
        raise click.UsageError(f"{folder.path}: {wrong[0]}")
    if not folder.solutions:
        raise click.UsageError(f"{folder.path} holds no solution, so nothing proves the exercise")
    return folder


def _wrong(work: Work) -> Iterator[str]:
    """What is no object of Kubernetes in a work's manifests."""
    for body in work.objects():
        metadata = (body.get("metadata") if isinstance(body, dict) else None) or {}
        named = isinstance(metadata, dict) and isinstance(metadata.get("name"), str)
        if not (named and body.get("apiVersion") and body.get("kind")):
            yield f"{work.name}: an object lacks apiVersion, kind or metadata.name"
        elif "namespace" in metadata:
            yield f"{work.name}: {metadata['name']} names a namespace; leave it out"


async def _until_stopped(folders: Sequence[ExerciseFolder], wanted: _Wanted) -> list[Proof]:
    """Test; SIGTERM ends it as Ctrl-C does, so that nothing is left behind."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await _test(folders, wanted)


async def _test(folders: Sequence[ExerciseFolder], wanted: _Wanted) -> list[Proof]:
    configuration = await configure(wanted.kubeconfig, wanted.context)
    _tell(f"Testing {len(folders)} exercise(s) on {configuration.host}")
    clock = SystemClock()
    async with Client(configuration, agent="labgrader-cli") as client:
        workbench = Workbench(client, Resources(client))
        await workbench.answers()
        evidence = laptop_evidence(
            client,
            clock,
            folder=state_folder(os.environ),
            image=wanted.image,
            digest_key=secrets.token_bytes(32),
            allowed=wanted.allowed,
        )
        await finish_what_was_left(evidence)
        bench = Bench(workbench, evidence.source, clock, _tell)
        try:
            return [await try_folder(folder, bench, wanted.lang) for folder in folders]
        finally:
            await evidence.laboratory.close()
            if workbench.left:
                _tell(f"Could not remove: {', '.join(workbench.left)}. Remove them with")
                _tell(f"  kubectl delete namespace -l {SELFTEST_LABEL}={workbench.run}")


def _show(proofs: Sequence[Proof], junit: Path | None) -> None:
    from rich.console import Console  # noqa: PLC0415 (start-up counts)

    console = Console()
    for proof in proofs:
        print_proof(proof, console)
    if junit is not None:
        junit.write_text(as_junit(suite(proof) for proof in proofs), "utf-8")


def _tell(text: str) -> None:
    click.echo(text, err=True)


def _leave(status: int, text: str) -> NoReturn:
    _tell(text)
    sys.exit(status)
