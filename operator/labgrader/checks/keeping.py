"""What a record of kept data shows: who came back, and what each of them should still hold.

Called by ``checks.persists`` to judge, and by ``cluster.experiments.keep_data`` to know when the
pods are back and what to read from them. Must not decide outcomes.
"""

from collections.abc import Collection, Sequence

from labgrader.evidence.keeping import Exchange, Kept, Member
from labgrader.evidence.timeline import PodsSeen

POD_DELETED = "pod-deleted"
"""The action whose subject is the uid of a deleted pod."""
NOT_WHOLE = "not-whole"
"""The action that says that the workload was not whole, so that nothing was deleted."""
TOO_MANY = "too-many-pods"
"""The action that says that the workload has more pods than are written to."""
NOT_STORED = "not-stored"
"""The action that says that not even at once could everything be read that was written."""


def deleted(kept: Kept) -> tuple[str, ...]:
    """The uids of the deleted pods."""
    return tuple(one.subject for one in kept.timeline.actions if one.what == POD_DELETED)


def back(seen: PodsSeen, gone: Collection[str], wanted: int) -> bool:
    """As many pods are Ready as before, and none of them is one of the deleted."""
    return len(set(seen.ready) - set(gone)) >= wanted


def back_after_ms(kept: Kept) -> int | None:
    """How long after the first deletion all pods were back; None where they were not."""
    gone, told = deleted(kept), kept.timeline.when(POD_DELETED)
    if told is None:
        return None
    after = (seen for seen in kept.timeline.pods if seen.at_ms > told)
    whole = (seen.at_ms - told for seen in after if back(seen, gone, len(kept.before)))
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
