"""``labgrader namespace``: opens a namespace for one learner of a course.

For instructors. Prints what it would apply unless told to; never changes the kube-context.
"""

import asyncio
import re

import click
import yaml

from labgrader.api.base import LABEL_PATTERN
from labgrader.api.namespace import LearnerNamespace

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
@click.option("--rules", is_flag=True, help="Let the learner write roles and quotas there.")
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
    rules: bool,
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
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if applied:
        asyncio.run(_apply(wanted, context))
    else:
        text = yaml.safe_dump_all(wanted.objects(), sort_keys=False, allow_unicode=True)
        click.echo(text, nl=False)


async def _apply(wanted: LearnerNamespace, context: str | None) -> None:
    # Printing, the common case, needs no client, and loading one takes longer than all else.
    from labgrader.cluster.client import Client, NoCluster, configure  # noqa: PLC0415
    from labgrader.cluster.errors import ApiError, ApiUnreachable  # noqa: PLC0415
    from labgrader.cluster.namespaces import NamespaceTaken, open_namespace  # noqa: PLC0415

    try:
        async with Client(await configure(None, context)) as client:
            for applied in await open_namespace(client, wanted):
                click.echo(f"{applied} applied")
    except NamespaceTaken as error:
        raise click.ClickException(str(error)) from error
    except (NoCluster, ApiUnreachable) as error:
        raise click.ClickException(f"no cluster answers: {error}") from error
    except ApiError as error:
        raise click.ClickException(f"the cluster refused: {error.message}") from error
