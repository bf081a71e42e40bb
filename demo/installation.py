"""Brings labgrader onto the demo's cluster as the README tells its users to.

The image, the CRDs, the manifests; and, where the nodes do not have it yet, the small web
server that exercises deploy. An operator that somebody else installed is used as it is.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from demo.clusters import Place
from demo.errors import DemoError
from demo.kubectl import Kubectl
from demo.progress import Progress
from labgrader.api.names import SYSTEM_NAMESPACE
from tools.image import docker

MARK = "labgrader-demo"
"""The label on everything that the demo made and may remove."""

_ROOT = Path(__file__).parents[1]
_BUILD = _ROOT / "build"
_IMAGE = _BUILD / "labgrader.tar"
_BASE = _ROOT / "manifests" / "base"
_OPERATOR = "labgrader"


def install(place: Place, progress: Progress) -> None:
    """Install everything, or bring it up to date, and wait until the operator is ready."""
    kubectl = place.kubectl
    if not place.has_web:
        progress("building the exercises' web server, image web:1")
        place.load(_web_image())
    labels = namespace_labels(kubectl, SYSTEM_NAMESPACE)
    if not place.own and labels is not None and MARK not in labels:
        progress(f"labgrader is installed already ({SYSTEM_NAMESPACE}); using it as it is")
        return
    progress("building labgrader's image, or finding it up to date")
    _run(sys.executable, "-m", "tools.image")
    progress("loading the image and applying the manifests")
    place.load(_IMAGE)
    with tempfile.TemporaryDirectory() as folder:
        overlay = Path(folder).resolve()
        (overlay / "kustomization.yaml").write_text(json.dumps(_kustomization(overlay)))
        kubectl.run("apply", "--server-side", "--force-conflicts", f"--kustomize={overlay}")
    operator = (f"deployment/{_OPERATOR}", f"--namespace={SYSTEM_NAMESPACE}")
    try:
        kubectl.run("rollout", "status", *operator, "--timeout=180s")
    except DemoError as error:
        said = kubectl.run("logs", *operator, "--tail=20")
        raise DemoError(f"{error}\nThe operator's log ends with:\n{said}") from error


def uninstall(kubectl: Kubectl, progress: Progress) -> None:
    """Remove labgrader, where the demo had installed it."""
    labels = namespace_labels(kubectl, SYSTEM_NAMESPACE)
    if labels is not None and MARK in labels:
        progress("removing labgrader")
        kubectl.run("delete", f"--kustomize={_BASE}", "--ignore-not-found")


def namespace_labels(kubectl: Kubectl, name: str) -> dict[str, str] | None:
    """The labels of a namespace; None where there is no such namespace."""
    found = kubectl.json("get", "namespace", name, "--ignore-not-found")
    return None if found is None else found["metadata"].get("labels", {})


def _kustomization(overlay: Path) -> dict[str, object]:
    """The manifests, marked as the demo's, with the image's content beside its unchanging tag."""
    with _IMAGE.open("rb") as archive:
        digest = hashlib.file_digest(archive, "sha256").hexdigest()
    template = {"metadata": {"annotations": {f"{MARK}/image": digest}}}
    operator = {"name": _OPERATOR, "namespace": SYSTEM_NAMESPACE}
    patches: list[dict[str, object]] = [
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": operator,
            "spec": {"template": template},
        },
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": SYSTEM_NAMESPACE, "labels": {MARK: "made"}},
        },
    ]
    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [os.path.relpath(_BASE, overlay)],
        "patches": [{"patch": json.dumps(patch)} for patch in patches],
    }


def _web_image() -> Path:
    if not docker.answers():
        raise DemoError(
            "The image web:1, which the exercises use, is built with Docker, and no Docker engine "
            "answers here (`docker info`). `make demo` without CLUSTER needs no Docker."
        )
    archive = _BUILD / "web.tar"
    archive.parent.mkdir(exist_ok=True)
    _run("docker", "build", "--build-arg=VERSION=1", "--tag=web:1", "workloads/web")
    _run("docker", "save", "--output", str(archive), "web:1")
    return archive


def _run(*command: str) -> None:
    """Run a program that tells by itself how far it has come."""
    if subprocess.run(command, cwd=_ROOT, stdin=subprocess.DEVNULL, check=False).returncode:
        raise DemoError(f"{' '.join(command)} failed; see above")
