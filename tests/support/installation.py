"""The product on a cluster, as its users have it: CRDs, manifests, image.

The `installed` fixture calls this once in a session. It goes the way of the
README and takes no shortcut that a user could not take.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.live import LiveCluster

NAMESPACE = "labgrader-system"
DEPLOYMENT = "labgrader"
_ROOT = Path(__file__).parents[2]
_ARCHIVE = _ROOT / "build" / "labgrader.tar"
_KINDS = ("crd/labexercises.labgrader.dev", "crd/submissions.labgrader.dev")
_DIGEST = "labgrader-tests/image"


def install(cluster: LiveCluster) -> None:
    """Build and load the image, apply everything, and wait until the operator is ready."""
    subprocess.run([sys.executable, "-m", "tools.image"], cwd=_ROOT, check=True)
    cluster.load_image(_ARCHIVE)
    with tempfile.TemporaryDirectory() as folder:
        overlay = Path(folder).resolve()
        (overlay / "kustomization.yaml").write_text(json.dumps(_kustomization(overlay)))
        cluster.kubectl("apply", "--server-side", "--kustomize", str(overlay))
    cluster.kubectl("wait", "--for=condition=Established", *_KINDS)
    _wait_until_ready(cluster)


def _kustomization(overlay: Path) -> dict[str, object]:
    # The tag stays the same when the image changes, so only this rolls a new one out.
    with _ARCHIVE.open("rb") as archive:
        digest = hashlib.file_digest(archive, "sha256").hexdigest()
    note = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": DEPLOYMENT, "namespace": NAMESPACE},
        "spec": {"template": {"metadata": {"annotations": {_DIGEST: digest}}}},
    }
    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [os.path.relpath(_ROOT / "manifests" / "base", overlay)],
        "patches": [{"patch": json.dumps(note)}],
    }


def _wait_until_ready(cluster: LiveCluster) -> None:
    operator = (f"deployment/{DEPLOYMENT}", f"--namespace={NAMESPACE}")
    try:
        cluster.kubectl("rollout", "status", *operator, "--timeout=180s")
    except subprocess.CalledProcessError as error:
        events = cluster.kubectl("get", "events", f"--namespace={NAMESPACE}", check=False)
        logs = cluster.kubectl("logs", *operator, "--tail=30", check=False)
        error.add_note(f"{events.stdout}\nThe operator's log:\n{logs.stdout or logs.stderr}")
        raise
