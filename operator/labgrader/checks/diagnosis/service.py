"""Why a Service has no Ready pod behind it, or why its pods do not take the connection.

Called by ``routes`` and ``answers`` when they are about to fail.
"""

import difflib
from collections.abc import Mapping, Sequence

from labgrader.checks.diagnosis import pods as of_pods
from labgrader.checks.diagnosis import reading
from labgrader.checks.diagnosis.behind import Behind
from labgrader.checks.diagnosis.conditions import is_ready
from labgrader.checks.diagnosis.endpoints import open_ports, selects, target_port
from labgrader.checks.finding import Cause, cause
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.snapshot import Snapshot

_WRITTEN_BY_CONTROLLERS = frozenset(
    {
        "pod-template-hash",
        "controller-revision-hash",
        "pod-template-generation",
        "statefulset.kubernetes.io/pod-name",
        "apps.kubernetes.io/pod-index",
    }
)


def without_endpoints(
    scope: Scope, snapshot: Snapshot, seen: Behind, pods: Sequence[Json]
) -> tuple[Cause, ...]:
    """Why a Service with a selector has too few Ready endpoints on one of its ports.

    ``pods`` are those that should be behind it: a workload's, or all of the namespace.
    """
    service, entry = seen.service, seen.entry
    living = [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]]
    if not living:
        return (cause("NoPods", namespace=scope.namespace),)
    selected = [pod for pod in living if selects(service, pod)]
    if not selected:
        others = [pod for pod in seen.pods if selects(service, pod)]
        return (_nearest(service, living, others),)
    unnamed = [pod for pod in selected if target_port(entry, pod) is None]
    if unnamed:
        return (
            cause(
                "TargetPortNotNamed",
                service=service["metadata"]["name"],
                port=entry["targetPort"],
                pod=unnamed[0]["metadata"]["name"],
                ports=declared(unnamed[0]),
            ),
        )
    if all(is_ready(pod) for pod in selected):
        return ()
    return of_pods.causes(snapshot, selected, reading.objects(snapshot, scope.all("Event")))


def refusing(entry: Json, pod: Json) -> Cause:
    """Why a Ready pod refuses connections on the port that the Service sends them to."""
    return cause(
        "NothingListens",
        pod=pod["metadata"]["name"],
        namespace=pod["metadata"]["namespace"],
        port=target_port(entry, pod),
        ports=declared(pod),
    )


def policies_on(policies: Sequence[Json], pods: Sequence[Json]) -> tuple[Cause, ...]:
    """The NetworkPolicies that restrict what may reach the pods."""
    names = sorted(
        policy["metadata"]["name"]
        for policy in policies
        if "Ingress" in (policy["spec"].get("policyTypes") or ("Ingress",))
        and any(_chooses(policy["spec"].get("podSelector") or {}, pod) for pod in pods)
    )
    return (cause("PoliciesRestrict", names=", ".join(names)),) if names else ()


def declared(pod: Json) -> str:
    """The ports that a pod declares, as ``8080 (http), 9090``."""
    told = [
        f"{port['containerPort']} ({port['name']})"
        if port.get("name")
        else str(port["containerPort"])
        for port in open_ports(pod)
    ]
    return ", ".join(told) or "-"


def labels_text(labels: Mapping[str, str]) -> str:
    """Labels as ``app=web, tier=front``."""
    return ", ".join(f"{key}={value}" for key, value in sorted(labels.items())) or "-"


def _nearest(service: Json, pods: Sequence[Json], others: Sequence[Json]) -> Cause:
    selector = service["spec"]["selector"]
    wanted = labels_text(selector)
    near = max(pods, key=lambda pod: _likeness(selector, _labels(pod)))
    if others:
        return cause(
            "SelectorMatchesOthers",
            service=service["metadata"]["name"],
            namespace=service["metadata"]["namespace"],
            selector=wanted,
            other=others[0]["metadata"]["name"],
            pod=near["metadata"]["name"],
            labels=labels_text(_labels(near)),
        )
    return cause(
        "SelectorMatchesNothing",
        service=service["metadata"]["name"],
        namespace=service["metadata"]["namespace"],
        selector=wanted,
        pod=near["metadata"]["name"],
        labels=labels_text(_labels(near)),
    )


def _likeness(selector: Mapping[str, str], labels: Mapping[str, str]) -> tuple[int, float]:
    equal = sum(labels.get(key) == value for key, value in selector.items())
    ratio = difflib.SequenceMatcher(None, labels_text(selector), labels_text(labels)).ratio()
    return equal, ratio


def _labels(pod: Json) -> dict[str, str]:
    labels = pod["metadata"].get("labels") or {}
    return {key: value for key, value in labels.items() if key not in _WRITTEN_BY_CONTROLLERS}


def _chooses(selector: Json, pod: Json) -> bool:
    """Whether a label selector may choose the pod; expressions are taken to do so."""
    labels = pod["metadata"].get("labels") or {}
    return all(
        labels.get(key) == value for key, value in (selector.get("matchLabels") or {}).items()
    )
