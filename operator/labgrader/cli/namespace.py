"""``labgrader namespace``: opens a namespace for one learner of a course.

For instructors. Prints what it would apply unless told to; never changes the kube-context.
"""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import yaml

from labgrader.api.base import LABEL_PATTERN
from labgrader.api.namespace import LearnerNamespace

if TYPE_CHECKING:
    from labgrader.api.exercise import LabExercise
    from labgrader.cluster.client import Client

_LONGEST = 63


class Label(click.ParamType[str]):
    """A name that fits a label and a namespace."""

    name = "name"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name itself; click prints the error for anything else."""
        if len(value) > _LONGEST or not re.fullmatch(LABEL_PATTERN, value):
            self.fail(
                f"{value!r} is no name for a namespace: at most {_LONGEST} lower-case letters, "
                "digits and hyphens, such as kim",
                param,
                ctx,
            )
        return value


@click.command()
@click.argument("learner", type=Label())
@click.option("--course", type=Label(), required=True, help="The course's own namespace.")
@click.option("--name", type=Label(), help="The namespace's name.  [default: LEARNER]")
@click.option(
    "--user", help="Who the cluster takes the learner for; else a ServiceAccount is made."
)
@click.option("--disruption", is_flag=True, help="Let checks disturb what runs there.")
@click.option("--dry-run", is_flag=True, help="Let checks ask there what would be refused.")
@click.option("--probe", is_flag=True, help="Let checks put probe pods there for a moment.")
@click.option("--rules", is_flag=True, help="Let the learner write roles and quotas there.")
@click.option(
    "--exercise",
    "exercises",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Also put there what the exercise in this file gives, where it is not there yet.",
)
@click.option("--apply", "applied", is_flag=True, help="Apply it; else it is only printed.")
@click.option("--context", help="The kube-context to apply it with; else the current one.")
def namespace(
    *,
    learner: str,
    course: str,
    name: str | None,
    user: str | None,
    disruption: bool,
    dry_run: bool,
    probe: bool,
    rules: bool,
    exercises: tuple[Path, ...],
    applied: bool,
    context: str | None,
) -> None:
    """Print, or apply, a LEARNER's namespace with its labels and role bindings."""
    try:
        wanted = LearnerNamespace(
            learner,
            course,
            name or learner,
            user,
            disruption=disruption,
            dry_run=dry_run,
            rules=rules,
            probe=probe,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    own = _exercises(exercises, learner)
    if applied:
        asyncio.run(_apply(wanted, own, context))
    else:
        given = [_placed(body, wanted.name) for exercise in own for body in exercise.spec.given]
        text = yaml.dump_all(
            [*wanted.objects(), *given], Dumper=_Plain, sort_keys=False, allow_unicode=True
        )
        click.echo(text, nl=False)


class _Plain(yaml.SafeDumper):
    """Writes equal parts out each time, as people and kubectl read them best."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 (the base class's signature)
        return True


def _exercises(files: tuple[Path, ...], learner: str) -> tuple["LabExercise", ...]:
    if not files:  # judging is loaded only where an exercise is read: start-up counts
        return ()
    from labgrader.cli.exercise_file import own_plan, read_plan  # noqa: PLC0415

    return tuple(own_plan(file, read_plan(file), learner).exercise for file in files)


def _placed(body: Mapping[str, Any], namespace: str) -> Mapping[str, Any]:
    return {**body, "metadata": {**body["metadata"], "namespace": namespace}}


async def _apply(
    wanted: LearnerNamespace, exercises: tuple["LabExercise", ...], context: str | None
) -> None:
    # Printing, the common case, needs no client, and loading one takes longer than all else.
    from labgrader.cluster.client import Client  # noqa: PLC0415
    from labgrader.cluster.configuration import NoCluster, configure  # noqa: PLC0415
    from labgrader.cluster.errors import ApiError, ApiUnreachable  # noqa: PLC0415
    from labgrader.cluster.given import NotPut  # noqa: PLC0415
    from labgrader.cluster.namespaces import NamespaceTaken, open_namespace  # noqa: PLC0415

    try:
        async with Client(await configure(None, context)) as client:
            for applied in await open_namespace(client, wanted):
                click.echo(f"{applied} applied")
            for exercise in exercises:
                await _give(client, exercise, wanted.name)
    except (NamespaceTaken, NotPut) as error:
        raise click.ClickException(str(error)) from error
    except (NoCluster, ApiUnreachable) as error:
        raise click.ClickException(f"no cluster answers: {error}") from error
    except ApiError as error:
        raise click.ClickException(f"the cluster refused: {error.message}") from error


async def _give(client: "Client", exercise: "LabExercise", namespace: str) -> None:
    """Put what is not there; what is there may be a learner's work already."""
    from labgrader.cluster.given import Giving  # noqa: PLC0415
    from labgrader.cluster.namespaces import until_pods_are_taken  # noqa: PLC0415
    from labgrader.cluster.resources import Resources  # noqa: PLC0415

    await until_pods_are_taken(client, namespace)
    giving = Giving(client, Resources(client), exercise.name, namespace, exercise.spec.given)
    put, left = await giving.put_what_is_missing()
    for one in put:
        click.echo(f"{one} put (exercise {exercise.name})")
    for one in left:
        click.echo(f"{one} is there already and was left as it is; labgrader reset puts it back")
