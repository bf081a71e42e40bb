"""One look: judge a set of checks on a snapshot, gathering what they ask for until none asks.

Called by ``grading.run``. A check is judged only when the checks it needs are decided, but in
the observe phase it may already ask, so that a grading gathers in as few rounds as it can. One look
is a moment: what a check says about time is ``grading.watch``'s, and here it comes to what is so now.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labgrader.api.base import format_share
from labgrader.api.check import Check
from labgrader.checks.finding import Finding, Outcome, error, finding_credit, skipped, unknown
from labgrader.checks.over_time import now
from labgrader.checks.registry import KINDS, Phase
from labgrader.checks.scope import Scope, UnknownKind
from labgrader.evidence.answers import Answer, Trouble
from labgrader.evidence.record import Record, Stretch, record
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import (
    CouldNotLook,
    Held,
    LearnerHindered,
    MissingEvidence,
    Snapshot,
)
from labgrader.evidence.source import EvidenceSource

_LOG = logging.getLogger(__name__)
_MAX_IDLE_ROUNDS = 12


@dataclass
class Look:
    """The state of one grading: answers so far, findings so far, and who asked for what."""

    scope: Scope
    source: EvidenceSource
    answers: dict[Request, Answer] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)
    asked: dict[str, set[Request]] = field(default_factory=dict)
    on_record: bool = False
    """Whether somebody keeps the evidence; else nothing is remembered for it."""
    judged_on: dict[str, dict[Request, Answer]] = field(default_factory=dict)
    """On record: for each check that was judged, the answers that its finding was made from."""
    troubled: bool = False
    """Whether there was trouble that may pass."""
    held: Held = field(default_factory=dict)
    """Objects that were held to their shape already."""
    excused: dict[str, Trouble] = field(default_factory=dict)
    """Checks whose failure does not count, and what is wrong with the namespace itself."""

    def record(self, watched: Mapping[str, Sequence[Stretch]]) -> Record:
        """The evidence so far, with that of watched checks; nothing where nobody keeps it."""
        if not self.on_record:
            return Record()
        last = {name: several[-1].answers for name, several in watched.items() if several}
        return record(self.answers, self.judged_on | last, self.excused, watched=watched)

    async def judge(self, checks: Sequence[Check]) -> None:
        """Bring every one of the checks to a finding."""
        todo, idle = list(checks), 0
        while todo and idle < _MAX_IDLE_ROUNDS:
            missing: dict[Request, None] = {}
            left = [check for check in todo if not self._decide(check, missing)]
            idle = idle + 1 if len(left) == len(todo) else 0
            todo = left
            if missing:
                self._take(await self.source.gather(tuple(missing)))
        for check in todo:
            self.findings[check.name] = error(
                "CheckBroken", check=check.name, why="it asks forever"
            )

    def _take(self, answers: Mapping[Request, Answer]) -> None:
        self.answers |= answers
        self.troubled |= any(
            isinstance(answer, Trouble) and answer.transient for answer in answers.values()
        )

    def forget(self, checks: Sequence[Check]) -> None:
        """Drop the findings of these checks and the answers that they are made of."""
        for check in checks:
            self.findings.pop(check.name, None)
            self.judged_on.pop(check.name, None)
            self.excused.pop(check.name, None)
            for request in self.asked.pop(check.name, set()):
                self.answers.pop(request, None)

    def withdraw(self, checks: Sequence[Check]) -> None:
        """Skip what was judged because of a need that is fulfilled no longer.

        A failing check is looked at again, and may be fulfilled less than it was.
        """
        for check in checks:
            held = blocked(check, self.findings)
            if isinstance(held, Finding):
                self.findings[check.name] = held

    def _decide(self, check: Check, missing: dict[Request, None]) -> bool:
        held = blocked(check, self.findings)
        if isinstance(held, Finding):
            self.findings[check.name] = held
            return True
        if held and KINDS[check.kind].phase is not Phase.OBSERVE:
            return False
        asked = self.asked.setdefault(check.name, set())
        try:
            finding = judge_one(check, self.scope, self.answers, asked, self.held)
        except MissingEvidence as lack:
            missing |= dict.fromkeys(lack.requests)
            asked.update(lack.requests)
            return False
        if held:
            return False
        self.findings[check.name] = now(check.over_time, finding) if check.over_time else finding
        if self.on_record:
            self.judged_on[check.name] = {
                request: self.answers[request] for request in asked if request in self.answers
            }
        return True


def blocked(check: Check, findings: Mapping[str, Finding]) -> Finding | bool:
    """A Skipped finding, or whether needs are still undecided."""
    undecided = False
    for need in check.needs:
        finding = findings.get(need)
        if finding is None:
            undecided = True
        elif finding.outcome is not Outcome.PASSED:
            conclusive = is_conclusive(finding)
            return skipped("NeedsFailed" if conclusive else "NeedsOpen", check=need)
    for share in check.needs_at_least:
        finding = findings.get(share.check)
        if finding is None:
            undecided = True
        elif not is_conclusive(finding):
            return skipped("NeedsOpen", check=share.check)
        elif finding_credit(finding) < share.percent:
            return skipped(
                "NeedsMore",
                check=share.check,
                percent=format_share(share.percent),
                seen=format_share(finding_credit(finding)),
            )
    return undecided


def judge_one(
    check: Check,
    scope: Scope,
    answers: Mapping[Request, Answer],
    asked: set[Request],
    held: Held,
) -> Finding:
    """One check's finding on these answers; ``asked`` takes up which of them it read.

    Raises MissingEvidence where it asks for something that is not among them.
    """
    try:
        snapshot = Snapshot(_Noting(answers, asked), held)
        return KINDS[check.kind].judge(check.params, scope, snapshot)
    except MissingEvidence:
        raise
    except CouldNotLook as trouble:
        return from_trouble(trouble.trouble)
    except LearnerHindered as hindrance:
        hindered = hindrance.hindered
        return Finding(Outcome.FAILED, hindered.reason, hindered.params)
    except UnknownKind as mistake:
        return error("UnknownKind", kind=mistake.kind)
    except Exception as crash:  # noqa: BLE001 (a bug in a check must not take the others with it)
        _LOG.exception("check %s (%s) crashed", check.name, check.kind)
        return error("CheckBroken", check=check.name, why=f"{type(crash).__name__}: {crash}")


class _Noting(Mapping[Request, Answer]):
    """Answers that note who reads them, so that a failing check knows what it depends on."""

    def __init__(self, answers: Mapping[Request, Answer], asked: set[Request]) -> None:
        self._answers = answers
        self._asked = asked

    def __getitem__(self, request: Request) -> Answer:
        self._asked.add(request)
        return self._answers[request]

    def get(self, request: Request, default: Any = None) -> Any:
        """As the mapping's own, which would raise and catch for what is not there."""
        self._asked.add(request)
        return self._answers.get(request, default)

    def __contains__(self, request: object) -> bool:
        return request in self._answers

    def __iter__(self) -> Iterator[Request]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)


def from_trouble(trouble: Trouble) -> Finding:
    """The Unknown finding of trouble in looking."""
    return unknown(trouble.reason, transient=trouble.transient, detail=trouble.detail)


def is_conclusive(finding: Finding) -> bool:
    """Whether the finding settles the check's points."""
    return finding.outcome in {Outcome.PASSED, Outcome.FAILED} or (
        finding.outcome is Outcome.SKIPPED and finding.reason in {"NeedsFailed", "NeedsMore"}
    )
