"""The probe of ``drains`` against real servers: slow requests to one pod, as long as it takes them."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import web

from labgrader.cluster.probes.drain import drain
from labgrader.cluster.probes.exchange import Target
from tests.unit.servers import serving


def target(address: str) -> Target:
    return Target(address, "web.kim.svc", "/")


async def answers(_: web.Request) -> web.StreamResponse:
    return web.Response(text="web")


async def told(
    capsys: pytest.CaptureFixture[str], pod: str, seconds: float = 1.2
) -> list[dict[str, Any]]:
    """What the slow requests to a pod came to."""
    async with serving(answers) as service:
        await drain(target(service), target(pod), rate=4, seconds=seconds, nonce="n")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line for line in lines if "slow" in line and "took" in line]


async def test_a_pod_that_cannot_be_reached_yet_is_asked_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = await told(capsys, "127.0.0.1:1")  # where nobody listens
    assert len(found) >= 3
    assert {line["error"] for line in found} == {"refused"}


async def test_a_pod_that_answered_and_takes_no_more_is_asked_no_more(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with serving(answers) as pod:
        asked = asyncio.create_task(told(capsys, pod, 2.0))
        await asyncio.sleep(0.6)
    found = await asked
    assert [line["status"] for line in found][:2] == [200, 200]
    assert sum(line["error"] == "refused" for line in found) <= 1
