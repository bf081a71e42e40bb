"""The engine: what is gathered, when it looks again, and what trouble comes to."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.api.status import Result
from labgrader.checks.finding import Finding, Outcome, failed, passed
from labgrader.checks.registry import KINDS, Kind, Phase
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, NotThere, Trouble
from labgrader.evidence.requests import Request
from labgrader.grading.plan import plan
from labgrader.grading.report import Report, report
from labgrader.grading.run import grade
from tests.unit.grading.worlds import JumpingClock, World, config_map, exercise, exists, found

DOWN = Trouble("ApiUnreachable", "connection refused", transient=True)
FORBIDDEN = Trouble("Forbidden", "no", transient=False)


async def graded(
    checks: list[dict[str, Any]],
    script: dict[Request, list[Answer]],
    namespace: Answer | None = None,
    **spec: Any,
) -> tuple[Report, World]:
    clock = JumpingClock()
    world = World(clock, script)
    if namespace is not None:
        world.namespace = namespace
    planned = plan(exercise(*checks, **spec))
    return report(planned, await grade(planned, Scope("kim"), world, clock)), world


def outcomes(result: Report) -> dict[str, str]:
    return {check.name: check.finding.outcome.value for check in result.checks}


async def test_equal_requests_are_gathered_once_and_in_one_round() -> None:
    same = exists("a") | {"name": "again"}
    script: dict[Request, list[Answer]] = {
        config_map("a"): [found("a")],
        config_map("b"): [found("b")],
    }
    result, world = await graded([exists("a"), same, exists("b")], script)
    assert outcomes(result) == {"a": "Passed", "again": "Passed", "b": "Passed"}
    assert sorted(world.gathered, key=str) == sorted([config_map("a"), config_map("b")], key=str)
    assert world.rounds == 1
    assert (result.score.low, result.result) == (30, Result.PASSED)


async def test_a_failing_check_is_looked_at_again_until_it_passes() -> None:
    script: dict[Request, list[Answer]] = {
        config_map("a"): [found("a")],
        config_map("late"): [NotThere(), NotThere(), found("late")],
    }
    result, world = await graded([exists("a"), exists("late")], script, settle="30s")
    assert outcomes(result) == {"a": "Passed", "late": "Passed"}
    assert world.gathered.count(config_map("a")) == 1, "what passed is not asked for again"
    assert world.clock.now < 30_000


async def test_settle_ends_and_the_check_has_failed() -> None:
    result, world = await graded([exists("a")], {}, settle="30s")
    assert outcomes(result) == {"a": "Failed"}
    assert (result.score.low, result.result) == (0, Result.FAILED)
    assert 30_000 <= world.clock.now < 31_000


async def test_without_settle_there_is_one_look() -> None:
    _, world = await graded([exists("a")], {}, settle="0s")
    assert world.gathered.count(config_map("a")) == 1
    assert world.clock.now == 0


async def test_a_check_whose_need_failed_is_skipped_and_earns_nothing() -> None:
    checks = [exists("a"), exists("b", needs=["a"]), exists("c", needs=["b"])]
    result, _ = await graded(
        checks, {config_map("b"): [found("b")], config_map("c"): [found("c")]}, settle="0s"
    )
    assert outcomes(result) == {"a": "Failed", "b": "Skipped", "c": "Skipped"}
    assert {check.finding.reason for check in result.checks[1:]} == {"NeedsFailed"}
    assert (result.score.low, result.score.high) == (0, 0)


async def test_skipped_checks_come_back_when_their_need_settles() -> None:
    checks = [exists("a"), exists("b", needs=["a"]), exists("c", needs=["b"])]
    script: dict[Request, list[Answer]] = {
        config_map("a"): [NotThere(), found("a")],
        config_map("b"): [found("b")],
        config_map("c"): [found("c")],
    }
    result, _ = await graded(checks, script)
    assert outcomes(result) == {"a": "Passed", "b": "Passed", "c": "Passed"}


async def test_trouble_that_passes_costs_nothing() -> None:
    script: dict[Request, list[Answer]] = {config_map("a"): [DOWN, DOWN, found("a")]}
    result, world = await graded([exists("a")], script)
    assert outcomes(result) == {"a": "Passed"}
    assert world.clock.now == 3000


async def test_trouble_that_stays_is_unknown_and_the_score_a_range() -> None:
    checks = [exists("a", points=30), exists("b", points=70), exists("c", needs=["a"])]
    script: dict[Request, list[Answer]] = {
        config_map("a"): [DOWN],
        config_map("b"): [found("b")],
        config_map("c"): [found("c")],
    }
    result, _ = await graded(checks, script)
    assert outcomes(result) == {"a": "Unknown", "b": "Passed", "c": "Skipped"}
    assert result.checks[2].finding.reason == "NeedsOpen"
    assert (result.score.low, result.score.high, result.score.max) == (70, 110, 110)
    assert result.result is Result.INCONCLUSIVE


async def test_permanent_trouble_stalls_at_once() -> None:
    result, world = await graded([exists("a")], {config_map("a"): [FORBIDDEN]})
    assert outcomes(result) == {"a": "Unknown"}
    assert result.result is Result.STALLED
    assert world.clock.now == 0


@pytest.mark.parametrize("why", ["TargetMissing", "TargetTerminating"])
async def test_in_a_namespace_that_is_not_there_nothing_fails(why: str) -> None:
    checks = [exists("a"), exists("b", needs=["a"])]
    gone = Trouble(why, "kim", transient=False)
    result, _ = await graded(checks, {}, namespace=gone, settle="0s")
    assert outcomes(result) == {"a": "Unknown", "b": "Unknown"}
    assert result.checks[0].finding.reason == why
    assert result.result is Result.STALLED


async def test_the_time_limit_leaves_open_what_was_not_decided() -> None:
    class Slow(World):
        async def gather(self, requests: Any) -> Any:
            await asyncio.sleep(60)
            return await super().gather(requests)

    clock = JumpingClock()
    planned = plan(exercise(exists("a"), timeLimit="20ms"))
    findings = await grade(planned, Scope("kim"), Slow(clock, {}), clock)
    assert findings["a"].reason == "TimeLimit"
    assert findings["a"].outcome is Outcome.UNKNOWN
    assert dict(findings["a"].params) == {"seconds": "0.02"}


async def test_a_time_limit_that_an_outage_used_up_may_pass() -> None:
    class Hung(World):
        async def gather(self, requests: Any) -> Any:
            if self.rounds:
                await asyncio.sleep(60)
            return await super().gather(requests)

    clock = JumpingClock()
    planned = plan(exercise(exists("a"), timeLimit="50ms"))
    world = Hung(clock, {config_map("a"): [DOWN]})
    findings = await grade(planned, Scope("kim"), world, clock)
    assert (findings["a"].reason, findings["a"].transient) == ("TimeLimit", True)


async def test_what_was_settled_before_is_not_looked_at_again() -> None:
    checks = [exists("a"), exists("b"), exists("c", needs=["a"])]
    clock = JumpingClock()
    world = World(clock, {config_map("b"): [found("b")], config_map("c"): [found("c")]})
    planned = plan(exercise(*checks))
    kept = {"a": passed("ObjectThere", kind="ConfigMap", name="a")}
    findings = await grade(planned, Scope("kim"), world, clock, kept)
    assert {name: f.outcome.value for name, f in findings.items()} == dict.fromkeys("abc", "Passed")
    assert config_map("a") not in world.gathered


async def test_a_long_chain_of_probes_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def call(number: int) -> dict[str, Any]:
        kind = {"answers": {"service": "web", "port": 80, "path": f"/{number}"}}
        needs = {"needs": [f"p{number - 1}"]} if number else {}
        return {"name": f"p{number}", "points": 1, **needs, **kind}

    def judge(params: Any, scope: Any, snapshot: Any) -> Finding:
        del scope
        snapshot.object(config_map(f"{params.path}-first"))
        snapshot.object(config_map(f"{params.path}-second"))
        return passed("Answered")

    kinds = {**KINDS, "answers": Kind(Phase.PROBE, judge)}
    monkeypatch.setattr("labgrader.grading.look.KINDS", kinds)
    result, _ = await graded([call(n) for n in range(20)], {}, settle="0s")
    assert set(outcomes(result).values()) == {"Passed"}


async def test_a_check_that_crashes_is_an_error_and_takes_no_other_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def crash(*_: Any) -> Any:
        raise KeyError("spec")

    kinds = {**KINDS, "absent": Kind(Phase.OBSERVE, crash)}
    monkeypatch.setattr("labgrader.grading.look.KINDS", kinds)
    broken = {"name": "x", "points": 5, "absent": {"object": {"kind": "ConfigMap", "name": "x"}}}
    result, _ = await graded([exists("a"), broken], {config_map("a"): [found("a")]})
    assert outcomes(result) == {"a": "Passed", "x": "Error"}
    assert (result.score.low, result.score.high) == (10, 15), "the grader's trouble stays open"
    assert result.result is Result.STALLED


@given(
    st.lists(
        st.tuples(st.integers(0, 50), st.sampled_from(["there", "missing", "down", "forbidden"])),
        min_size=1,
        max_size=8,
    ),
    st.randoms(),
)
def test_points_add_up_whatever_happens(world: list[tuple[int, str]], order: Any) -> None:
    answers: dict[str, Answer] = {
        "there": found("x"),
        "missing": NotThere(),
        "down": DOWN,
        "forbidden": FORBIDDEN,
    }
    checks = [exists(f"c{i}", points=points) for i, (points, _) in enumerate(world)]
    script: dict[Request, list[Answer]] = {
        config_map(f"c{i}"): [answers[what]] for i, (_, what) in enumerate(world)
    }
    result, _ = asyncio.run(graded(checks, dict(script), settle="0s"))
    order.shuffle(checks)
    shuffled, _ = asyncio.run(graded(checks, dict(script), settle="0s"))
    certain = sum(points for points, what in world if what == "there")
    open_ = sum(points for points, what in world if what in {"down", "forbidden"})
    assert (result.score.low, result.score.high) == (certain, certain + open_)
    assert result.score.max == sum(points for points, _ in world)
    assert all(0 <= check.earned <= check.points for check in result.checks)
    assert shuffled.score == result.score


async def test_a_kept_failure_is_not_opened_again_by_trouble() -> None:
    """It was confirmed when it was found; opened, its experiment would be run once more."""
    lost = Trouble("ApiUnreachable", "refused", transient=True)
    clock = JumpingClock()
    planned = plan(exercise(exists("a"), exists("b"), exists("c", needs=["a"]), settle="0s"))
    kept = {"a": failed("NotFound", kind="ConfigMap", name="a", namespace="kim", credit=7)}
    findings = await grade(planned, Scope("kim"), World(clock, {}, namespace=lost), clock, kept)
    assert findings["a"] == kept["a"]
    assert [findings[name].reason for name in "bc"] == ["ApiUnreachable", "ApiUnreachable"]
