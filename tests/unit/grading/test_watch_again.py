"""Checks over a time, on record: what is kept of a watch, and what it comes to when judged again."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from labgrader.checks.finding import failed, passed, unknown
from labgrader.checks.over_time import Seen
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Found
from labgrader.evidence.bundle import read, written
from labgrader.evidence.record import Record, joined
from labgrader.grading.again import judge_again
from labgrader.grading.plan import Plan, plan
from labgrader.grading.recording import bundle
from labgrader.grading.report import report
from labgrader.grading.run import Graded, grade_on_record
from labgrader.grading.watch import MOST_STRETCHES, Run, fewer
from labgrader.reporting.messages import message
from tests.unit.grading.watching import (
    CONSISTENTLY,
    DOWN,
    EVENTUALLY,
    NEVER,
    NONE,
    STABLE,
    graded,
    there,
)
from tests.unit.grading.worlds import (
    Calculator,
    SharedClock,
    Timetable,
    config_map,
    exercise,
    exists,
    found,
)


def through_a_file(planned: Plan, first: Graded) -> Record:
    kept = bundle(
        report(planned, first.findings), first.record, namespace="kim", started="s", ended="e"
    )
    return read(written(kept)[1].file).record


async def again(planned: Plan, record: Record) -> dict[str, Any]:
    return await judge_again(planned, "kim", record, Calculator())


STATES: list[Answer] = [found("a"), NONE, DOWN, NONE, found("a")]


@given(
    st.sampled_from([EVENTUALLY, CONSISTENTLY, NEVER, STABLE]),
    st.sampled_from(["0s", "10s"]),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 4)), max_size=8),
)
async def test_what_was_watched_comes_to_the_same_when_it_is_judged_again(
    rule: dict[str, Any], settle: str, changes: list[tuple[int, int]]
) -> None:
    checks = [exists("first"), exists("a", needs=["first"]) | rule, exists("b", needs=["a"])]
    planned = plan(exercise(*checks, settle=settle))
    told = [(float(at), STATES[which]) for at, which in sorted(changes)]
    done, _ = await graded(planned, {**there("first", 0), "a": told, **there("b", 0)})
    assert await again(planned, through_a_file(planned, done)) == done.findings


async def test_another_time_is_judged_on_the_looks_that_there_are() -> None:
    def lasting(text: str) -> Plan:
        return plan(exercise(exists("a") | {"consistently": {"for": text}}))

    done, _ = await graded(lasting("30s"), there("a", 0, 25))
    record = through_a_file(lasting("30s"), done)
    assert done.findings["a"].reason == "DidNotStay"
    assert (await again(lasting("40s"), record))["a"].reason == "DidNotStay"
    whole, _ = await graded(lasting("30s"), there("a", 0))
    record = through_a_file(lasting("30s"), whole)
    assert (await again(lasting("20s"), record))["a"].reason == "StayedTrue"
    longer = (await again(lasting("40s"), record))["a"]
    assert longer.reason == "EvidenceMissing"
    assert "looks at check a for 1m10s" in message(longer, "en")


async def test_a_word_that_comes_later_is_judged_on_the_one_look_there_is() -> None:
    plain = plan(exercise(exists("a")))
    there_, _ = await graded(plain, there("a", 0))
    not_there, _ = await graded(plain, {})
    for rule, on, reason in (
        (EVENTUALLY, there_, "ObjectThere"),
        (EVENTUALLY, not_there, "EvidenceMissing"),
        (CONSISTENTLY, there_, "EvidenceMissing"),
        (NEVER, there_, "BecameTrue"),
        (STABLE, not_there, "EvidenceMissing"),
    ):
        edited = plan(exercise(exists("a") | rule))
        assert (await again(edited, on.record))["a"].reason == reason


async def test_evidence_that_was_left_out_is_a_hole_and_no_look() -> None:
    planned = plan(exercise(exists("a") | CONSISTENTLY))
    done, _ = await graded(planned, there("a", 5))
    places = [n for n, seen in enumerate(done.record.seen) if seen.answer == NONE]
    findings = await again(planned, done.record.without(places))
    assert findings["a"].reason == "EvidenceMissing"


async def test_what_an_earlier_try_watched_is_kept() -> None:
    planned = plan(exercise(exists("a") | CONSISTENTLY))
    first, _ = await graded(planned, there("a", 5))
    now, _ = await graded(plan(exercise(exists("b"))), there("b", 0))
    both = joined(now.record, first.record, ["a"])
    assert both.stretches("a") == first.record.stretches("a")
    assert await again(planned, both) == first.findings


async def test_off_the_record_nothing_is_kept() -> None:
    clock = SharedClock()
    world = Timetable(clock, {config_map("a"): [(0, found("a"))]})
    planned = plan(exercise(exists("a") | CONSISTENTLY))
    done = await grade_on_record(planned, Scope("kim"), world, clock, on_record=False)
    assert done.findings["a"].reason == "StayedTrue"
    assert done.record == Record()


async def test_looks_that_come_to_the_same_are_kept_once() -> None:
    busy: list[tuple[float, Answer]] = [
        (
            n / 2,
            Found(
                {"kind": "ConfigMap", "metadata": {"name": "a", "uid": "a"}, "data": {"n": str(n)}}
            ),
        )
        for n in range(60)
    ]
    done, world = await graded(plan(exercise(exists("a") | CONSISTENTLY)), {"a": busy})
    assert len(world.looks(config_map("a"))) > 40
    (stretch,) = done.record.stretches("a")
    assert stretch.times == len(world.looks(config_map("a")))
    assert dict(done.findings["a"].params)["looks"] == str(stretch.times)


async def test_changes_without_end_bring_two_looks_a_second() -> None:
    busy: list[tuple[float, Answer]] = [(n / 20, found("a")) for n in range(1000)]
    _, world = await graded(plan(exercise(exists("a") | CONSISTENTLY)), {"a": busy})
    looks = world.looks(config_map("a"))
    assert min(b - a for a, b in pairwise(looks)) >= 500
    assert len(looks) == 61


async def test_a_namespace_that_never_rests_fills_no_memory() -> None:
    restless: list[tuple[float, Answer]] = [(n, found("a") if n % 2 else NONE) for n in range(200)]
    rule = {"stableAfter": {"within": "150s", "for": "20s"}}
    planned = plan(exercise(exists("a") | rule))
    done, world = await graded(planned, {"a": restless})
    assert done.findings["a"].reason == "NotStable"
    assert len(world.looks(config_map("a"))) > 100
    assert len(done.record.stretches("a")) == MOST_STRETCHES
    assert await again(planned, through_a_file(planned, done)) == done.findings


_YES, _NO, _LOST = passed("Y"), failed("N"), unknown("U", transient=True)
_HIDDEN = failed("ProbeKeptOut")


@given(
    st.lists(st.sampled_from([_YES, _NO, _HIDDEN, _LOST]), min_size=5, max_size=40),
    st.integers(1, 6),
)
def test_with_fewer_stretches_nothing_lasts_longer(findings: list[Any], more: int) -> None:
    runs = [Run(Seen(f, n * 10, n * 10 + 5, 2), {}) for n, f in enumerate(findings)]
    less = list(runs)
    for _ in range(min(more, len(runs) - 4)):
        less = fewer(less)
    assert less[-2:] == runs[-2:]
    assert sum(run.seen.times for run in less) == sum(run.seen.times for run in runs)
    assert (less[0].seen.at_ms, less[-1].seen.until_ms) == (0, len(runs) * 10 - 5)
    for before, after in pairwise(less):
        assert before.seen.until_ms < after.seen.at_ms
    was_true = {n for n, f in enumerate(findings) if f == _YES}
    for run in less:
        inside = {n for n in range(len(findings)) if run.seen.at_ms <= n * 10 <= run.seen.until_ms}
        if run.seen.finding == _YES:
            assert inside <= was_true
        if run.seen.finding == _NO:
            assert _HIDDEN not in [findings[n] for n in inside]
        if _LOST in [findings[n] for n in inside]:
            assert run.seen.finding == _LOST
