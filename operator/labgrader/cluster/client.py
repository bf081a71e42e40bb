"""The one Kubernetes client: raw JSON over the API server's paths.

Used by every module of ``cluster``. Connection and credentials come from ``cluster.configuration``;
objects stay the JSON that the server sent, because the
typed models drop fields they do not know and refuse what kubectl accepts. Must not retry:
who asks knows whether asking twice is safe. Must not follow redirects: what stands behind a
proxied path could send it, and its credentials, anywhere.
"""

import asyncio
import contextlib
import socket
import weakref
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from types import MappingProxyType, TracebackType
from typing import Any, Self

import aiohttp
import orjson
from kubernetes.aio.client.configuration import Configuration
from kubernetes.aio.client.rest import RESTClientObject
from yarl import URL

from labgrader.cluster.errors import ApiError, ApiUnreachable

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
APPLY = "application/apply-patch+yaml"
_SUCCESS = range(200, 300)
_TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=5)
_ROUNDS_TO_CLOSE = 100
"""Of the event loop; a closed connection needs three."""
_ENDLESS = aiohttp.ClientTimeout(total=None, sock_connect=5)
_MOST_REQUESTS, _MOST_WATCHES = 100, 500
"""At a time. Watches have connections of their own: a class that is graded at once has hundreds of
them, and no request, least of all the lease's, may wait until one ends."""


class Client:
    """A connection pool to one API server. Use as ``async with``."""

    def __init__(self, configuration: Configuration, *, agent: str = "labgrader") -> None:
        self.configuration = configuration
        self._base = configuration.host.rstrip("/")
        self._agent = agent
        self._session: aiohttp.ClientSession | None = None
        self._watches: aiohttp.ClientSession | None = None
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()

    async def __aenter__(self) -> Self:
        context = RESTClientObject(self.configuration).ssl_context
        self._session = self._session_of(context, _MOST_REQUESTS)
        self._watches = self._session_of(context, _MOST_WATCHES)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for session in (self._session, self._watches):
            if session is not None:
                await session.close()
        await self._hang_up()

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """The JSON at a path. Raises ApiError, ApiUnreachable."""
        return await self.request("GET", path, params=params)

    async def create(self, path: str, body: Mapping[str, Any]) -> Any:
        """POST an object to its collection."""
        return await self.request("POST", path, body=body)

    async def replace(self, path: str, body: Mapping[str, Any]) -> Any:
        """PUT an object; its resourceVersion guards against stale writes (409)."""
        return await self.request("PUT", path, body=body)

    async def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """Merge-patch an object."""
        return await self.request("PATCH", path, body=body, content_type=MERGE_PATCH)

    async def apply(self, path: str, body: Mapping[str, Any], *, field_manager: str) -> Any:
        """Server-side apply of an object at its own path."""
        params = {"fieldManager": field_manager, "force": "true"}
        return await self.request("PATCH", path, body=body, params=params, content_type=APPLY)

    async def delete(self, path: str, options: Mapping[str, Any] | None = None) -> Any:
        """DELETE with DeleteOptions (preconditions, propagationPolicy …)."""
        return await self.request("DELETE", path, body=options)

    async def text(self, path: str, params: Mapping[str, str] | None = None) -> str:
        """The text at a path (logs). Raises ApiError, ApiUnreachable."""
        async with self._exchange("GET", path, params=params) as response:
            raw = await response.read()
        return raw.decode("utf-8", "replace")

    async def request(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
        content_type: str = JSON,
    ) -> Any:
        """One exchange of JSON. Raises ApiError, ApiUnreachable."""
        # Without the context managers below: they are a tenth of what a request costs.
        sent = await self._headers(body, headers, content_type)
        try:
            async with self._begin(method, path, body, params, sent, _TIMEOUT) as response:
                raw, status = await response.read(), response.status
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise ApiUnreachable(f"{type(error).__name__}: {error}") from error
        if status not in _SUCCESS:
            raise _refusal(status, raw)
        return orjson.loads(raw)

    async def lines(
        self,
        path: str,
        params: Mapping[str, str],
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> AsyncGenerator[bytes, None]:
        """The lines of an endless answer (watch, followed log) until the server ends it."""
        async with self._exchange(
            "GET", path, params=params, headers=headers, patience=_ENDLESS
        ) as response:
            async for line in response.content:
                yield line

    async def raw(
        self,
        path: str,
        headers: Mapping[str, str],
        *,
        seconds: float,
        limit: int,
        method: str = "GET",
        body: Any = None,
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and at most ``limit`` bytes of any answer (proxies).

        Errors and redirects are answers like any other. Raises ApiUnreachable.
        """
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=5)
        async with self._send(
            method, path, body=body, headers=headers, patience=timeout
        ) as response:
            read = bytearray()
            async for chunk in response.content.iter_chunked(limit):
                read += chunk
                if len(read) >= limit:
                    break
            return response.status, response.headers, bytes(read[:limit])

    @contextlib.asynccontextmanager
    async def websocket(
        self, path: str, protocol: str
    ) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """An open WebSocket. Raises ApiError, ApiUnreachable."""
        try:
            async with _opened(self._session).ws_connect(
                URL(self._base + path, encoded=True),
                protocols=(protocol,),
                headers={"Accept": "*/*", **await self._credentials()},
                proxy=self.configuration.proxy,
                server_hostname=self.configuration.tls_server_name,
            ) as opened:
                yield opened
        except aiohttp.WSServerHandshakeError as error:
            raise ApiError(error.status, "", f"no WebSocket: {error.message}") from error
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise ApiUnreachable(f"{type(error).__name__}: {error}") from error

    @contextlib.asynccontextmanager
    async def _exchange(
        self, method: str, path: str, **options: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        async with self._send(method, path, **options) as response:
            if response.status not in _SUCCESS:
                raise _refusal(response.status, await response.read())
            yield response

    @contextlib.asynccontextmanager
    async def _send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
        content_type: str = JSON,
        patience: aiohttp.ClientTimeout = _TIMEOUT,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        sent = await self._headers(body, headers, content_type)
        try:
            async with self._begin(method, path, body, params, sent, patience) as response:
                yield response
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise ApiUnreachable(f"{type(error).__name__}: {error}") from error

    def _begin(
        self,
        method: str,
        path: str,
        body: Any,
        params: Mapping[str, str] | None,
        headers: Mapping[str, str],
        patience: aiohttp.ClientTimeout,
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        session = self._watches if patience is _ENDLESS else self._session
        return _opened(session).request(
            method,
            URL(self._base + path, encoded=True),
            params=params,
            data=None if body is None else orjson.dumps(body),
            headers=headers,
            timeout=patience,
            allow_redirects=False,
            server_hostname=self.configuration.tls_server_name,
            proxy=self.configuration.proxy,
        )

    def _session_of(self, context: Any, limit: int) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                ssl=context, limit=limit, keepalive_timeout=60, socket_factory=self._socket
            ),
            headers={"User-Agent": self._agent, "Accept": JSON},
            timeout=_TIMEOUT,
            read_bufsize=2**21,
        )

    async def _headers(
        self, body: Any, given: Mapping[str, str], content_type: str
    ) -> Mapping[str, str]:
        sent = {**given, **await self._credentials()}
        if body is not None:
            sent["Content-Type"] = content_type
        return sent

    def _socket(self, address: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, *_ = address
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)  # noqa: FBT003 (the socket module's own form)
        self._sockets.add(made)
        return made

    async def _hang_up(self) -> None:
        """End the connections that the session has given up already.

        After a time-out aiohttp says goodbye and waits for the server's, which may not come
        before the event loop ends.
        """
        for one in self._sockets:
            with contextlib.suppress(OSError):  # not connected yet, or ended already
                one.shutdown(socket.SHUT_RDWR)
        for _ in range(_ROUNDS_TO_CLOSE):
            if all(one.fileno() < 0 for one in self._sockets):
                return
            await asyncio.sleep(0)

    async def _credentials(self) -> dict[str, str]:
        token = await self.configuration.get_api_key_with_prefix("BearerToken")
        if token:
            return {"Authorization": token}
        basic = self.configuration.get_basic_auth_token() if self.configuration.username else None
        return {"Authorization": basic} if basic else {}


def _opened(session: aiohttp.ClientSession | None) -> aiohttp.ClientSession:
    if session is None:
        raise RuntimeError("the client is used outside its async with")
    return session


def _refusal(status: int, raw: bytes) -> ApiError:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return ApiError(status, "", raw[:500].decode("utf-8", "replace").strip())
    if not isinstance(body, dict):
        return ApiError(status, "", str(body)[:500])
    return ApiError(status, body.get("reason", ""), body.get("message", ""))
