"""Where the tests' cluster comes from.

`LABGRADER_TEST_CLUSTER` chooses: unset, a local cluster made for this session;
`local:NAME`, a local cluster that runs already and goes on running; `kind`, made
for this session by pytest-kind (its options `--kind-image` and `--kind-bin`
apply); `current:CONTEXT`, a cluster of the user's kubeconfig, left as it was.
Each process of pytest-xdist makes one of its own.
Only the `cluster` fixture calls this. It must not install anything.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from pytest_kind import KindCluster

from localcluster import Cluster
from localcluster.progress import Timed
from tests.support import kind
from tests.support.live import LiveCluster

VARIABLE = "LABGRADER_TEST_CLUSTER"
_CHOICES = "Expected nothing, 'kind', 'local:NAME' or 'current:CONTEXT'."


def is_local(choice: str) -> bool:
    """Whether the cluster is one whose machines tests can switch off."""
    return choice.partition(":")[0] in {"", "local"}


def is_shared(choice: str) -> bool:
    """Whether all processes of a test session have the same cluster."""
    return choice.partition(":")[0] in {"local", "current"}


def own_name() -> str:
    """What a cluster is called that is made for this process."""
    return "-".join(["labgrader-test", *os.environ.get("PYTEST_XDIST_WORKER", "").split()])


class NoClusterError(Exception):
    """The tests cannot have the cluster that was asked for; the message says why."""


@contextmanager
def provide(choice: str, config: pytest.Config, scratch: Path) -> Iterator[LiveCluster]:
    """Yield the cluster that `choice` names and clean up afterwards, whatever happens.

    Raises NoClusterError when `choice` cannot be understood or had.
    """
    provider, _, name = choice.partition(":")
    match provider, name:
        case "", "":
            yield from _own_local()
        case "local", _ if name:
            yield from _running_local(name)
        case "kind", "":
            yield from _kind(config)
        case "current", _ if name:
            yield from _current(name, scratch)
        case _:
            raise NoClusterError(f"{VARIABLE}={choice} names no cluster. {_CHOICES}")


def _own_local() -> Iterator[LiveCluster]:
    local = Cluster(own_name())
    try:
        local.up(nodes=1, audit=True, report=Timed())
        yield _of_local(local)
    finally:
        local.down()


def _running_local(name: str) -> Iterator[LiveCluster]:
    yield from _left_running(_of_local(Cluster(name)))


def _of_local(local: Cluster) -> LiveCluster:
    return LiveCluster(
        name=local.name,
        kubeconfig=local.kubeconfig,
        program=str(local.kubectl),
        load=local.load_image,
        local=local,
    )


def _kind(config: pytest.Config) -> Iterator[LiveCluster]:
    program, kubectl = config.getoption("kind_bin") or shutil.which("kind"), _kubectl()
    name = own_name()
    wanted = KindCluster(
        name,
        image=config.getoption("kind_image"),
        kind_path=Path(program) if program else None,
    )
    with kind.running(wanted, kubectl) as made:
        yield LiveCluster(
            name=name,
            kubeconfig=Path(made.kubeconfig_path).absolute(),
            program=kubectl,
            load=partial(kind.load, made),
        )


def _current(context: str, scratch: Path) -> Iterator[LiveCluster]:
    program = _kubectl()
    asked = subprocess.run(
        [program, "config", "view", "--minify", "--flatten", f"--context={context}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode:
        raise NoClusterError(f"{VARIABLE}=current:{context}: {asked.stderr.strip()}")
    kubeconfig = scratch / "kubeconfig"
    kubeconfig.touch(0o600)
    kubeconfig.write_text(asked.stdout)

    def load(archive: Path) -> None:
        raise NoClusterError(
            f"{archive} cannot be loaded into {context}: push it to a registry that the "
            "cluster reaches (make image REGISTRY=...), or let the tests make a cluster of "
            f"their own by leaving {VARIABLE} empty."
        )

    yield from _left_running(
        LiveCluster(name=context, kubeconfig=kubeconfig, program=program, load=load)
    )


def _left_running(cluster: LiveCluster) -> Iterator[LiveCluster]:
    try:
        yield cluster
    finally:
        cluster.forget()


def _kubectl() -> str:
    found = shutil.which("kubectl")
    if not found:
        raise NoClusterError("The tests call kubectl, and none is on PATH.")
    return found
