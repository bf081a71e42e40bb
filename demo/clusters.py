"""Where the demo's cluster comes from: made here without Docker, kind, or the user's own.

Each provider makes the cluster what the demo needs: kubectl reaches it, metrics are served,
and images can be brought to its nodes. Must not know what labgrader is.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from demo.errors import DemoError
from demo.kubectl import Kubectl
from demo.progress import Progress
from localcluster import Cluster
from localcluster.errors import LocalClusterError

_ROOT = Path(__file__).parents[1]
_LOCAL = "demo"
_KIND = "labgrader-demo"
_METRICS = _ROOT / "localcluster" / "addons" / "metrics-server.yaml"
_METRICS_IMAGE = "registry.k8s.io/metrics-server/metrics-server:v0.8.0"


@dataclass(frozen=True)
class Place:
    """A cluster that runs. ``reach`` is what a person types before using kubectl on it."""

    kubectl: Kubectl
    reach: str
    load: Callable[[Path], None]
    """Brings the images of an archive to every node."""
    has_web: bool
    """Whether `web:1` and `busybox:1` are on the nodes already."""
    own: bool
    """Whether the demo made the cluster, and everything on it is the demo's."""


def local(progress: Progress) -> Place:
    """The cluster `demo` of `python -m localcluster`."""
    cluster = Cluster(_LOCAL)
    try:
        cluster.up(report=progress)
    except LocalClusterError as error:
        raise DemoError(str(error)) from error

    def load(archive: Path) -> None:
        try:
            cluster.load_image(archive)
        except LocalClusterError as error:
            raise DemoError(str(error)) from error

    kubectl = Kubectl(str(cluster.kubectl), cluster.kubeconfig)
    on_path = shutil.which("kubectl")
    path = "" if on_path else f"PATH={cluster.kubectl.parent}:$PATH "
    return Place(
        kubectl, f"export {path}KUBECONFIG={cluster.kubeconfig}", load, has_web=True, own=True
    )


def kind(progress: Progress) -> Place:
    """A kind cluster of the demo's own, with the metrics that autoscaling needs."""
    program = _required("kind", "https://kind.sigs.k8s.io")
    kubeconfig = _ROOT / "build" / f"{_KIND}.kubeconfig"
    kubeconfig.parent.mkdir(exist_ok=True)
    if _KIND in _said(program, "get", "clusters").split():
        kubeconfig.write_text(_said(program, "get", "kubeconfig", "--name", _KIND))
        kubeconfig.chmod(0o600)
    else:
        progress(f"making the kind cluster {_KIND}")
        _said(
            program, "create", "cluster", "--name", _KIND, "--wait", "180s",
            "--kubeconfig", str(kubeconfig),
        )  # fmt: skip
    kubectl = Kubectl(_required("kubectl", "https://kubernetes.io/docs/tasks/tools"), kubeconfig)
    progress("starting metrics-server, which autoscaling needs")
    kubectl.apply(metrics_server())

    def load(archive: Path) -> None:
        _said(program, "load", "image-archive", str(archive), "--name", _KIND)

    return Place(kubectl, f"export KUBECONFIG={kubeconfig}", load, has_web=False, own=True)


def current(progress: Progress) -> Place:
    """The cluster of the user's current kube-context, which stays the current one."""
    kubectl = Kubectl(_required("kubectl", "https://kubernetes.io/docs/tasks/tools"))
    context = kubectl.run("config", "current-context").strip()
    progress(f"using the current kube-context, {context}")
    there = Kubectl(kubectl.program, context=context)
    there.run("get", "--raw=/readyz")
    try:
        there.run("get", "--raw=/apis/metrics.k8s.io/v1beta1")
    except DemoError as error:
        raise DemoError(
            f"{context} serves no metrics (metrics.k8s.io), so nothing on it can scale with load. "
            "Install metrics-server there, or let the demo make a cluster: make demo"
        ) from error
    reach = f"kubectl config use-context {context}"
    has_web = context.startswith("localcluster-")  # as every cluster of localcluster's
    return Place(there, reach, _loader(context), has_web=has_web, own=False)


UP: Mapping[str, Callable[[Progress], Place]] = MappingProxyType(
    {"local": local, "kind": kind, "current": current}
)


def remove(choice: str, progress: Progress) -> bool:
    """Remove the cluster, where it is the demo's own. False where it is the user's."""
    if choice == "local":
        try:
            Cluster(_LOCAL).down(report=progress)
        except LocalClusterError as error:
            raise DemoError(str(error)) from error
    elif choice == "kind":
        program = _required("kind", "https://kind.sigs.k8s.io")
        _said(program, "delete", "cluster", "--name", _KIND)
        (_ROOT / "build" / f"{_KIND}.kubeconfig").unlink(missing_ok=True)
        progress(f"kind cluster {_KIND} is gone")
    return choice != "current"


def _loader(context: str) -> Callable[[Path], None]:
    """How images come to the nodes of somebody else's cluster, by the names tools give contexts."""

    def load(archive: Path) -> None:
        tool, _, name = context.partition("-")
        if tool == "kind":
            _said(_required("kind", ""), "load", "image-archive", str(archive), "--name", name)
        elif tool == "localcluster":
            Cluster(name).load_image(archive)
        elif os.environ.get("MINIKUBE_PROFILE", context) == context and shutil.which("minikube"):
            _said("minikube", "image", "load", str(archive), "--profile", context)
        else:
            raise DemoError(
                f"The demo does not know how to bring an image to the nodes of {context}; it does "
                "for kind, minikube and localcluster. For this one, install labgrader as the "
                'README says under "On your cluster", or let the demo make a cluster: make demo'
            )

    return load


def metrics_server() -> list[Mapping[str, Any]]:
    """The local cluster's metrics-server, from the public image."""
    text = _METRICS.read_text("utf-8").replace("localhost/kube:1", _METRICS_IMAGE)
    objects = [found for found in yaml.safe_load_all(text) if found]
    for found in objects:
        if found["kind"] == "Deployment":
            del found["spec"]["template"]["spec"]["containers"][0]["command"]
    return objects


def _required(program: str, where: str) -> str:
    found = shutil.which(program)
    if not found:
        raise DemoError(f"{program} is not on PATH. {where}".rstrip())
    return found


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DemoError(f"{' '.join(command)} failed:\n{done.stderr.strip()}")
    return done.stdout
