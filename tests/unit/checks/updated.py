"""Workloads that were updated, and the revisions that their controllers keep."""

from typing import Any

from tests.unit.checks.objects import (
    Body,
    container,
    deployment,
    meta,
)

CHANGE = {"container": "web", "before": "web:1", "now": "web:2"}


def rolled(kind: str = "Deployment", **asked: Any) -> dict[str, Any]:
    return {"rolledOut": {"object": {"kind": kind, "name": "web"}, **asked}}


def template(image: str, **labels: str) -> Body:
    metadata = {"labels": {"app": "web", **labels}}
    return {"metadata": metadata, "spec": {"containers": [container(image=image)]}}


def web(image: str = "web:2", **more: Any) -> Body:
    return deployment("web", **{"template": template(image), **more})


def kept(owner: Body, image: str, suffix: str, born: int, number: str = "") -> Body:
    """A ReplicaSet as the Deployment's controller makes it; ``born`` is a minute."""
    name = f"web-{suffix}"
    labels = {"app": "web", "pod-template-hash": suffix}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": meta(
            name,
            owner,
            labels=labels,
            annotations={"deployment.kubernetes.io/revision": number or str(born)},
        )
        | {"creationTimestamp": f"2026-03-02T09:{born:02}:00Z"},
        "spec": {
            "replicas": 0,
            "selector": {"matchLabels": labels},
            "template": template(image, **{"pod-template-hash": suffix}),
        },
        "status": {"replicas": 0, "observedGeneration": 1},
    }


def revision(owner: Body, image: str, number: int) -> Body:
    """A ControllerRevision as the controllers of StatefulSets and DaemonSets make it."""
    data = {"spec": {"template": {**template(image), "$patch": "replace"}}}
    return {
        "apiVersion": "apps/v1",
        "kind": "ControllerRevision",
        "metadata": meta(f"web-{number}", owner)
        | {"creationTimestamp": f"2026-03-02T09:{number:02}:00Z"},
        "data": data,
        "revision": number,
    }


def updated(**more: Any) -> list[Body]:
    """web:1, then web:2."""
    body = web(**more)
    return [body, kept(body, "web:1", "aaaa", 1), kept(body, "web:2", "bbbb", 2)]


def meta_only(name: str) -> Body:
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta(name)}
