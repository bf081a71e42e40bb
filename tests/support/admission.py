"""The part of the installation that the API server enforces, without the operator.

Contract tests install it and wait until every policy really holds: a policy answers only
about a second after it was created.
"""

import json
import time
from pathlib import Path
from typing import Any

from tests.support.live import LiveCluster

ROOT = Path(__file__).parents[2]
_BASE = ROOT / "manifests" / "base"
_PATIENCE_SECONDS = 30


def install_admission(cluster: LiveCluster) -> None:
    """Apply CRDs, roles and policies, and wait until they hold."""
    cluster.kubectl("apply", "--server-side", "--kustomize", str(ROOT / "crds"))
    cluster.kubectl("apply", "--server-side", "--filename", str(_BASE / "namespace.yaml"))
    for part in ("rbac", "policies"):
        cluster.kubectl("apply", "--server-side", "--kustomize", str(_BASE / part))
    for kind in ("labexercises", "submissions"):
        cluster.kubectl("wait", "--for=condition=Established", f"crd/{kind}.labgrader.dev")
        _until_served(cluster, kind)


def _until_served(cluster: LiveCluster, kind: str) -> None:
    until(
        lambda: cluster.kubectl("get", kind, check=False).returncode == 0,
        f"{kind} are not served",
    )


def until(holds: Any, complaint: str) -> None:
    """Ask again until ``holds()``; AssertionError with ``complaint`` when it never does."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"{complaint} after {_PATIENCE_SECONDS} s"
        time.sleep(0.1)


def refusal(
    cluster: LiveCluster, body: dict[str, Any], *, as_user: str | None = None, verb: str = "create"
) -> str:
    """What the server says against ``body``; empty when it would take it. Changes nothing."""
    done = cluster.kubectl(
        verb, "--dry-run=server", "-f", "-", input=json.dumps(body), as_user=as_user, check=False
    )
    return done.stderr if done.returncode else ""
