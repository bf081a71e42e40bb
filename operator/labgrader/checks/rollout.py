"""What a Timeline of an update measures: when each version took over, and what clients saw.

Called by the judges of updates, and by ``cluster.experiments`` to know when the experiment has
seen enough: one definition of "updated" and "back" for both. Must not decide outcomes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from labgrader.checks.recovery import WATCHED_MS
from labgrader.evidence.timeline import PodsSeen, Timeline

UPDATED = "updated"
"""The action that changes the template."""
UNDONE = "update-undone"
"""The action that sets the template to what it was."""
POD_NEW = "pod-new"
"""The action whose subject is the uid of a pod of the new version, when it was first seen."""
POD_ENDING = "pod-ending"
"""The action whose subject is the uid of a pod that was told to end, when that was first seen."""
POD_WAITS = "pod-waits"
"""The action whose subject is why a container of the new version waits: reason and message."""
PODS_REFUSED = "pods-refused"
"""The action whose subject is what the API server said to pods that it did not take."""
TEMPLATE_CHANGED = "template-changed"
"""Somebody else gave the Deployment another template between the update and its undoing."""
LINGERS_MS = 15_000
"""So long at most are clients watched until the pods of the other version are gone."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """An update under way; ``before`` are the pods as last seen before it.

    ``new`` are the pods of the new version, ``ending`` says since when a pod is ending.
    """

    at_ms: int
    before: PodsSeen
    new: frozenset[str]
    ending: Mapping[str, int]
    undone_ms: int | None
    seen: tuple[PodsSeen, ...]

    def alive(self, seen: PodsSeen) -> set[str]:
        """The pods that are not ending."""
        return {
            uid
            for uid in (*seen.ready, *seen.others)
            if self.ending.get(uid, seen.at_ms + 1) > seen.at_ms
        }

    def updated(self, seen: PodsSeen) -> bool:
        """As many pods as before are Ready in the new version, and no other goes on."""
        ready = set(seen.ready) & self.new
        return len(ready) >= max(1, self.before.wanted) and self.alive(seen) <= self.new

    def back(self, seen: PodsSeen) -> bool:
        """As many pods as before are Ready in the old version, and no other goes on."""
        ready = set(seen.ready) - self.new
        return len(ready) >= max(1, self.before.wanted) and not self.alive(seen) & self.new

    def lowest(self, until_ms: int) -> int:
        """The fewest Ready pods at any instant."""
        return min(len(seen.ready) for seen in self._during(until_ms))

    def most(self, until_ms: int) -> int:
        """The most pods at any instant that were not ending."""
        return max(len(self.alive(seen)) for seen in self._during(until_ms))

    def _during(self, until_ms: int) -> Iterator[PodsSeen]:
        yield self.before
        yield from (seen for seen in self.seen if self.at_ms < seen.at_ms <= until_ms)


def rollout(timeline: Timeline) -> Rollout | None:
    """The update, or None where the timeline holds none."""
    at_ms = timeline.when(UPDATED)
    before = [seen for seen in timeline.pods if at_ms is not None and seen.at_ms <= at_ms]
    if at_ms is None or not before:
        return None
    ending: dict[str, int] = {}
    for action in timeline.actions:
        if action.what == POD_ENDING:
            ending.setdefault(action.subject, action.at_ms)
    new = frozenset(one.subject for one in timeline.actions if one.what == POD_NEW)
    return Rollout(at_ms, before[-1], new, ending, timeline.when(UNDONE), timeline.pods)


def updated_at(found: Rollout) -> int | None:
    """When the new version had taken over; None where it had not."""
    end = found.undone_ms
    during = (seen for seen in found.seen if seen.at_ms > found.at_ms)
    return next(
        (s.at_ms for s in during if (end is None or s.at_ms <= end) and found.updated(s)), None
    )


def back_at(found: Rollout) -> int | None:
    """When the old version had taken over again; None where it had not."""
    since = found.undone_ms
    if since is None:
        return None
    return next((s.at_ms for s in found.seen if s.at_ms > since and found.back(s)), None)


def settled_at(found: Rollout, decided_ms: int) -> int | None:
    """When also the pods of the other version had ended, after the one had taken over."""
    stays_new = found.undone_ms is None

    def is_settled(seen: PodsSeen) -> bool:
        every = {*seen.ready, *seen.others}
        return every <= found.new if stays_new else not every & found.new

    after = (seen for seen in found.seen if seen.at_ms >= decided_ms)
    return next((seen.at_ms for seen in after if is_settled(seen)), None)


def watched_until(found: Rollout, decided_ms: int) -> int:
    """Until when clients are watched, in the timeline's milliseconds."""
    settled = settled_at(found, decided_ms)
    last = decided_ms + LINGERS_MS
    end = last if settled is None else min(settled, last)
    return max(end, found.at_ms + WATCHED_MS)
