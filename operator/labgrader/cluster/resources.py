"""From kinds to the API server's paths.

Used by ``cluster.gather`` and the experiments. Kinds built into Kubernetes come from a table,
so that they cost no request; others are looked up in the server's discovery and remembered.
"""

from dataclasses import dataclass, field

from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError

_PLURALS = {
    ("v1", "Endpoints"): "endpoints",
    ("networking.k8s.io/v1", "NetworkPolicy"): "networkpolicies",
    ("networking.k8s.io/v1", "Ingress"): "ingresses",
}
_BUILT_IN = {
    "v1": ("ConfigMap", "Event", "LimitRange", "PersistentVolumeClaim", "Pod", "ResourceQuota",
           "Secret", "Service", "ServiceAccount", "Endpoints"),
    "apps/v1": ("ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"),
    "autoscaling/v2": ("HorizontalPodAutoscaler",),
    "batch/v1": ("CronJob", "Job"),
    "discovery.k8s.io/v1": ("EndpointSlice",),
    "networking.k8s.io/v1": ("Ingress", "NetworkPolicy"),
    "policy/v1": ("PodDisruptionBudget",),
    "rbac.authorization.k8s.io/v1": ("Role", "RoleBinding"),
}  # fmt: skip


class KindNotServed(Exception):
    """The cluster has no such namespaced kind."""


def group_path(api_version: str) -> str:
    """The path of a group and version: ``/api/v1`` or ``/apis/apps/v1``."""
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


@dataclass
class Resources:
    """The paths of one cluster's kinds."""

    client: Client
    _plurals: dict[tuple[str, str], str] = field(default_factory=dict)

    async def collection(self, api_version: str, kind: str, namespace: str) -> str:
        """The path of a kind in a namespace. Raises KindNotServed, ApiError, ApiUnreachable."""
        plural = await self._plural(api_version, kind)
        return f"{group_path(api_version)}/namespaces/{namespace}/{plural}"

    async def everywhere(self, api_version: str, kind: str) -> str:
        """The path of a kind in all namespaces. Raises as ``collection`` does."""
        return f"{group_path(api_version)}/{await self._plural(api_version, kind)}"

    async def _plural(self, api_version: str, kind: str) -> str:
        plural = _PLURALS.get((api_version, kind))
        if plural is None and kind in _BUILT_IN.get(api_version, ()):
            plural = f"{kind.lower()}s"
        if plural is None:
            plural = await self._discover(api_version, kind)
        return plural

    async def _discover(self, api_version: str, kind: str) -> str:
        known = self._plurals.get((api_version, kind))
        if known:
            return known
        try:
            listed = await self.client.get(group_path(api_version))
        except ApiError as error:
            if error.status == 404:  # noqa: PLR2004 (HTTP's own number)
                raise KindNotServed(f"{kind} ({api_version})") from error
            raise
        for resource in listed.get("resources", ()):
            if resource["kind"] == kind and "/" not in resource["name"] and resource["namespaced"]:
                self._plurals[api_version, kind] = resource["name"]
                return str(resource["name"])
        raise KindNotServed(f"{kind} ({api_version})")
