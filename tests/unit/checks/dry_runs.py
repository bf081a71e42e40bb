"""What is tried with `rejects`, the rules that may refuse it, and how an API server says so."""

import json
from collections.abc import Callable
from typing import Any

from labgrader.evidence.answers import Admitted, Answer, Refused
from labgrader.evidence.requests import DryRun
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import Body, meta

BIG, SMALL = "big", "small"
QUOTA = 'pods "big" is forbidden: exceeded quota: compute, requested: limits.memory=2Gi, used: limits.memory=0, limited: limits.memory=1Gi'
BY_QUOTA = {"kind": "ResourceQuota", "name": "compute"}


def pod(name: str = BIG) -> Body:
    container = {"name": "app", "image": "web:1"}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {"containers": [container]},
    }


def workload(kind: str = "Deployment", name: str = BIG) -> Body:
    template = {"metadata": {"labels": {"app": name}}, "spec": pod()["spec"]}
    spec = {"template": template}
    if kind == "CronJob":
        spec = {"jobTemplate": {"spec": spec}}
    group = "batch/v1" if kind in {"Job", "CronJob"} else "apps/v1"
    return {"apiVersion": group, "kind": kind, "metadata": {"name": name}, "spec": spec}


def quota(name: str = "compute") -> Body:
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": meta(name)}


def limit_range() -> Body:
    return {"apiVersion": "v1", "kind": "LimitRange", "metadata": meta("limits")}


def refuses(message: str, status: int = 403, reason: str = "Forbidden") -> Answer:
    return Refused(status, reason, message)


def saying(big: Answer, small: Answer | None = None) -> Callable[[DryRun], Answer]:
    """The server's answers, by the name in the manifest."""

    def says(request: DryRun) -> Answer:
        metadata = json.loads(request.manifest)["metadata"]
        name = metadata.get("name") or metadata["generateName"].rstrip("-")
        return big if name == BIG else small or Admitted()

    return says


def judged(says: Callable[[DryRun], Answer], *objects: Body, **params: Any) -> Judged:
    asked = {"refused": pod(), "by": BY_QUOTA, **params}
    wanted = {name: value for name, value in asked.items() if value is not None}
    return Namespace(list(objects), dry_run=says).judge(rejects=wanted)
