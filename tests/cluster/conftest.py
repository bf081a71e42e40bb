"""What the cluster tests of experiments begin with."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.bench import IMAGE, OPEN, Bench
from tests.support.classroom import deployment, service
from tests.support.live import LiveCluster

ROOT = Path(__file__).parents[2]


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
