"""What an exercise may put into a learner's namespace before work starts: kinds, and their size.

Read by ``api.exercise`` for the field, by ``grading.given`` for what is wrong with one, and by
``cluster.given``, which puts them there. Must hold no rule about how a learner's object may differ.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

GIVEN_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "ConfigMap": "v1",
        "CronJob": "batch/v1",
        "DaemonSet": "apps/v1",
        "Deployment": "apps/v1",
        "HorizontalPodAutoscaler": "autoscaling/v2",
        "Ingress": "networking.k8s.io/v1",
        "Job": "batch/v1",
        "LimitRange": "v1",
        "NetworkPolicy": "networking.k8s.io/v1",
        "PersistentVolumeClaim": "v1",
        "Pod": "v1",
        "PodDisruptionBudget": "policy/v1",
        "ReplicaSet": "apps/v1",
        "ResourceQuota": "v1",
        "Secret": "v1",
        "Service": "v1",
        "ServiceAccount": "v1",
        "StatefulSet": "apps/v1",
    }
)
"""The kinds that may be given, each with the one apiVersion. Whoever runs ``labgrader reset`` has
an instructor's rights, and the file may be another's: so nothing that gives rights, nothing that
reaches beyond the namespace, and nothing that changes what the API server takes."""

MOST_GIVEN = 50
MOST_GIVEN_BYTES = 64 * 1024

GivenObject = Annotated[
    dict[str, Any],
    Field(min_length=1),
    WithJsonSchema(
        {"type": "object", "minProperties": 1, "x-kubernetes-preserve-unknown-fields": True}
    ),
]
"""A whole object, without a namespace. Not an embedded resource for the API server, because that
would refuse parameters in labels."""


def given_key(body: Mapping[str, Any]) -> tuple[str, str]:
    """Kind and name; whatever is odd about them, as text."""
    metadata = body.get("metadata")
    name = metadata.get("name") if isinstance(metadata, Mapping) else None
    return str(body.get("kind")), str(name)
