"""What of a namespace is copied for an experiment on one workload, and what the copy will lack.

Called by ``copies.trial``. Pure: from the objects that are there to the objects that are made. What
no copy can stand in for is refused; what it lacks is told with every finding.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from labgrader.checks.copies import Lack
from labgrader.checks.diagnosis.budgets import chooses
from labgrader.checks.tolerant import at, mapping, maps, text, texts
from labgrader.cluster.experiments.copies.bare import bare
from labgrader.cluster.experiments.copies.original import (
    Original,
    account_of,
    containers,
    pod_spec,
)
from labgrader.cluster.experiments.hopeless import hopeless

WORKLOADS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
COPIED_KINDS = (
    *("ResourceQuota", "LimitRange", "ServiceAccount", "ConfigMap", "Secret"),
    *("PersistentVolumeClaim", "NetworkPolicy", "PodDisruptionBudget", "Service"),
    *sorted(WORKLOADS),
    "HorizontalPodAutoscaler",
)
"""What pods need comes before them."""
_SECURITY = "pod-security.kubernetes.io/"
_TOKEN = "kubernetes.io/service-account-token"  # noqa: S105 (a type, not a secret)
_OUTSIDE = frozenset({"LoadBalancer", "NodePort"})
_NAMESPACE_NAME = "kubernetes.io/metadata.name"
_IN_A_NAMESPACE = r"(?<![\w-])[a-z0-9][a-z0-9-]*\.(?:[a-z0-9][a-z0-9-]*\.svc|{own})(?![\w-])"
_AS_A_HOST = r"(?:^|//|[@=,\s]){name}(?=$|[:/,\s])"

_MOST_LACKS = 30
_LONGEST = 253

Json = Mapping[str, Any]
Lacks = Iterator[tuple[Lack, str]]


@dataclass(frozen=True, slots=True)
class Plan:
    """The copy's namespace and its objects, in the order in which they are made.

    ``objects`` are never shown: there are Secrets among them.
    """

    labels: Mapping[str, str]
    objects: tuple[Json, ...] = field(repr=False)
    lacks: tuple[tuple[Lack, str], ...]


def planned(original: Original, service: str = "", *, goes_back: bool = False) -> Plan:
    """The copy of a workload; clients will ask ``service``. Raises Hopeless.

    An update that ``goes_back`` needs as much history as the learner keeps; any other may push
    versions of the copy out of it, where nobody misses them.
    """
    _refuse(original.workload)
    copied = [body for body in original.objects if _belongs(original, body, service)]
    bodies = [_workload(original, goes_back=goes_back), *map(bare, copied)]
    labels = mapping(original.namespace["metadata"].get("labels"))
    unread = ((Lack.UNREAD, what) for what in original.unread)
    lacks = dict.fromkeys((lack, w[:_LONGEST]) for lack, w in (*unread, *_lacks(original, copied)))
    return Plan(
        labels={key: value for key, value in labels.items() if key.startswith(_SECURITY)},
        objects=tuple(sorted(bodies, key=lambda body: COPIED_KINDS.index(body["kind"]))),
        lacks=tuple(lacks)[:_MOST_LACKS],
    )


def _refuse(workload: Json) -> None:
    """A copy that takes from the node what the original has there would disturb the original."""
    spec, what = pod_spec(workload), f"{workload['kind']} {workload['metadata']['name']}"
    if workload["kind"] not in WORKLOADS:
        raise hopeless("NotCopyable", f"{what} is no {', '.join(sorted(WORKLOADS))}")
    if spec.get("hostNetwork"):
        raise hopeless("NotCopyable", f"{what} uses the network of its node (hostNetwork)")
    for volume in maps(spec.get("volumes")):
        if "hostPath" in volume:
            name = text(volume.get("name"))
            raise hopeless("NotCopyable", f"{what} keeps volume {name} on its node (hostPath)")


def _belongs(original: Original, body: Json, service: str) -> bool:
    """Whether an object of the namespace belongs to the workload."""
    template, name = original.workload["spec"]["template"], body["metadata"]["name"]
    labels = mapping(at(template, "metadata", "labels"))
    spec = mapping(body.get("spec"))
    match body["kind"]:
        case "ResourceQuota" | "LimitRange" | "ConfigMap" | "PersistentVolumeClaim":
            return True
        case "Secret":
            return body.get("type") != _TOKEN
        case "ServiceAccount":
            return bool(name != "default")
        case "Service":
            headless = at(original.workload, "spec", "serviceName")
            selector = mapping(spec.get("selector"))
            chosen = bool(selector) and chooses({"matchLabels": selector}, labels)
            return chosen or name in (service, headless)
        case "HorizontalPodAutoscaler":
            ref, metadata = mapping(spec.get("scaleTargetRef")), original.workload["metadata"]
            target = (original.workload["kind"], metadata["name"])
            return (ref.get("kind"), ref.get("name")) == target
        case "PodDisruptionBudget":
            return spec.get("selector") is not None and chooses(mapping(spec["selector"]), labels)
        case "NetworkPolicy":
            return chooses(mapping(spec.get("podSelector")), labels)
    return False


def _workload(original: Original, *, goes_back: bool) -> Json:
    copied = bare(original.workload)
    whole = dict(copied["spec"])
    if not goes_back:
        whole.pop("revisionHistoryLimit", None)
    template = whole["template"]
    spec = {**template["spec"], **_pull_secrets(original, template["spec"])}
    for group in ("initContainers", "containers"):
        if group in spec:
            spec[group] = [_without_host_ports(one) for one in maps(spec[group])]
    return {**copied, "spec": {**whole, "template": {**template, "spec": spec}}}


def _pull_secrets(original: Original, spec: Json) -> Json:
    """Those of the ServiceAccount, which the copy's own default account does not have."""
    if spec.get("imagePullSecrets"):
        return {}
    own = [maps(one.get("imagePullSecrets")) for one in original.of("ServiceAccount")]
    return {"imagePullSecrets": [dict(one) for one in own[0]]} if own and own[0] else {}


def _without_host_ports(container: Json) -> Json:
    if "ports" not in container:
        return container
    ports = [{k: v for k, v in p.items() if k != "hostPort"} for p in maps(container["ports"])]
    return {**container, "ports": ports}


def _lacks(original: Original, copied: list[Json]) -> Lacks:
    spec = pod_spec(original.workload)
    for container in containers(spec):
        for port in maps(container.get("ports")):
            if port.get("hostPort"):
                yield Lack.HOST_PORT, str(port["hostPort"])
    for body in (*copied, *original.of("Secret")):
        yield from _lacks_of(body)
    for template in maps(original.workload["spec"].get("volumeClaimTemplates")):
        yield Lack.DATA, text(at(template, "metadata", "name"))
    account = account_of(spec)
    if any(_binds(binding, account) for binding in original.of("RoleBinding")):
        yield Lack.RIGHTS, account
    yield from _names(original, copied)


def _lacks_of(body: Json) -> Lacks:
    name, spec = body["metadata"]["name"], mapping(body.get("spec"))
    match body["kind"]:
        case "PersistentVolumeClaim":
            yield Lack.DATA, name
        case "Service" if spec.get("type") in _OUTSIDE or spec.get("externalIPs"):
            yield Lack.ADDRESS, name
        case "Secret" if body.get("type") == _TOKEN:
            yield Lack.TOKEN, name


def _binds(binding: Json, account: str) -> bool:
    return any(
        one.get("kind") == "ServiceAccount" and one.get("name") == account
        for one in maps(binding.get("subjects"))
    )


def _names(original: Original, copied: list[Json]) -> Lacks:
    """Services and namespaces that the workload, or what it reads, calls by name."""
    own = original.namespace["metadata"]["name"]
    said = [*_said(original, copied)]
    elsewhere = re.compile(_IN_A_NAMESPACE.replace("{own}", re.escape(own)))
    for one in said:
        for found in elsewhere.finditer(one):
            yield Lack.ELSEWHERE, found.group()
    mine = {body["metadata"]["name"] for body in copied if body["kind"] == "Service"}
    for service in original.of("Service"):
        name = service["metadata"]["name"]
        host = re.compile(_AS_A_HOST.replace("{name}", re.escape(name)))
        if name not in mine and any(host.search(one) for one in said):
            yield Lack.NEIGHBOUR, name
    for policy in copied:
        if policy["kind"] == "NetworkPolicy" and own in _selected_namespaces(policy):
            yield Lack.ELSEWHERE, f"NetworkPolicy {policy['metadata']['name']}"


def _said(original: Original, copied: list[Json]) -> Iterator[str]:
    """Texts in which a name may stand. What is in Secrets is not looked at."""
    for container in containers(pod_spec(original.workload)):
        yield from texts(container.get("command"))
        yield from texts(container.get("args"))
        yield from (text(one.get("value")) for one in maps(container.get("env")))
    for body in copied:
        if body["kind"] == "ConfigMap":
            yield from (text(one) for one in mapping(body.get("data")).values())


def _selected_namespaces(policy: Json) -> Iterator[str]:
    """The namespaces that a policy's peers select by their names."""
    for way, peers in (("ingress", "from"), ("egress", "to")):
        for rule in maps(at(policy, "spec", way)):
            for peer in maps(rule.get(peers)):
                yield text(at(peer, "namespaceSelector", "matchLabels", _NAMESPACE_NAME))
