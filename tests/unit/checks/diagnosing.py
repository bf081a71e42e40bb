"""A Deployment without an available pod, and what is told of the pods that are its own."""

from typing import Any

from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import (
    Body,
    deployment,
    pod,
    replica_set,
)

CHECK = {"ready": {"object": {"kind": "Deployment", "name": "web"}}}


LATER = "2026-03-02T09:30:00Z"


def diagnose(*pods: Body, events: Any = (), logs: Any = None, **spec: Any) -> Judged:
    """Judge a Deployment with no available pod; the pods come to be its own."""
    web = deployment(status={"availableReplicas": 0, "readyReplicas": 0}, **spec)
    owner = replica_set(web)
    for body in pods:
        body["metadata"]["ownerReferences"] = pod(owner=owner)["metadata"]["ownerReferences"]
    return Namespace([web, owner, *pods, *events], logs=logs or {}).judge(**CHECK)


def with_status(status: Body, **more: Any) -> Body:
    return pod(statuses=[status], **more)
