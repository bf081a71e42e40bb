"""Why what a workload keeps is gone, shared, or out of reach, as far as objects and records show it.

Called by ``checks.persists``. That a volume stays on its node is told by the scheduler, of a pod
that it found no node for.
"""

import re
from collections.abc import Iterator

from labgrader.checks import faults
from labgrader.checks.diagnosis.events import one_line
from labgrader.checks.diagnosis.presence import about
from labgrader.checks.finding import Cause, Finding, cause, unknown
from labgrader.checks.keeping import NO_OTHER_STORAGE
from labgrader.checks.recovery import UNPLACED
from labgrader.checks.scope import Scope
from labgrader.checks.tolerant import at, maps
from labgrader.evidence.answers import Json
from labgrader.evidence.timeline import Timeline

_BOUND = re.compile(r"PersistentVolume's node affinity|volume node affinity conflict")
"""What the scheduler says of nodes that a pod's volume cannot be used on; the second form is that
of older Kubernetes."""


def volatile(workload: Json) -> Iterator[Cause]:
    """Where the template keeps what is written, as far as it shows why that is lost."""
    spec = at(workload, "spec", "template", "spec")
    volumes = maps(at(spec, "volumes"))
    templates = maps(at(workload, "spec", "volumeClaimTemplates"))
    claimed = [v for v in volumes if at(v, "persistentVolumeClaim") is not None]
    mounted = {
        str(mount.get("name"))
        for container in maps(at(spec, "containers"))
        for mount in maps(container.get("volumeMounts"))
    }
    for volume in volumes:
        if at(volume, "emptyDir") is not None and str(volume.get("name")) in mounted:
            yield cause("OnEmptyDir", **about(workload), volume=str(volume.get("name")))
    kept = [*claimed, *templates]
    if not kept:
        yield cause("NoClaimAtAll", **about(workload))
        return
    names = [str(one.get("name") or at(one, "metadata", "name")) for one in kept]
    if not mounted.intersection(names):
        yield cause("ClaimUnmounted", **about(workload), volume=names[0])
    elif not any(at(volume, "emptyDir") is not None for volume in volumes):
        yield cause("WrittenElsewhere", **about(workload), volume=names[0])


def no_templates(workload: Json) -> Iterator[Cause]:
    """Without templates, pods have no claims of their own."""
    if not maps(at(workload, "spec", "volumeClaimTemplates")):
        yield cause("NoClaimTemplates", **about(workload))


def parallel(workload: Json) -> Iterator[Cause]:
    """What lets pods come at once."""
    if at(workload, "spec", "podManagementPolicy") == "Parallel":
        yield cause("ParallelPods", **about(workload))


def unplaced(timeline: Timeline, scope: Scope) -> tuple[Cause, ...]:
    """Why a pod had no node when the time was over."""
    bound = _bound(timeline)
    if bound is None:
        return faults.unplaced(timeline, scope)
    pod, said = bound
    place = {"pod": pod, "namespace": scope.namespace, "node": faults.node(timeline)}
    return (cause("VolumeOnNode", **place, detail=one_line(said)),)


def no_other(workload: Json, timeline: Timeline) -> Finding | None:
    """The Unknown finding that no claim at all would have let the pod go to another node."""
    bound = _bound(timeline)
    offered = (one.subject for one in timeline.actions if one.what == NO_OTHER_STORAGE)
    only = next(offered, None)
    if bound is None or only is None:
        return None
    told = about(workload) | {"pod": bound[0], "node": faults.node(timeline)}
    return unknown("StorageOnNodesOnly", **told, offered=only)


def _bound(timeline: Timeline) -> tuple[str, str] | None:
    """A pod that its volume kept from other nodes, and what the scheduler said."""
    told = (one.subject.partition(" ") for one in timeline.actions if one.what == UNPLACED)
    return next(((pod, said) for pod, _, said in told if _BOUND.search(said)), None)
