"""What Kubernetes itself serves in its own API groups, as far as learners meet it.

Used by ``checks.grants``: a rule of several groups and several resources also names pairs that are
nowhere. Says only of groups and plurals that are listed here that one is not in the other; in other
groups anybody may serve anything, as metrics.k8s.io has pods. Must not look at a cluster.
"""

from collections.abc import Mapping
from types import MappingProxyType

_SERVED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "": frozenset(
            {
                *("bindings", "componentstatuses", "configmaps", "endpoints", "events"),
                *("limitranges", "namespaces", "nodes", "persistentvolumeclaims"),
                *("persistentvolumes", "pods", "podtemplates", "replicationcontrollers"),
                *("resourcequotas", "secrets", "serviceaccounts", "services"),
            }
        ),
        "apps": frozenset(
            {"controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"}
        ),
        "autoscaling": frozenset({"horizontalpodautoscalers"}),
        "batch": frozenset({"cronjobs", "jobs"}),
        "coordination.k8s.io": frozenset({"leases"}),
        "discovery.k8s.io": frozenset({"endpointslices"}),
        "events.k8s.io": frozenset({"events"}),
        "extensions": frozenset(),  # served until Kubernetes 1.21; old manifests still name it
        "networking.k8s.io": frozenset({"ingressclasses", "ingresses", "networkpolicies"}),
        "policy": frozenset({"poddisruptionbudgets"}),
        "rbac.authorization.k8s.io": frozenset(
            {"clusterrolebindings", "clusterroles", "rolebindings", "roles"}
        ),
        "scheduling.k8s.io": frozenset({"priorityclasses"}),
        "storage.k8s.io": frozenset({"storageclasses"}),
    }
)
_PLURALS = frozenset().union(*_SERVED.values())


def misplaced(group: str, plural: str) -> bool:
    """Whether the plural is certainly in other groups only."""
    served = _SERVED.get(group)
    return served is not None and plural in _PLURALS and plural not in served
