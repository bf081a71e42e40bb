"""Watching one check over a time, as its eventually, consistently, never or stableAfter asks.

Called by ``grading.run``, for each such check at once with all others and with what settles. Looks
again when something that the check has read changes, every few seconds where no watch would tell,
and when the verdict is due. Has a Look of its own, so that nobody else's looking delays it. No I/O
of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from labgrader.api.check import Check
from labgrader.api.over_time import OverTime
from labgrader.checks.finding import Finding, Outcome
from labgrader.checks.over_time import HIDING, Seen, interrupted, standing
from labgrader.evidence.answers import Answer
from labgrader.evidence.experiments import Probing
from labgrader.evidence.record import Stretch
from labgrader.evidence.requests import (
    CallHttp,
    DryRun,
    Errand,
    GetObject,
    ListObjects,
    ReadLog,
    ReadTime,
    Request,
    ReviewAccess,
)
from labgrader.evidence.requests import Look as LookRequest
from labgrader.grading.clock import Clock
from labgrader.grading.look import Look

MOST_STRETCHES = 30
"""So many changes of what a check comes to are kept at most."""
_BETWEEN_LOOKS_MS = 500
_ASK_AGAIN_MS = 2000
_SEND_PODS_AGAIN_MS = 10_000
_AFTER_TROUBLE_MS = 1000
_PATIENCE_MS = 10_000
_LOGS, _EMITTED = "logs", "emitted"


@dataclass(frozen=True, slots=True)
class Run:
    """Looks in a row that came to the same, and what the last of them was judged on."""

    seen: Seen
    answers: Mapping[Request, Answer]


@dataclass
class Watch:
    """One check that is watched."""

    check: Check
    rule: OverTime
    settle_ms: int
    look: Look
    clock: Clock
    runs: list[Run] = field(default_factory=list)

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """What is kept of it, to be judged again."""
        return tuple(
            Stretch(run.seen.at_ms, run.seen.until_ms, run.seen.times, run.answers)
            for run in self.runs
        )

    async def run(self) -> Finding:
        """Look until there is a verdict, or until it makes no sense to go on."""
        began = self.clock.now_ms()
        while True:
            at = self.clock.now_ms() - began
            self._keep(await self._look(), at)
            seen = [run.seen for run in self.runs]
            told = standing(self.rule, self.settle_ms, seen)
            if isinstance(told, Finding):
                return told
            ended = interrupted(seen) if self._is_enough(self.clock.now_ms() - began) else None
            if ended is not None:
                return ended
            await self._wait(began + at, began + told)

    async def _look(self) -> Run:
        """One look, whose time is set where it is kept."""
        once, name = self.check.at_one_look, self.check.name
        self.look.forget((once,))
        await self.look.judge((once,))
        answers = self.look.judged_on.get(name, {})
        return Run(Seen(self.look.findings[name], 0, 0), answers)

    def _keep(self, run: Run, at_ms: int) -> None:
        """Add a look to those that came to the same, or begin a new stretch."""
        finding, begun, times = run.seen.finding, at_ms, 1
        if self.runs and self.runs[-1].seen.finding == finding:
            last = self.runs.pop().seen
            begun, times = last.at_ms, last.times + 1
        self.runs.append(Run(Seen(finding, begun, at_ms, times), run.answers))
        if len(self.runs) > MOST_STRETCHES:
            self.runs[:] = fewer(self.runs)

    def _is_enough(self, elapsed_ms: int) -> bool:
        """Whether trouble has lasted, or has come back, for too long."""
        if elapsed_ms > 2 * self.rule.longest(self.settle_ms) + _PATIENCE_MS:
            return True
        lost = list(takewhile(lambda run: _is_lost(run.seen.finding), reversed(self.runs)))
        return bool(lost) and lost[0].seen.until_ms - lost[-1].seen.at_ms >= _PATIENCE_MS

    async def _wait(self, looked_ms: int, due_ms: int) -> None:
        """Wait for a change, until the verdict is due, and never less than between two looks."""
        if _is_lost(self.runs[-1].seen.finding):
            await self.clock.sleep(_AFTER_TROUBLE_MS)
            return
        asked = self.look.asked.get(self.check.name, set())
        watched: dict[LookRequest, Answer] = {
            request: self.look.answers[request]
            for request in asked
            if isinstance(request, GetObject | ListObjects | ReadLog)
            and request in self.look.answers
        }
        within = min(due_ms - self.clock.now_ms(), self._again_ms(asked))
        if within > 0 and watched:
            await self.look.source.changed(watched, within)
        elif within > 0:
            await self.clock.sleep(within)
        now = self.clock.now_ms()
        rest = min(looked_ms + _BETWEEN_LOOKS_MS, max(due_ms, looked_ms + 1)) - now
        await self.clock.sleep(max(0, rest))

    def _again_ms(self, asked: set[Request]) -> int:
        """How soon to ask again where no watch tells that the answer is another one."""
        if any(isinstance(request, Probing | Errand) for request in asked):
            return _SEND_PODS_AGAIN_MS
        if any(self._is_untold(request) for request in asked):
            return _ASK_AGAIN_MS
        return self.rule.longest(self.settle_ms)

    def _is_untold(self, request: Request) -> bool:
        """Whether the check hangs on it, and no watch tells that it changed."""
        match request:
            case ReadLog():  # other kinds read logs and Events only to explain a failure
                return self.check.kind == _LOGS
            case ListObjects(kind="Event"):
                return self.check.kind == _EMITTED
        return isinstance(request, ReviewAccess | DryRun | CallHttp | ReadTime)


def fewer(runs: list[Run]) -> list[Run]:
    """One stretch less, of the older ones: two neighbours become one, of the worse of both.

    So nothing lasts longer than it was seen to, and what is lost is the older detail.
    """
    older = range(len(runs) - 3)
    alike = (i for i in older if _badness(runs[i]) == _badness(runs[i + 1]))
    place = next(alike, 0)
    first, second = runs[place], runs[place + 1]
    worse = max(second, first, key=_badness)
    span = Seen(
        worse.seen.finding,
        first.seen.at_ms,
        second.seen.until_ms,
        first.seen.times + second.seen.times,
    )
    return [*runs[:place], Run(span, worse.answers), *runs[place + 2 :]]


def _badness(run: Run) -> int:
    """True, not true, kept from seeing it by the learner, could not look."""
    finding = run.seen.finding
    if _is_lost(finding):
        return 3
    if finding.outcome is Outcome.PASSED:
        return 0
    return 2 if finding.reason in HIDING else 1


def _is_lost(finding: Finding) -> bool:
    return finding.outcome is Outcome.UNKNOWN
