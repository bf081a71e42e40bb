"""Whether a workload has become Ready, by what its own controller wrote.

Called by ``cluster.given``, which only waits. Must not be used for verdicts: those are
``checks.ready``'s.
"""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]


def waits_for(kind: str) -> bool:
    """Whether a kind becomes Ready at all."""
    return kind in {"Deployment", "StatefulSet", "ReplicaSet", "DaemonSet", "Pod"}


def is_ready(kind: str, body: Json) -> bool:
    """Whether its controller has seen this version, and all its pods are Ready."""
    status: Json = body.get("status") or {}
    if kind == "Pod":
        conditions = status.get("conditions") or ()
        return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
    if status.get("observedGeneration", 0) < body["metadata"].get("generation", 0):
        return False
    if kind == "DaemonSet":
        wanted = status.get("desiredNumberScheduled", 0)
        return bool(wanted == status.get("numberReady", 0) == status.get("updatedNumberScheduled"))
    wanted = body["spec"].get("replicas", 1)
    updated = wanted if kind == "ReplicaSet" else status.get("updatedReplicas", 0)
    return bool(wanted == updated == status.get("readyReplicas", 0))
