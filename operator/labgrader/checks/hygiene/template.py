"""Where a workload keeps what its pods shall be, which containers that has, and the pods.

Called by ``checks.configures`` and ``checks.claims``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from labgrader.api.base import ObjectRef
from labgrader.checks.diagnosis.kinds import WORKLOADS
from labgrader.checks.diagnosis.ownership import chain, pods_of
from labgrader.checks.scope import Scope
from labgrader.checks.tolerant import at, mapping, maps, text
from labgrader.evidence.answers import Json
from labgrader.evidence.snapshot import Snapshot

RUNS_PODS: Mapping[str, str] = MappingProxyType(
    {**WORKLOADS, "Job": "batch/v1", "CronJob": "batch/v1"}
)
"""The kinds that have a template of pods, or are one, by their API group and version."""
_TEMPLATES = {"Pod": ("spec",), "CronJob": ("spec", "jobTemplate", "spec", "template", "spec")}
_ENDED = frozenset({"Succeeded", "Failed"})


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a template. ``passing`` is an init container that ends before others start."""

    name: str
    spec: Json
    passing: bool = False


def runs_pods(ref: ObjectRef) -> bool:
    """Whether the reference names one of these kinds, in its own API group."""
    api_version = RUNS_PODS.get(ref.kind)
    return api_version is not None and ref.api_version in {None, api_version}


def pod_spec(workload: Json) -> Json:
    """The spec that the workload's pods shall have."""
    kind = text(workload.get("kind"))
    return mapping(at(workload, *_TEMPLATES.get(kind, ("spec", "template", "spec"))))


def containers_of(spec: Json) -> tuple[Container, ...]:
    """All containers, init containers first, as they run."""
    before = [
        Container(text(c.get("name")), c, passing=c.get("restartPolicy") != "Always")
        for c in maps(spec.get("initContainers"))
    ]
    return (*before, *(Container(text(c.get("name")), c) for c in maps(spec.get("containers"))))


def pods_behind(scope: Scope, snapshot: Snapshot, workload: Json) -> tuple[Json, ...]:
    """The workload's pods, by uids, without those that are being deleted."""
    kind = text(workload.get("kind"))
    found = pods_of(workload, *(snapshot.objects(request) for request in chain(scope, kind)))
    return tuple(pod for pod in found if "deletionTimestamp" not in pod["metadata"])


def has_ended(pod: Json) -> bool:
    """Nothing of the pod runs any more, nor will."""
    return at(pod, "status", "phase") in _ENDED
