"""What tests of local clusters do with them, and how they look for what is left of one.

Used by `tests/localcluster` only, on clusters that the tests made themselves.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from localcluster import Cluster

ROOT = Path(__file__).parents[2]


def localcluster(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "localcluster", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def kubectl(cluster: Cluster, *words: str) -> str:
    command = [str(cluster.kubectl), f"--kubeconfig={cluster.kubeconfig}", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"kubectl {' '.join(words)}: {done.stderr}"
    return done.stdout


def get(cluster: Cluster, *words: str) -> Any:
    return json.loads(kubectl(cluster, "get", "--output=json", *words))


def until(reached: Callable[[], bool], seconds: float) -> float:
    begun = time.monotonic()
    while not reached():
        assert time.monotonic() - begun < seconds, f"not within {seconds} s"
        time.sleep(0.2)
    return time.monotonic() - begun


def run_pod(cluster: Cluster, name: str, image: str) -> None:
    kubectl(cluster, "run", name, f"--image={image}", "--labels=app=web")
    kubectl(cluster, "wait", "--for=condition=Ready", f"pod/{name}", "--timeout=120s")


def card(cluster: Cluster, node: int) -> str:
    """The hardware address of a node's network card."""
    command = [*cluster.node(node).enter("net"), "ip", "-json", "link", "show", "eth0"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    (found,) = json.loads(done.stdout)
    address: str = found["address"]
    return address


def until_started_again(cluster: Cluster, *names: str) -> None:
    """Wait for pods of a node that lost its power: until then they are told to be as they were."""

    def started(name: str) -> bool:
        status = get(cluster, "pod", name)["status"]
        return all(c["restartCount"] and c["ready"] for c in status["containerStatuses"])

    until(lambda: all(started(name) for name in names), 60)


def network_namespaces() -> set[str]:
    found = set()
    for link in Path("/proc").glob("[0-9]*/ns/net"):
        try:
            found.add(str(link.readlink()))
        except OSError:
            continue  # the process ended since it was listed
    return found


def traces(cluster: Cluster) -> list[str]:
    """Whatever on this machine still tells of the cluster."""
    home, group = str(cluster.layout.home), cluster.layout.cgroup
    found = [line for line in Path("/proc/mounts").read_text().splitlines() if home in line]
    found += [str(path) for path in Path("/sys/fs/cgroup").glob(f"*/{group}")]
    found += [home] if cluster.layout.home.exists() else []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            text = (process / "cmdline").read_bytes().decode() + (process / "cgroup").read_text()
        except OSError:
            continue  # it ended since it was listed
        if home in text or group in text:
            found.append(f"{process}: {text}")
    return found
