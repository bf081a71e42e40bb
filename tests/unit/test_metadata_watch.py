"""A watch of metadata through everything that an API server does to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from labgrader.cluster.client import Client
from labgrader.cluster.metadata_watch import MetadataWatch, Pauses, Told
from labgrader.cluster.resources import Resources
from tests.unit.api_server import ApiServer
from tests.unit.servers import serving
from tests.unit.test_client import talking_to

WEB = "/apis/apps/v1/namespaces/kim/deployments/web"
ALL = "/apis/apps/v1/deployments"
QUICK = Pauses(again=(0.01,), refused=0.02, silence=0.2)


@dataclass
class Heard:
    """What a watch told, in order."""

    said: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def told(self) -> Told:
        return Told(
            changed=lambda namespace, name: self._note(f"{namespace}/{name}"),
            began=lambda: self._note("began"),
            broke=lambda: self._note("broke"),
            went_on=lambda: self._note("went on"),
            refused=lambda why: self._note(f"refused: {why}"),
        )

    async def until(self, there: Callable[[list[str]], bool]) -> None:
        async with asyncio.timeout(5):
            while not there(self.said):
                self.news.clear()
                await self.news.wait()

    def _note(self, what: str) -> None:
        self.said.append(what)
        self.news.set()


@asynccontextmanager
async def watching(client: Client, heard: Heard, kind: str = "Deployment") -> AsyncIterator[None]:
    version = "apps/v1" if kind == "Deployment" else "example.org/v1"
    watch = MetadataWatch(client, Resources(client), version, kind, heard.told(), QUICK)
    task = asyncio.create_task(watch.run())
    try:
        yield
    finally:
        assert not task.done(), "a watch never ends by itself"
        task.cancel()
        await asyncio.wait([task])


async def test_changes_are_told_by_name_and_what_was_there_before_is_not() -> None:
    server, heard = ApiServer(), Heard()
    await server.put(WEB.replace("kim", "lee"), {})
    async with server.running() as client, watching(client, heard):
        await heard.until(lambda said: said == ["began"])
        await server.put(WEB, {"spec": {"secret": "s"}})
        await server.delete(WEB)
        await heard.until(lambda said: len(said) == 3)
    assert heard.said == ["began", "kim/web", "kim/web"]
    assert all("PartialObjectMetadata" in accept for accept in server.accepted)
    assert (server.asked[f"GET {ALL}"], server.asked[f"WATCH {ALL}"]) == (1, 1)


@pytest.mark.slow
async def test_a_watch_that_is_cut_goes_on_where_it_was_and_misses_nothing() -> None:
    server, heard = ApiServer(), Heard()
    async with server.running() as client, watching(client, heard):
        await heard.until(lambda said: said == ["began"])
        await server.cut()
        await server.put(WEB, {})  # while nobody watches
        await heard.until(lambda said: "kim/web" in said)
    assert heard.said == ["began", "kim/web"]
    assert server.asked[f"GET {ALL}"] == 1


async def test_a_version_that_is_too_old_makes_it_begin_anew_and_say_so() -> None:
    server, heard = ApiServer(), Heard()
    async with server.running() as client, watching(client, heard):
        await heard.until(lambda said: said == ["began"])
        await server.cut(forget=True)
        await heard.until(lambda said: said.count("began") == 2)
        await server.put(WEB, {})
        await heard.until(lambda said: said[-1] == "kim/web")
    assert heard.said[:3] == ["began", "broke", "began"]


async def test_an_outage_is_told_and_outlasted() -> None:
    server, heard = ApiServer(), Heard()
    async with server.running() as client, watching(client, heard):
        await heard.until(lambda said: said == ["began"])
        server.away = True
        await server.cut()
        await heard.until(lambda said: said.count("broke") >= 3)
        await server.put(WEB, {})
        server.away = False
        await heard.until(lambda said: said[-1] == "kim/web")
    assert heard.said[-2:] == ["went on", "kim/web"]


async def test_a_watch_that_is_refused_says_why_and_tries_again() -> None:
    server, heard = ApiServer(forbidden={"deployments"}), Heard()
    async with server.running() as client, watching(client, heard):
        await heard.until(lambda said: len(said) == 2)
        assert all(
            said.startswith("refused: watch /apis/apps/v1/deployments") for said in heard.said
        )
        server.forbidden.clear()
        await heard.until(lambda said: said[-1] == "began")


async def test_a_kind_that_is_not_there_is_refused() -> None:
    heard = Heard()
    async with ApiServer().running() as client, watching(client, heard, "Gateway"):
        await heard.until(lambda said: len(said) > 0)
    assert "no such kind: Gateway (example.org/v1)" in heard.said[0]


async def test_silence_cut_lines_and_errors_end_a_watch_and_not_the_watching() -> None:
    heard = Heard()
    script: list[bytes | None] = [None, b'{"type": "ADD', b'{"type":"ERROR","object":{}}\n']
    event = b'{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}\n'
    seen: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        if "watch" not in request.query:
            return web.json_response({"metadata": {"resourceVersion": "7"}})
        seen.append(request.query["resourceVersion"])
        response = web.StreamResponse()
        await response.prepare(request)
        what = script.pop(0) if script else None
        if what is None:
            await response.write(event if seen == ["7"] else b"")
            await asyncio.sleep(10)
        else:
            await response.write(what)
        return response

    async with serving(answer) as address, talking_to(address) as client, watching(client, heard):
        await heard.until(lambda said: said.count("began") == 2)
        await heard.until(lambda _: len(seen) > 3)
    assert seen[:4] == ["7", "9", "9", "7"]
