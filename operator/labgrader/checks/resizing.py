"""What a running container's resources are, and whether they are those that were asked for.

Called by ``checks.resizes`` to judge, and by ``cluster.experiments`` to know when the experiment
has seen enough. Must not decide outcomes.
"""

from collections.abc import Mapping
from typing import Any

from labgrader.checks.expect.quantity import parse_quantity
from labgrader.checks.tolerant import at, mapping, maps

RESIZE_ASKED = "resize-asked"
RESIZE_DONE = "resize-done"
"""The action at which the kubelet says that the container runs with the new limits."""
RESIZE_WAITS = "resize-waits"
"""The action whose subject is the kubelet's reason for not doing it: Deferred, Infeasible."""
RESIZE_FAILS = "resize-fails"
"""The action whose subject is the kubelet's error."""
RESTARTED = "restarted"
"""The action at which the container was seen to have been started again, once for each time."""
READY_AGAIN = "ready-again"
"""The action at which the container was Ready with the new limits."""

PENDING, IN_PROGRESS = "PodResizePending", "PodResizeInProgress"
"""Conditions of a pod while it is resized."""

Json = Mapping[str, Any]


def wanted(before: Json, limits: Mapping[str, str]) -> dict[str, Any]:
    """The resources with these limits; a request as high as its limit goes along.

    So the pod keeps its QoS class, without which Kubernetes resizes nothing.
    """
    old_limits, old_requests = (mapping(before.get(part)) for part in ("limits", "requests"))
    requests = dict(old_requests)
    for name, limit in limits.items():
        if name in requests and _same(requests[name], old_limits.get(name)):
            requests[name] = limit
    new = {**before, "limits": {**old_limits, **limits}}
    return {**new, "requests": requests} if requests else new


def status_of(pod: Json, container: str) -> Json:
    """What the kubelet says of the container; nothing where it says nothing."""
    statuses = maps(at(pod, "status", "containerStatuses"))
    return next((one for one in statuses if one.get("name") == container), {})


def has_limits(status: Json, limits: Mapping[str, str]) -> bool:
    """The container runs with these limits, as the kubelet says."""
    seen = mapping(at(status, "resources", "limits"))
    return all(_same(seen.get(name), limit) for name, limit in limits.items())


def is_resizing(pod: Json) -> bool:
    """The kubelet has not done yet what it was asked for, or cannot."""
    return any(one.get("type") in {PENDING, IN_PROGRESS} for one in conditions(pod))


def conditions(pod: Json) -> tuple[Json, ...]:
    """The pod's conditions."""
    return maps(at(pod, "status", "conditions"))


def _same(one: Any, other: Any) -> bool:
    number = parse_quantity(one)
    return number is not None and number == parse_quantity(other)
