"""What changes between versions of Kubernetes: API versions that went, and fields filled in.

Rules of lint. The tables are Kubernetes' own deprecation guide
(https://kubernetes.io/docs/reference/using-api/deprecation-guide/) and its defaults; entries are
added when a version of Kubernetes that labgrader knows changes something.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from labgrader.authoring.draft import Draft
from labgrader.authoring.lint.leaves import leaves, maps
from labgrader.checks.expect.operators import ABSENT, PRESENT, split
from labgrader.reporting.remarks import Remark


def _removed() -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    workloads = {"Deployment", "DaemonSet", "ReplicaSet", "StatefulSet"}
    for version in ("extensions/v1beta1", "apps/v1beta1", "apps/v1beta2"):
        yield from (((version, kind), ("1.16", "apps/v1")) for kind in sorted(workloads))
    for kind in ("NetworkPolicy", "Ingress"):
        went = "1.16" if kind == "NetworkPolicy" else "1.22"
        yield ("extensions/v1beta1", kind), (went, "networking.k8s.io/v1")
    for version, kind, went, now in _TABLE:
        yield (version, kind), (went, now)


_TABLE = (
    ("extensions/v1beta1", "PodSecurityPolicy", "1.16", ""),
    ("networking.k8s.io/v1beta1", "Ingress", "1.22", "networking.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", "IngressClass", "1.22", "networking.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1alpha1", "Role", "1.22", "rbac.authorization.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1alpha1", "RoleBinding", "1.22", "rbac.authorization.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1beta1", "Role", "1.22", "rbac.authorization.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1beta1", "RoleBinding", "1.22", "rbac.authorization.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRole", "1.22", "rbac.authorization.k8s.io/v1"),
    (
        "rbac.authorization.k8s.io/v1beta1",
        "ClusterRoleBinding",
        "1.22",
        "rbac.authorization.k8s.io/v1",
    ),
    ("coordination.k8s.io/v1beta1", "Lease", "1.22", "coordination.k8s.io/v1"),
    ("scheduling.k8s.io/v1beta1", "PriorityClass", "1.22", "scheduling.k8s.io/v1"),
    ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "1.22", "apiextensions.k8s.io/v1"),
    ("batch/v1beta1", "CronJob", "1.25", "batch/v1"),
    ("discovery.k8s.io/v1beta1", "EndpointSlice", "1.25", "discovery.k8s.io/v1"),
    ("events.k8s.io/v1beta1", "Event", "1.25", "events.k8s.io/v1"),
    ("policy/v1beta1", "PodDisruptionBudget", "1.25", "policy/v1"),
    ("policy/v1beta1", "PodSecurityPolicy", "1.25", ""),
    ("autoscaling/v2beta1", "HorizontalPodAutoscaler", "1.25", "autoscaling/v2"),
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler", "1.26", "autoscaling/v2"),
    ("storage.k8s.io/v1beta1", "CSIStorageCapacity", "1.27", "storage.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "StorageClass", "1.22", "storage.k8s.io/v1"),
)

REMOVED: Mapping[tuple[str, str], tuple[str, str]] = MappingProxyType(dict(_removed()))
"""apiVersion and kind: the Kubernetes that no longer serves it, and what to write instead."""

_ASSIGNED = "is set by the cluster, to another value each time"
_WORDED = "is worded by Kubernetes, and its versions word it differently"
_DEFAULT = "is filled in by Kubernetes where a learner writes nothing, as its version likes"
UNSTABLE: Mapping[str, str] = MappingProxyType(
    {
        "uid": _ASSIGNED,
        "resourceVersion": _ASSIGNED,
        "generation": _ASSIGNED,
        "observedGeneration": _ASSIGNED,
        "creationTimestamp": _ASSIGNED,
        "lastTransitionTime": _ASSIGNED,
        "lastUpdateTime": _ASSIGNED,
        "managedFields": _ASSIGNED,
        "clusterIP": _ASSIGNED,
        "clusterIPs": _ASSIGNED,
        "podIP": _ASSIGNED,
        "podIPs": _ASSIGNED,
        "hostIP": _ASSIGNED,
        "nodeName": _ASSIGNED,
        "pod-template-hash": _ASSIGNED,
        "message": _WORDED,
        "allocateLoadBalancerNodePorts": _DEFAULT,
        "completionMode": _DEFAULT,
        "dnsPolicy": _DEFAULT,
        "imagePullPolicy": _DEFAULT,
        "internalTrafficPolicy": _DEFAULT,
        "ipFamilies": _DEFAULT,
        "ipFamilyPolicy": _DEFAULT,
        "persistentVolumeClaimRetentionPolicy": _DEFAULT,
        "podReplacementPolicy": _DEFAULT,
        "preemptionPolicy": _DEFAULT,
        "schedulerName": _DEFAULT,
        "serviceAccount": _DEFAULT,
        "terminationMessagePath": _DEFAULT,
        "terminationMessagePolicy": _DEFAULT,
        "volumeMode": _DEFAULT,
    }
)
"""Fields on which an exact expectation does not last."""
ADDED_TO = frozenset(
    {"annotations", "conditions", "finalizers", "ownerReferences", "tolerations", "volumes",
     "volumeMounts"}
)  # fmt: skip
"""What Kubernetes adds to by itself, so that it is never surely absent."""
ADDED = "is a list or map to which Kubernetes and its versions add"
_ADDED_IN_PODS = frozenset({"tolerations", "volumes", "volumeMounts"})
"""These only in pods as they are made; the template that they are made from stays as written."""
_CHOSEN = frozenset({("clusterIP", "None"), ("clusterIPs", "None")})
"""What only who writes the object sets: a headless Service."""


def removed(draft: Draft) -> Iterator[Remark]:
    """References and expectations that name an API version that is gone."""
    for index, _ in draft.checks:
        for path, found in maps(draft, index):
            went, now = REMOVED.get(
                (str(found.get("apiVersion")), str(found.get("kind"))), ("", "")
            )
            if went:
                told = f"{found['kind']} of {found['apiVersion']} is not served since Kubernetes "
                mend = f"Write {now}, or leave the apiVersion out." if now else "Remove the check."
                yield draft.remark("removed-api", (*path, "apiVersion"), told + went, mend)


def unstable(draft: Draft) -> Iterator[Remark]:
    """Exact expectations on fields and lists that Kubernetes fills in."""
    for index, check in draft.checks:
        for leaf in leaves(draft, index):
            if "expect" not in leaf.inner or not _exact(leaf.value):
                continue
            keys = [part for part in leaf.inner if isinstance(part, str)]
            why = why_unstable(keys[-1], leaf.value)
            if why is None and leaf.value == ABSENT and grows(keys):
                why = ADDED
            if why:
                told = f"check {check.name} expects {keys[-1]} to be {leaf.value}, which {why}"
                yield draft.remark("version-dependent", leaf.path, told)


def why_unstable(field: str, value: object) -> str | None:
    """Why just this value of a field does not last; None where it does."""
    return None if (field, value) in _CHOSEN else UNSTABLE.get(field)


def grows(keys: Sequence[str]) -> bool:
    """Whether Kubernetes adds to the list or map at the end of these keys by itself."""
    in_template = "template" in keys and keys[-1] in _ADDED_IN_PODS
    return keys[-1] in ADDED_TO and not in_template


def _exact(value: object) -> bool:
    """Whether just one value will do; a pattern or a bound lasts."""
    return not isinstance(value, str) or (value != PRESENT and split(value)[0] in {"", "="})
