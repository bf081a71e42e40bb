"""Nodes: which one a fault takes, and whether there is another one for its pods.

Used by the faults of a node. Changes nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from labgrader.cluster.client import Client
from labgrader.cluster.experiments.hopeless import hopeless

Json = Mapping[str, Any]
NODES = "/api/v1/nodes"
_CONTROL_PLANE = "node-role.kubernetes.io/control-plane"
_KEEPING_OFF = frozenset({"NoSchedule", "NoExecute"})
_ABSENT = frozenset({"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"})
"""Taints of nodes that do not answer; they stay a moment longer than that is so."""
_NEEDED = 2


async def node_of_most(client: Client, pods: Sequence[Json]) -> str:
    """The worker with most of the pods; of several, that of the oldest pod.

    Raises Hopeless where fewer than two nodes can take pods, ApiError, ApiUnreachable.
    """
    nodes = (await client.get(NODES))["items"]
    usable = [node for node in nodes if takes_pods(node)]
    if len(usable) < _NEEDED:
        detail = f"{len(usable)} of {len(nodes)} nodes can take pods, {_NEEDED} are needed"
        raise hopeless("NeedsMoreNodes", detail)
    workers = {
        node["metadata"]["name"]
        for node in usable
        if _CONTROL_PLANE not in (node["metadata"].get("labels") or {})
    }
    ready = sorted(pods, key=lambda pod: str(pod["metadata"]["creationTimestamp"]))
    places = [pod["spec"].get("nodeName") for pod in ready]
    counted = Counter(place for place in places if place in workers)
    if not counted:
        detail = "none of the workload's pods is on a worker node that can be disturbed"
        raise hopeless("NeedsMoreNodes", detail)
    most = max(counted.values())
    return str(next(place for place in places if counted.get(place) == most))


def takes_pods(node: Json) -> bool:
    """Ready, not cordoned, and without taints that keep ordinary pods off."""
    spec, status = node.get("spec") or {}, node.get("status") or {}
    taints = spec.get("taints") or ()
    return (
        not spec.get("unschedulable")
        and not any(taint.get("effect") in _KEEPING_OFF for taint in taints)
        and is_ready(status)
    )


def is_back(node: Json) -> bool:
    """It works after an absence, and Kubernetes keeps pods off it no longer on that account."""
    spec, status = node.get("spec") or {}, node.get("status") or {}
    return is_ready(status) and not any(
        taint.get("key") in _ABSENT for taint in spec.get("taints") or ()
    )


def is_ready(status: Json) -> bool:
    """The kubelet says that it works."""
    conditions = status.get("conditions") or ()
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
