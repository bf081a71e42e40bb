"""The ground on which everything is measured: a local cluster with an audit log, and what is graded.

Twenty namespaces with the same small web in each, an exercise, and nothing else. Made once
and kept between runs until `python -m benchmarks down`.
"""

import json
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labgrader.api.names import API_VERSION, COURSE_LABEL, SYSTEM_NAMESPACE
from localcluster import Cluster, LocalClusterError
from localcluster.certificates.authority import ADMIN
from localcluster.progress import Report

COURSE = "bench"
EXERCISE = "five-checks"
TARGETS = tuple(f"bench-{number:02}" for number in range(1, 21))

_CLUSTER = "bench"
_ROOT = Path(__file__).parents[1]
_KINDS = ("crd/labexercises.labgrader.dev", "crd/submissions.labgrader.dev")
_LABELS = {"app": "web"}
_QUIET_SECONDS = 10
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Ground:
    """The cluster, seen from inside its network."""

    cluster: Cluster

    @property
    def kubeconfig(self) -> Path:
        """A kubeconfig that works inside the network."""
        return self.cluster.layout.kubeconfigs / ADMIN

    @property
    def kubectl(self) -> Path:
        """The kubectl that the contestants' shell script calls."""
        return self.cluster.kubectl

    @property
    def audit_log(self) -> Path:
        """The API server's audit log."""
        return self.cluster.audit_log


def ground() -> Ground:
    """The ground, whether it is prepared or not."""
    return Ground(Cluster(_CLUSTER))


def prepare(report: Report) -> Ground:
    """Make what is missing, and wait until nothing moves any more."""
    made = ground()
    made.cluster.up(1, audit=True, report=report)
    report("applying the CRDs, the policies, and twenty namespaces to grade")
    _kubectl(made, "apply", "--server-side", "-k", str(_ROOT / "crds"))
    _kubectl(made, "wait", "--for=condition=Established", *_KINDS, "--timeout=60s")
    _kubectl(made, "apply", "--server-side", "-k", str(_ROOT / "manifests" / "base" / "policies"))
    objects = [_namespace(SYSTEM_NAMESPACE, {}), _namespace(COURSE, {COURSE_LABEL: COURSE})]
    objects += [_namespace(name, {COURSE_LABEL: COURSE}) for name in TARGETS]
    objects.append(_exercise())
    objects += [body for name in TARGETS for body in _web(name)]
    body = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    _kubectl(made, "apply", "--server-side", "--force-conflicts", "-f", "-", given=body)
    report("waiting until all of it is Ready")
    for name in TARGETS:
        _kubectl(made, "rollout", "status", "deployment/web", "-n", name, "--timeout=180s")
    time.sleep(_QUIET_SECONDS)  # what controllers do after the last pod is Ready
    return made


def down(report: Report) -> None:
    """Remove the cluster."""
    ground().cluster.down(report=report)


def _kubectl(made: Ground, *words: str, given: str = "") -> None:
    command = [str(made.kubectl), f"--kubeconfig={made.cluster.kubeconfig}", *words]
    done = subprocess.run(command, input=given, text=True, capture_output=True, check=False)
    if done.returncode:
        raise LocalClusterError(f"kubectl {' '.join(words)} failed:\n{done.stderr.strip()}")


def _namespace(name: str, labels: Json) -> Json:
    metadata = {"name": name, "labels": labels}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def _exercise() -> Json:
    deployment = {"kind": "Deployment", "name": "web"}
    port = {"port": 80, "targetPort": 8080}
    checks: list[dict[str, Any]] = [
        {"matches": {"object": deployment, "expect": {"spec": {"replicas": 1}}}},
        {"ready": {"object": deployment}},
        {
            "matches": {
                "object": {"kind": "Service", "name": "web"},
                "expect": {"spec": {"ports": [port]}},
            }
        },
        {"routes": {"service": "web", "port": 80, "to": deployment}},
        {
            "matches": {
                "object": {"kind": "HorizontalPodAutoscaler", "name": "web"},
                "expect": {"spec": {"maxReplicas": 3}},
            }
        },
    ]
    text = {"en": "Five checks, six looks"}
    spec = {
        "title": text,
        "task": text,
        "settle": "0s",
        "checks": [
            {"name": f"check-{number}", "points": 20, **check}
            for number, check in enumerate(checks, 1)
        ],
    }
    metadata = {"name": EXERCISE, "namespace": COURSE}
    return {"apiVersion": API_VERSION, "kind": "LabExercise", "metadata": metadata, "spec": spec}


def _web(namespace: str) -> list[Json]:
    metadata = {"name": "web", "namespace": namespace}
    probe = {"httpGet": {"path": "/healthz", "port": 8080}}
    container = {
        "name": "web",
        "image": "web:1",
        "ports": [{"containerPort": 8080}],
        "env": [{"name": "GRACE", "value": "1s"}],
        "readinessProbe": probe,
        "livenessProbe": probe,
        "resources": {
            "requests": {"cpu": "10m", "memory": "16Mi"},
            "limits": {"cpu": "200m", "memory": "64Mi"},
        },
    }
    deployment = {
        "replicas": 1,
        "selector": {"matchLabels": _LABELS},
        "template": {"metadata": {"labels": _LABELS}, "spec": {"containers": [container]}},
    }
    service = {"selector": _LABELS, "ports": [{"port": 80, "targetPort": 8080}]}
    target = {"type": "Utilization", "averageUtilization": 50}
    autoscaler = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
        "minReplicas": 1,
        "maxReplicas": 3,
        "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
    }
    kinds = (
        ("apps/v1", "Deployment", deployment),
        ("v1", "Service", service),
        ("autoscaling/v2", "HorizontalPodAutoscaler", autoscaler),
    )
    return [
        {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}
        for version, kind, spec in kinds
    ]
