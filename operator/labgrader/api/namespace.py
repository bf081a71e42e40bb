"""The objects that open a namespace for one learner of a course.

Called by ``labgrader namespace``. Pure: it says what should be there; applying it is
``cluster``'s business.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labgrader.api.names import (
    COURSE_LABEL,
    DISRUPTION_LABEL,
    DISTURB_ROLE,
    DRY_RUN_ROLE,
    LEARNER_LABEL,
    LEARNER_ROLE,
    OPERATOR_ACCOUNT,
    PROBE_ROLE,
    RULES_ROLE,
    STAND_IN_BINDING,
    SYSTEM_NAMESPACE,
)

_RBAC = "rbac.authorization.k8s.io"
# Without it a learner could start a privileged pod, and with that own the node.
_POD_SECURITY = {"pod-security.kubernetes.io/enforce": "baseline"}


@dataclass(frozen=True)
class LearnerNamespace:
    """One learner's namespace in a course.

    ``user`` is who the API server takes the learner for; where it is None, a ServiceAccount
    of the learner's name is made in the namespace. ``disruption`` opens it for faults,
    ``dry_run`` for asking what would be refused, ``probe`` for probe pods, and ``rules`` lets the learner write the
    namespace's own roles, quotas and limit ranges.
    Raises ValueError where the namespace is one that no learner may have.
    """

    learner: str
    course: str
    name: str
    user: str | None = None
    disruption: bool = False
    dry_run: bool = False
    rules: bool = False
    probe: bool = False

    def __post_init__(self) -> None:
        if self.name == self.course:
            raise ValueError(f"{self.name} is the course's own namespace; a learner needs another")
        if self.name in {"default", SYSTEM_NAMESPACE} or self.name.startswith("kube-"):
            raise ValueError(
                f"{self.name} belongs to the cluster; a learner needs another namespace"
            )

    def objects(self) -> tuple[Mapping[str, Any], ...]:
        """The objects, in the order in which they can be applied."""
        account = () if self.user else (self._account(),)
        disturb = (self._binding(DISTURB_ROLE, _OPERATOR),) if self.disruption else ()
        probe = (self._binding(PROBE_ROLE, _OPERATOR),) if self.probe else ()
        rules = (self._binding(RULES_ROLE, self._subject()),) if self.rules else ()
        return (
            self._namespace(),
            *account,
            self._binding(LEARNER_ROLE, self._subject()),
            *rules,
            *disturb,
            *probe,
            *(self._dry_run() if self.dry_run else ()),
        )

    @property
    def unwanted(self) -> tuple[str, ...]:
        """The names of the bindings that must not be there."""
        disturb = () if self.disruption else (DISTURB_ROLE,)
        rules = () if self.rules else (RULES_ROLE,)
        probe = () if self.probe else (PROBE_ROLE,)
        return disturb + rules + probe + (() if self.dry_run else (DRY_RUN_ROLE, STAND_IN_BINDING))

    def _dry_run(self) -> tuple[Mapping[str, Any], ...]:
        """The operator may ask as others; one of them has a learner's rights and is nobody."""
        stand_in = {"kind": "ServiceAccount", "name": DRY_RUN_ROLE, "namespace": self.name}
        rights = self._binding(LEARNER_ROLE, stand_in)
        metadata = {"name": STAND_IN_BINDING, "namespace": self.name}
        return (self._binding(DRY_RUN_ROLE, _OPERATOR), {**rights, "metadata": metadata})

    def _namespace(self) -> Mapping[str, Any]:
        labels = {COURSE_LABEL: self.course, LEARNER_LABEL: self.learner, **_POD_SECURITY}
        if self.disruption:
            labels[DISRUPTION_LABEL] = "allowed"
        metadata = {"name": self.name, "labels": labels}
        return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}

    def _account(self) -> Mapping[str, Any]:
        metadata = {"name": self.learner, "namespace": self.name}
        return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}

    def _subject(self) -> Mapping[str, str]:
        if self.user:
            return {"apiGroup": _RBAC, "kind": "User", "name": self.user}
        return {"kind": "ServiceAccount", "name": self.learner, "namespace": self.name}

    def _binding(self, role: str, subject: Mapping[str, str]) -> Mapping[str, Any]:
        return {
            "apiVersion": f"{_RBAC}/v1",
            "kind": "RoleBinding",
            "metadata": {"name": role, "namespace": self.name},
            "roleRef": {"apiGroup": _RBAC, "kind": "ClusterRole", "name": role},
            "subjects": [dict(subject)],
        }


_OPERATOR = {
    "kind": "ServiceAccount",
    "name": OPERATOR_ACCOUNT,
    "namespace": SYSTEM_NAMESPACE,
}
