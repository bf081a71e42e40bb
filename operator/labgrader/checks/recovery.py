"""What a Timeline of a deleted pod measures: how long until it was replaced, and what clients saw.

Called by ``checks.heals`` to judge, and by ``cluster.experiments`` to know when the experiment
has seen enough: one definition of "recovered" for both. Must not decide outcomes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from labgrader.api.kinds import Curve
from labgrader.evidence.timeline import PodsSeen, Sample, Timeline

POD_DELETED = "pod-deleted"
"""The action whose subject is the uid of the deleted pod."""
POD_ASIDE = "pod-aside"
"""The action whose subject is the uid of a pod that was in the namespace before the deletion
and was not the workload's: taken in afterwards, it shows no healing."""
NOT_WHOLE = "not-whole"
"""The action that says that the workload was not whole, so that nothing was deleted."""
WATCHED_MS = 10_000
"""So long at least are clients watched from the deletion on: one lost request weighs the same
for every workload that heals within it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A deleted pod, and the workload's pods as last seen before."""

    at_ms: int
    uid: str
    before: PodsSeen
    aside: frozenset[str] = frozenset()

    def healed(self, seen: PodsSeen) -> bool:
        """As many pods are Ready as were wanted before, without the deleted one.

        At least one of them is new: pods that were there before, in the workload or beside
        it, replace nothing, and a lowered replica count heals nothing.
        """
        ready = set(seen.ready) - {self.uid} - self.aside
        new = ready - set(self.before.ready) - set(self.before.others)
        return len(ready) >= self.before.wanted and bool(new)


@dataclass(frozen=True, slots=True)
class Served:
    """What clients saw: ``longest_gap_ms`` is the longest time in which no request succeeded."""

    sent: int
    failed: int
    longest_gap_ms: int

    def reaches(self, share: int) -> bool:
        """At least this share (milli-percent) of the requests succeeded."""
        return (self.sent - self.failed) * 100_000 >= share * self.sent


def fault(timeline: Timeline) -> Fault | None:
    """The deletion, or None where the timeline holds none."""
    deleted = next((action for action in timeline.actions if action.what == POD_DELETED), None)
    if deleted is None:
        return None
    before = [seen for seen in timeline.pods if seen.at_ms <= deleted.at_ms]
    if not before:
        raise ValueError("a timeline shows a deletion without the pods before it")
    aside = frozenset(action.subject for action in timeline.actions if action.what == POD_ASIDE)
    return Fault(deleted.at_ms, deleted.subject, before[-1], aside)


def healed_at(timeline: Timeline, fault: Fault) -> int | None:
    """When the workload was whole again, in the timeline's milliseconds; None where it was not."""
    after = (seen for seen in timeline.pods if seen.at_ms > fault.at_ms)
    return next((seen.at_ms for seen in after if fault.healed(seen)), None)


def watched_until(fault: Fault, healed_ms: int) -> int:
    """Until when clients are watched, in the timeline's milliseconds."""
    return max(healed_ms, fault.at_ms + WATCHED_MS)


def served(samples: Iterable[Sample], from_ms: int, until_ms: int) -> Served:
    """What the requests meant for this stretch of time saw."""
    during = sorted(
        (sample for sample in samples if from_ms <= sample.at_ms <= until_ms),
        key=lambda sample: sample.at_ms,
    )
    failed = sum(not sample.succeeded for sample in during)
    return Served(len(during), failed, _longest_gap(during, until_ms))


def _longest_gap(samples: Sequence[Sample], until_ms: int) -> int:
    longest, begun = 0, None
    for sample in samples:
        if sample.succeeded:
            longest = max(longest, sample.at_ms - begun) if begun is not None else longest
            begun = None
        elif begun is None:
            begun = sample.at_ms
    return longest if begun is None else max(longest, until_ms - begun)


def credit(curve: Curve, measured_ms: int) -> int:
    """The share that a measured time earns, in milli-percent: linear between points, clamped.

    Rounded to the nearest milli-percent, so that the one rounding down, to whole points, is
    left to the score.
    """
    points = curve.points
    if measured_ms <= points[0].at:
        return points[0].percent * 1000
    for left, right in pairwise(points):
        if measured_ms <= right.at:
            width = right.at - left.at
            rise = (right.percent - left.percent) * 1000 * (measured_ms - left.at)
            return left.percent * 1000 + (2 * rise + width) // (2 * width)
    return points[-1].percent * 1000


def seconds(milliseconds: int) -> str:
    """Seconds with one digit, rounded up: what missed a bar must not read as if it met it."""
    tenths = -(-milliseconds // 100)
    return f"{tenths // 10}.{tenths % 10}"


def bar(milliseconds: int) -> str:
    """A time that was set, in seconds without needless digits: ``60``, ``0.5``."""
    return f"{milliseconds / 1000:g}"
