"""What must hold before a namespace is disturbed: its instructor has opened it, and we may act.

Used by ``laboratory`` and the experiments, before anything is recorded or changed.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from labgrader.api.names import DISRUPTION_LABEL
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.hopeless import hopeless

DISTURB_ROLE = "labgrader-disturb"
"""The ClusterRole that an instructor binds in each namespace that may be disturbed."""
_NOT_FOUND = 404
_METRICS = "/apis/metrics.k8s.io/v1beta1"

Json = Mapping[str, Any]


class Permission(Enum):
    """Who allows that a namespace is disturbed."""

    LABEL = "label"
    """Its instructor, by the label on the namespace: the operator's way."""
    GIVEN = "given"
    """The user, who typed so: the command line's way."""
    REFUSED = "refused"
    """Nobody."""


async def opened(client: Client, namespace: str, permission: Permission) -> None:
    """The namespace is there, stays, and may be disturbed. Raises Hopeless, ApiError."""
    if permission is Permission.REFUSED:
        raise hopeless("DisruptionNotAllowed", f"{namespace}: --allow-disruption was not given")
    try:
        body = await client.get(f"/api/v1/namespaces/{namespace}")
    except ApiError as error:
        if error.status != _NOT_FOUND:
            raise
        raise hopeless("TargetMissing", f"no namespace {namespace}") from error
    if "deletionTimestamp" in body["metadata"]:
        raise hopeless("TargetTerminating", f"namespace {namespace}")
    labels = body["metadata"].get("labels") or {}
    if permission is Permission.LABEL and labels.get(DISRUPTION_LABEL) != "allowed":
        detail = f"namespace {namespace} has no label {DISRUPTION_LABEL}=allowed"
        raise hopeless("DisruptionNotAllowed", detail)


async def may_delete_pods(client: Client, namespace: str) -> None:
    """Raises Hopeless where we may not, ApiError, ApiUnreachable."""
    asked = {"namespace": namespace, "verb": "delete", "resource": "pods"}
    review = await client.create(
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": asked},
        },
    )
    if not review["status"]["allowed"]:
        raise hopeless(
            "Forbidden",
            f"delete pods in {namespace}: needs a RoleBinding there to ClusterRole {DISTURB_ROLE}",
        )


async def metrics_served(client: Client) -> None:
    """The cluster measures what autoscalers read. Raises Hopeless, ApiError, ApiUnreachable."""
    try:
        await client.get(_METRICS)
    except ApiError as error:
        if error.status != _NOT_FOUND and not error.overloaded:
            raise
        detail = f"{_METRICS} is not served: is metrics-server installed? ({error})"
        raise hopeless("MetricsNotServed", detail, transient=error.overloaded) from error


async def same(client: Client, path: str, uid: str | None = None) -> Json:
    """The object at a path. Raises Hopeless where it is gone, or not the one looked at before."""
    try:
        body: Json = await client.get(path)
    except ApiError as error:
        if error.status != _NOT_FOUND:
            raise
        raise hopeless("ObjectReplaced", f"{path} is gone", transient=True) from error
    if uid is not None and body["metadata"]["uid"] != uid:
        raise hopeless("ObjectReplaced", f"{path} is another one now", transient=True)
    return body
