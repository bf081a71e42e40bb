"""Clients that get answers, and when they have had enough of them for something to be disturbed."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from labgrader.cluster.experiments import clients
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.clients import Clients
from labgrader.cluster.experiments.job import Line
from labgrader.cluster.experiments.journal import Journal
from labgrader.evidence.experiments import HttpTarget
from tests.unit.clocks import Time

RATE = 4


@pytest.fixture
def asking() -> Clients:
    unused: Any = None
    return Clients(unused, Journal(Time(), 0), Bell(), HttpTarget("kim", "web", 80, "/"), RATE)


def line(number: int, status: int = 200) -> Line:
    error = "" if status else "refused"
    body = {"n": number, "at": 0, "late": 0, "took": 1, "now": 1, "status": status, "error": error}
    return Line(1, body)


def probe(*lines: Line) -> Any:
    return SimpleNamespace(lines=list(lines), ended=False)


async def test_a_good_answer_alone_is_not_enough(asking: Clients) -> None:
    sampler = probe(line(0), line(1, 0))
    served = asyncio.create_task(asking.served(sampler))
    for number in range(2, 2 + RATE):
        asking.bell.ring()
        await asyncio.sleep(0.01)
        assert not served.done()
        sampler.lines.append(line(number))
    asking.bell.ring()
    assert await asyncio.wait_for(served, 5)


async def test_who_goes_on_failing_some_is_disturbed_all_the_same(
    asking: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "_STEADY_MS", 20)
    assert await asking.served(probe(*(line(n, 200 * (n % 2)) for n in range(40))))


async def test_who_never_answers_is_not_waited_for_twice(
    asking: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "_PATIENCE_MS", 20)
    assert not await asyncio.wait_for(asking.served(probe(line(0, 0))), 5)


async def test_a_sampler_that_has_ended_is_not_waited_for(asking: Clients) -> None:
    sampler = probe(line(0))
    sampler.ended = True
    assert await asyncio.wait_for(asking.served(sampler), 5)
