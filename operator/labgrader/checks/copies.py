"""Judging what was tried on a copy: the same judge, told that the copy is the place.

``on_copy_if_asked`` wraps the judges of the kinds that have an isolation; ``cluster.experiments``
notes in the timeline what is defined here. Nothing that a copy lacks may count against the
learner: a copy that did not work before it was disturbed, where the original does, is Unknown.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps
from typing import TypeVar

from labgrader.api.kinds.isolation import Isolated
from labgrader.checks.autoscaling import LOAD_STARTED
from labgrader.checks.draining import TOLD_TO_STOP
from labgrader.checks.finding import Cause, Finding, Outcome, cause, unknown
from labgrader.checks.recovery import POD_DELETED, POD_DISTURBED
from labgrader.checks.rollout import UPDATED
from labgrader.checks.scope import Scope
from labgrader.evidence.experiments import Experiment, KeepData, OnCopy, OnWorkload
from labgrader.evidence.keeping import Kept
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import Timeline

COPIED = "copied"
"""The action whose subject is the namespace that the copy was made in."""
NOT_COPIED = "not-copied"
"""The action whose subject is a Lack, a space, and what is meant."""
ORIGINAL_WHOLE = "original-whole"
"""The action that says that the learner's own workload was whole when the copy was made."""
ORIGINAL_SERVES = "original-serves"
"""The action that says that the learner's own Service answered when the copy was made."""
_ACTS = frozenset({POD_DELETED, POD_DISTURBED, UPDATED, LOAD_STARTED, TOLD_TO_STOP})
_NEVER_SERVED = frozenset({"LoadNotServed", "SlowFails"})
"""Findings about how the workload stood, though something had been done to it by then."""
_SAME_ANYWHERE = "TooManyToWrite"
"""The finding that is the same for the original."""
_MOST = 5
"""So many things that the copy lacks are told at most."""

P = TypeVar("P", bound=Isolated)
Judge = Callable[[P, Scope, Snapshot], Finding]


class Lack(StrEnum):
    """What a copy cannot have."""

    DATA = "data"
    """The contents of a volume."""
    ADDRESS = "address"
    """An address of a Service outside the cluster."""
    HOST_PORT = "host-port"
    """A port of the node."""
    TOKEN = "token"  # noqa: S105 (a word, not a secret)
    """A Secret that holds the token of a ServiceAccount."""
    RIGHTS = "rights"
    """What a ServiceAccount may do."""
    NEIGHBOUR = "neighbour"
    """A Service of the namespace that belongs to something else."""
    ELSEWHERE = "elsewhere"
    """A name that leads out of the copy, into this or another namespace."""
    UNREAD = "unread"
    """What the grader may not read."""


def on_copy_if_asked(judge: Judge[P]) -> Judge[P]:
    """The judge, for checks that are tried in place and for those that are tried on a copy."""

    @wraps(judge)
    def judged(params: P, scope: Scope, snapshot: Snapshot) -> Finding:
        if params.isolation == "InPlace":
            return judge(params, scope, snapshot)
        copies = _Copies(snapshot.answers)
        finding = judge(params, scope, copies)
        return _told(finding, copies.timelines[-1]) if copies.timelines else finding

    return judged


@dataclass(frozen=True, slots=True)
class _Copies(Snapshot):
    """The same evidence, but experiments are those on copies; keeps the timelines that were read."""

    timelines: list[Timeline] = field(default_factory=list)

    def timeline(self, request: Experiment) -> Timeline:
        """The record of the experiment on the copy."""
        found = Snapshot.timeline(self, _on_copy(request))
        self.timelines.append(found)
        return found

    def kept(self, request: KeepData | OnCopy) -> Kept:
        """The record of what was written into the copy and read back."""
        found = Snapshot.kept(self, _on_copy(request))
        self.timelines.append(found.timeline)
        return found


def _on_copy(request: Experiment) -> OnCopy:
    if not isinstance(request, OnWorkload):
        raise TypeError(f"{type(request).__name__} cannot be tried on a copy")
    return OnCopy(request.namespace, request)


def _told(finding: Finding, timeline: Timeline) -> Finding:
    lacks = _lacks(timeline)
    if finding.outcome is Outcome.FAILED and _says_nothing(finding, timeline, lacks):
        return unknown("CopyDiffers", seen=finding.reason).because(*lacks)
    if finding.outcome not in {Outcome.PASSED, Outcome.FAILED}:
        return finding
    return finding.because(cause("TriedOnCopy"), *finding.causes, *lacks)


def _says_nothing(finding: Finding, timeline: Timeline, lacks: Sequence[Cause]) -> bool:
    """The finding is about how the copy stood, and the original stands otherwise."""
    acted = any(action.what in _ACTS for action in timeline.actions)
    if finding.reason == _SAME_ANYWHERE or (acted and finding.reason not in _NEVER_SERVED):
        return False
    serves = timeline.when(ORIGINAL_SERVES) is not None
    # That volumes are new keeps no app from writing into them.
    missed = any(one.reason != "CopyWithoutData" for one in lacks)
    return timeline.when(ORIGINAL_WHOLE) is not None and (serves or missed)


def _lacks(timeline: Timeline) -> tuple[Cause, ...]:
    told = (a.subject.partition(" ") for a in timeline.actions if a.what == NOT_COPIED)
    return tuple(one for word, _, what in list(told)[:_MOST] for one in _lack(word, what))


def _lack(word: str, what: str) -> Iterator[Cause]:
    match word:
        case Lack.DATA:
            yield cause("CopyWithoutData", name=what)
        case Lack.ADDRESS:
            yield cause("CopyWithoutAddress", name=what)
        case Lack.HOST_PORT:
            yield cause("CopyWithoutHostPort", port=what)
        case Lack.TOKEN:
            yield cause("CopyWithoutToken", name=what)
        case Lack.RIGHTS:
            yield cause("CopyWithoutRights", name=what)
        case Lack.NEIGHBOUR:
            yield cause("CopyWithoutNeighbour", name=what)
        case Lack.ELSEWHERE:
            yield cause("CopyNamesElsewhere", what=what)
        case Lack.UNREAD:
            yield cause("CopyWithoutUnread", what=what)
