"""Clients of ours that were given no CPU: what they gave up is nobody's failure."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import web

from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.job import Line
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.spread_requests import RequestSpread
from labgrader.cluster.probes import agent
from labgrader.evidence.experiments import HttpTarget, SpreadRequests
from labgrader.evidence.traffic import Traffic
from tests.unit.servers import serving
from tests.unit.test_probe_agent import target

ENDED = Line(9, {"left": 0, "now": 9})


def asked(number: int, **more: Any) -> Line:
    body = {
        "at": number,
        "to": -1,
        "status": 200,
        "said": "web-1",
        "took": 4,
        "error": "",
        "now": number,
    }
    return Line(number, body | more)


def gave_up(number: int, took: int) -> Line:
    return asked(number, status=0, error="timeout", took=took)


def record(*lines: Line, ended: Line = ENDED) -> Traffic:
    unused: Any = None
    asking = SpreadRequests("kim", HttpTarget("kim", "web", 80, "/"), 10)
    clock: Any = None
    spread = RequestSpread(unused, unused, Journal(clock, 0), Bell(), asking)
    return spread._record((), (*lines, ended))


def test_who_gave_up_in_time_found_nobody_there() -> None:
    found = record(asked(0), gave_up(1, 2_250), asked(2, status=0, error="reset", took=9_000))
    assert [one.error for one in found.replies] == ["", "timeout", "reset"]
    assert found.complete


@pytest.mark.parametrize(
    ("held_up", "sent", "complete"), [(2, 50, True), (3, 50, False), (4, 400, True)]
)
def test_who_was_held_up_is_left_out_and_few_may_be(
    held_up: int, sent: int, *, complete: bool
) -> None:
    late = (gave_up(number, 2_251) for number in range(held_up))
    found = record(*late, *(asked(number) for number in range(held_up, sent)))
    assert len(found.replies) == sent - held_up
    assert {one.error for one in found.replies} == {""}
    assert found.complete is complete


def test_the_last_answer_came_when_the_client_says_by_the_clock_of_the_experiment() -> None:
    begins, ends = Line(2_300, {"start": "n", "now": 0}), Line(2_200, {"left": 0, "now": 190})
    asks = (Line(2_150, asked(150).body), Line(2_185, asked(140).body))
    assert record(begins, *asks, ended=ends).answered_ms == 150 + 2_000
    assert record(begins, ended=ends).answered_ms == 0


@pytest.mark.parametrize(("stalled", "fails"), [(0.05, False), (60.0, True)])
async def test_load_that_was_held_up_did_not_fail(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    stalled: float,
    fails: bool,
) -> None:
    monkeypatch.setattr(agent, "TIMEOUT_SECONDS", 0.1)
    monkeypatch.setattr(agent, "STALLED_SECONDS", stalled)

    async def never(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    async with serving(never) as address:
        await agent.load(target(address), concurrency=2, seconds=1, nonce="")
    sums = json.loads(capsys.readouterr().out.splitlines()[-2])
    assert (sums["failed"] > 0, sums["answered"]) == (fails, 0)
