"""The command that switches nodes: how it is written, run, and what it says when it fails."""

import sys

import click
import pytest

from labgrader.cli.own_cluster import node_switch
from labgrader.cluster.experiments.switch import CommandSwitch, NotSwitched

SAYS = "import sys; print(*sys.argv[1:]); sys.exit(3)"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("docker {action} {node}", ["docker", "stop", "kind-worker2"]),
        ("plug {node}", ["plug", "kind-worker2", "stop"]),
        ("x node {action} {index} --name a", ["x", "node", "stop", "2", "--name", "a"]),
        ("'a b' --n={node}", ["a b", "--n=kind-worker2", "stop"]),
    ],
)
def test_a_command_says_where_node_and_action_stand(command: str, words: list[str]) -> None:
    switch = node_switch(command, own_cluster=True)
    assert switch is not None
    assert switch.argv("kind-worker2", "stop") == words


@pytest.mark.parametrize(
    ("command", "own_cluster", "said"),
    [
        ("docker stop x", True, "names no {node}"),
        ("docker {action} {node}", False, "needs --own-cluster"),
        ("docker '{node}", True, "quotation"),
    ],
)
def test_what_is_no_switch_is_refused(command: str, *, own_cluster: bool, said: str) -> None:
    with pytest.raises(click.UsageError, match=said):
        node_switch(command, own_cluster=own_cluster)


def test_no_command_is_no_switch() -> None:
    assert node_switch("", own_cluster=True) is None


async def test_a_command_that_fails_is_told_with_what_it_said() -> None:
    switch = CommandSwitch((sys.executable, "-c", SAYS, "{node}"))
    with pytest.raises(NotSwitched, match="exit status 3: node1 start"):
        await switch.on("node1")


async def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(NotSwitched, match="FileNotFoundError"):
        await CommandSwitch(("/nowhere/plug", "{node}")).off("node1")


async def test_a_command_that_works_says_nothing() -> None:
    await CommandSwitch((sys.executable, "-c", "", "{node}")).off("node1")
