"""Why clients noticed an update, or why it did not come to its end: each with what proves it.

Called by the judges of updates. What a Deployment says of itself is a cause only where the
timeline shows what it leads to.
"""

from collections.abc import Iterator, Sequence

from labgrader.checks.diagnosis.events import one_line
from labgrader.checks.diagnosis.refusals import refusal
from labgrader.checks.diagnosis.shape import mapping
from labgrader.checks.diagnosis.surge import ROLLING, SURGE, UNAVAILABLE, replacement
from labgrader.checks.finding import Cause, cause
from labgrader.checks.rollout import POD_WAITS, PODS_REFUSED, Rollout
from labgrader.evidence.answers import Json
from labgrader.evidence.timeline import Sample, Timeline

_AFTER_END_MS = 2_000
"""So long after a pod was told to end may clients still be sent to it."""
_MOST = 3


def downtime(
    workload: Json, found: Rollout, failures: Sequence[Sample], until_ms: int
) -> Iterator[Cause]:
    """Why requests failed."""
    about = {"kind": workload["kind"], "name": workload["metadata"]["name"]}
    how = replacement(workload)
    if found.lowest(until_ms) == 0:
        if how.type != ROLLING:
            yield cause("UpdateRecreates", **about)
            return
        if how.pods(UNAVAILABLE) >= how.replicas == 1:
            yield cause("OnlyReplicaMayBeMissing", **about, seen=how.written(UNAVAILABLE))
            return
        if how.pods(UNAVAILABLE) >= how.replicas:
            yield cause(
                "AllMayBeMissing", **about, seen=how.written(UNAVAILABLE), replicas=how.replicas
            )
            return
    unprobed = _unprobed(workload)
    last_ms = max((one.at_ms + one.took_ms for one in failures), default=until_ms)
    if unprobed and found.joined(min(last_ms, until_ms)):
        yield cause("NoReadinessProbe", **about, container=unprobed)
    if not _has_pre_stop(workload):
        cut = sum(_is_cut(sample, found) for sample in failures)
        if cut:
            yield cause("NoPreStop", **about, cut=f"{cut:,}", lost=f"{len(failures):,}")


def bounds(workload: Json, found: Rollout, until_ms: int) -> Iterator[Cause]:
    """Where more pods were missing, or more were there, than the strategy allows."""
    how, wanted = replacement(workload), found.before.wanted
    if how.type != ROLLING:
        return
    about = {"kind": workload["kind"], "name": workload["metadata"]["name"]}
    lowest, most = found.lowest(until_ms), found.most(until_ms)
    if lowest < wanted - how.pods(UNAVAILABLE):
        least = wanted - how.pods(UNAVAILABLE)
        yield cause("TooManyMissing", **about, lowest=lowest, least=least)
    if most > wanted + how.pods(SURGE):
        yield cause("TooManyPods", **about, most=most, allowed=wanted + how.pods(SURGE))


def unfinished(workload: Json, timeline: Timeline, found: Rollout) -> Iterator[Cause]:
    """Why the new version did not take over."""
    about = {"kind": workload["kind"], "name": workload["metadata"]["name"]}
    told = 0
    for what, subject in dict.fromkeys((one.what, one.subject) for one in timeline.actions):
        if told >= _MOST:
            return
        if what == PODS_REFUSED:
            told += 1
            yield refusal(subject)
        elif what == POD_WAITS:
            told += 1
            yield cause("NewPodWaits", said=one_line(subject))
    last = found.seen[-1] if found.seen else found.before
    waiting = found.alive(last) & found.new - set(last.ready)
    if not told and waiting:
        yield cause("NewPodsNotReady", **about, count=len(waiting))


def _is_cut(sample: Sample, found: Rollout) -> bool:
    """The request was under way, or was sent, when some pod was told to end."""
    since = sample.at_ms - _AFTER_END_MS
    return any(since <= at <= sample.at_ms + sample.took_ms for at in found.ending.values())


def _unprobed(workload: Json) -> str:
    """The first container, where none has a readiness probe: any makes its pod not Ready."""
    containers = _containers(workload)
    if not containers or any(mapping(one.get("readinessProbe")) for one in containers):
        return ""
    return str(containers[0]["name"])


def _has_pre_stop(workload: Json) -> bool:
    return any(
        mapping(mapping(one.get("lifecycle")).get("preStop")) for one in _containers(workload)
    )


def _containers(workload: Json) -> Sequence[Json]:
    found: Sequence[Json] = workload["spec"]["template"]["spec"]["containers"]
    return found
