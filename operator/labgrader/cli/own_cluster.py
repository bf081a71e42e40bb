"""The options for a cluster that is one learner's alone, where faults may take whole nodes.

Used by ``cli.options``, ``grade`` and ``test``. Must not run anything.
"""

import shlex
from collections.abc import Callable

import click

from labgrader.cluster.experiments.switch import CommandSwitch

_COMMAND = "node_command"


def own_cluster_options(command: Callable[..., None]) -> Callable[..., None]:
    """``--own-cluster`` and ``--node-command``."""
    own = click.option(
        "--own-cluster",
        is_flag=True,
        help="The cluster is this learner's alone: allow checks that drain or stop a node.",
    )
    switch = click.option(
        "--node-command",
        _COMMAND,
        metavar="COMMAND",
        default="",
        help="Program that stops and starts a node, with {node} or {index} and {action}: "
        "'docker {action} {node}' for kind. Without {action}, stop or start is put at the end.",
    )
    return own(switch(command))


def node_switch(command: str, *, own_cluster: bool) -> CommandSwitch | None:
    """The switch of a command; None where there is none. Raises click.UsageError."""
    if not command:
        return None
    if not own_cluster:
        raise click.UsageError("--node-command stops nodes; it needs --own-cluster, too")
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise click.UsageError(f"--node-command: {error}") from error
    if not any("{node}" in word or "{index}" in word for word in words):
        raise click.UsageError("--node-command names no {node} and no {index}")
    return CommandSwitch(words)
