"""The options that several commands have: which cluster, and what may be done there.

Used by the commands. Must not run anything.
"""

from collections.abc import Callable
from pathlib import Path

import click

from labgrader.cli.own_cluster import own_cluster_options

Command = Callable[..., None]


def cluster_options(command: Command) -> Command:
    """``--kubeconfig`` and ``--context``."""
    kubeconfig = click.option(
        "--kubeconfig", type=click.Path(exists=True, path_type=Path), envvar="KUBECONFIG"
    )
    context = click.option("--context", help="The kube-context; the current one where left out.")
    return kubeconfig(context(command))


def experiment_options(command: Command) -> Command:
    """``--allow-disruption``, ``--own-cluster``, ``--node-command`` and ``--probe-image``."""
    allow = click.option(
        "--allow-disruption", is_flag=True, help="Allow checks that delete pods or send load."
    )
    image = click.option("--probe-image", default="", help="Image of probe Jobs: the operator's.")
    return allow(own_cluster_options(image(command)))
