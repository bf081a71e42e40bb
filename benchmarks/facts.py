"""Twenty facts about three objects, and how each tool is told to check them.

The exercise, the shell script and chainsaw's test are made from the same table, so that all
ask for the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from labgrader.api.names import API_VERSION, BUILT_IN_API_VERSIONS


@dataclass(frozen=True)
class Fact:
    """A field of an object `web` and its value. Items of a path that are numbers are list indexes."""

    kind: str
    path: str
    value: str | int

    @property
    def tree(self) -> dict[str, Any]:
        """The object as far as the fact says."""
        made: Any = self.value
        for step in reversed(self.path.split(".")):
            made = [made] if step.isdigit() else {step: made}
        tree: dict[str, Any] = made
        return tree

    @property
    def jsonpath(self) -> str:
        """The field, as kubectl is asked for it."""
        steps = (f"[{s}]" if s.isdigit() else f".{s}" for s in self.path.split("."))
        return "{" + "".join(steps) + "}"


_DEPLOYMENT, _SERVICE, _AUTOSCALER = "Deployment", "Service", "HorizontalPodAutoscaler"
_CONTAINER = "spec.template.spec.containers.0"
FACTS = (
    Fact(_DEPLOYMENT, "spec.replicas", 1),
    Fact(_DEPLOYMENT, "status.readyReplicas", 1),
    Fact(_DEPLOYMENT, "status.updatedReplicas", 1),
    Fact(_DEPLOYMENT, "spec.selector.matchLabels.app", "web"),
    Fact(_DEPLOYMENT, "spec.template.metadata.labels.app", "web"),
    Fact(_DEPLOYMENT, f"{_CONTAINER}.image", "web:1"),
    Fact(_DEPLOYMENT, f"{_CONTAINER}.ports.0.containerPort", 8080),
    Fact(_DEPLOYMENT, f"{_CONTAINER}.readinessProbe.httpGet.path", "/healthz"),
    Fact(_DEPLOYMENT, f"{_CONTAINER}.livenessProbe.httpGet.path", "/healthz"),
    Fact(_DEPLOYMENT, f"{_CONTAINER}.resources.limits.memory", "64Mi"),
    Fact(_DEPLOYMENT, f"{_CONTAINER}.resources.limits.cpu", "200m"),
    Fact(_DEPLOYMENT, f"{_CONTAINER}.resources.requests.cpu", "10m"),
    Fact(_SERVICE, "spec.selector.app", "web"),
    Fact(_SERVICE, "spec.ports.0.port", 80),
    Fact(_SERVICE, "spec.ports.0.targetPort", 8080),
    Fact(_SERVICE, "spec.type", "ClusterIP"),
    Fact(_AUTOSCALER, "spec.minReplicas", 1),
    Fact(_AUTOSCALER, "spec.maxReplicas", 3),
    Fact(_AUTOSCALER, "spec.scaleTargetRef.name", "web"),
    Fact(_AUTOSCALER, "spec.metrics.0.resource.target.averageUtilization", 50),
)


def exercise() -> str:
    """A LabExercise with a check for each fact."""
    text = {"en": "Twenty checks"}
    checks = [
        {
            "name": f"check-{number}",
            "points": 5,
            "matches": {"object": {"kind": fact.kind, "name": "web"}, "expect": fact.tree},
        }
        for number, fact in enumerate(FACTS, 1)
    ]
    return yaml.safe_dump(
        {
            "apiVersion": API_VERSION,
            "kind": "LabExercise",
            "metadata": {"name": "twenty-checks", "namespace": "bench"},
            "spec": {"title": text, "task": dict(text), "settle": "0s", "checks": checks},
        }
    )


def script() -> str:
    """A shell script as teachers write them: one kubectl for each fact; NAMESPACE is its argument."""
    lines = ["#!/bin/bash", "passed=0"]
    for fact in FACTS:
        ask = f"kubectl -n \"$1\" get {fact.kind.lower()} web -o jsonpath='{fact.jsonpath}'"
        lines.append(f'[ "$({ask})" = "{fact.value}" ] && passed=$((passed + 1))')
    lines += [f'echo "$passed/{len(FACTS)}"', f"[ $passed = {len(FACTS)} ]"]
    return "\n".join(lines) + "\n"


def chainsaw(namespace: str) -> str:
    """A chainsaw test with an assertion for each fact."""
    assertions = [{"assert": {"resource": _partial(fact)}} for fact in FACTS]
    return yaml.safe_dump(
        {
            "apiVersion": "chainsaw.kyverno.io/v1alpha1",
            "kind": "Test",
            "metadata": {"name": f"twenty-checks-{namespace}"},
            "spec": {"namespace": namespace, "steps": [{"try": assertions}]},
        }
    )


def _partial(fact: Fact) -> Mapping[str, Any]:
    head = {"apiVersion": BUILT_IN_API_VERSIONS[fact.kind], "kind": fact.kind}
    return head | {"metadata": {"name": "web"}} | fact.tree
