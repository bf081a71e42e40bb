"""What must hold before a namespace is disturbed: its instructor has opened it, and we may act.

Used by ``laboratory`` and the experiments, before anything is recorded or changed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any

from labgrader.api.names import COPY_ROLE, DISRUPTION_LABEL
from labgrader.checks.metrics import CUSTOM_METRICS, EXTERNAL_METRICS, RESOURCE_METRICS
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.hopeless import hopeless

DISTURB_ROLE = "labgrader-disturb"
"""The ClusterRole that an instructor binds in each namespace that may be disturbed."""
READ_ROLE = "labgrader"
"""The ClusterRole by which the operator reads what it grades."""
OWN_CLUSTER_ROLE = "labgrader-own-cluster"
"""The ClusterRole that an operator needs where the whole cluster is one learner's."""
_NOT_FOUND = 404
_VERSIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        RESOURCE_METRICS: ("v1beta1",),
        CUSTOM_METRICS: ("v1beta2", "v1beta1"),
        EXTERNAL_METRICS: ("v1beta1",),
    }
)
"""The versions of the APIs of metrics that autoscalers ask."""
METRICS = f"/apis/{RESOURCE_METRICS}/v1beta1"
CLONE_ROLE = "labgrader-clone"
"""The ClusterRole with which an operator makes copies in namespaces of its own."""
SECRETS_ROLE = "labgrader-clone-secrets"
"""The ClusterRole by which it reads the Secrets that a copy needs; bound in a learner's namespace."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Right:
    """Something that a grader must be allowed to do, and the ClusterRole that says so."""

    verb: str
    resource: str
    subresource: str = ""
    group: str = ""
    role: str = DISTURB_ROLE
    clusterwide: bool = False

    def attributes(self) -> Json:
        """As access reviews ask for it."""
        told = {"verb": self.verb, "resource": self.resource}
        told |= {"subresource": self.subresource} if self.subresource else {}
        return told | ({"group": self.group} if self.group else {})

    def lacking(self, namespace: str) -> str:
        """How to tell that it is missing."""
        what = "/".join(filter(None, (self.resource, self.subresource)))
        if self.clusterwide:
            return f"{self.verb} {what}: needs a ClusterRoleBinding to ClusterRole {self.role}"
        return f"{self.verb} {what} in {namespace}: needs a RoleBinding there to ClusterRole {self.role}"


DELETE_PODS = Right("delete", "pods")
RUN_COMMANDS = (Right("create", "pods", "exec"), Right("get", "pods", "exec"))
ASK_PODS = Right("get", "pods", "proxy")
EVICT_PODS = Right("create", "pods", "eviction")
UPDATE_DEPLOYMENTS = (
    Right("patch", "deployments", group="apps"),
    Right("delete", "replicasets", group="apps"),
)
RESIZE_PODS = (Right("patch", "pods", "resize"), Right("patch", "pods"), DELETE_PODS)
RUN_JOBS = (
    Right("create", "jobs", group="batch"),
    Right("delete", "jobs", group="batch"),
    Right("patch", "deployments", group="apps"),
    Right("patch", "statefulsets", group="apps"),
    Right("patch", "horizontalpodautoscalers", group="autoscaling"),
)
SEE_NODES = Right("list", "nodes", role=READ_ROLE, clusterwide=True)
CORDON_NODES = Right("patch", "nodes", role=OWN_CLUSTER_ROLE, clusterwide=True)
SEE_STORAGE = Right(
    "list", "storageclasses", group="storage.k8s.io", role=OWN_CLUSTER_ROLE, clusterwide=True
)
MAKE_COPIES = (
    Right("create", "namespaces", role=CLONE_ROLE, clusterwide=True),
    Right("delete", "namespaces", role=CLONE_ROLE, clusterwide=True),
)
FILL_COPIES = Right("create", "configmaps", role=COPY_ROLE)
READ_SECRETS = Right("get", "secrets", role=SECRETS_ROLE)


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
    body = await standing(client, namespace)
    labels = body["metadata"].get("labels") or {}
    if permission is Permission.LABEL and labels.get(DISRUPTION_LABEL) != "allowed":
        detail = f"namespace {namespace} has no label {DISRUPTION_LABEL}=allowed"
        raise hopeless("DisruptionNotAllowed", detail)


async def standing(client: Client, namespace: str) -> Json:
    """The namespace, which is there and stays. Raises Hopeless, ApiError."""
    try:
        body: Json = await client.get(f"/api/v1/namespaces/{namespace}")
    except ApiError as error:
        if error.status != _NOT_FOUND:
            raise
        raise hopeless("TargetMissing", f"no namespace {namespace}") from error
    if "deletionTimestamp" in body["metadata"]:
        raise hopeless("TargetTerminating", f"namespace {namespace}")
    return body


async def may(client: Client, namespace: str, *rights: Right) -> None:
    """Raises Hopeless where we lack one of them, ApiError, ApiUnreachable."""
    for right in rights:
        if not await allowed(client, namespace, right):
            raise hopeless("Forbidden", right.lacking(namespace))


async def metrics_served(client: Client, apis: Collection[str]) -> tuple[str, ...]:
    """Those of the APIs of metrics that are not served; one of them must be.

    Raises Hopeless, ApiError, ApiUnreachable.
    """
    missing = {api: error for api in sorted(apis) if (error := await _unserved(client, api))}
    if len(missing) == len(apis):
        detail = "; ".join(
            f"APIService {_VERSIONS[api][-1]}.{api} does not answer ({error})"
            for api, error in missing.items()
        )
        transient = any(error.overloaded for error in missing.values())
        raise hopeless("MetricsNotServed", detail, transient=transient)
    return tuple(missing)


async def _unserved(client: Client, api: str) -> ApiError | None:
    """Why an API of metrics does not answer; None where it does."""
    found: ApiError | None = None
    for version in _VERSIONS[api]:
        try:
            await client.get(f"/apis/{api}/{version}")
        except ApiError as error:
            if error.status != _NOT_FOUND and not error.overloaded:
                raise
            # One version that is there and does not answer is no reason to call it missing.
            found = error if found is None or error.overloaded else found
        else:
            return None
    return found


async def allowed(client: Client, namespace: str, right: Right) -> bool:
    """Whether we have the right. Raises ApiError, ApiUnreachable."""
    where = {} if right.clusterwide else {"namespace": namespace}
    review = await client.create(
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": {**right.attributes(), **where}},
        },
    )
    return bool(review["status"]["allowed"])


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
