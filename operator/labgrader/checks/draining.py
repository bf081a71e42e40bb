"""What a Timeline of a pod that was told to stop shows: requests under way, and when what ended.

Called by ``checks.drains`` to judge, and by ``cluster.experiments.drain_pod``, so that both take
the same requests for those under way. Must not decide outcomes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from labgrader.evidence.timeline import Sample, Timeline

TOLD_TO_STOP = "pod-stopped"
"""The action whose subject is the uid of the pod that was deleted."""
CONTAINER_ENDED = "container-ended"
"""The action whose subject is a container's name and exit code: ``web 137``."""
POD_GONE = "pod-gone"
"""The action that says that the pod is no more."""
NOT_BEHIND = "not-behind"
"""The action that says that no Ready pod of the workload was behind the Service."""
NOT_WHOLE = "not-whole"
"""The action that says that the workload was not whole, so that nothing was deleted."""
KILLED = 137
"""The exit code of a process that was ended by SIGKILL."""
_NO_CONNECTION = frozenset({"refused", "unreachable"})
_AT_ONCE_MS = 400
"""Who is kept off hears it at once. Later it is a lost request that the client sent anew."""
_SURELY_MS = 150
"""A request sent so shortly before the pod was told may have come after, by clocks that differ."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A pod that was told to stop. Times count from then; None for what did not happen."""

    at_ms: int
    uid: str
    under_way: tuple[Sample, ...]
    unready_ms: int | None
    ended_ms: int | None
    exit_codes: tuple[tuple[str, int], ...]
    gone_ms: int | None
    broken_off: bool = False
    """A request that was sent after the pod was told was still under way when it was killed."""

    @property
    def cut(self) -> tuple[Sample, ...]:
        """The requests that were under way and got no good answer."""
        return tuple(sample for sample in self.under_way if not sample.succeeded)

    def after_ms(self, sample: Sample) -> int:
        """How long after the pod was told a request came to its end."""
        return sample.at_ms + sample.took_ms - self.at_ms


def stop(timeline: Timeline) -> Stop | None:
    """The stop of a pod; None where the timeline holds none."""
    told = next((one for one in timeline.actions if one.what == TOLD_TO_STOP), None)
    if told is None:
        return None
    ends = [one for one in timeline.actions if one.what == CONTAINER_ENDED]
    gone = timeline.when(POD_GONE)
    first = min((one.at_ms for one in ends), default=gone)
    return Stop(
        at_ms=told.at_ms,
        uid=told.subject,
        under_way=under_way(timeline.direct, told.at_ms),
        unready_ms=_since(_left_out(timeline, told.subject, told.at_ms), told.at_ms),
        ended_ms=_since(first, told.at_ms),
        exit_codes=tuple(_exit(one.subject) for one in ends),
        gone_ms=_since(gone, told.at_ms),
        broken_off=any(
            sample.error == "reset" and sample.at_ms > told.at_ms for sample in timeline.direct
        ),
    )


def under_way(direct: Sequence[Sample], at_ms: int) -> tuple[Sample, ...]:
    """The requests that were sent before a moment, and answered or lost only after it.

    Whoever was not even connected had nothing under way.
    """
    return tuple(
        sample
        for sample in direct
        if not (sample.error in _NO_CONNECTION and sample.took_ms <= _AT_ONCE_MS)
        and sample.at_ms <= at_ms - _SURELY_MS
        and sample.at_ms + sample.took_ms >= at_ms
    )


def _left_out(timeline: Timeline, uid: str, told_ms: int) -> int | None:
    """When the pod was first seen to get no traffic any more."""
    after = (seen for seen in timeline.endpoints if seen.at_ms >= told_ms)
    return next((seen.at_ms for seen in after if uid not in seen.ready), None)


def _exit(subject: str) -> tuple[str, int]:
    name, _, code = subject.rpartition(" ")
    return name, int(code) if code.isdigit() else -1


def _since(at_ms: int | None, told_ms: int) -> int | None:
    return None if at_ms is None else max(0, at_ms - told_ms)
