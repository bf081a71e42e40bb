"""What is kept of a watched check, and how soon it is looked at again."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from labgrader.api.check import Check
from labgrader.checks.finding import Finding, failed, passed, unknown
from labgrader.checks.over_time import Seen
from labgrader.checks.scope import Scope
from labgrader.evidence.experiments import HttpTarget
from labgrader.evidence.requests import (
    CallHttp,
    GetObject,
    ListObjects,
    LookUp,
    Origin,
    ReadLog,
    ReadTime,
    Request,
)
from labgrader.grading.look import Look
from labgrader.grading.watch import Run, Watch, fewer
from tests.unit.grading.watching import EVENTUALLY
from tests.unit.grading.worlds import JumpingClock, World, config_map, exists, found

GOOD, BAD, LOST = passed("ObjectThere"), failed("NotFound"), unknown("ApiUnreachable")
WORSE = failed("FieldDiffers")


def runs(*findings: Finding) -> list[Run]:
    """Each of one look, a second after the other."""
    return [Run(Seen(one, at, at, 1), {}) for at, one in enumerate(findings)]


@pytest.mark.parametrize(
    ("findings", "place", "kept"),
    [
        ((GOOD, BAD, GOOD, BAD, GOOD), 0, BAD),
        ((GOOD, LOST, BAD, GOOD, BAD), 0, LOST),
        ((GOOD, BAD, WORSE, GOOD, BAD), 1, WORSE),
        ((GOOD, BAD, GOOD, BAD, WORSE, GOOD, BAD, GOOD), 3, WORSE),
        ((GOOD, BAD, GOOD, BAD, WORSE, GOOD, BAD), 3, WORSE),
        ((GOOD, BAD, GOOD, BAD, WORSE, GOOD), 0, BAD),
    ],
)
def test_of_too_many_stretches_two_neighbours_become_one(
    findings: tuple[Finding, ...], place: int, kept: Finding
) -> None:
    """Two that are equally bad if there are any, but for the last three."""
    before = runs(*findings)
    made = Run(Seen(kept, place, place + 1, 2), {})
    assert fewer(before) == [*before[:place], made, *before[place + 2 :]]


@dataclass
class Waiting:
    """A source that notes for how long somebody waited for which changes."""

    waited: list[tuple[frozenset[Request], int]] = field(default_factory=list)

    async def gather(self, requests: Any) -> Any:
        return {request: found("a") for request in requests}

    async def changed(self, seen: Any, within_ms: int) -> bool:
        self.waited.append((frozenset(seen), within_ms))
        return False

    async def confirm(self, _namespace: str) -> Any:
        return found("kim")


def watch(source: Any, *asked: Request, **kind: Any) -> Watch:
    body = {"name": "a", **EVENTUALLY, **(kind or exists("a"))}
    checked = Check.model_validate(body)
    look = Look(Scope("kim"), source)
    look.asked["a"] = set(asked)
    look.answers |= {request: found("a") for request in asked}
    rule = checked.over_time
    assert rule is not None
    clock = JumpingClock()
    return Watch(checked, rule, 20_000, look, clock, runs(BAD))


EVENTS, LOG = ListObjects("kim", "v1", "Event"), ReadLog("kim", "web", "web")
POD = GetObject("kim", "v1", "Pod", "web")
LOGS = {"logs": {"object": {"kind": "Pod", "name": "web"}, "include": "x"}}
EMITTED = {"emitted": {"object": {"kind": "Pod", "name": "web"}, "reason": "x"}}


@pytest.mark.parametrize(
    ("kind", "asked", "again_ms"),
    [
        ({}, (POD,), 60_000),
        ({}, (POD, LOG), 60_000),
        (LOGS, (POD, LOG), 2_000),
        ({}, (POD, EVENTS), 60_000),
        (EMITTED, (POD, EVENTS), 2_000),
        (LOGS, (POD, EVENTS), 60_000),
        ({}, (POD, ReadTime()), 2_000),
        ({}, (CallHttp(HttpTarget("kim", "web", 80, "/")),), 2_000),
        ({}, (LookUp(Origin(), "kim", "web"), ReadTime()), 10_000),
    ],
)
async def test_what_no_watch_tells_of_is_asked_again(
    kind: dict[str, Any], asked: tuple[Request, ...], again_ms: int
) -> None:
    source = Waiting()
    one = watch(source, *asked, **kind)
    watched = frozenset(r for r in asked if isinstance(r, GetObject | ListObjects | ReadLog))
    await one._wait(0, 90_000)
    if watched:
        assert source.waited == [(watched, again_ms)]
        assert one.clock.now_ms() == 500
    else:
        assert source.waited == []
        assert one.clock.now_ms() == again_ms


@pytest.mark.parametrize(
    ("due_ms", "waits", "now_ms"),
    [(0, [], 1), (1, [1], 1), (300, [300], 300), (700, [700], 500), (90_000, [60_000], 500)],
)
async def test_a_look_comes_when_it_is_due_and_never_at_once(
    due_ms: int, waits: list[int], now_ms: int
) -> None:
    source = Waiting()
    one = watch(source, POD)
    await one._wait(0, due_ms)
    assert [within for _, within in source.waited] == waits
    assert one.clock.now_ms() == now_ms


async def test_after_trouble_it_waits_a_second() -> None:
    source = Waiting()
    one = watch(source, POD)
    one.runs = runs(GOOD, LOST)
    await one._wait(0, 90_000)
    assert (source.waited, one.clock.now_ms()) == ([], 1_000)


@pytest.mark.parametrize(
    ("lost_ms", "elapsed_ms", "enough"),
    [
        ((), 130_000, False),
        ((), 130_001, True),
        ((0, 9_999), 9_999, False),
        ((0, 10_000), 10_000, True),
    ],
)
def test_trouble_may_last_for_ten_seconds(
    lost_ms: tuple[int, ...], elapsed_ms: int, *, enough: bool
) -> None:
    one = watch(Waiting())
    one.runs = [Run(Seen(GOOD, 0, 0, 1), {})]
    if lost_ms:
        one.runs.append(Run(Seen(LOST, lost_ms[0], lost_ms[1], 2), {}))
    assert one._is_enough(elapsed_ms) is enough


async def test_what_is_kept_of_looks_is_when_they_were() -> None:
    world = World(JumpingClock(), {config_map("a"): [found("a")]})
    one = watch(world)
    one.look.asked.clear()
    one.runs.clear()
    done = await one.run()
    assert done.reason == "ObjectThere"
    (stretch,) = one.stretches
    assert (stretch.at_ms, stretch.until_ms, stretch.times) == (0, 0, 1)
