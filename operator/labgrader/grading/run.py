"""One grading, from a Plan to a finding for every check.

Called by ``handlers`` and ``cli`` with a source of evidence and a clock. Knows when to look
again: failing checks until ``settle`` ends, trouble that may pass a few times with growing
pauses, an experiment at most once more. No I/O of its own.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from labgrader.api.exercise import Check
from labgrader.checks.finding import Finding, Outcome, unknown
from labgrader.checks.registry import KINDS, Phase
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Trouble
from labgrader.evidence.record import Record
from labgrader.evidence.requests import (
    DryRun,
    GetObject,
    ListObjects,
    ReadAnswer,
    ReadLog,
)
from labgrader.evidence.source import EvidenceSource
from labgrader.grading.answers import Answering
from labgrader.grading.clock import Clock
from labgrader.grading.look import Look, from_trouble
from labgrader.grading.plan import Plan
from labgrader.grading.score import superfluous

_PAUSES_MS = (1000, 2000, 4000)
_BETWEEN_LOOKS_MS = 500
_ASK_AGAIN_MS = 2000


@dataclass(frozen=True, slots=True)
class Graded:
    """What a grading came to, and the evidence for it."""

    findings: Mapping[str, Finding]
    record: Record


async def grade(
    plan: Plan,
    scope: Scope,
    source: EvidenceSource,
    clock: Clock,
    kept: Mapping[str, Finding] | None = None,
    answers: Mapping[str, str] = MappingProxyType({}),
) -> Mapping[str, Finding]:
    """The findings of ``grade_on_record``, for who keeps no evidence."""
    graded = await grade_on_record(plan, scope, source, clock, kept, answers, on_record=False)
    return graded.findings


async def grade_on_record(
    plan: Plan,
    scope: Scope,
    source: EvidenceSource,
    clock: Clock,
    kept: Mapping[str, Finding] | None = None,
    answers: Mapping[str, str] = MappingProxyType({}),
    *,
    on_record: bool = True,
) -> Graded:
    """A finding for each check, by name, in the exercise's order, and the evidence.

    ``answers`` are the learner's, by question. Without ``on_record`` the evidence is empty, and
    costs nothing.

    ``kept`` are conclusive findings of an earlier try of the same attempt, which stand: what
    was earned is not put at risk again, and nothing is disturbed twice. Ends within the
    exercise's timeLimit: checks that were not decided by then are Unknown.
    """
    scope = replace(scope, given=plan.exercise.spec.given)
    answering = Answering(source, answers)
    look = Look(scope, answering, findings=dict(kept or {}), on_record=on_record)
    grading = _Grading(plan, look, clock, clock.now_ms(), frozenset(kept or ()))
    left = plan.exercise.spec.time_limit / 1000
    try:
        await asyncio.wait_for(grading.run(), left)
    except TimeoutError:
        limit = f"{left:g}"
        for check in plan.exercise.spec.checks:
            late = unknown("TimeLimit", transient=look.troubled, seconds=limit)
            look.findings.setdefault(check.name, late)
    findings = {check.name: look.findings[check.name] for check in plan.exercise.spec.checks}
    return Graded(findings, look.record())


@dataclass
class _Grading:
    plan: Plan
    look: Look
    clock: Clock
    started_ms: int
    kept: frozenset[str]

    async def run(self) -> None:
        observe, probe = self._open(Phase.OBSERVE), self._open(Phase.PROBE)
        await self._judge(observe)
        await self._judge(probe)
        await self._settle((*observe, *probe))
        await self._confirm()
        for check in self._open(Phase.DISTURB):
            await self._judge((check,), pauses_ms=_PAUSES_MS[:1])
            await self._confirm()

    def _open(self, phase: Phase) -> tuple[Check, ...]:
        return tuple(c for c in self.plan.phase(phase) if c.name not in self.look.findings)

    async def _judge(self, checks: Sequence[Check], pauses_ms: Sequence[int] = _PAUSES_MS) -> None:
        """Judge; where the trouble may pass, look again after each pause."""
        await self.look.judge(checks)
        for pause in pauses_ms:
            again = self._with_dependents(checks, _may_pass)
            if not again:
                return
            await self.clock.sleep(pause)
            self.look.forget(again)
            await self.look.judge(again)

    async def _settle(self, checks: Sequence[Check]) -> None:
        """Look again at failing checks whenever something that they saw changes."""
        ends_ms = self.started_ms + self.plan.exercise.spec.settle
        while True:
            spare = superfluous(self.plan.exercise.spec, self.look.findings)
            changing = [c for c in checks if c.name not in spare and not self._is_final(c)]
            again = self._with_dependents(changing, _failed)
            left_ms = ends_ms - self.clock.now_ms()
            if not again or left_ms <= 0:
                return
            await self._wait_for_change(again, left_ms)
            self.look.forget(again)
            await self._judge(again)
            self.look.withdraw(checks)
            await self.clock.sleep(max(0, min(_BETWEEN_LOOKS_MS, ends_ms - self.clock.now_ms())))

    async def _wait_for_change(self, checks: Sequence[Check], within_ms: int) -> None:
        seen = {
            request: self.look.answers[request]
            for check in checks
            for request in self.look.asked.get(check.name, ())
            if isinstance(request, GetObject | ListObjects | ReadLog)
            and request in self.look.answers
        }
        if any(self._is_unwatched(check) for check in checks):
            within_ms = min(within_ms, _ASK_AGAIN_MS)
        await self.look.source.changed(seen, within_ms)

    def _is_final(self, check: Check) -> bool:
        """Whether it fails by the learner's answers alone, which stay as they are."""
        asked = self.look.asked.get(check.name)
        if not asked or not _failed(self.look.findings[check.name]):
            return False
        return all(isinstance(request, ReadAnswer) for request in asked)

    def _is_unwatched(self, check: Check) -> bool:
        """Whether it fails by something that changes with no object doing.

        A server may, and so may policies from outside the namespace.
        """
        if not _failed(self.look.findings[check.name]):
            return False
        asked = self.look.asked.get(check.name, ())
        return KINDS[check.kind].phase is Phase.PROBE or any(
            isinstance(request, DryRun) for request in asked
        )

    async def _confirm(self) -> None:
        """Make sure that the namespace is there before anything counts against the learner.

        What is kept was made sure of when it was found.
        """
        found = {n: f for n, f in self.look.findings.items() if n not in self.kept}
        if not any(_failed(finding) for finding in found.values()):
            return
        answer = await self.look.source.confirm(self.look.scope.namespace)
        if isinstance(answer, Trouble):
            open_ = from_trouble(answer)
            for name, finding in found.items():
                if counts_against(finding):
                    self.look.findings[name] = open_
                    self.look.excused[name] = answer

    def _with_dependents(
        self, checks: Sequence[Check], which: Callable[[Finding], bool]
    ) -> tuple[Check, ...]:
        """The checks with such a finding, and those that were skipped because of them."""
        chosen = {c.name for c in checks if which(self.look.findings[c.name])}
        for check in checks:
            if self.look.findings[check.name].outcome is Outcome.SKIPPED and chosen.intersection(
                check.all_needs
            ):
                chosen.add(check.name)
        return tuple(check for check in checks if check.name in chosen)


def counts_against(finding: Finding) -> bool:
    """Whether a finding says something about the learner that trouble would take back."""
    return _failed(finding) or finding.outcome is Outcome.SKIPPED


def _failed(finding: Finding) -> bool:
    return finding.outcome is Outcome.FAILED


def _may_pass(finding: Finding) -> bool:
    return finding.outcome is Outcome.UNKNOWN and finding.transient
