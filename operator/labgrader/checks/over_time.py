"""What many looks at one check come to: eventually, consistently, never, stableAfter.

Called by ``grading.watch`` after every look, and by ``grading.again`` on looks that were recorded:
the same looks give the same verdict. Knows findings and times, and no kind. Time in which it could
not be looked at is no time: it lets nothing fail, and nothing that must last does so across it.
Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from labgrader.api.over_time import Consistently, Eventually, Never, OverTime, StableAfter
from labgrader.checks.finding import Cause, Finding, Outcome, cause, failed, passed
from labgrader.checks.recovery import bar, seconds

HIDING = frozenset({"ProbeKeptOut", "EndpointElsewhere", "ServiceExternalName"})
"""Failures that come of what keeps the grader from seeing: they do not show that nothing is so."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One look, or several in a row that came to the same.

    ``at_ms`` and ``until_ms`` are when the first and the last of them began, since the first look
    of all.
    """

    finding: Finding
    at_ms: int
    until_ms: int
    times: int = 1


def standing(rule: OverTime, settle: int, seen: Sequence[Seen]) -> Finding | int:
    """The verdict; or where there is none yet, when the next look may bring it if nothing changes.

    That is in milliseconds since the first look, and 0 after a look that saw nothing.
    """
    looks = list(takewhile(lambda one: not _is_broken(one.finding), seen))
    match rule:
        case Eventually():
            told = _eventually(rule, looks)
        case Consistently():
            told = _consistently(rule, settle, looks)
        case Never():
            told = _never(rule, looks)
        case StableAfter():
            told = _stable_after(rule, looks)
    lost = isinstance(told, int) and len(looks) < len(seen)
    return seen[len(looks)].finding if lost else told


def interrupted(seen: Sequence[Seen]) -> Finding | None:
    """The verdict where looking ends too early, by what came between; None where nothing did."""
    open_ = [one.finding for one in seen if one.finding.outcome is Outcome.UNKNOWN]
    return _and(open_[-1], cause("WatchInterrupted")) if open_ else None


def now(rule: OverTime, finding: Finding) -> Finding:
    """What one look comes to where nobody can wait: while a learner works, and for lint."""
    lasting = _lasting(rule)
    if isinstance(rule, Never):
        if finding.outcome is Outcome.PASSED:
            return failed("TrueNow").because(*_told(finding))
        if finding.outcome is Outcome.FAILED and finding.reason not in HIDING:
            return passed("NotTrueNow", seconds=lasting)
        return finding
    if finding.outcome is Outcome.PASSED and not isinstance(rule, Eventually):
        return _and(finding, cause("MustStay", seconds=lasting))
    return finding


@dataclass(frozen=True, slots=True)
class _Step:
    """A look that saw something, with what came before it.

    ``since_ms`` is when it began to be like this without a change and without a gap,
    ``observed_ms`` the time until its last look without the gaps, ``paused_ms`` their sum.
    """

    seen: Seen
    since_ms: int
    paused_ms: int
    looks: int

    @property
    def true(self) -> bool:
        return self.seen.finding.outcome is Outcome.PASSED

    @property
    def observed_ms(self) -> int:
        return self.seen.until_ms - self.paused_ms

    @property
    def lasted_ms(self) -> int:
        return self.seen.until_ms - self.since_ms


def _steps(seen: Sequence[Seen]) -> Iterator[_Step]:
    paused = until = since = looks = 0
    before: tuple[Outcome, bool] | None = None
    gap = False
    for one in seen:
        if one.finding.outcome is Outcome.UNKNOWN:
            gap = True
            continue
        if gap:
            paused += one.at_ms - until
        shown = one.finding.outcome, one.finding.reason in HIDING
        if gap or shown != before:
            since = one.at_ms
        looks += one.times
        yield _Step(one, since, paused, looks)
        until, before, gap = one.until_ms, shown, False


def _eventually(rule: Eventually, seen: Sequence[Seen]) -> Finding | int:
    due = 0
    for step in _steps(seen):
        if step.true:
            return _came_true(step)
        if step.observed_ms >= rule.within:
            return _not_in_time(step, rule.within)
        due = step.paused_ms + rule.within
    return _due(seen, due)


def _consistently(rule: Consistently, settle: int, seen: Sequence[Seen]) -> Finding | int:
    due, began = 0, None
    for step in _steps(seen):
        if step.true:
            began = step.seen.at_ms if began is None else began
            if step.lasted_ms >= rule.for_:
                told = passed("StayedTrue", seconds=_lasting(rule), looks=step.looks)
                return told.because(*_told(step.seen.finding))
            due = step.since_ms + rule.for_
        elif began is not None:
            after = seconds(step.seen.at_ms - began)
            told = failed(
                "DidNotStay",
                credit=step.seen.finding.credit,
                seconds=_lasting(rule),
                after=after,
            )
            return told.because(*_told(step.seen.finding))
        elif step.observed_ms >= settle:
            return _not_in_time(step, settle)
        else:
            due = step.paused_ms + settle
    return _due(seen, due)


def _never(rule: Never, seen: Sequence[Seen]) -> Finding | int:
    due = 0
    for step in _steps(seen):
        finding = step.seen.finding
        if step.true:
            after = seconds(step.seen.at_ms)
            told = failed("BecameTrue", seconds=_lasting(rule), after=after)
            return told.because(*_told(finding))
        if finding.reason in HIDING:
            if step.observed_ms >= rule.for_:
                return replace(finding, credit=0)
        elif step.lasted_ms >= rule.for_:
            return passed("NeverTrue", seconds=_lasting(rule), looks=step.looks)
        due = step.since_ms + rule.for_
    return _due(seen, due)


def _stable_after(rule: StableAfter, seen: Sequence[Seen]) -> Finding | int:
    due, began = 0, False
    for step in _steps(seen):
        if step.true:
            began = True
            if step.lasted_ms >= rule.for_:
                after = seconds(step.since_ms)
                told = passed("BecameStable", seconds=_lasting(rule), after=after)
                return told.because(*_told(step.seen.finding))
            due = step.since_ms + rule.for_
        elif step.observed_ms >= rule.within:
            return _not_stable(rule, step) if began else _not_in_time(step, rule.within)
        else:
            due = step.paused_ms + rule.within
    return _due(seen, due)


def _not_stable(rule: StableAfter, step: _Step) -> Finding:
    told = failed(
        "NotStable",
        credit=step.seen.finding.credit,
        within=bar(rule.within),
        seconds=_lasting(rule),
        after=seconds(step.seen.until_ms),
    )
    return told.because(*_told(step.seen.finding))


def _came_true(step: _Step) -> Finding:
    """What was true at the first look needs no word about time."""
    finding = step.seen.finding
    if step.looks == 1:
        return finding
    return _and(finding, cause("CameTrue", after=seconds(step.seen.at_ms)))


def _not_in_time(step: _Step, within: int) -> Finding:
    """The last look's own finding; where there was no time, there is nothing to say about it."""
    finding = step.seen.finding
    return _and(finding, cause("NotInTime", within=bar(within))) if within else finding


def _due(seen: Sequence[Seen], due: int) -> int:
    return 0 if not seen or seen[-1].finding.outcome is Outcome.UNKNOWN else due


def _is_broken(finding: Finding) -> bool:
    """Whether looking again helps nothing."""
    lost = finding.outcome is Outcome.UNKNOWN and not finding.transient
    return lost or finding.outcome in {Outcome.ERROR, Outcome.SKIPPED}


def _lasting(rule: OverTime) -> str:
    return "" if isinstance(rule, Eventually) else bar(rule.for_)


def _told(finding: Finding) -> tuple[Cause, ...]:
    """A finding told as the cause of another."""
    return (Cause(finding.reason, finding.params), *finding.causes)


def _and(finding: Finding, more: Cause) -> Finding:
    return finding.because(*finding.causes, more)
