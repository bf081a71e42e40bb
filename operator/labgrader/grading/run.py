"""One grading, from a Plan to a finding for every check.

Called by ``handlers`` and ``cli`` with a source of evidence and a clock. Knows when to look
again: failing checks until ``settle`` ends, trouble that may pass a few times with growing
pauses, an experiment at most once more. Checks that say something about time are watched meanwhile
(``grading.watch``). No I/O of its own.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from labgrader.api.check import Check
from labgrader.api.over_time import OverTime
from labgrader.checks.finding import Finding, Outcome, unknown
from labgrader.checks.registry import KINDS, Phase
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Trouble
from labgrader.evidence.experiments import Probing
from labgrader.evidence.record import Record
from labgrader.evidence.requests import DryRun, GetObject, ListObjects, ReadAnswer, ReadLog
from labgrader.evidence.source import EvidenceSource
from labgrader.grading.answers import Answering
from labgrader.grading.clock import Clock
from labgrader.grading.look import Look, blocked, from_trouble
from labgrader.grading.plan import Plan
from labgrader.grading.score import superfluous
from labgrader.grading.watch import Watch

_PAUSES_MS = (1000, 2000, 4000)
_BEFORE_ANOTHER_MS = 5000
"""Before an experiment is tried again: what kept it from seeing is mostly a busy moment."""
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
    grading = _Grading(plan, look, clock, frozenset(kept or ()))
    left = plan.exercise.spec.time_limit / 1000
    try:
        await asyncio.wait_for(grading.run(), left)
    except TimeoutError:
        limit = f"{left:g}"
        for check in plan.exercise.spec.checks:
            late = unknown("TimeLimit", transient=grading.troubled, seconds=limit)
            look.findings.setdefault(check.name, late)
    findings = {check.name: look.findings[check.name] for check in plan.exercise.spec.checks}
    return Graded(findings, look.record({n: w.stretches for n, w in grading.watches.items()}))


@dataclass
class _Grading:
    plan: Plan
    look: Look
    clock: Clock
    kept: frozenset[str]
    watches: dict[str, Watch] = field(default_factory=dict)
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    """Tells those who wait for it that there are new findings."""

    @property
    def troubled(self) -> bool:
        """Whether anything came up that may pass."""
        return any(look.troubled for look in (self.look, *(w.look for w in self.watches.values())))

    async def run(self) -> None:
        looking = (*self._open(Phase.OBSERVE), *self._open(Phase.PROBE))
        for wave in waves(self.plan.exercise.spec.checks):
            checks = tuple(check for check in looking if check.name in wave)
            if checks:
                await self._wave(checks)
                await self._confirm()
        for check in self._open(Phase.DISTURB):
            await self._judge((check,), pauses_ms=(_BEFORE_ANOTHER_MS,))
            await self._confirm()

    def _open(self, phase: Phase) -> tuple[Check, ...]:
        return tuple(c for c in self.plan.phase(phase) if c.name not in self.look.findings)

    async def _wave(self, checks: Sequence[Check]) -> None:
        """Judge checks that need no watching, and watch the others meanwhile, all at once."""
        settled = asyncio.Event()
        watching = [
            asyncio.ensure_future(self._watch(check, check.over_time, settled))
            for check in checks
            if check.over_time is not None
        ]
        try:
            await self._once([check for check in checks if check.over_time is None])
            settled.set()
            self._tell()
            await asyncio.gather(*watching)
        finally:
            for task in watching:
                task.cancel()
            await asyncio.gather(*watching, return_exceptions=True)
        self.look.withdraw(checks)

    async def _once(self, checks: Sequence[Check]) -> None:
        ends_ms = self.clock.now_ms() + self.plan.exercise.spec.settle
        for phase in (Phase.OBSERVE, Phase.PROBE):
            await self._judge([c for c in checks if KINDS[c.kind].phase is phase])
        await self._settle(checks, ends_ms)

    async def _watch(self, check: Check, rule: OverTime, settled: asyncio.Event) -> None:
        """Watch a check as soon as it has what it needs; skip it where that does not come."""
        while held := blocked(check, self.look.findings):
            if settled.is_set():
                if isinstance(held, Finding):
                    self.look.findings[check.name] = held
                return
            await self.moved.wait()
        own = Look(self.look.scope, self.look.source, on_record=self.look.on_record)
        watch = Watch(check, rule, self.plan.exercise.spec.settle, own, self.clock)
        self.watches[check.name] = watch
        self.look.findings[check.name] = await watch.run()

    def _tell(self) -> None:
        self.moved.set()
        self.moved.clear()

    async def _judge(self, checks: Sequence[Check], pauses_ms: Sequence[int] = _PAUSES_MS) -> None:
        """Judge; where the trouble may pass, look again after each pause."""
        await self.look.judge(checks)
        self._tell()
        for pause in pauses_ms:
            again = self._with_dependents(checks, _may_pass)
            if not again:
                return
            await self.clock.sleep(pause)
            self.look.forget(again)
            await self.look.judge(again)
            self._tell()

    async def _settle(self, checks: Sequence[Check], ends_ms: int) -> None:
        """Look again at failing checks whenever something that they saw changes."""
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
        if any(isinstance(request, Probing) for request in asked):
            return False  # takes a pod each time, and what it saw is watched
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


def waves(checks: Sequence[Check]) -> tuple[frozenset[str], ...]:
    """The names of checks in the order in which they can be looked at.

    What needs a check that is watched comes after it: one wave later than the last of those.
    """
    watched = {check.name for check in checks if check.over_time is not None}
    place: dict[str, int] = {}
    for check in checks:  # needs name earlier checks only
        after = (place[need] + (need in watched) for need in check.all_needs)
        place[check.name] = max(after, default=0)
    numbers = range(1 + max(place.values(), default=0))
    return tuple(frozenset(n for n, at in place.items() if at == number) for number in numbers)


def counts_against(finding: Finding) -> bool:
    """Whether a finding says something about the learner that trouble would take back."""
    return _failed(finding) or finding.outcome is Outcome.SKIPPED


def _failed(finding: Finding) -> bool:
    return finding.outcome is Outcome.FAILED


def _may_pass(finding: Finding) -> bool:
    return finding.outcome is Outcome.UNKNOWN and finding.transient
