"""Applies the addons' manifests and finds out whether the addons work."""

import subprocess
from pathlib import Path
from typing import Any

from localcluster.api import Api
from localcluster.errors import LocalClusterError

_FOLDER = Path(__file__).parent
_DEPLOYMENTS = {
    "CoreDNS": ("kube-system", "coredns"),
    "metrics-server": ("kube-system", "metrics-server"),
    "local-path provisioner": ("local-path-storage", "local-path-provisioner"),
}
_METRICS = "v1beta1.metrics.k8s.io"
_DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"


def apply(kubectl: Path, kubeconfig: Path) -> None:
    """Send all manifests; doing it again changes nothing."""
    command = [
        str(kubectl),
        f"--kubeconfig={kubeconfig}",
        "apply",
        "--server-side",
        "--validate=false",
    ]
    done = subprocess.run(
        [*command, f"--filename={_FOLDER}"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise LocalClusterError(f"the addons are refused:\n{done.stderr.strip()}")


def missing(api: Api, nodes: int) -> list[str]:
    """What does not work yet, in words; empty when everything does."""
    waits = [name for name, place in _DEPLOYMENTS.items() if not _available(api, *place)]
    if waits:
        return waits
    if not _has_default_class(api):
        return ["default StorageClass"]
    service = api.get(f"/apis/apiregistration.k8s.io/v1/apiservices/{_METRICS}")
    if not _condition(service, "Available"):
        return [f"APIService {_METRICS}"]
    metrics = api.get("/apis/metrics.k8s.io/v1beta1/nodes")
    measured = len(metrics["items"]) if metrics else 0
    return [] if measured >= nodes else [f"metrics of nodes ({measured} of {nodes})"]


def log(missing_ones: list[str], nodes: list[Path]) -> Path | None:
    """The newest log of the first missing addon's pods, on the disks of these nodes."""
    namespace, name = _DEPLOYMENTS.get((missing_ones or [""])[0], _DEPLOYMENTS["metrics-server"])
    found = [f for node in nodes for f in node.glob(f"pod-logs/{namespace}_{name}-*/*/*.log")]
    return max(found, key=lambda file: file.stat().st_mtime, default=None)


def _available(api: Api, namespace: str, name: str) -> bool:
    return _condition(
        api.get(f"/apis/apps/v1/namespaces/{namespace}/deployments/{name}"), "Available"
    )


def _has_default_class(api: Api) -> bool:
    classes = api.get("/apis/storage.k8s.io/v1/storageclasses") or {"items": []}
    return any(
        c["metadata"].get("annotations", {}).get(_DEFAULT_CLASS) == "true" for c in classes["items"]
    )


def _condition(thing: Any, kind: str) -> bool:
    conditions = (thing or {}).get("status", {}).get("conditions", [])
    return any(c["type"] == kind and c["status"] == "True" for c in conditions)
