"""What a Timeline of disturbed pods measures: how long until they recovered, what clients saw.

Called by ``checks.heals`` to judge, and by ``cluster.experiments`` to know when the experiment
has seen enough: one definition of "recovered" for both. Must not decide outcomes.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from labgrader.evidence.timeline import PodsSeen, Sample, Timeline

POD_DELETED = "pod-deleted"
"""The action whose subject is the uid of a deleted pod."""
POD_DISTURBED = "pod-disturbed"
"""The action whose subject is the uid of a pod that another fault was done to."""
RESTARTED = "container-restarted"
"""The action whose subject is the uid of a disturbed pod whose container was started again."""
FAULT_REFUSED = "fault-refused"
"""The action that says that the fault could not be done to a pod, and what was said instead."""
BUDGET_HELD = "budget-held"
"""The action that says that a pod was not evicted in the end, because of its budget."""
BUDGETS_CLASH = "budgets-clash"
"""The action that says that a pod cannot be evicted at all, because of two budgets."""
UNPLACED = "pod-unplaced"
"""The action that says that a pod had no node at the end: its name, a space, and why."""
NODE_CHOSEN = "node-chosen"
"""The action whose subject is the name of the node whose pods are disturbed."""
NODE_STOPPED = "node-stopped"
"""The action whose subject is the name of the node that was switched off."""
POD_ASIDE = "pod-aside"
"""The action whose subject is the uid of a pod that was in the namespace before the deletion
and was not the workload's: taken in afterwards, it shows no healing."""
POD_RENEWED = "pod-renewed"
"""The action whose subject is the name of a pod that made way for a new one before the fault."""
NOT_RENEWED = "not-renewed"
"""The action that says that no new pod became Ready then, so that there was no fault."""
ENDS_BY_ITSELF = "ends-by-itself"
"""The action that says that a new pod was restarted although nothing was done to it."""
RENEWED_WITHIN_MS = 120_000
"""So long may new pods take to become Ready before the fault; that is not counted."""
NOT_WHOLE = "not-whole"
"""The action that says that the workload was not whole, so that nothing was deleted."""
WATCHED_MS = 10_000
"""So long at least are clients watched from the deletion on: one lost request weighs the same
for every workload that heals within it."""


_PROMPT_MS = 500
"""An answer within this time kept nobody waiting: the client itself may have been 250 ms late."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The disturbed pods by their uids, and the workload's pods as last seen before.

    ``again`` says when a disturbed pod's container was started again.
    """

    at_ms: int
    uids: frozenset[str]
    before: PodsSeen
    aside: frozenset[str] = frozenset()
    again: Mapping[str, int] = field(default_factory=dict)

    def healed(self, seen: PodsSeen) -> bool:
        """As many pods are Ready as were wanted before, and at least one of them is new.

        Pods that were there before, in the workload or beside it, replace nothing; a disturbed
        one counts again once its container was started again; and a lowered replica count heals
        nothing.
        """
        back = self.back(seen)
        new = back - set(self.before.ready) - set(self.before.others)
        return len(back) >= self.before.wanted and bool(new | (back & self.uids))

    def back(self, seen: PodsSeen) -> set[str]:
        """The Ready pods that count."""
        return set(seen.ready) - self.aside - (self.uids - self.restarted(seen))

    def restarted(self, seen: PodsSeen) -> set[str]:
        """The disturbed pods whose container had been started again by then."""
        return {uid for uid, at_ms in self.again.items() if at_ms <= seen.at_ms} & self.uids


@dataclass(frozen=True, slots=True)
class Served:
    """What clients saw: ``longest_gap_ms`` is how long nobody got a good answer, though one was due.

    Failed requests came between ``first_ms`` and ``last_ms``, counted from the beginning; both
    are 0 where none failed.
    """

    sent: int
    failed: int
    longest_gap_ms: int
    first_ms: int = 0
    last_ms: int = 0

    def reaches(self, share: int) -> bool:
        """At least this share (milli-percent) of the requests succeeded."""
        return (self.sent - self.failed) * 100_000 >= share * self.sent

    @property
    def share(self) -> int:
        """The share of the requests that succeeded, in milli-percent, rounded down."""
        return (self.sent - self.failed) * 100_000 // self.sent if self.sent else 0


def fault(timeline: Timeline) -> Fault | None:
    """What was done to the pods, or None where the timeline holds nothing."""
    done = [action for action in timeline.actions if action.what in {POD_DELETED, POD_DISTURBED}]
    if not done:
        return None
    at_ms = min(action.at_ms for action in done)
    before = [seen for seen in timeline.pods if seen.at_ms <= at_ms]
    if not before:
        raise ValueError("a timeline shows a fault without the pods before it")
    aside = frozenset(action.subject for action in timeline.actions if action.what == POD_ASIDE)
    again = {
        action.subject: action.at_ms
        for action in reversed(timeline.actions)
        if action.what == RESTARTED and action.at_ms >= at_ms
    }
    return Fault(at_ms, frozenset(action.subject for action in done), before[-1], aside, again)


def healed_at(timeline: Timeline, fault: Fault) -> int | None:
    """When the workload was whole again, in the timeline's milliseconds; None where it was not."""
    after = (seen for seen in timeline.pods if seen.at_ms > fault.at_ms)
    return next((seen.at_ms for seen in after if fault.healed(seen)), None)


def lowest(timeline: Timeline, fault: Fault, until_ms: int) -> int:
    """The lowest number of Ready pods from the fault on; those on a dead node do not count."""
    dead = fault.uids if timeline.when(NODE_STOPPED) is not None else frozenset()
    during = (seen for seen in timeline.pods if fault.at_ms < seen.at_ms <= until_ms)
    return min((len(set(seen.ready) - dead) for seen in during), default=len(fault.before.ready))


def watched_until(fault: Fault, healed_ms: int) -> int:
    """Until when clients are watched, in the timeline's milliseconds."""
    return max(healed_ms, fault.at_ms + WATCHED_MS)


def served(samples: Sequence[Sample], from_ms: int, until_ms: int) -> Served:
    """What the requests meant for this stretch of time saw."""
    during = [sample for sample in samples if from_ms <= sample.at_ms <= until_ms]
    failed = [sample.at_ms - from_ms for sample in during if not sample.succeeded]
    gap = _longest_gap(samples, during, until_ms)
    return Served(len(during), len(failed), gap, min(failed, default=0), max(failed, default=0))


def _longest_gap(samples: Sequence[Sample], during: Sequence[Sample], until_ms: int) -> int:
    """The longest wait of a client until anybody got a good answer.

    Also one that came in the end was waited for, but not where it came promptly: what every request
    takes is no gap.
    """
    answers = sorted(_answered_ms(sample) for sample in samples if sample.succeeded)
    longest = 0
    for sample in during:
        if not _is_prompt(sample):
            place = bisect_left(answers, sample.at_ms)
            end_ms = answers[place] if place < len(answers) else until_ms
            longest = max(longest, end_ms - sample.at_ms)
    return longest


def _answered_ms(sample: Sample) -> int:
    return sample.at_ms if sample.doubtful else sample.at_ms + sample.took_ms


def _is_prompt(sample: Sample) -> bool:
    return sample.succeeded and (sample.doubtful or sample.took_ms <= _PROMPT_MS)


def seconds(milliseconds: int) -> str:
    """Seconds with one digit, rounded up: what missed a bar must not read as if it met it."""
    tenths = -(-milliseconds // 100)
    return f"{tenths // 10}.{tenths % 10}"


def bar(milliseconds: int) -> str:
    """A time that was set, in seconds without needless digits: ``60``, ``0.5``."""
    return f"{milliseconds / 1000:g}"
