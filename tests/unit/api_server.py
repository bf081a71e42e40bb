"""A small API server on the loopback: objects, watches of their metadata, and status writes.

It counts what it is asked, and can be told to refuse, to cut watches off and to forget versions.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

from labgrader.cluster.client import Client
from tests.unit.servers import serving
from tests.unit.test_client import talking_to

Json = dict[str, Any]


@dataclass
class ApiServer:
    """Objects by path, and whoever watches their collections."""

    objects: dict[str, Json] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    forbidden: set[str] = field(default_factory=set)
    """Collections' plurals that may not be watched or listed in all namespaces."""
    conflicts: list[Any] = field(default_factory=list)
    """Called one by one before a status write, which they make stale."""
    away: bool = False
    version: int = 100
    oldest: int = 0
    accepted: set[str] = field(default_factory=set)
    _log: list[tuple[int, str, str, Json]] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _epoch: int = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Client]:
        async with serving(self.answer) as address, talking_to(address) as client:
            yield client

    async def put(self, path: str, body: Mapping[str, Any]) -> Json:
        """Make or change an object."""
        self.version += 1
        namespace, _, name = path.split("/namespaces/")[1].split("/")
        metadata = {**body.get("metadata", {}), "namespace": namespace, "name": name}
        metadata |= {"resourceVersion": str(self.version), "uid": metadata.get("uid", path)}
        kind = "MODIFIED" if path in self.objects else "ADDED"
        self.objects[path] = {**body, "metadata": metadata}
        await self._tell(kind, path)
        return self.objects[path]

    async def delete(self, path: str) -> None:
        self.version += 1
        self.objects[path]["metadata"]["resourceVersion"] = str(self.version)
        await self._tell("DELETED", path)
        del self.objects[path]

    async def cut(self, *, forget: bool = False) -> None:
        """End all watches. ``forget``: nobody can go on from where they were."""
        async with self._news:
            self._epoch += 1
            if forget:
                self.version += 1
                self.oldest = self.version
            self._news.notify_all()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path, plural = request.path, request.path.rsplit("/", 1)[1]
        watching = "watch" in request.query
        self.asked[f"{'WATCH' if watching else request.method} {path}"] += 1
        self.accepted.add(request.headers["Accept"])
        if self.away:
            return _status(503, "ServiceUnavailable")
        if request.method == "PUT":
            return await self._write(path.removesuffix("/status"), await request.json())
        if path in self.objects:
            return web.json_response(self.objects[path])
        if plural in self.forbidden and "/namespaces/" not in path:
            return _status(403, "Forbidden")
        if watching:
            return await self._watch(request, plural)
        if plural.islower() and plural.endswith("s") and path.count("/namespaces/") < 2:
            named = path.split("/namespaces/")[-1].split("/")
            if "/namespaces/" not in path or len(named) == 2:
                return web.json_response(self._list(path, plural, request))
        return _status(404, "NotFound")

    def _list(self, path: str, plural: str, request: web.Request) -> Json:
        inside = path if "/namespaces/" in path else None
        items = [
            body
            for at, body in self.objects.items()
            if at.split("/")[-2] == plural and (inside is None or at.startswith(f"{inside}/"))
        ]
        begins = int(request.query.get("continue", "0"))
        ends = begins + int(request.query.get("limit", "1000"))
        more = {"continue": str(ends)} if ends < len(items) else {}
        metadata = {"resourceVersion": str(self.version), **more}
        return {"metadata": metadata, "items": items[begins:ends]}

    async def _write(self, path: str, body: Json) -> web.StreamResponse:
        if self.conflicts:
            await self.conflicts.pop(0)()
        before = self.objects.get(path)
        if before is None:
            return _status(404, "NotFound")
        if before["metadata"]["resourceVersion"] != body["metadata"]["resourceVersion"]:
            return _status(409, "Conflict")
        return web.json_response(await self.put(path, {**before, "status": body["status"]}))

    async def _watch(self, request: web.Request, plural: str) -> web.StreamResponse:
        response = web.StreamResponse()
        since, epoch = int(request.query["resourceVersion"]), self._epoch
        if since < self.oldest:
            return _status(410, "Expired")
        await response.prepare(request)
        while True:
            async with self._news:
                while self._epoch == epoch and self.version <= since:
                    await self._news.wait()
                new = [event for event in self._log if event[0] > since]
            if self._epoch != epoch:
                return response
            since = max(since, self.version)
            for _, of, kind, metadata in new:
                if of == plural:
                    shown = {"kind": "PartialObjectMetadata", "metadata": metadata}
                    await response.write(orjson.dumps({"type": kind, "object": shown}) + b"\n")

    async def _tell(self, kind: str, path: str) -> None:
        async with self._news:
            plural, metadata = path.split("/")[-2], dict(self.objects[path]["metadata"])
            self._log.append((self.version, plural, kind, metadata))
            self._news.notify_all()


def _status(code: int, reason: str) -> web.Response:
    return web.json_response({"reason": reason, "message": reason}, status=code)
