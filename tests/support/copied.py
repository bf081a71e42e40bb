"""A workload that experiments copy, and what is seen of its copies."""

from typing import Any

from labgrader.evidence.answers import Answer
from labgrader.evidence.experiments import (
    OnCopy,
    OnWorkload,
)
from labgrader.evidence.timeline import Timeline
from tests.support.bench import Bench
from tests.support.classroom import deployment, service

SETTINGS = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "settings"},
    "data": {"GRACE": "1s"},
}
KEYS = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "keys"},
    "stringData": {"TOKEN": "hidden"},
}
QUOTA = {
    "apiVersion": "v1",
    "kind": "ResourceQuota",
    "metadata": {"name": "most"},
    "spec": {"hard": {"pods": "20"}},
}


def web(bench: Bench, *more: dict[str, Any], **container: Any) -> None:
    """A web that reads a ConfigMap and a Secret."""
    sources = [{"configMapRef": {"name": "settings"}}, {"secretRef": {"name": "keys"}}]
    body = deployment(replicas=2, envFrom=sources, **container)
    bench.apply(SETTINGS, KEYS, QUOTA, service(), *more, body)
    bench.ready()


def uid(bench: Bench, kind: str = "deployment") -> str:
    return str(bench.get(kind, "web")["metadata"]["uid"])


def on_copy(bench: Bench, of: OnWorkload | None = None) -> OnCopy:
    return OnCopy(bench.target, of or bench.deletion())


def pods(bench: Bench) -> dict[str, Any]:
    found = bench.get("pods")["items"]
    return {pod["metadata"]["uid"]: pod["status"]["containerStatuses"] for pod in found}


def copies(bench: Bench) -> list[str]:
    """The namespaces of copies from this bench's target."""
    found = (one["metadata"] for one in bench.get("namespaces")["items"])
    own = {"labgrader.dev/copy-of": bench.target}.items()
    return [one["name"] for one in found if own <= (one.get("annotations") or {}).items()]


def did(answer: Answer, what: str) -> list[str]:
    assert isinstance(answer, Timeline), answer
    return [action.subject for action in answer.actions if action.what == what]
