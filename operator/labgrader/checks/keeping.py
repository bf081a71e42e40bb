"""What a record of kept data shows: who came back, and what each of them should still hold.

Called by ``checks.persists`` to judge, and by ``cluster.experiments.keep_data`` to know when the
pods are back and what to read from them. Must not decide outcomes.
"""

from collections.abc import Collection, Iterable, Sequence

from labgrader.checks.recovery import POD_DELETED, POD_DISTURBED
from labgrader.evidence.keeping import Exchange, Kept, Member
from labgrader.evidence.timeline import Action, PodsSeen, Timeline

DRAIN = "DrainNode"
"""The word for pods that go because their node is drained, as for the fault."""
NOT_WHOLE = "not-whole"
"""The action that says that the workload was not whole, so that nothing was deleted."""
TOO_MANY = "too-many-pods"
"""The action that says that the workload has more pods than are written to."""
NOT_STORED = "not-stored"
"""The action that says that not even at once could everything be read that was written."""
NO_OTHER_STORAGE = "no-other-storage"
"""The action that says that a pod without a node has volumes of the one sort that the cluster
offers; its subject tells of which."""
_WENT = frozenset({POD_DELETED, POD_DISTURBED})


def gone(actions: Iterable[Action]) -> frozenset[str]:
    """The uids of the pods that were deleted, or evicted."""
    return frozenset(one.subject for one in actions if one.what in _WENT)


def went_at(timeline: Timeline) -> int | None:
    """When the first of them went; None where none did."""
    return min((one.at_ms for one in timeline.actions if one.what in _WENT), default=None)


def back(seen: PodsSeen, went: Collection[str], wanted: int) -> bool:
    """As many pods are Ready as before, and none of them is one of the deleted."""
    return len(set(seen.ready) - set(went)) >= wanted


def back_after_ms(kept: Kept) -> int | None:
    """How long after the first deletion all pods were back; None where they were not."""
    went, told = gone(kept.timeline.actions), went_at(kept.timeline)
    if told is None:
        return None
    after = (seen for seen in kept.timeline.pods if seen.at_ms > told)
    whole = (seen.at_ms - told for seen in after if back(seen, went, len(kept.before)))
    return next(whole, None)


def expected(
    kind: str, member: Member, before: Sequence[Member], written: Sequence[Exchange]
) -> tuple[str, ...]:
    """The keys that a pod must hold.

    In a StatefulSet a pod holds what the pod of its name was given; elsewhere pods have no
    names that last, so every pod must hold everything.
    """
    if kind != "StatefulSet":
        return tuple(one.key for one in written)
    own = {pod.uid for pod in before if pod.name == member.name}
    return tuple(one.key for one in written if one.pod in own)
