"""The workload kinds whose pods the checks can follow by uid."""

from labgrader.api.base import ObjectRef

WORKLOADS = {
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "ReplicaSet": "apps/v1",
    "Pod": "v1",
}


def is_workload(ref: ObjectRef) -> bool:
    """Whether the reference names one of them, in its own API group."""
    api_version = WORKLOADS.get(ref.kind)
    return api_version is not None and ref.api_version in {None, api_version}
