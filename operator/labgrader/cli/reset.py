"""``labgrader reset``: puts a learner's namespace back to where an exercise begins.

For instructors, with their own kubeconfig. Says what it takes away and what it puts there before
it does either.
"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from labgrader.api.exercise import LabExercise
from labgrader.cli.exercise_file import own_plan, read_plan
from labgrader.cli.options import cluster_options
from labgrader.cluster.client import Client
from labgrader.cluster.configuration import NoCluster, configure
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.given import Giving, NotPut, Standing, named
from labgrader.cluster.namespaces import NotUsable, namespace_to_fill
from labgrader.cluster.resources import Resources
from labgrader.grading.plan import Plan

_EXIT_NOT_DONE, _EXIT_USAGE = 1, 2


@click.command()
@click.argument("exercise", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-n", "--namespace", required=True, help="The learner's namespace.")
@click.option(
    "--learner", help="Whose parameters; else whom the namespace's label names, or its name."
)
@click.option("--yes", is_flag=True, help="Do not ask before anything is deleted.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@cluster_options
def reset(
    *,
    exercise: Path,
    namespace: str,
    learner: str | None,
    yes: bool,
    dry_run: bool,
    kubeconfig: Path | None,
    context: str | None,
) -> None:
    """Put back what the exercise in the file EXERCISE gives, as it was at the start.

    Deletes the objects under the exercise's `given`, and those that an earlier version of it
    gave, as they are now; then makes them anew. Everything else in the namespace stays.

    Exit status: 0 done, 1 not or not wholly done, 2 usage, exercise or cluster wrong.
    """
    plan = read_plan(exercise)
    try:
        asyncio.run(
            _reset(
                exercise,
                plan,
                namespace,
                learner,
                (kubeconfig, context),
                asks=not yes,
                acts=not dry_run,
            )
        )
    except (NoCluster, ApiUnreachable) as error:
        _leave(_EXIT_USAGE, f"Error: no cluster answers: {error}")
    except NotUsable as error:
        _leave(_EXIT_USAGE, f"Error: {error}")
    except ApiError as error:
        _leave(_EXIT_NOT_DONE, f"Error: the cluster refused: {error.message}")
    except NotPut as error:
        _leave(_EXIT_NOT_DONE, f"Error: {error}")


async def _reset(
    file: Path,
    plan: Plan,
    namespace: str,
    learner: str | None,
    cluster: tuple[Path | None, str | None],
    *,
    asks: bool,
    acts: bool,
) -> None:
    async with Client(await configure(*cluster), agent="labgrader-cli") as client:
        whose = await namespace_to_fill(client, namespace, learner)
        own = own_plan(file, plan, whose).exercise
        giving = Giving(client, Resources(client), own.name, namespace, own.spec.given)
        await giving.rehearse()
        standing = await giving.standing()
        _say(own, namespace, standing)
        if not acts or not (standing or giving.objects):
            return
        if asks and standing:
            click.confirm("Go on?", abort=True, err=True)
        await giving.take_away(standing)
        for put in await giving.put():
            click.echo(f"{put} put")
        await wait(giving, own)


async def wait(giving: Giving, exercise: LabExercise) -> None:
    """Wait for given workloads where the exercise says so. Raises NotPut."""
    within = exercise.spec.given_ready_within
    if within is None:
        return
    late = await giving.until_ready(within / 1000)
    if late:
        told = f"{', '.join(late)} is put, but not Ready within {within / 1000:g} s"
        raise NotPut(f"{told}; look with: kubectl -n {giving.namespace} get pods")


def _say(exercise: LabExercise, namespace: str, standing: Sequence[Standing]) -> None:
    given = exercise.spec.given
    click.echo(f"Reset of {exercise.name} in namespace {namespace}:")
    for found in standing:
        why = "" if found.given else "  (an earlier version of the exercise gave it)"
        click.echo(f"  delete {found.kind} {found.name}{why}")
    for body in given:
        click.echo(f"  put    {named(body)}")
    if not (given or standing):
        click.echo("  nothing: the exercise gives no objects")


def _leave(status: int, text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(status)
