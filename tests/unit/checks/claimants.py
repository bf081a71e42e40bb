"""Workloads and pods that use the claim data, and what `claims` finds."""

from typing import Any

from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import (
    Body,
    container,
    deployment,
    pod,
    replica_set,
)

WEB = {"kind": "Deployment", "name": "web"}
DB = {"kind": "StatefulSet", "name": "db"}
MOUNT = {"name": "v", "mountPath": "/data"}
VOLUME = {"name": "v", "persistentVolumeClaim": {"claimName": "data"}}
USING: Any = {"containers": [container(volumeMounts=[MOUNT])], "volumes": [VOLUME]}
WAITS = "waiting for first consumer to be created before binding"


def judge(*objects: Body, **params: Any) -> Judged:
    return Namespace(list(objects)).judge(claims={"claim": "data", **params})


def web(spec: Any = USING, replicas: int = 1) -> Body:
    body = deployment(replicas=replicas)
    body["spec"]["template"]["spec"] = spec
    return body


def running(workload: Body, spec: Any = USING, phase: str = "Running") -> tuple[Body, Body]:
    """A pod of the Deployment, and the ReplicaSet between them."""
    owner = replica_set(workload)
    made = pod("web-1", owner, **spec)
    made["status"]["phase"] = phase
    return owner, made
