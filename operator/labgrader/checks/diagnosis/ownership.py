"""Which pods belong to which workload, by the chain of uids that controllers keep.

Called by judges and diagnosis. Labels and annotations prove nothing here: anybody who may
write a pod may write them.
"""

from collections.abc import Iterable
from types import MappingProxyType

from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Json
from labgrader.evidence.requests import ListObjects

_BETWEEN = MappingProxyType({"Deployment": "ReplicaSet", "CronJob": "Job"})
"""What stands between a workload and its pods."""


def chain(scope: Scope, kind: str) -> tuple[ListObjects, ...]:
    """The lists that ``pods_of`` needs for a workload of this kind."""
    pods, between = scope.all("Pod"), _BETWEEN.get(kind)
    return (pods,) if between is None else (pods, scope.all(between))


def controlled(owners: Iterable[Json], things: Iterable[Json]) -> tuple[Json, ...]:
    """The things whose controller is one of the owners."""
    uids = {owner["metadata"]["uid"] for owner in owners}
    return tuple(thing for thing in things if _controller(thing) in uids)


def pods_of(workload: Json, pods: Iterable[Json], between: Iterable[Json] = ()) -> tuple[Json, ...]:
    """The pods of a workload; of a Deployment through its ReplicaSets, of a CronJob its Jobs."""
    match workload["kind"]:
        case "Pod":
            uid = workload["metadata"]["uid"]
            return tuple(pod for pod in pods if pod["metadata"]["uid"] == uid)
        case "Deployment" | "CronJob":
            return controlled(controlled((workload,), between), pods)
    return controlled((workload,), pods)


def _controller(thing: Json) -> str | None:
    for reference in thing["metadata"].get("ownerReferences") or ():
        if reference.get("controller"):
            return str(reference["uid"])
    return None
