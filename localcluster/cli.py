"""The command line: `python -m localcluster COMMAND`.

Turns words into calls of `Cluster` and errors into messages and exit codes: 1
when something went wrong, 2 when this machine or the words cannot do.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from localcluster.cluster import DEFAULT_NAME, Cluster, Component, known
from localcluster.errors import LocalClusterError
from localcluster.progress import Timed


class _Group(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except LocalClusterError as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(error.exit_code)


@click.group(cls=_Group)
def main() -> None:
    """A real Kubernetes on this machine, without Docker."""


def _cluster(command: Callable[..., None]) -> Callable[..., None]:
    def named(name: str, **rest: Any) -> None:
        command(Cluster(name), **rest)

    named.__doc__ = command.__doc__
    named.__name__ = command.__name__
    option = click.option("--name", default=DEFAULT_NAME, show_default=True, help="Which cluster.")
    return option(named)


@main.command()
@click.option("--nodes", type=int, help="How many nodes a new cluster gets; 1 unless told.")
@click.option("--audit", is_flag=True, default=None, help="Have the API server log each request.")
@click.option("--policy", is_flag=True, default=None, help="Have NetworkPolicies enforced.")
@_cluster
def up(
    cluster: Cluster,
    nodes: int | None,
    audit: bool | None,  # noqa: FBT001 click passes it
    policy: bool | None,  # noqa: FBT001 click passes it
) -> None:
    """Make the cluster, or repair it, and wait until it works.

    Without --policy, NetworkPolicies are accepted and have no effect.
    """
    cluster.up(nodes, audit=audit, policy=policy, report=Timed())


@main.command()
@_cluster
def down(cluster: Cluster) -> None:
    """Remove the cluster and everything that it made."""
    if not cluster.down(report=Timed()):
        click.echo(f"There is no cluster {cluster.name}.", err=True)


@main.command()
@_cluster
def status(cluster: Cluster) -> None:
    """Show the cluster's parts and how to use it."""
    made = cluster.record
    lines = [(machine.hostname, _power(machine.plug())) for machine in cluster.machines()]
    lines += [(component.name, _state(component)) for component in cluster.components()]
    width = max(len(name) for name, _ in lines)
    for name, state in lines:
        click.echo(f"{name:{width}}  {state}")
    click.echo(f"\npolicies    {_policies(cluster)}")
    click.echo(f"API server  https://127.0.0.1:{made.port}")
    click.echo(f"kubectl     {cluster.kubectl}")
    click.echo(f"use it      export KUBECONFIG={cluster.kubeconfig}")
    if others := [name for name in known() if name != cluster.name]:
        click.echo(f"others      {', '.join(others)}")


def _policies(cluster: Cluster) -> str:
    if not cluster.record.policy:
        return "accepted, but not enforced: down, then up --policy, would enforce them"
    silent = cluster.unenforced()
    if not silent:
        return "enforced on every node"
    return f"NOT known to be enforced on {', '.join(silent)}: see logs {silent[0]}/felix"


def _power(plug: int | None) -> str:
    return f"on       pid {plug}" if plug else "off"


def _state(component: Component) -> str:
    if component.machine.plug() is None:
        return "off"
    return f"running  pid {component.pid}" if component.pid else "stopped"


@main.command()
@_cluster
def kubeconfig(cluster: Cluster) -> None:
    """Print the path of a kubeconfig that works from here."""
    click.echo(cluster.kubeconfig)


@main.command("load-image")
@click.argument("tars", nargs=-1, required=True, type=click.Path(path_type=Path))
@_cluster
def load_image(cluster: Cluster, tars: tuple[Path, ...]) -> None:
    """Bring images from tars (OCI or docker archives) to all nodes."""
    for tar in tars:
        click.echo(f"{tar}: on {', '.join(cluster.load_image(tar))}")


@main.command()
@click.argument("component")
@_cluster
def logs(cluster: Cluster, component: str) -> None:
    """Print the log of a component, such as apiserver or node1/kubelet."""
    with cluster.log(component).open(errors="replace") as log:
        for line in log:
            click.echo(line, nl=False)


@main.group()
def node() -> None:
    """Pull a node's plug, or put it in again."""


@node.command("stop")
@click.argument("index", type=int)
@_cluster
def node_stop(cluster: Cluster, index: int) -> None:
    """Pull the plug of node INDEX; its disk stays."""
    cluster.stop_node(index)


@node.command("start")
@click.argument("index", type=int)
@_cluster
def node_start(cluster: Cluster, index: int) -> None:
    """Switch node INDEX on again."""
    cluster.start_node(index)


@main.group("component")
def component_group() -> None:
    """Stop a program of the cluster, or start it again."""


@component_group.command("stop")
@click.argument("component")
@_cluster
def component_stop(cluster: Cluster, component: str) -> None:
    """Kill COMPONENT and keep it down."""
    cluster.component(component).stop()


@component_group.command("start")
@click.argument("component")
@_cluster
def component_start(cluster: Cluster, component: str) -> None:
    """Run COMPONENT again."""
    cluster.component(component).start()


@main.command("exec", context_settings={"ignore_unknown_options": True})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@_cluster
def execute(cluster: Cluster, command: tuple[str, ...]) -> NoReturn:
    """Run COMMAND inside the cluster's network; kubectl is there and configured."""
    argv = cluster.command(command)
    os.execvpe(argv[0], argv, cluster.environment)  # noqa: S606 no shell is wanted
