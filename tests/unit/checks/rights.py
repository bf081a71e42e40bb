"""Objects of RBAC, and an authorizer that decides by them as the API server's does.

Written after Kubernetes' own ``rbac/v1/evaluation_helpers.go``, not after the code under test.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from labgrader.evidence.requests import ReviewAccess
from tests.unit.checks.objects import NAMESPACE, Body, meta

_RBAC = "rbac.authorization.k8s.io"


def service_account(name: str = "reader", **more: Any) -> Body:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta(name, **more)}


def rule(verbs: Sequence[str], resources: Sequence[str], group: str = "", **more: Any) -> Body:
    return {"verbs": list(verbs), "resources": list(resources), "apiGroups": [group], **more}


def role(*rules: Body, name: str = "reader", **more: Any) -> Body:
    body = {"apiVersion": f"{_RBAC}/v1", "kind": "Role", "metadata": meta(name)}
    return {**body, "rules": list(rules), **more}


def to_account(name: str = "reader", namespace: str = NAMESPACE) -> Body:
    return {"kind": "ServiceAccount", "name": name, "namespace": namespace}


def role_binding(
    *subjects: Body, to: str = "reader", kind: str = "Role", name: str = "reader"
) -> Body:
    return {
        "apiVersion": f"{_RBAC}/v1",
        "kind": "RoleBinding",
        "metadata": meta(name),
        "roleRef": {"apiGroup": _RBAC, "kind": kind, "name": to},
        "subjects": list(subjects or (to_account(),)),
    }


VIEW = {
    "verbs": ["get", "list", "watch"],
    "resources": ["pods", "pods/log", "configmaps", "services"],
    "apiGroups": [""],
}
"""A part of what Kubernetes' ClusterRole ``view`` gives."""


def authorizer(objects: Iterable[Body], cluster: Iterable[Body] = ()) -> Any:
    """Decides by the Roles and RoleBindings; ``cluster`` are rules that everybody has everywhere."""
    bodies, everywhere = list(objects), list(cluster)

    def decides(request: ReviewAccess) -> bool:
        rules = list(everywhere)
        if request.namespace == NAMESPACE:
            roles = {b["metadata"]["name"]: b for b in bodies if b["kind"] == "Role"}
            for binding in (b for b in bodies if b["kind"] == "RoleBinding"):
                ref = binding["roleRef"]
                if not any(_means(subject, request) for subject in binding["subjects"]):
                    continue
                if ref["kind"] == "Role":
                    rules += roles.get(ref["name"], {}).get("rules") or []
                elif ref["name"] == "view":
                    rules.append(VIEW)
        return any(_matches(rule, request) for rule in rules)

    return decides


def _means(subject: Body, request: ReviewAccess) -> bool:
    if subject["kind"] == "Group":
        return subject["name"] in request.groups
    name = subject["name"]
    if subject["kind"] == "ServiceAccount":
        name = f"system:serviceaccount:{subject.get('namespace') or NAMESPACE}:{name}"
    return bool(name == request.user)


def _matches(rule: Body, request: ReviewAccess) -> bool:
    full = request.resource + (f"/{request.subresource}" if request.subresource else "")
    resources = rule["resources"]
    return (
        bool({"*", request.verb} & set(rule["verbs"]))
        and bool({"*", request.group} & set(rule["apiGroups"]))
        and bool(
            {"*", full} & set(resources)
            or (request.subresource and f"*/{request.subresource}" in resources)
        )
        and (not rule.get("resourceNames") or request.name in rule["resourceNames"])
    )
