"""`stock`: a grader as kopf's tutorial would have it. Run by `kopf run`.

A create handler with the typed client, one look after the other; kopf writes the status.
"""

# ruff: noqa: PLR2004 - the facts that are checked are numbers

from typing import Any

import kopf
import kubernetes


@kopf.on.startup()
def configure(settings: kopf.OperatorSettings, memo: kopf.Memo, **_: Any) -> None:
    """As many gradings at once as the others do."""
    settings.execution.max_workers = 20
    kubernetes.config.load_kube_config()
    memo.core = kubernetes.client.CoreV1Api()
    memo.apps = kubernetes.client.AppsV1Api()
    memo.discovery = kubernetes.client.DiscoveryV1Api()
    memo.scaling = kubernetes.client.AutoscalingV2Api()


@kopf.on.create("labgrader.dev", "v1alpha1", "submissions")
def grade(spec: kopf.Spec, meta: kopf.Meta, patch: kopf.Patch, memo: kopf.Memo, **_: Any) -> None:
    """Five facts, 20 points each."""
    target = spec["targetNamespace"]
    deployment = _web(memo.apps.list_namespaced_deployment(target))
    service = _web(memo.core.list_namespaced_service(target))
    autoscaler = _web(memo.scaling.list_namespaced_horizontal_pod_autoscaler(target))
    slices = memo.discovery.list_namespaced_endpoint_slice(target).items
    pods = memo.core.list_namespaced_pod(target).items
    sets = memo.apps.list_namespaced_replica_set(target).items
    own = {s.metadata.uid for s in sets if _owner(s) == deployment.metadata.uid}
    ready = {p.metadata.uid for p in pods if _owner(p) in own}
    reached = [
        endpoint.target_ref.uid
        for found in slices
        if found.metadata.labels.get("kubernetes.io/service-name") == "web"
        for endpoint in found.endpoints or ()
        if endpoint.conditions.ready
    ]
    port = service.spec.ports[0]
    facts = (
        deployment.spec.replicas == 1,
        deployment.status.ready_replicas == 1 and deployment.status.updated_replicas == 1,
        port.port == 80 and port.target_port == 8080,
        bool(reached) and ready.issuperset(reached),
        autoscaler.spec.max_replicas == 3,
    )
    patch.status["score"] = 20 * sum(facts)
    patch.status["maxScore"] = 100
    patch.status["observedGeneration"] = meta["generation"]


def _web(listed: Any) -> Any:
    return next(found for found in listed.items if found.metadata.name == "web")


def _owner(found: Any) -> str:
    owners = found.metadata.owner_references
    return str(owners[0].uid) if owners else ""
