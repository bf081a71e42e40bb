"""An object as it can be made again elsewhere: without what belongs to the one that is there.

Used by ``copies.plan``. Pure. Left out are status, uid, owners, field managers and finalizers, and of
each kind what the cluster has given to that one object: addresses, volumes, node ports.
"""

from collections.abc import Mapping
from typing import Any

from labgrader.checks.tolerant import mapping, maps

_FOREIGN = ("labgrader.dev", "kopf.zalando.org")
"""Groups whose labels and annotations are the graders'; what is below them is as well."""
_OF_THE_ONE = (
    *("kubectl.kubernetes.io", "deployment.kubernetes.io", "pv.kubernetes.io"),
    *("volume.kubernetes.io", "volume.beta.kubernetes.io", "autoscaling.alpha.kubernetes.io"),
    "endpoints.kubernetes.io",
)
"""Groups whose annotations tell of the one object: what was applied, its revision, its volume."""
_OF_A_SERVICE = frozenset(
    {
        *("clusterIP", "clusterIPs", "externalIPs", "healthCheckNodePort", "loadBalancerIP"),
        *("loadBalancerClass", "loadBalancerSourceRanges", "allocateLoadBalancerNodePorts"),
        "externalTrafficPolicy",
    }
)
_OF_A_CLAIM = frozenset({"volumeName", "dataSource", "dataSourceRef"})
_FIELDS = ("spec", "data", "binaryData", "type", "immutable", "automountServiceAccountToken")

Json = Mapping[str, Any]


def bare(body: Json) -> Json:
    """The object as it is made again. Its namespace is left out, too."""
    metadata = body["metadata"]
    annotations = _without(metadata.get("annotations"), (*_FOREIGN, *_OF_THE_ONE))
    copied: dict[str, Any] = {
        "apiVersion": body["apiVersion"],
        "kind": body["kind"],
        "metadata": {
            "name": metadata["name"],
            "labels": _without(metadata.get("labels"), _FOREIGN),
            "annotations": annotations,
        },
    }
    copied |= {name: body[name] for name in _FIELDS if name in body}
    if body["kind"] == "ServiceAccount":
        copied["imagePullSecrets"] = list(maps(body.get("imagePullSecrets")))
    match body["kind"]:
        case "Service":
            copied["spec"] = _service(mapping(body.get("spec")))
        case "PersistentVolumeClaim":
            copied["spec"] = _left_out(mapping(body.get("spec")), _OF_A_CLAIM)
    return copied


def _service(spec: Json) -> Json:
    copied = dict(_left_out(spec, _OF_A_SERVICE))
    if spec.get("clusterIP") == "None":
        copied["clusterIP"] = "None"
    if spec.get("type") in {"LoadBalancer", "NodePort"}:
        copied["type"] = "ClusterIP"
    ports = [_left_out(port, frozenset({"nodePort"})) for port in maps(spec.get("ports"))]
    return copied | ({"ports": ports} if ports else {})


def _left_out(value: Json, names: frozenset[str]) -> Json:
    return {name: one for name, one in value.items() if name not in names}


def _without(named: Any, groups: tuple[str, ...]) -> Json:
    """The labels or annotations of other groups."""
    return {key: value for key, value in mapping(named).items() if not _is_of(key, groups)}


def _is_of(key: str, groups: tuple[str, ...]) -> bool:
    group, slash, _ = key.partition("/")
    return bool(slash) and any(group == one or group.endswith(f".{one}") for one in groups)
