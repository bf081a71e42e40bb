"""Whether a workload's pods are what its template says.

Called by ``checks.ready``. A pod's image can be changed in place, and a pod made by hand
before its ReplicaSet can be taken in by it; a controller then counts what nobody declared.
Only pods with such a past are compared, so that images and commands which admission rewrites
at creation accuse nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from labgrader.checks.diagnosis.conditions import is_ready
from labgrader.checks.diagnosis.ownership import controlled
from labgrader.checks.expect.places import shown
from labgrader.evidence.answers import Json

_COMPARED = ("image", "command", "args")


@dataclass(frozen=True, slots=True)
class Stranger:
    """A Ready pod that runs something else than its template: where it differs."""

    pod: str
    container: str
    field: str
    expected: str
    seen: str


def stranger(workload: Json, pods: Iterable[Json], replica_sets: Iterable[Json]) -> Stranger | None:
    """The first pod that is none of the template's; None where all are."""
    owners = controlled((workload,), replica_sets) or (workload,)
    template = workload["spec"]["template"]["spec"]["containers"]
    for pod in pods:
        if is_ready(pod) and _has_a_past(pod, owners):
            found = _difference(pod, template)
            if found is not None:
                return found
    return None


def _has_a_past(pod: Json, owners: Iterable[Json]) -> bool:
    """Changed after it was created, or older than the controller that has it."""
    metadata = pod["metadata"]
    if metadata.get("generation", 0) > 1:
        return True
    uids = {reference["uid"] for reference in metadata.get("ownerReferences") or ()}
    born = [o["metadata"]["creationTimestamp"] for o in owners if o["metadata"]["uid"] in uids]
    return any(metadata["creationTimestamp"] < moment for moment in born)


def _difference(pod: Json, template: Iterable[Json]) -> Stranger | None:
    running = {container["name"]: container for container in pod["spec"]["containers"]}
    for wanted in template:
        has: Any = running.get(wanted["name"], {})
        for field in _COMPARED:
            if has.get(field) != wanted.get(field):
                return Stranger(
                    pod["metadata"]["name"],
                    wanted["name"],
                    field,
                    _written(wanted.get(field)),
                    _written(has.get(field)),
                )
    return None


def _written(value: Any) -> str:
    """As it stands in a manifest; a hyphen where nothing does."""
    return "-" if value is None else shown(value)
