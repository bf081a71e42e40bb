"""Objects of Kim's namespace as a cluster has them, for tests of what is copied."""

from typing import Any

Json = dict[str, Any]
LABELS = {"app": "web"}
API = {
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "NetworkPolicy": "networking.k8s.io/v1",
    "PodDisruptionBudget": "policy/v1",
    "RoleBinding": "rbac.authorization.k8s.io/v1",
}
NAMESPACE: Json = {
    "metadata": {
        "name": "kim",
        "labels": {
            "pod-security.kubernetes.io/enforce": "baseline",
            "labgrader.dev/course": "course",
            "kubernetes.io/metadata.name": "kim",
        },
    }
}


def made(kind: str, name: str = "web", **fields: Any) -> Json:
    """An object as a cluster has it."""
    metadata = {
        "name": name,
        "namespace": "kim",
        "uid": f"uid-{name}",
        "resourceVersion": "7",
        "generation": 3,
        "creationTimestamp": "2026-01-01T00:00:00Z",
        "finalizers": ["example.org/stays"],
        "ownerReferences": [{"uid": "o", "controller": True}],
        "managedFields": [{"manager": "kubectl"}],
        "labels": {"app": "web", "labgrader.dev/probe": "x"},
        "annotations": {
            "kubectl.kubernetes.io/last-applied-configuration": "{}",
            "deployment.kubernetes.io/revision": "3",
            "example.org/kept": "yes",
        },
    }
    about = {"apiVersion": API.get(kind, "v1"), "kind": kind, "metadata": metadata}
    return {**about, **fields, "status": {"phase": "x"}}


def workload(kind: str = "Deployment", /, spec: Json | None = None, **container: Any) -> Json:
    pod = {"containers": [{"name": "web", "image": "web:1", **container}], **(spec or {})}
    template = {"metadata": {"labels": LABELS}, "spec": pod}
    return made(kind, spec={"replicas": 2, "template": template})


def service(name: str = "web", selector: Json | None = None, **spec: Any) -> Json:
    ports = [{"port": 80, "targetPort": 8080, "nodePort": 30080}]
    chosen = LABELS if selector is None else selector
    whole = {"selector": chosen, "ports": ports, "clusterIP": "10.0.0.9", "clusterIPs": ["x"]}
    return made("Service", name, spec={**whole, **spec})
