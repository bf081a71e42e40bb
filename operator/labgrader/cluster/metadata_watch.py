"""Which objects of a kind change, anywhere in the cluster, told by one watch of metadata.

Used by ``handlers.live``. Names and versions only: no spec, no status, and no Secret's values
come through it. Must not keep objects, and must not judge.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import orjson

from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.resources import KindNotServed, Resources

_AS_LIST, _AS_ONE = (
    MappingProxyType({"Accept": f"application/json;as={shape};v=v1;g=meta.k8s.io,application/json"})
    for shape in ("PartialObjectMetadataList", "PartialObjectMetadata")
)
_GONE = 410
_REFUSED = frozenset({401, 403, 404, 405})


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long a watch waits, in seconds.

    ``silence`` without any line, bookmarks included, means that the connection is dead: the API
    server sends one about every minute.
    """

    again: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0, 10.0)
    refused: float = 60.0
    silence: float = 150.0


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told what.

    ``changed``: an object of this namespace and name. ``began``: from now on every change is
    told; what happened before may be unknown. ``broke``: changes are told late, if at all, until
    it began or goes on; ``went_on``: none was missed. ``refused``: why there is no such watch,
    until it began.
    """

    changed: Callable[[str, str], None]
    began: Callable[[], None]
    broke: Callable[[], None]
    went_on: Callable[[], None]
    refused: Callable[[str], None]


@dataclass
class MetadataWatch:
    """One watch of one kind, for as long as ``run`` runs."""

    client: Client
    resources: Resources
    api_version: str
    kind: str
    told: Told
    pauses: Pauses = field(default_factory=Pauses)
    _version: str = ""
    _failures: int = 0

    async def run(self) -> None:
        """Watch until cancelled, through whatever the API server does meanwhile."""
        path = f"{self.kind} ({self.api_version})"
        while True:
            try:
                path = await self.resources.everywhere(self.api_version, self.kind)
                if not self._version:
                    await self._begin(path)
                await self._follow(path)
            except KindNotServed as error:
                await self._wait_refused(f"no such kind: {error}")
            except ApiError as error:
                await self._wait_after(error, path)
            except (ApiUnreachable, ValueError):  # or a line that was cut short, or is endless
                await self._wait()

    async def _begin(self, path: str) -> None:
        """Learn the present version, of a list of one: what is there is looked at elsewhere."""
        params = {"limit": "1"}
        body = await self.client.request("GET", path, params=params, headers=_AS_LIST)
        self._version = body["metadata"]["resourceVersion"]
        self._failures = 0
        self.told.began()

    async def _follow(self, path: str) -> None:
        """Tell changes until the server ends the watch."""
        params = {
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": self._version,
        }
        async with aclosing(self.client.lines(path, params, _AS_ONE)) as lines:
            while True:
                try:
                    async with asyncio.timeout(self.pauses.silence):
                        line = await anext(lines)
                except StopAsyncIteration:
                    break
                except TimeoutError as silence:
                    raise ApiUnreachable(f"watch of {path}: silent") from silence
                if not self._take(orjson.loads(line)):
                    break
        await asyncio.sleep(self.pauses.again[0])  # a server that ends watches at once

    def _take(self, event: Mapping[str, Any]) -> bool:
        """Take one event; False where the watch must begin anew."""
        if event["type"] == "ERROR":
            self._version = ""
            self.told.broke()
            return False
        metadata = event["object"]["metadata"]
        self._version = metadata["resourceVersion"]
        if self._failures:
            self._failures = 0
            self.told.went_on()
        if event["type"] != "BOOKMARK":
            self.told.changed(metadata.get("namespace", ""), metadata["name"])
        return True

    async def _wait_after(self, error: ApiError, path: str) -> None:
        if error.status == _GONE:
            self._version = ""
            await self._wait()
        elif error.status in _REFUSED:
            await self._wait_refused(f"watch {path}: {error.message or error}")
        else:
            await self._wait()

    async def _wait_refused(self, why: str) -> None:
        self._version = ""
        self.told.refused(why)
        await asyncio.sleep(self.pauses.refused)

    async def _wait(self) -> None:
        self.told.broke()
        pauses = self.pauses.again
        pause = pauses[min(self._failures, len(pauses) - 1)]
        self._failures += 1
        await asyncio.sleep(pause)
