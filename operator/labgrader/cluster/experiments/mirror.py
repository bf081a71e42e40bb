"""The objects of a list, kept up to date by a watch.

Used by the experiments: every change is seen once, when the API server tells it, with no
asking in between. Must not interpret objects.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson

from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.experiments.bell import Bell

_TOO_OLD = 410

Json = Mapping[str, Any]


@dataclass
class Mirror:
    """One list. ``changed`` is called after each change, then the bell rings."""

    client: Client
    path: str
    params: Mapping[str, str]
    bell: Bell
    changed: Callable[[], None] = lambda: None
    objects: dict[str, Json] = field(default_factory=dict)
    _version: str = ""

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Have the list now, and keep it up to date meanwhile.

        Raises ApiError, ApiUnreachable for the first list; later ones go to the bell.
        """
        await self._list()
        task = asyncio.create_task(self._follow())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _follow(self) -> None:
        try:
            while True:
                if not await self._watch():
                    await self._list()
                    self._tell()
        except orjson.JSONDecodeError as error:  # a line that was cut short
            self.bell.fail(ApiUnreachable(f"a watch of {self.path} broke: {error}"))
        except Exception as error:  # noqa: BLE001 (raised again by who waits at the bell)
            self.bell.fail(error)

    async def _list(self) -> None:
        body = await self.client.get(self.path, self.params)
        # A list leaves out its items' kind and apiVersion.
        kind = {"kind": body["kind"].removesuffix("List"), "apiVersion": body["apiVersion"]}
        self.objects = {item["metadata"]["uid"]: {**kind, **item} for item in body["items"]}
        self._version = body["metadata"]["resourceVersion"]

    async def _watch(self) -> bool:
        """Follow until the server ends the watch; False where the list must be read anew."""
        params = {**self.params, "watch": "true", "resourceVersion": self._version}
        try:
            async with aclosing(self.client.lines(self.path, params)) as lines:
                async for line in lines:
                    event = orjson.loads(line)
                    if event["type"] == "ERROR":
                        return False
                    self._take(event["type"], event["object"])
                    self._tell()
        except ApiError as error:
            if error.status != _TOO_OLD:
                raise
            return False
        return True

    def _take(self, kind: str, body: Json) -> None:
        self._version = body["metadata"]["resourceVersion"]
        if kind == "DELETED":
            self.objects.pop(body["metadata"]["uid"], None)
        else:
            self.objects[body["metadata"]["uid"]] = body

    def _tell(self) -> None:
        self.changed()
        self.bell.ring()
