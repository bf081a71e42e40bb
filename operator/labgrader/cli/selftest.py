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

from labgrader.api.exercise import LabExercise
from labgrader.api.names import LANGS, SELFTEST_LABEL
from labgrader.authoring.exercise_folder import ExerciseFolder, Work, exercise_files
from labgrader.authoring.selftest.run import Bench, try_folder
from labgrader.cli.exercise_file import read_plan
from labgrader.cli.grade import finish_what_was_left
from labgrader.cli.options import cluster_options, experiment_options
from labgrader.cli.own_cluster import node_switch
from labgrader.cluster.assemble import laptop_evidence
from labgrader.cluster.client import Client
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.configuration import NoCluster, configure
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.experiments.switch import NodeSwitch
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
@cluster_options
@experiment_options
@click.option(
    "--work",
    "only",
    metavar="NAME",
    multiple=True,
    help="Try this work only, such as mistakes/no-limits or start. May be repeated.",
)
@click.option("--lang", type=click.Choice(LANGS), default="en", help="Language of the messages.")
@click.option(
    "--junit", type=click.Path(dir_okay=False, path_type=Path), help="Also write JUnit XML here."
)
def selftest(
    paths: tuple[Path, ...],
    kubeconfig: Path | None,
    context: str | None,
    allow_disruption: bool,  # noqa: FBT001 (a flag of the command line)
    own_cluster: bool,  # noqa: FBT001 (a flag of the command line)
    node_command: str,
    probe_image: str,
    only: tuple[str, ...],
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
    known = {work.name for folder in folders for work in folder.works}
    if unknown := [name for name in only if name not in known]:
        raise click.UsageError(f"no work {unknown[0]}: there are {', '.join(sorted(known))}")
    disturbing = [f.exercise.name for f in folders if plan(f.exercise).disturbs_in_place]
    if disturbing and not allow_disruption:
        told = f"{', '.join(disturbing)}: checks delete pods or send load; allow it with"
        raise click.UsageError(f"{told} --allow-disruption")
    switch = node_switch(node_command, own_cluster=own_cluster)
    wanted = _Wanted(
        kubeconfig,
        context,
        probe_image,
        allow_disruption,
        own_cluster,
        switch,
        frozenset(only),
        lang,
    )
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
    own_cluster: bool
    switch: NodeSwitch | None
    only: frozenset[str]
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
        wrong = [told for work in folder.works for told in _wrong(work, folder.exercise)]
    except (ValueError, OSError, yaml.YAMLError) as error:
        raise click.UsageError(f"{folder.path}: {error}") from error
    if wrong:
        raise click.UsageError(f"{folder.path}: {wrong[0]}")
    if not folder.solutions:
        raise click.UsageError(f"{folder.path} holds no solution, so nothing proves the exercise")
    return folder


def _wrong(work: Work, exercise: LabExercise) -> Iterator[str]:
    """What is no object of Kubernetes in a work's manifests, and no answer to what is asked."""
    asked = {check.params.name for check in exercise.spec.checks if check.kind == "asks"}
    for name in work.answered(exercise.values):
        if name not in asked:
            yield f"{work.answers}: {name}: the exercise asks no such question"
    for body in work.objects(exercise.values):
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
            own_cluster=wanted.own_cluster,
            switch=wanted.switch,
        )
        await finish_what_was_left(evidence)
        bench = Bench(workbench, evidence.source, clock, _tell)
        try:
            return [
                await try_folder(folder, bench, wanted.lang, wanted.only)
                for folder in folders
                if not wanted.only or wanted.only & {work.name for work in folder.works}
            ]
        finally:
            await evidence.close()
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
