"""Names that the project owns: group, labels, and the API groups of built-in kinds.

Read everywhere. Must hold constants only.
"""

GROUP = "labgrader.dev"
VERSION = "v1alpha1"
API_VERSION = f"{GROUP}/{VERSION}"

COURSE_LABEL = f"{GROUP}/course"
"""On the course namespace itself and on every learner namespace: the course namespace's name."""
LEARNER_LABEL = f"{GROUP}/learner"
"""On a learner's namespace: who works there."""
DISRUPTION_LABEL = f"{GROUP}/disruption"
"""On a learner's namespace: ``allowed`` lets checks disturb what runs there."""
RECORD_LABEL = f"{GROUP}/record"
"""On the ConfigMaps that record experiments under way, and on what they own."""
PROBE_LABEL = f"{GROUP}/probe"
"""On probe pods that stand in learners' namespaces, and on their Jobs; nobody else may set it."""
PROBE_PREFIX = "labgrader-probe-"
"""How those pods and Jobs are called: a request to exec carries no labels, but the name."""
PROBE_POLICY = "labgrader-probes"
"""The admission policy, and its binding, that keep learners from probe pods."""
SELFTEST_LABEL = f"{GROUP}/selftest"
"""On the namespaces that ``labgrader test`` makes and removes: which run made them."""

SYSTEM_NAMESPACE = "labgrader-system"
"""Where the operator and its probe Jobs run."""
OPERATOR_ACCOUNT = "labgrader"
"""The operator's ServiceAccount in the system namespace."""
LEARNER_ROLE = "labgrader-learner"
"""The ClusterRole with what a learner may do; bound in the learner's namespace."""
RULES_ROLE = "labgrader-learner-rules"
"""The ClusterRole with which learners write roles, quotas and limit ranges of their namespace."""
STAND_IN_BINDING = "labgrader-dry-run-as-learner"
"""The RoleBinding that gives the service account of dry runs a learner's rights."""
DRY_RUN_ROLE = "labgrader-dry-run"
"""The ClusterRole by which the operator asks as somebody else what would be refused; bound in
the learner's namespace. Also the name of the service account there that it asks as."""
PROBE_ROLE = "labgrader-probe"
"""The ClusterRole with what probe pods in a learner's namespace need; bound there."""
DISTURB_ROLE = "labgrader-disturb"
"""The ClusterRole with what faults need; bound in namespaces that are open for disruption."""
COPY_ROLE = "labgrader-copy"
"""The ClusterRole with what fills a copy; the operator binds itself to it in the copy's namespace."""
COPY_PREFIX = "labgrader-copy-"
"""How the namespaces are called in which copies are made."""
COPY_OF = f"{GROUP}/copy-of"
"""The annotation of such a namespace that tells which learner's namespace the copy is from."""

LANGS = ("ko", "en")

BUILT_IN_API_VERSIONS = {
    "ConfigMap": "v1",
    "ControllerRevision": "apps/v1",
    "CronJob": "batch/v1",
    "DaemonSet": "apps/v1",
    "Deployment": "apps/v1",
    "EndpointSlice": "discovery.k8s.io/v1",
    "Event": "v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "Ingress": "networking.k8s.io/v1",
    "Job": "batch/v1",
    "LimitRange": "v1",
    "Namespace": "v1",
    "NetworkPolicy": "networking.k8s.io/v1",
    "PersistentVolumeClaim": "v1",
    "Pod": "v1",
    "PodDisruptionBudget": "policy/v1",
    "ReplicaSet": "apps/v1",
    "ResourceQuota": "v1",
    "Role": "rbac.authorization.k8s.io/v1",
    "RoleBinding": "rbac.authorization.k8s.io/v1",
    "Secret": "v1",
    "Service": "v1",
    "ServiceAccount": "v1",
    "StatefulSet": "apps/v1",
}
"""Kind to apiVersion, for references that leave the apiVersion out."""
