"""Why clients noticed that pods ended and others came: known causes, each with what proves it.

Called by the judges of experiments that clients watch. What a template lacks is a cause only where
the timeline shows what it leads to.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from labgrader.checks.diagnosis.presence import about
from labgrader.checks.finding import Cause, cause
from labgrader.checks.recovery import seconds
from labgrader.checks.tolerant import mapping, maps
from labgrader.evidence.answers import Json
from labgrader.evidence.timeline import PodsSeen, Sample, Timeline

_AFTER_END_MS = 2_000
"""So long after a pod was told to end may clients still be sent to it."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """A stretch of time in which clients lost requests; all times are the timeline's.

    ``before`` are the uids of the pods that were there when it began, ``ending`` says when a pod was
    told to end, ``again`` when a pod's container was started again.
    """

    workload: Json
    timeline: Timeline
    since_ms: int
    until_ms: int
    before: frozenset[str]
    ending: Mapping[str, int] = field(default_factory=dict)
    again: Mapping[str, int] = field(default_factory=dict)

    @property
    def failures(self) -> tuple[Sample, ...]:
        """The requests that failed."""
        return tuple(
            one
            for one in self.timeline.samples
            if self.since_ms <= one.at_ms <= self.until_ms and not one.succeeded
        )

    def unserved(self, service: str) -> Iterator[Cause]:
        """There was a time in which the Service had no pod to send clients to."""
        failures = self.failures
        spans = [
            (first, last, sum(first <= one.at_ms <= last for one in failures))
            for first, last in self._without_endpoints()
        ]
        first, last, lost = max(spans, key=lambda span: span[2], default=(0, 0, 0))
        if lost:
            yield cause(
                "NoEndpointReady",
                service=service,
                first=seconds(first - self.since_ms),
                last=seconds(last - self.since_ms),
                lost=f"{lost:,}",
                all=f"{len(failures):,}",
            )

    def unprobed(self) -> Iterator[Cause]:
        """A pod that had just come counted as Ready, by no probe, while requests failed."""
        joined_ms = self._joined_ms()
        if joined_ms is None:
            return
        if any(one.at_ms + one.took_ms >= joined_ms for one in self.failures):
            yield from unasked(self.workload)

    @property
    def cut(self) -> int:
        """How many requests failed that were under way, or sent, when a pod was told to end."""
        return sum(_is_cut(one, self.ending.values()) for one in self.failures)

    def unhooked(self) -> Iterator[Cause]:
        """They were, and no hook has the pod wait until it is left out."""
        if self.cut and not has_pre_stop(self.workload):
            lost = f"{len(self.failures):,}"
            yield cause("NoPreStop", **about(self.workload), cut=f"{self.cut:,}", lost=lost)

    def alone(self) -> Iterator[Cause]:
        """One pod was wanted, and there was a moment without it."""
        before = [one.wanted for one in self.timeline.pods if one.at_ms <= self.since_ms]
        if before[-1:] == [1] and any(not seen.ready for seen in self._pods()):
            yield cause("OneReplica", **about(self.workload))

    def _joined_ms(self) -> int | None:
        """When a pod counted as Ready that was not there before, or was started again."""
        for seen in self._pods():
            again = {uid for uid, at_ms in self.again.items() if at_ms <= seen.at_ms}
            if set(seen.ready) - (self.before - again):
                return seen.at_ms
        return None

    def _pods(self) -> Iterator[PodsSeen]:
        return (one for one in self.timeline.pods if self.since_ms < one.at_ms <= self.until_ms)

    def _without_endpoints(self) -> Iterator[tuple[int, int]]:
        """The stretches of time, cut to this one, in which no endpoint was Ready."""
        ends = [one.at_ms for one in self.timeline.endpoints[1:]]
        for seen, end_ms in zip(self.timeline.endpoints, [*ends, self.until_ms], strict=False):
            first, last = max(seen.at_ms, self.since_ms), min(end_ms, self.until_ms)
            if not seen.ready and first < last:
                yield first, last


def unasked(workload: Json) -> Iterator[Cause]:
    """No container has a readiness probe: any would keep its pod from counting as Ready too soon."""
    containers = _containers(workload)
    if not containers or any(mapping(one.get("readinessProbe")) for one in containers):
        return
    named = next((one for one in containers if maps(one.get("ports"))), containers[0])
    yield cause("NoReadinessProbe", **about(workload), container=str(named.get("name", "")))


def has_pre_stop(workload: Json) -> bool:
    """Whether some container has a hook that runs before it is told to end."""
    return any(
        mapping(mapping(one.get("lifecycle")).get("preStop")) for one in _containers(workload)
    )


def _is_cut(sample: Sample, ends: Iterable[int]) -> bool:
    """The request was under way, or was sent, when some pod was told to end."""
    since = sample.at_ms - _AFTER_END_MS
    return any(since <= at <= sample.at_ms + sample.took_ms for at in ends)


def _containers(workload: Json) -> tuple[Json, ...]:
    template = mapping(mapping(workload.get("spec")).get("template"))
    return maps(mapping(template.get("spec")).get("containers"))
