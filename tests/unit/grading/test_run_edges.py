"""How long the engine waits before it looks again, and what it hands on to checks."""

from collections.abc import Mapping
from typing import Any

import pytest

from labgrader.checks.finding import Finding, failed, passed
from labgrader.checks.registry import KINDS, Kind, Phase
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer
from labgrader.evidence.experiments import HttpTarget, SpreadRequests
from labgrader.evidence.record import Record
from labgrader.evidence.requests import CallHttp, DryRun, Look, Request
from labgrader.evidence.snapshot import Snapshot
from labgrader.grading.plan import plan
from labgrader.grading.run import grade_on_record, waves
from tests.unit.grading.worlds import JumpingClock, World, config_map, exercise, exists

TARGET = HttpTarget("kim", "web", 80, "/")
CALL, DRY_RUN = CallHttp(TARGET), DryRun("kim", "v1", "Pod", "{}", "kim")
ANSWERS: dict[str, Any] = {
    "name": "up",
    "points": 1,
    "answers": {"service": "web", "port": 80},
}


class Waiting(World):
    """Notes what is waited for, and how long; nothing ever changes."""

    def __init__(self, clock: JumpingClock) -> None:
        super().__init__(clock, {})
        self.waits: list[tuple[frozenset[Look], int]] = []

    async def changed(self, seen: Mapping[Look, Answer], within_ms: int) -> bool:
        self.waits.append((frozenset(seen), within_ms))
        await self.clock.sleep(within_ms)
        return False


def pretend(patch: pytest.MonkeyPatch, phase: Phase, *requests: Request, fails: bool) -> None:
    """``answers`` asks for these, and fails or passes."""

    def judge(params: Any, scope: Any, snapshot: Snapshot) -> Finding:
        del params, scope
        snapshot.together(*requests)
        return failed("NotFound", kind="Pod", name="a", namespace="kim") if fails else passed("Ok")

    kinds = {**KINDS, "answers": Kind(phase, judge)}
    for module in ("look", "run", "plan"):
        patch.setattr(f"labgrader.grading.{module}.KINDS", kinds, raising=False)


async def waited(*checks: dict[str, Any], settle: str = "10s") -> Waiting:
    clock = JumpingClock()
    world = Waiting(clock)
    planned = plan(exercise(*checks, settle=settle))
    await grade_on_record(planned, Scope("kim"), world, clock)
    return world


@pytest.mark.parametrize(
    ("phase", "request_", "first_ms"),
    [
        (Phase.PROBE, CALL, 2000),
        (Phase.PROBE, SpreadRequests("kim", TARGET, 20), 10_000),
        (Phase.OBSERVE, DRY_RUN, 2000),
        (Phase.OBSERVE, CALL, 10_000),
    ],
)
async def test_what_no_object_tells_is_asked_again_soon(
    monkeypatch: pytest.MonkeyPatch, phase: Phase, request_: Request, first_ms: int
) -> None:
    seen = config_map("a")
    pretend(monkeypatch, phase, request_, seen, fails=True)
    world = await waited(ANSWERS)
    assert world.waits[0] == (frozenset({seen}), first_ms)
    assert world.gathered[:2] == [request_, seen]


async def test_what_passes_is_not_asked_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, Phase.PROBE, CALL, fails=False)
    world = await waited(ANSWERS, exists("a"))
    assert [within for _, within in world.waits] == [10_000]
    assert world.gathered.count(CALL) == 1


async def test_between_looks_is_half_a_second_within_settle() -> None:
    class Moving(Waiting):
        async def changed(self, seen: Mapping[Look, Answer], within_ms: int) -> bool:
            del seen
            self.waits.append((frozenset(), within_ms))
            return True

    clock = JumpingClock()
    world = Moving(clock)
    await grade_on_record(plan(exercise(exists("a"), settle="1200ms")), Scope("kim"), world, clock)
    assert [within for _, within in world.waits] == [1200, 700, 200]
    assert clock.now == 1200


async def test_what_is_observed_is_looked_at_before_what_is_probed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pretend(monkeypatch, Phase.PROBE, CALL, fails=False)
    world = await waited(ANSWERS, exists("a"), settle="0s")
    assert (world.gathered[0], world.gathered[-1]) == (config_map("a"), CALL)


async def test_checks_know_what_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    scopes: list[Scope] = []

    def judge(params: Any, scope: Scope, snapshot: Snapshot) -> Finding:
        del params, snapshot
        scopes.append(scope)
        return passed("Ok")

    kinds = {**KINDS, "answers": Kind(Phase.PROBE, judge)}
    monkeypatch.setattr("labgrader.grading.look.KINDS", kinds)
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shop"}}
    clock = JumpingClock()
    planned = plan(exercise(ANSWERS, given=[body]))
    graded = await grade_on_record(planned, Scope("kim"), World(clock, {}), clock)
    assert [list(scope.given) for scope in scopes] == [[body]]
    assert graded.record != Record()


def test_no_checks_are_one_empty_wave() -> None:
    assert waves(()) == (frozenset(),)
