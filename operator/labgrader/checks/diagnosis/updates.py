"""Why an update left no pod, or did not come to its end: known causes, each with what proves it.

Called by the judges of updates. What a Deployment says of itself is a cause only where the
timeline shows what it leads to.
"""

from collections.abc import Iterator

from labgrader.checks.diagnosis.events import one_line
from labgrader.checks.diagnosis.refusals import refusal
from labgrader.checks.diagnosis.surge import ROLLING, SURGE, UNAVAILABLE, replacement
from labgrader.checks.finding import Cause, cause
from labgrader.checks.recovery import seconds
from labgrader.checks.rollout import POD_WAITS, PODS_REFUSED, Rollout
from labgrader.evidence.answers import Json
from labgrader.evidence.timeline import Timeline

_MOST = 3


def all_missing(workload: Json, found: Rollout, until_ms: int) -> Iterator[Cause]:
    """Why there was a moment without any Ready pod."""
    about = {"kind": workload["kind"], "name": workload["metadata"]["name"]}
    how = replacement(workload)
    if found.lowest(until_ms) > 0:
        return
    if how.type != ROLLING:
        yield cause("UpdateRecreates", **about)
    elif how.pods(UNAVAILABLE) >= how.replicas == 1:
        yield cause("OnlyReplicaMayBeMissing", **about, seen=how.written(UNAVAILABLE))
    elif how.pods(UNAVAILABLE) >= how.replicas:
        yield cause(
            "AllMayBeMissing", **about, seen=how.written(UNAVAILABLE), replicas=how.replicas
        )


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


def versions(timeline: Timeline, found: Rollout, service: str, until_ms: int) -> Iterator[Cause]:
    """Which versions clients were sent to, and when, as the Service's endpoints show."""
    ends = [one.at_ms for one in timeline.endpoints[1:]]
    spans = [
        (max(seen.at_ms, found.at_ms) - found.at_ms, min(end_ms, until_ms) - found.at_ms, seen)
        for seen, end_ms in zip(timeline.endpoints, [*ends, until_ms], strict=False)
        if seen.at_ms < until_ms and end_ms > found.at_ms
    ]
    new = [(first, last) for first, last, seen in spans if set(seen.ready) & found.new]
    old = [last for _, last, seen in spans if set(seen.ready) - found.new]
    if not new:
        return
    first = seconds(new[0][0])
    if found.undone_ms is not None:
        last = seconds(new[-1][1])
        yield cause("OtherVersionServed", service=service, first=first, last=last)
    elif old:
        yield cause("VersionsServed", service=service, first=first, last=seconds(old[-1]))


def unfinished(workload: Json, timeline: Timeline, found: Rollout) -> Iterator[Cause]:
    """Why the version that was to come did not take over: the new one, or the old one again."""
    about = {"kind": workload["kind"], "name": workload["metadata"]["name"]}
    told = 0
    since = found.undone_ms or found.at_ms
    for what, subject in dict.fromkeys(
        (one.what, one.subject) for one in timeline.actions if one.at_ms >= since
    ):
        if told >= _MOST:
            return
        if what == PODS_REFUSED:
            told += 1
            yield refusal(subject)
        elif what == POD_WAITS:
            told += 1
            yield cause("NewPodWaits", said=one_line(subject))
    last = found.seen[-1] if found.seen else found.before
    alive = found.alive(last)
    coming = alive & found.new if found.undone_ms is None else alive - found.new
    waiting = coming - set(last.ready)
    if not told and waiting:
        yield cause("NewPodsNotReady", **about, count=len(waiting))
