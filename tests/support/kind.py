"""A kind cluster that has what the local cluster has: metrics, and the workloads.

Called by `providers.py` where kind is asked for. kind itself is driven by
pytest-kind; images are built by Docker, which kind needs anyway.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from pytest_kind import KindCluster

from demo.clusters import metrics_server

_ROOT = Path(__file__).parents[2]
_WEB_VERSIONS = ("1", "2")
_KUBECTL = "kubectl:1"


@contextmanager
def running(made: KindCluster, kubectl: str) -> Iterator[KindCluster]:
    """Create the cluster and what tests expect on it; delete it at the end, whatever happens."""
    try:
        made.create()
        for version in _WEB_VERSIONS:
            image = f"web:{version}"
            build = ["docker", "build", f"--build-arg=VERSION={version}", f"--tag={image}"]
            subprocess.run([*build, _ROOT / "workloads" / "web"], check=True)
            made.load_docker_image(image)
        build = ["docker", "build", f"--tag={_KUBECTL}", str(_ROOT / "workloads" / "kubectl")]
        subprocess.run(build, check=True)
        made.load_docker_image(_KUBECTL)
        subprocess.run(
            [kubectl, f"--kubeconfig={made.kubeconfig_path}", "apply", "--filename=-"],
            input=yaml.safe_dump_all(metrics_server()),
            text=True,
            check=True,
        )
        yield made
    finally:
        made.delete()


def load(made: KindCluster, archive: Path) -> None:
    """Bring the images of an archive to every node."""
    command = [made.kind_path, "load", "image-archive", archive, "--name", made.name]
    subprocess.run(command, check=True)
