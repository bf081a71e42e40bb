"""Brings an image from a tar (OCI or docker archive) into the running nodes of a cluster."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from localcluster.errors import LocalClusterError
from localcluster.machine.power import Machine


def load(tar: Path, nodes: list[Machine]) -> None:
    """Import the tar into the containerd of each node; it stays on the node's disk."""
    if not tar.is_file():
        raise LocalClusterError(f"{tar}: expected the tar of an image, there is no such file.")
    with ThreadPoolExecutor() as pool:
        for _ in pool.map(lambda node: _import(tar, node), nodes):
            pass


def _import(tar: Path, node: Machine) -> None:
    command = [*node.enter("mount"), "ctr", "--namespace", "k8s.io", "images", "import", "-"]
    with tar.open("rb") as content:
        done = subprocess.run(command, stdin=content, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LocalClusterError(
            f"{node.hostname} cannot import {tar}: {done.stderr.strip()}\n"
            "Expected an OCI or docker archive, as `docker save` or `buildah push oci-archive:` "
            "write it."
        )
