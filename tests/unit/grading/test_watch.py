"""Checks over a time, as the engine grades them: who waits for whom, what is asked, what is kept."""

import asyncio
from typing import Any

import pytest

from labgrader.checks.finding import Outcome
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Found, HttpAnswer
from labgrader.evidence.requests import CallHttp, Request
from labgrader.grading.again import judge_again
from labgrader.grading.live import look_now
from labgrader.grading.plan import plan, problems
from labgrader.grading.run import grade_on_record, waves
from labgrader.reporting.messages import message
from tests.unit.grading.watching import (
    CONSISTENTLY,
    DOWN,
    EVENTUALLY,
    FORBIDDEN,
    NEVER,
    NONE,
    SERVING,
    STABLE,
    Script,
    graded,
    outcome,
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


@pytest.mark.parametrize(
    ("rule", "times", "reason", "ends"),
    [
        (EVENTUALLY, (0,), "ObjectThere", 0),
        (EVENTUALLY, (50,), "ObjectThere", 50),
        (EVENTUALLY, (61,), "NotFound", 60),
        (CONSISTENTLY, (0,), "StayedTrue", 30),
        (CONSISTENTLY, (9,), "StayedTrue", 39),
        (CONSISTENTLY, (11,), "NotFound", 10),
        (CONSISTENTLY, (9, 38), "DidNotStay", 38),
        (CONSISTENTLY, (0, 30.5), "StayedTrue", 30),
        (NEVER, (), "NeverTrue", 30),
        (NEVER, (29,), "BecameTrue", 29),
        (STABLE, (0, 19, 40), "BecameStable", 60),
        (STABLE, (0, 15, 20, 35, 40, 55), "NotStable", 60),
        (STABLE, (), "NotFound", 60),
    ],
)
async def test_a_check_is_watched_for_its_time_and_no_longer(
    rule: dict[str, Any], times: tuple[float, ...], reason: str, ends: float
) -> None:
    need = exists("first", needs=[])
    check = exists("a", needs=["first"]) | rule
    planned = plan(exercise(need, check, settle="10s"))
    done, world = await graded(planned, {**there("first", 0), **there("a", *times)})
    assert done.findings["a"].reason == reason
    assert world.clock.now == pytest.approx(ends * 1000, abs=600)


async def test_a_watch_that_sees_no_change_asks_next_to_nothing() -> None:
    done, world = await graded(plan(exercise(exists("a") | CONSISTENTLY)), there("a", 0))
    assert done.findings["a"].outcome is Outcome.PASSED
    assert world.looks(config_map("a")) == [0, 30_000]
    assert world.waits == 1


async def test_several_are_watched_at_the_same_time_and_beside_what_settles() -> None:
    checks = [exists(name) | CONSISTENTLY for name in "abc"] + [exists("late")]
    script = {**there("a", 0), **there("b", 5), **there("c", 0, 12), **there("late", 25)}
    done, world = await graded(plan(exercise(*checks)), script)
    assert [f.reason for f in done.findings.values()] == [
        "StayedTrue",
        "StayedTrue",
        "DidNotStay",
        "ObjectThere",
    ]
    assert world.clock.now < 36_000


async def test_the_watch_begins_when_what_it_needs_has_passed() -> None:
    checks = [exists("first"), exists("a", needs=["first"]) | NEVER]
    script = {**there("first", 20), **there("a", 5, 15)}
    assert await outcome(checks, script) == {"first": "ObjectThere", "a": "NeverTrue"}
    script = {**there("first", 20), **there("a", 35)}
    assert await outcome(checks, script) == {"first": "ObjectThere", "a": "BecameTrue"}


async def test_what_it_needs_may_never_come() -> None:
    checks = [exists("first"), exists("a", needs=["first"]) | NEVER, exists("b", needs=["a"])]
    done, world = await graded(plan(exercise(*checks, settle="10s")), {})
    assert [f.reason for f in done.findings.values()] == ["NotFound", "NeedsFailed", "NeedsFailed"]
    assert world.clock.now == pytest.approx(10_000, abs=600)
    assert world.looks(config_map("a")) == []


async def test_what_needs_it_waits_for_its_end_and_has_its_own_time_to_settle() -> None:
    checks = [
        exists("a") | CONSISTENTLY,
        exists("b", needs=["a"]),
        exists("c", needs=["b"]) | NEVER,
    ]
    done, world = await graded(
        plan(exercise(*checks, settle="10s")), {**there("a", 0), **there("b", 35)}
    )
    assert [f.reason for f in done.findings.values()] == ["StayedTrue", "ObjectThere", "NeverTrue"]
    assert min(world.looks(config_map("b"))) >= 30_000, "not before its turn"
    assert world.clock.now == pytest.approx(65_000, abs=1200)


async def test_a_share_that_is_lost_meanwhile_counts_no_more() -> None:
    clauses = [{"expect": {"data": {key: "(present)"}}} for key in "xy"]
    partly = {"matches": {"object": {"kind": "ConfigMap", "name": "a"}, "clauses": clauses}}
    half = Found({"kind": "ConfigMap", "metadata": {"name": "a", "uid": "a"}, "data": {"x": "1"}})
    needs = {"needsAtLeast": [{"check": "a", "percent": "50"}]}
    checks = [{"name": "a", "points": 10} | partly, exists("b") | needs | CONSISTENTLY]
    planned = plan(exercise(*checks, settle="10s"))
    done, _ = await graded(planned, {"a": [(0, half)], **there("b", 0)})
    assert done.findings["b"].reason == "StayedTrue"
    done, _ = await graded(planned, {"a": [(0, half), (5, found("a"))], **there("b", 0)})
    assert done.findings["b"].reason == "NeedsMore"


def test_who_needs_a_watched_check_is_a_wave_later() -> None:
    checks = [
        exists("a"),
        exists("b", needs=["a"]) | CONSISTENTLY,
        exists("c", needs=["a"]),
        exists("d", needs=["b"]) | CONSISTENTLY,
        exists("e", needsAtLeast=[{"check": "d", "percent": "50"}]),
        exists("f", needs=["c"]),
    ]
    assert waves(exercise(*checks).spec.checks) == (
        frozenset("abcf"),
        frozenset("d"),
        frozenset("e"),
    )
    assert waves(exercise(exists("a"), exists("b", needs=["a"])).spec.checks) == (frozenset("ab"),)


async def test_a_short_outage_is_looked_across_but_not_counted() -> None:
    planned = plan(exercise(exists("a") | CONSISTENTLY))
    script: Script = {"a": [(0, found("a")), (10, DOWN), (13, found("a"))]}
    done, world = await graded(planned, script)
    assert done.findings["a"].reason == "StayedTrue"
    assert world.clock.now == pytest.approx(43_000, abs=1500), "30 s without a gap"


@pytest.mark.parametrize("rule", [EVENTUALLY, CONSISTENTLY, NEVER, STABLE])
async def test_an_outage_is_unknown_and_may_pass(rule: dict[str, Any]) -> None:
    planned = plan(exercise(exists("first"), exists("a", needs=["first"]) | rule))
    before: Answer = found("a") if rule is CONSISTENTLY else NONE
    script: Script = {**there("first", 0), "a": [(0, before), (5, DOWN)]}
    done, world = await graded(planned, script)
    finding = done.findings["a"]
    assert (finding.outcome, finding.reason, finding.transient) == (
        Outcome.UNKNOWN,
        "ApiUnreachable",
        True,
    )
    assert "without a gap" in message(finding, "en")
    assert world.clock.now < 17_000, "it is given up, and tried again later as a whole"


async def test_outages_without_end_end() -> None:
    planned = plan(exercise(exists("a") | CONSISTENTLY))
    flapping: list[tuple[float, Answer]] = [
        (7 * n, found("a") if n % 2 == 0 else DOWN) for n in range(80)
    ]
    done, world = await graded(planned, {"a": flapping})
    assert done.findings["a"].reason == "ApiUnreachable"
    assert world.clock.now < 140_000


async def test_a_missing_right_ends_it_at_once() -> None:
    done, world = await graded(plan(exercise(exists("a") | EVENTUALLY)), {"a": [(0, FORBIDDEN)]})
    assert (done.findings["a"].reason, world.clock.now) == ("Forbidden", 0)


async def test_a_failure_after_trouble_is_still_a_failure() -> None:
    planned = plan(exercise(exists("a") | CONSISTENTLY))
    script: Script = {"a": [(0, found("a")), (10, DOWN), (12, NONE)]}
    done, _ = await graded(planned, script)
    assert done.findings["a"].reason == "DidNotStay"


WEB = {"name": "web", "points": 5, "answers": {"service": "web", "port": 80, "path": "/"}}


async def test_what_no_watch_tells_is_asked_again_and_again() -> None:
    """A server may fall silent with no object changing."""
    asked: list[int] = []
    clock = SharedClock()

    class Server(Timetable):
        async def gather(self, requests: Any) -> Any:
            answers = dict(await super().gather(requests))
            for request in requests:
                if isinstance(request, CallHttp):
                    asked.append(self.clock.now)
                    answers[request] = HttpAnswer(200 if self.clock.now < 21_000 else 503, "x")
            return answers

    world = Server(clock, SERVING)
    planned = plan(exercise(WEB | CONSISTENTLY))
    done = await grade_on_record(planned, Scope("kim"), world, clock)
    finding = done.findings["web"]
    assert finding.reason == "DidNotStay"
    assert finding.causes[0].reason == "WrongStatus"
    assert asked[:3] == [0, 2000, 4000]
    assert dict(finding.params)["after"] == "22.0"


DEPLOYMENT = {"object": {"kind": "Deployment", "name": "web"}}


async def test_live_shows_what_is_so_now() -> None:
    checks = [
        exists("a") | CONSISTENTLY,
        exists("b", needs=["a"]) | NEVER,
        exists("c", needs=["b"]),
    ]
    planned = plan(exercise(*checks))
    clock = SharedClock()
    script: dict[Request, list[tuple[int, Answer]]] = {config_map("a"): [(0, found("a"))]}
    view = await look_now(planned, "kim", Timetable(clock, script), {})
    assert {n: f.reason for n, f in view.findings.items()} == {
        "a": "ObjectThere",
        "b": "NotTrueNow",
        "c": "NotFound",
    }
    assert clock.now == 0
    told = message(view.findings["a"], "en"), message(view.findings["a"], "ko")
    assert told == (
        "ConfigMap a is there. When you hand in, it must stay so for 30 seconds.",
        "컨피그맵 a가 있습니다. 제출하면 30초 동안 계속 그래야 합니다.",
    )
    told = message(view.findings["b"], "en"), message(view.findings["b"], "ko")
    assert told == (
        "It is not true now, and must not be. When you hand in, it is watched for 30 seconds.",
        "일어나지 않아야 하는 일이고, 지금 일어나고 있지 않습니다. 제출하면 30초 동안 지켜봅니다.",
    )
    script[config_map("b")] = [(0, found("b"))]
    view = await look_now(planned, "kim", Timetable(clock, script), {})
    assert view.findings["b"].reason == "TrueNow"
    assert view.findings["c"].reason == "NeedsFailed"


@pytest.mark.parametrize(
    ("check", "hollow"),
    [
        (exists("a") | NEVER, True),
        (exists("a") | CONSISTENTLY, False),
        ({"name": "a", "points": 1, "absent": exists("a")["exists"]} | NEVER, False),
        ({"name": "a", "points": 1, "absent": exists("a")["exists"]} | CONSISTENTLY, True),
        ({"name": "a", "points": 1, "ready": DEPLOYMENT} | NEVER, True),
        ({"name": "a", "points": 1, "ready": DEPLOYMENT} | EVENTUALLY, False),
        (exists("given") | NEVER, False),
        (exists("given") | STABLE, True),
        ({"name": "a", "points": 1, "absent": exists("given")["exists"]} | NEVER, True),
    ],
)
def test_what_never_is_needs_something_that_is(check: dict[str, Any], *, hollow: bool) -> None:
    gives = [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "given"}}]
    alone = exercise(exists("first"), check, given=gives)
    assert [problem.reason for problem in problems(alone)] == ["HollowCheck"] * hollow
    needing = exercise(exists("first"), check | {"needs": ["first"]}, given=gives)
    assert problems(needing) == ()


async def test_the_time_limit_ends_a_watch() -> None:
    class Real(SharedClock):
        async def sleep(self, milliseconds: int) -> None:
            await asyncio.sleep(milliseconds / 1000)

    clock = Real()
    world = Timetable(clock, {config_map("a"): [(0, found("a"))]})
    checks = [exists("a") | CONSISTENTLY, exists("b", needs=["a"]) | NEVER]
    made = exercise(*checks, settle="0s")
    spec = made.spec.model_copy(update={"time_limit": 50})
    planned = plan(made.model_copy(update={"spec": spec}))
    done = await grade_on_record(planned, Scope("kim"), world, clock)
    assert [f.reason for f in done.findings.values()] == ["TimeLimit", "TimeLimit"]
    again = await judge_again(planned, "kim", done.record, Calculator())
    assert again["a"].outcome is Outcome.UNKNOWN
