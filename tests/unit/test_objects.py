"""Reading logs from a server on the loopback: what is asked for, and what comes of the answer."""

import pytest
from aiohttp import web
from kubernetes.aio.client.configuration import Configuration

from labgrader.cluster.client import Client
from labgrader.cluster.objects import Objects
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Answer, LogLines, NotThere
from labgrader.evidence.requests import ReadLog
from tests.unit.servers import serving


async def read(request: ReadLog, status: int, body: str) -> tuple[Answer, dict[str, str]]:
    asked: dict[str, str] = {}

    async def answers(got: web.Request) -> web.StreamResponse:
        asked.update({"path": got.path, **got.query})
        return web.Response(status=status, text=body)

    async with (
        serving(answers) as address,
        Client(Configuration(host=f"http://{address}")) as client,
    ):
        return await Objects(client, Resources(client), b"key").look(request), asked


async def test_a_log_is_read_within_its_limits() -> None:
    request = ReadLog("kim", "web-1", "web", previous=True, lines=7, max_bytes=999)
    answer, asked = await read(request, 200, "one\ntwo\n")
    assert answer == LogLines(("one", "two"))
    assert asked == {
        "path": "/api/v1/namespaces/kim/pods/web-1/log",
        "container": "web",
        "tailLines": "7",
        "limitBytes": "999",
        "previous": "true",
    }


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("", ()),
        ("\n", ("",)),
        ("one", ("one",)),
        ("one\r\n\ntwo\n", ("one", "", "two")),
        ("a\u2028b\x0bc\x0cd\n", ("a\u2028b\x0bc\x0cd",)),
    ],
)
async def test_only_a_line_feed_ends_a_line(body: str, lines: tuple[str, ...]) -> None:
    answer, _ = await read(ReadLog("kim", "web-1", "web"), 200, body)
    assert answer == LogLines(lines)


@pytest.mark.parametrize("status", [400, 404])
async def test_a_container_that_has_not_run_has_no_log(status: int) -> None:
    answer, _ = await read(ReadLog("kim", "web-1", "web"), status, "{}")
    assert answer == NotThere()
