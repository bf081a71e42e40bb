"""From looks to a verdict: what holds of all sequences of looks."""

from itertools import pairwise, takewhile
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from labgrader.api.over_time import Consistently, Eventually, Never, OverTime, StableAfter
from labgrader.checks.finding import Finding, Outcome
from labgrader.checks.over_time import Seen, standing
from tests.unit.checks.test_over_time import DOWN, HALF, NO, YES

RULES: st.SearchStrategy[Any] = st.one_of(
    st.builds(Eventually, within=st.integers(1, 40)),
    st.builds(Consistently, for_=st.integers(1, 40)),
    st.builds(Never, for_=st.integers(1, 40)),
    st.builds(StableAfter, within=st.integers(1, 40), for_=st.integers(1, 40)),
)
SEQUENCES = st.lists(
    st.tuples(st.integers(1, 10), st.sampled_from([YES, YES, NO, NO, HALF, DOWN])), max_size=25
)


def sequence(told: list[tuple[int, Finding]]) -> list[Seen]:
    at, made = 0, []
    for pause, finding in told:
        made.append(Seen(finding, at, at))
        at += pause
    return made


def joined(seen: list[Seen]) -> list[Seen]:
    """As the engine keeps them: looks in a row that came to the same as one."""
    made: list[Seen] = []
    for one in seen:
        if made and made[-1].finding == one.finding:
            last = made.pop()
            one = Seen(one.finding, last.at_ms, one.until_ms, last.times + 1)  # noqa: PLW2901
        made.append(one)
    return made


def first_verdict(rule: OverTime, settle: int, seen: list[Seen]) -> tuple[Finding | None, int]:
    """What an engine that asks after each look stops with, and how many looks it took."""
    for count in range(1, len(seen) + 1):
        told = standing(rule, settle, seen[:count])
        if isinstance(told, Finding):
            return told, count
    return None, len(seen)


@given(RULES, st.integers(0, 20), SEQUENCES)
def test_later_looks_change_no_verdict(
    rule: OverTime, settle: int, told: list[tuple[int, Finding]]
) -> None:
    seen = sequence(told)
    found, count = first_verdict(rule, settle, seen)
    whole = standing(rule, settle, seen)
    assert whole == found if found else not isinstance(whole, Finding)
    assert standing(rule, settle, joined(seen[:count])) == standing(rule, settle, seen[:count])


def observed(seen: list[Seen]) -> int:
    """By another road: the time between looks of which neither saw nothing."""
    pairs = pairwise(seen)
    return sum(b.at_ms - a.at_ms for a, b in pairs if DOWN not in (a.finding, b.finding))


def calm(seen: list[Seen]) -> int:
    """How long it has been so, without a gap."""
    last = seen[-1]
    same = takewhile(lambda one: one.finding.outcome is last.finding.outcome, reversed(seen))
    return last.at_ms - min(one.at_ms for one in same)


@given(RULES, st.integers(0, 20), SEQUENCES)
def test_a_verdict_is_what_the_word_says(
    rule: OverTime, settle: int, told: list[tuple[int, Finding]]
) -> None:
    found, count = first_verdict(rule, settle, sequence(told))
    if found is None:
        return
    assert found.outcome is not Outcome.UNKNOWN, "trouble that may pass is no verdict"
    seen, passes = sequence(told)[:count], found.outcome is Outcome.PASSED
    now_true = seen[-1].finding == YES
    ever_true = YES in [one.finding for one in seen]
    match rule:
        case Never():
            assert (passes, now_true) in {(True, False), (False, True)}
            assert calm(seen) >= rule.for_ if passes else [s.finding for s in seen].count(YES) == 1
        case Eventually():
            assert passes is now_true
            assert passes or (observed(seen) >= rule.within and not ever_true)
        case StableAfter():
            assert passes is now_true
            assert (calm(seen) >= rule.for_) if passes else (observed(seen) >= rule.within)
        case Consistently():
            assert passes is now_true
            assert (calm(seen) >= rule.for_) if passes else (ever_true or observed(seen) >= settle)


@given(RULES, st.integers(0, 20), SEQUENCES)
def test_what_is_true_at_first_and_then_not_is_not_consistent(
    rule: OverTime, settle: int, told: list[tuple[int, Finding]]
) -> None:
    found, count = first_verdict(rule, settle, sequence(told))
    if isinstance(rule, Consistently) and found and found.outcome is Outcome.PASSED:
        shown = [f for _, f in told[:count] if f != DOWN]
        assert set(shown[shown.index(YES) :]) == {YES}


@given(RULES, st.integers(0, 20), st.lists(st.integers(1, 10), max_size=25))
def test_a_cluster_that_is_never_seen_decides_nothing(
    rule: OverTime, settle: int, pauses: list[int]
) -> None:
    seen = sequence([(pause, DOWN) for pause in pauses])
    assert standing(rule, settle, seen) == 0


@given(RULES, st.integers(0, 20), SEQUENCES, st.sets(st.integers(0, 24)))
def test_what_could_not_be_seen_turns_no_verdict(
    rule: OverTime, settle: int, told: list[tuple[int, Finding]], hidden: set[int]
) -> None:
    """Of the looks that led to a verdict, some that saw nothing leave it open or as it was."""
    found, count = first_verdict(rule, settle, sequence(told))
    less = [(p, DOWN if i in hidden else f) for i, (p, f) in enumerate(told[:count])]
    seen_less = first_verdict(rule, settle, sequence(less))[0]
    if found is not None and seen_less is not None:
        assert seen_less.outcome is found.outcome


@given(RULES, st.integers(0, 20), SEQUENCES)
def test_it_is_due_when_the_verdict_comes_if_nothing_changes(
    rule: OverTime, settle: int, told: list[tuple[int, Finding]]
) -> None:
    seen = sequence(told)
    due = standing(rule, settle, seen)
    if isinstance(due, Finding) or not seen or seen[-1].finding == DOWN:
        return
    last = seen[-1]
    assert due > last.until_ms
    before = Seen(last.finding, due - 1, due - 1)
    assert not isinstance(standing(rule, settle, [*seen, before]), Finding)
    assert isinstance(standing(rule, settle, [*seen, Seen(last.finding, due, due)]), Finding)
