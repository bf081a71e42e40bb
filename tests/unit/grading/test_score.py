"""Points: what groups, caps and extra credit come to, and what holds whatever is written."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.api.exercise import ExerciseSpec
from labgrader.checks.finding import FULL_CREDIT, Finding, failed, passed, skipped, unknown
from labgrader.grading.score import cap_of, max_extra, max_score, score
from tests.unit.grading.worlds import exercise, exists

PASSED = passed("ObjectThere")
NOTHING = failed("NotFound")
HALF = failed("FieldDiffers", credit=50_000)
NEARLY = failed("FieldDiffers", credit=99_999)
OPEN = unknown("ApiUnreachable", transient=True)
SKIPPED = skipped("NeedsFailed", check="a")
SHORT = skipped("NeedsMore", check="a")
WAITING = skipped("NeedsOpen", check="a")


def spec(*checks: Mapping[str, Any], **more: Any) -> ExerciseSpec:
    return exercise(*checks, **more).spec


def of(written: ExerciseSpec, *findings: Finding) -> tuple[int, int, int]:
    names = [check.name for check in written.checks]
    total = score(written, dict(zip(names, findings, strict=True)))
    return total.low, total.high, total.max


def grouped(rule: str, *points: int, count: int | None = None, **more: Any) -> ExerciseSpec:
    group = {"name": "g", "rule": rule, **({"count": count} if count else {}), **more}
    checks = [exists(f"c{i}", points=n, group="g") for i, n in enumerate(points)]
    return spec(*checks, groups=[group])


@pytest.mark.parametrize(
    ("written", "findings", "points"),
    [
        (grouped("all", 10, 20), [PASSED, HALF], (20, 20, 30)),
        (grouped("any", 10, 20), [PASSED, NOTHING], (10, 10, 20)),
        (grouped("any", 10, 20), [PASSED, PASSED], (20, 20, 20)),
        (grouped("any", 10, 20), [NOTHING, HALF], (10, 10, 20)),
        (grouped("bestOf", 10, 20, 30, count=2), [PASSED, PASSED, NOTHING], (30, 30, 50)),
        (grouped("bestOf", 10, 20, 30, count=2), [PASSED, HALF, HALF], (25, 25, 50)),
    ],
)
def test_the_points_of_the_best_checks_add_up(
    written: ExerciseSpec, findings: list[Finding], points: tuple[int, int, int]
) -> None:
    assert of(written, *findings) == points


@pytest.mark.parametrize(
    ("written", "findings", "points"),
    [
        (grouped("all", 0, 0, points=20), [PASSED, PASSED], (20, 20, 20)),
        (grouped("all", 0, 0, points=20), [PASSED, NOTHING], (0, 0, 20)),
        (grouped("all", 0, 0, points=20), [PASSED, HALF], (10, 10, 20)),
        (grouped("all", 0, 0, points=20), [PASSED, NEARLY], (19, 19, 20)),
        (grouped("any", 0, 0, points=20), [PASSED, NOTHING], (20, 20, 20)),
        (grouped("any", 0, 0, points=20), [NOTHING, HALF], (10, 10, 20)),
        (grouped("bestOf", 0, 0, 0, count=2, points=9), [PASSED, PASSED, NOTHING], (9, 9, 9)),
        (grouped("bestOf", 0, 0, 0, count=2, points=9), [PASSED, HALF, NOTHING], (4, 4, 9)),
        (grouped("bestOf", 0, 0, 0, count=2, points=9), [PASSED, NOTHING, SKIPPED], (0, 0, 9)),
    ],
)
def test_a_group_worth_points_as_a_whole_follows_its_least_fulfilled_check_that_counts(
    written: ExerciseSpec, findings: list[Finding], points: tuple[int, int, int]
) -> None:
    assert of(written, *findings) == points


@pytest.mark.parametrize(
    ("written", "findings", "points"),
    [
        (grouped("any", 10, 20), [PASSED, OPEN], (10, 20, 20)),
        (grouped("any", 20, 20), [PASSED, OPEN], (20, 20, 20)),
        (grouped("all", 0, 0, points=20), [PASSED, WAITING], (0, 20, 20)),
        (grouped("all", 0, 0, points=20), [NOTHING, OPEN], (0, 0, 20)),
        (grouped("bestOf", 0, 0, 0, count=2, points=9), [PASSED, OPEN, HALF], (4, 9, 9)),
        (spec(exists("a", 10), exists("b", 5)), [PASSED, OPEN], (10, 15, 15)),
        (spec(exists("a", 10), exists("b", 5)), [PASSED, SHORT], (10, 10, 15)),
    ],
)
def test_open_checks_give_a_range(
    written: ExerciseSpec, findings: list[Finding], points: tuple[int, int, int]
) -> None:
    assert of(written, *findings) == points


GATED = spec(exists("gate", 0, required=True, cap=30), exists("work", 100))
GATED_BY_DEFAULT = spec(exists("gate", 0, required=True), exists("work", 99), passPercent="60")


@pytest.mark.parametrize(
    ("written", "findings", "points"),
    [
        (GATED, [PASSED, PASSED], (100, 100, 100)),
        (GATED, [NOTHING, PASSED], (30, 30, 100)),
        (GATED, [NEARLY, PASSED], (30, 30, 100)),
        (GATED, [SKIPPED, PASSED], (30, 30, 100)),
        (GATED, [OPEN, PASSED], (30, 100, 100)),
        (GATED, [NOTHING, OPEN], (0, 30, 100)),
        (GATED, [NOTHING, NOTHING], (0, 0, 100)),
        # 60 % of 99 is 59.4, so 60 points pass, and 59 are left
        (GATED_BY_DEFAULT, [NOTHING, PASSED], (59, 59, 99)),
    ],
)
def test_a_required_check_holds_the_score_at_its_cap(
    written: ExerciseSpec, findings: list[Finding], points: tuple[int, int, int]
) -> None:
    assert of(written, *findings) == points


def test_the_check_with_the_lowest_cap_is_named() -> None:
    checks = [exists(name, 10, required=True, cap=cap) for name, cap in (("a", 20), ("b", 10))]
    written = spec(*checks, exists("c", 80))
    total = score(written, {"a": NOTHING, "b": NOTHING, "c": PASSED})
    assert (total.low, total.cap, total.capped_by) == (10, 10, "b")
    total = score(written, {"a": PASSED, "b": PASSED, "c": PASSED})
    assert (total.low, total.cap, total.capped_by) == (100, None, "")


def test_a_cap_that_holds_nothing_is_not_named() -> None:
    total = score(GATED, {"gate": NOTHING, "work": failed("x", credit=20_000)})
    assert (total.low, total.cap) == (20, None)


@pytest.mark.parametrize("percent", ["0.001", "33.333", "50", "60", "99.999", "100"])
@pytest.mark.parametrize("points", [1, 7, 99, 100])
def test_without_a_cap_of_its_own_a_required_check_keeps_from_passing(
    percent: str, points: int
) -> None:
    written = spec(exists("gate", 0, required=True), exists("work", points), passPercent=percent)
    held = score(written, {"gate": NOTHING, "work": PASSED})
    assert not held.passes(written.pass_percent)
    cap = cap_of(written.checks[0], written)
    assert cap is not None
    assert (cap + 1) * 100_000 >= written.pass_percent * points, "one point more passes"


@pytest.mark.parametrize(
    ("above", "findings", "points"),
    [
        (0, [PASSED, PASSED], (90, 90, 90)),
        (0, [HALF, PASSED], (65, 65, 90)),
        (5, [PASSED, PASSED], (95, 95, 90)),
        (20, [PASSED, PASSED], (110, 110, 90)),
        (20, [PASSED, NOTHING], (90, 90, 90)),
        (20, [PASSED, OPEN], (90, 110, 90)),
    ],
)
def test_extra_credit_makes_up_for_points_and_lifts_above_the_maximum_where_it_may(
    above: int, findings: list[Finding], points: tuple[int, int, int]
) -> None:
    written = spec(exists("a", 90), exists("b", 20, extra=True), aboveMax=above)
    assert of(written, *findings) == points
    assert max_extra(written) == 20


def test_a_group_may_be_extra_credit() -> None:
    group = {"name": "g", "rule": "any", "extra": True}
    written = spec(
        exists("a", 10), exists("b", 5, group="g"), exists("c", 3, group="g"), groups=[group]
    )
    assert (max_score(written), max_extra(written)) == (10, 5)
    assert of(written, HALF, PASSED, PASSED) == (10, 10, 10)


CONCLUSIVE = st.sampled_from([PASSED, NOTHING, SKIPPED, SHORT]) | st.integers(0, FULL_CREDIT).map(
    lambda credit: failed("x", credit=credit)
)
FINDINGS = CONCLUSIVE | st.sampled_from([OPEN, WAITING])


@st.composite
def specs(draw: st.DrawFn) -> ExerciseSpec:
    groups = []
    for name in draw(st.lists(st.sampled_from("xyz"), unique=True)):
        rule = draw(st.sampled_from(["all", "any", "bestOf"]))
        group: dict[str, Any] = {"name": name, "rule": rule, "extra": draw(st.booleans())}
        if rule == "bestOf":
            group["count"] = draw(st.integers(1, 4))
        if draw(st.booleans()):
            group["points"] = draw(st.integers(1, 50))
        groups.append(group)
    checks = []
    for index in range(draw(st.integers(1, 7))):
        check = exists(f"c{index}", draw(st.integers(0, 50)))
        if draw(st.booleans()) and groups:
            check["group"] = draw(st.sampled_from(groups))["name"]
        else:
            check["extra"] = draw(st.booleans())
        if draw(st.booleans()):
            check["required"] = True
            if draw(st.booleans()):
                check["cap"] = draw(st.integers(0, 60))
        checks.append(check)
    percent = str(draw(st.integers(0, 100)))
    return spec(*checks, groups=groups, aboveMax=draw(st.integers(0, 30)), passPercent=percent)


def findings_of(written: ExerciseSpec, draw: Any, which: Any = FINDINGS) -> dict[str, Finding]:
    return {check.name: draw(which) for check in written.checks}


@given(specs(), st.data())
def test_the_score_stays_within_what_is_possible(written: ExerciseSpec, data: Any) -> None:
    total = score(written, findings_of(written, data.draw))
    assert 0 <= total.low <= total.high <= total.max + written.above_max
    assert total.max == max_score(written), "the same whatever is found"


@given(specs(), st.data())
def test_without_open_checks_there_is_one_score(written: ExerciseSpec, data: Any) -> None:
    assert score(written, findings_of(written, data.draw, CONCLUSIVE)).conclusive


@pytest.mark.slow
@given(specs())
def test_everything_passed_earns_everything(written: ExerciseSpec) -> None:
    total = score(written, {check.name: PASSED for check in written.checks})
    assert total.low == total.max + min(written.above_max, max_extra(written))
    assert total.passes(written.pass_percent)


@pytest.mark.slow
@given(specs(), st.data())
def test_the_order_changes_nothing(written: ExerciseSpec, data: Any) -> None:
    findings = findings_of(written, data.draw)
    checks = tuple(data.draw(st.permutations(written.checks)))
    groups = tuple(data.draw(st.permutations(written.groups)))
    shuffled = written.model_copy(update={"checks": checks, "groups": groups})
    assert score(shuffled, findings) == score(written, findings)


@pytest.mark.slow
@given(specs(), st.data())
def test_however_open_checks_end_the_score_is_within_the_range(
    written: ExerciseSpec, data: Any
) -> None:
    findings = findings_of(written, data.draw)
    before = score(written, findings)
    ends = {
        name: data.draw(CONCLUSIVE) if finding in {OPEN, WAITING} else finding
        for name, finding in findings.items()
    }
    after = score(written, ends)
    assert before.low <= after.low == after.high <= before.high


@pytest.mark.slow
@given(specs(), st.data())
def test_the_ends_of_the_range_can_be_reached(written: ExerciseSpec, data: Any) -> None:
    findings = findings_of(written, data.draw)
    before = score(written, findings)

    def ended(end: Finding) -> int:
        ends = {n: end if f in {OPEN, WAITING} else f for n, f in findings.items()}
        return score(written, ends).low

    assert (ended(NOTHING), ended(PASSED)) == (before.low, before.high)


@pytest.mark.slow
@given(specs(), st.data())
def test_more_credit_for_a_check_never_lowers_the_score(written: ExerciseSpec, data: Any) -> None:
    findings = findings_of(written, data.draw)
    name = data.draw(st.sampled_from(sorted(findings)))
    less, more = sorted(data.draw(st.lists(st.integers(0, FULL_CREDIT), min_size=2, max_size=2)))
    worse = score(written, findings | {name: _with(less)})
    better = score(written, findings | {name: _with(more)})
    assert worse.low <= better.low
    assert worse.high <= better.high


def _with(credit: int) -> Finding:
    return PASSED if credit == FULL_CREDIT else failed("x", credit=credit)
