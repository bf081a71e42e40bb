"""What the cluster tests of experiments begin with."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from localcluster import Cluster
from localcluster.progress import Timed
from tests.support.bench import IMAGE, OPEN, Bench
from tests.support.classroom import deployment, service
from tests.support.live import LiveCluster
from tests.support.providers import VARIABLE

ROOT = Path(__file__).parents[2]
NAME = "labgrader-test-faults"
NODES = 3


@pytest.fixture(scope="module")
def image(cluster: LiveCluster) -> str:
    """The product's image, on the cluster's nodes."""
    subprocess.run([sys.executable, "-m", "tools.image"], cwd=ROOT, check=True)
    cluster.load_image(ROOT / "build" / "labgrader.tar")
    return IMAGE


@pytest.fixture
def bench(cluster: LiveCluster, image: str) -> Bench:
    made = Bench(cluster, cluster.fresh_namespace(OPEN), cluster.fresh_namespace(), image)
    limits = {"requests": {"cpu": "20m"}, "limits": {"cpu": "100m"}}
    made.apply(deployment(resources=limits), service())
    made.ready()
    return made


@pytest.fixture(scope="session")
def nodes() -> Iterator[LiveCluster]:
    """Three nodes: the cluster that LABGRADER_TEST_CLUSTER names where it has as many, or new."""
    named = Cluster(os.environ.get(VARIABLE, "").partition(":")[2] or NAME)
    kept = named.name != NAME and len(named.machines()) > NODES  # one more is the control plane
    local = named if kept else Cluster(NAME)
    try:
        if not kept:
            local.up(NODES, report=Timed())
        live = LiveCluster(
            local.name, local.kubeconfig, str(local.kubectl), local.load_image, local
        )
        subprocess.run([sys.executable, "-m", "tools.image"], cwd=ROOT, check=True)
        live.load_image(ROOT / "build" / "labgrader.tar")
        yield live
        live.kubectl("delete", "namespaces", "-l", f"labgrader-tests/session={live.session}")
    finally:
        if not kept:
            local.down()
