"""The client against a server on the loopback: what it follows, and what it takes for an error."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest
from aiohttp import web
from kubernetes.aio.client.configuration import Configuration

from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable
from localcluster.certificates import Authority, Identity
from tests.unit.servers import serving

TCP_ESTABLISHED = 1
SECRET = "/api/v1/namespaces/other/secrets/s"


def talking_to(address: str) -> Client:
    return Client(Configuration(host=f"http://{address}"))


async def test_follows_no_redirect() -> None:
    asked = []

    async def sends_away(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        if request.path == SECRET:
            return web.json_response({"data": "secret"})
        raise web.HTTPFound(SECRET)

    async with serving(sends_away) as address, talking_to(address) as client:
        status, headers, _ = await client.raw("/proxied", {}, seconds=2, limit=100)
        with pytest.raises(ApiError) as refused:
            await client.get("/api/v1")
    assert (status, headers["Location"]) == (302, SECRET)
    assert refused.value.status == 302
    assert asked == ["/proxied", "/api/v1"]


@dataclass
class Silent:
    """A TLS server that takes connections, and neither answers nor hangs up."""

    host: str = ""
    taken: list[ssl.SSLSocket] = field(default_factory=list)

    @contextmanager
    def serving(self, folder: Path) -> Iterator[None]:
        authority = Authority(folder / "pki")
        authority.create([Identity("server", "server", serves=("IP:127.0.0.1",))])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.certificate_of("server"), authority.key_of("server"))
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.host = f"https://127.0.0.1:{listening.getsockname()[1]}"
            thread = Thread(target=self._take, args=(listening, context))
            thread.start()
            try:
                yield
            finally:
                listening.shutdown(socket.SHUT_RDWR)
                thread.join()
                for one in self.taken:
                    one.close()

    def _take(self, listening: socket.socket, context: ssl.SSLContext) -> None:
        with suppress(OSError):
            while True:
                self.taken.append(context.wrap_socket(listening.accept()[0], server_side=True))

    def established(self) -> list[bool]:
        """Of each connection, whether neither side has ended it."""
        states = [one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] for one in self.taken]
        return [state == TCP_ESTABLISHED for state in states]


async def test_leaves_no_connection_open_that_timed_out(tmp_path: Path) -> None:
    server = Silent()
    with server.serving(tmp_path):
        configuration = Configuration(host=server.host)
        configuration.verify_ssl = False
        async with Client(configuration) as client:
            with pytest.raises(ApiUnreachable, match="Timeout"):
                await client.raw("/slow", {}, seconds=1, limit=100)
            assert server.established() == [True]  # it waits for the server's goodbye
        assert server.established() == [False]


async def test_watches_leave_room_for_requests() -> None:
    """Learners who are graded at once are watched at once, and nobody else waits for them."""
    watched, at_once = [], 120
    all_watch = asyncio.Event()

    async def watch_or_answer(request: web.Request) -> web.StreamResponse:
        if "watch" not in request.query:
            return web.json_response({})
        response = web.StreamResponse()
        await response.prepare(request)
        watched.append(request)
        if len(watched) == at_once:
            all_watch.set()
        await asyncio.Event().wait()
        return response

    async def watch(client: Client) -> None:
        async for _ in client.lines("/pods", {"watch": "true"}):
            pass

    async with serving(watch_or_answer) as address, talking_to(address) as client:
        watches = [asyncio.create_task(watch(client)) for _ in range(at_once)]
        async with asyncio.timeout(5):
            await all_watch.wait()
            assert await client.get("/lease") == {}
        for one in watches:
            one.cancel()
        await asyncio.gather(*watches, return_exceptions=True)
