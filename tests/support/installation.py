"""The product on a cluster, as its users have it: CRDs, manifests, image.

The `installed` fixture calls this once in a session. It goes the way of the
README and takes no shortcut that a user could not take.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from tests.support.live import LiveCluster

NAMESPACE = "labgrader-system"
DEPLOYMENT = "labgrader"
IMAGE = "labgrader:dev"
_ROOT = Path(__file__).parents[2]
_ARCHIVE = _ROOT / "build" / "labgrader.tar"
_DIGEST = "labgrader-tests/image"


def install(cluster: LiveCluster) -> None:
    """Build and load the image, apply everything, and wait until the operator is ready."""
    subprocess.run([sys.executable, "-m", "tools.image"], cwd=_ROOT, check=True)
    cluster.load_image(_ARCHIVE)
    cluster.kubectl("apply", "--server-side", "--kustomize", str(_ROOT / "manifests" / "base"))
    cluster.kubectl("wait", "--for=condition=Established", "--kustomize", str(_ROOT / "crds"))
    # The tag stays the same when the image changes, so only this rolls a new one out.
    cluster.kubectl(
        "patch", "deployment", DEPLOYMENT, f"--namespace={NAMESPACE}", "--patch", _digest_patch()
    )
    cluster.kubectl(
        "rollout",
        "status",
        f"deployment/{DEPLOYMENT}",
        f"--namespace={NAMESPACE}",
        "--timeout=180s",
    )


def _digest_patch() -> str:
    with _ARCHIVE.open("rb") as archive:
        digest = hashlib.file_digest(archive, "sha256").hexdigest()
    template = {"metadata": {"annotations": {_DIGEST: digest}}}
    return json.dumps({"spec": {"template": template}})
