"""What storage a cluster offers: whether volumes of another sort than some claims' could be had.

Used by ``keep_data``, where a pod cannot leave a node that is drained. Changes nothing.
"""

from collections.abc import Collection

from labgrader.cluster.client import Client

_CLASSES = "/apis/storage.k8s.io/v1/storageclasses"
_MAKES_NONE = "kubernetes.io/no-provisioner"
"""Of classes for volumes that somebody makes by hand."""


async def only_storage(client: Client, namespace: str, claims: Collection[str]) -> str:
    """The StorageClasses, where all there are make their volumes as those of the claims were made.

    Empty where a claim could have had a volume of another sort, or where somebody made one by
    hand. Raises ApiError, ApiUnreachable.
    """
    path = f"/api/v1/namespaces/{namespace}/persistentvolumeclaims"
    listed = (await client.get(path))["items"]
    classes = (await client.get(_CLASSES))["items"]
    by_name = {one["metadata"]["name"]: one.get("provisioner", "") for one in classes}
    offered = {name: by for name, by in by_name.items() if by != _MAKES_NONE}
    used = {
        by_name.get(claim["spec"].get("storageClassName") or "", "")
        for claim in listed
        if claim["metadata"]["name"] in claims
    }
    if len(set(offered.values())) != 1 or used != set(offered.values()):
        return ""
    return f"{', '.join(sorted(offered))}: {next(iter(used))}"
