"""The probe of ``balances`` against real servers: everything is asked, in an order nobody knows."""

import json
from typing import Any

import pytest
from aiohttp import web

from labgrader.cluster.probes.exchange import Target
from labgrader.cluster.probes.spread import DIRECT, LONGEST, spread
from tests.unit.servers import serving

pytestmark = pytest.mark.slow  # hundreds of connections


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def target(address: str) -> Target:
    return Target(address, "web.kim.svc", "/who?x=1")


async def test_asks_the_service_and_each_pod(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[tuple[str, str]] = []

    async def answers(request: web.Request) -> web.StreamResponse:
        seen.append((request.host, request.path_qs))
        name = "x" * (LONGEST + 9)
        return web.Response(text=name, headers={"X-Pod": str(request.url.port)})

    async with serving(answers) as first, serving(answers) as second:
        await spread(
            target(first),
            [target(first), target(second)],
            requests=60,
            header="",
            seconds=20,
            nonce="n",
        )
    begun, *asked, ended = lines(capsys)
    assert (begun["start"], ended["end"], ended["left"]) == ("n", "n", 0)
    assert sorted(line["to"] for line in asked) == [-1] * 60 + [0] * DIRECT + [1] * DIRECT
    assert {line["said"] for line in asked} == {"x" * LONGEST}
    assert set(seen) == {("web.kim.svc", "/who?x=1")}, "no pod can tell how it was asked"
    order = [line["to"] for line in asked]
    assert max(order.index(to) for to in (-1, 0, 1)) < 40, "they are mixed"


async def test_tells_a_header_instead(capsys: pytest.CaptureFixture[str]) -> None:
    async def answers(_: web.Request) -> web.StreamResponse:
        return web.Response(text="secret", headers={"X-Pod": "web-1"})

    async with serving(answers) as address:
        await spread(target(address), [], requests=5, header="X-Pod", seconds=20, nonce="")
    assert {line["said"] for line in lines(capsys) if "to" in line} == {"web-1"}


async def test_gives_up_where_nobody_answers(capsys: pytest.CaptureFixture[str]) -> None:
    async def fails(_: web.Request) -> web.StreamResponse:
        return web.Response(status=503)

    async with serving(fails) as address:
        await spread(target(address), [], requests=500, header="", seconds=20, nonce="")
    *asked, ended = lines(capsys)
    assert ended["left"] > 400
    assert {line["status"] for line in asked if "to" in line} == {503}
