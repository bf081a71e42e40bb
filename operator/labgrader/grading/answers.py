"""A learner's answers as evidence, and what becomes of a verdict when they change.

``Answering`` stands before the cluster's source in every grading. ``judged_again`` is called by
``handlers`` when only answers changed: nothing is looked at, nothing is disturbed, and what was
found by looking stands. Pure but for passing requests on.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from labgrader.api.check import Check
from labgrader.checks.finding import Finding, Outcome
from labgrader.checks.registry import KINDS
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Answered, NotThere
from labgrader.evidence.requests import Look, ReadAnswer, Request
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.source import EvidenceSource
from labgrader.grading.look import blocked
from labgrader.grading.plan import Plan

_ASKS = "asks"


@dataclass(frozen=True, slots=True)
class Answering:
    """A source of evidence that knows one learner's answers, and asks another for the rest."""

    source: EvidenceSource
    answers: Mapping[str, str]

    async def gather(self, requests: Collection[Request]) -> Mapping[Request, Answer]:
        """An answer to each request."""
        read: dict[Request, Answer] = {
            r: given(self.answers, r) for r in requests if isinstance(r, ReadAnswer)
        }
        others = tuple(request for request in requests if not isinstance(request, ReadAnswer))
        return {**read, **(await self.source.gather(others) if others else {})}

    async def changed(self, seen: Mapping[Look, Answer], within_ms: int) -> bool:
        """Wait until a look would be answered otherwise."""
        return await self.source.changed(seen, within_ms)

    async def confirm(self, namespace: str) -> Answer:
        """Found where the namespace is there."""
        return await self.source.confirm(namespace)


def given(answers: Mapping[str, str], request: ReadAnswer) -> Answer:
    """The answer to one question."""
    text = answers.get(request.name)
    return NotThere() if text is None else Answered(text)


def asks(plan: Plan) -> bool:
    """Whether the exercise has questions."""
    return any(check.kind == _ASKS for check in plan.exercise.spec.checks)


def without_answers(plan: Plan, findings: Mapping[str, Finding]) -> dict[str, Finding]:
    """The findings that no answer can change."""
    kinds = {check.name: check.kind for check in plan.exercise.spec.checks}
    return {name: found for name, found in findings.items() if kinds.get(name) != _ASKS}


def judged_again(
    plan: Plan, scope: Scope, before: Mapping[str, Finding], answers: Mapping[str, str]
) -> Mapping[str, Finding] | None:
    """The findings with these answers; None where something must be looked at for the first time.

    That is a check which was skipped because of an answer that is right now.
    """
    now: dict[str, Finding] = {}
    for check in plan.exercise.spec.checks:
        skips = blocked(check, now)  # all that it needs stands earlier
        old = before.get(check.name)
        if check.kind == _ASKS:
            judged = skips if isinstance(skips, Finding) else _judge(check, scope, answers)
        elif old is None:
            return None
        elif old.outcome is Outcome.SKIPPED:
            if not isinstance(skips, Finding):
                return None
            judged = skips
        else:
            judged = old
        now[check.name] = judged
    return now


def _judge(check: Check, scope: Scope, answers: Mapping[str, str]) -> Finding:
    request = ReadAnswer(check.params.name)
    snapshot = Snapshot({request: given(answers, request)})
    return KINDS[_ASKS].judge(check.params, scope, snapshot)
