"""Whether the cluster, and not the workload, was short of CPU while something was tried on it.

Called by the judges of experiments, before they hold against a learner that something came late or
that clients noticed it. Pure: the CPU is watched by ``cluster.experiments.cpu``.
"""

from labgrader.checks.certain import behind_time
from labgrader.checks.diagnosis.autoscaler import requested
from labgrader.checks.diagnosis.presence import about
from labgrader.checks.finding import Finding, Outcome, unknown
from labgrader.evidence.answers import Json
from labgrader.evidence.timeline import CpuSeen, Timeline

WAITING = frozenset({"PodNotReadyYet", "NotScheduledYet", "Unschedulable"})
"""Causes that a cluster without CPU brings about by itself."""
_TELLING = frozenset(
    {
        *("PodsDeleted", "ProcessEnded", "AppMadeSick"),
        *("PodsEvicted", "NodeDrained", "NodeSwitchedOff"),
        *("AvailabilityBar", "ErrorShareBar", "GapBar", "TimeBar"),
        *("NoEndpointReady", "NewPodsNotReady", "PodTerminating"),
        *("OtherVersionServed", "VersionsServed"),
    }
)
"""Causes that only tell what was done and what was seen."""
_SATURATED = 90
"""From this percentage of a node's CPU on, what runs there waits for its turn."""
_AT_ITS_LIMIT = 90
_ONE_IN = 4
"""Where so many of the clients' requests were held up, so was everything else on their node."""


def shortage(timeline: Timeline, since_ms: int, needed: int) -> CpuSeen | None:
    """The moment that shows that the cluster and not the workload was short of CPU since then.

    ``needed`` is what the pods that should be there request, in milli-CPU: what does not fit into
    the whole cluster is asked for too much. Either pods that would fit find no place, or a node is
    saturated for most of the time while the workload's pods there are kept below what their limits
    allow them.
    """
    during = [seen for seen in timeline.cpu if seen.at_ms >= since_ms]
    unplaced = [seen for seen in during if seen.unplaced]
    if unplaced and needed <= unplaced[-1].allocatable:
        return unplaced[-1]
    full = [seen for seen in during if seen.node >= _SATURATED and seen.pod < _AT_ITS_LIMIT]
    return full[-1] if 2 * len(full) > len(during) else None


def figures(short: CpuSeen) -> dict[str, str]:
    """The moment, as a message tells it."""
    pod = "-" if short.pod < 0 else f"{short.pod} %"
    return {"node": str(short.node), "pod": pod, "unplaced": str(short.unplaced)}


def excused(
    finding: Finding, workload: Json, timeline: Timeline, since_ms: int, *, pods: int, url: str = ""
) -> Finding:
    """The finding, unless it is Failed without a cause of the learner's and CPU was short.

    ``pods`` is how many of the workload's pods should have had a place, ``url`` what clients asked.
    """
    if finding.outcome is not Outcome.FAILED:
        return finding
    if not {cause.reason for cause in finding.causes} <= WAITING | _TELLING:
        return finding
    short = shortage(timeline, since_ms, pods * requested(workload))
    if short is not None:
        return unknown("ClusterWasShort", transient=True, **about(workload), **figures(short))
    asked = [sample for sample in timeline.samples if sample.at_ms >= since_ms]
    held_up = sum(sample.doubtful for sample in asked)
    return behind_time(url) if held_up and _ONE_IN * held_up >= len(asked) else finding
