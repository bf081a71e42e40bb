"""Waiting for a change: watches what a failing check looked at, instead of asking again.

Used by ``cluster.gather``. Tells that something changed, never what: the next look is at the
whole state.
"""

import asyncio
import contextlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.objects import selector
from labgrader.cluster.resources import KindNotServed, Resources
from labgrader.evidence.answers import Answer, Found, Items
from labgrader.evidence.requests import GetObject, ListObjects, Look, ReadLog

_QUIET_SECONDS = 0.1
_RETRY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Changes:
    """Watches of one cluster."""

    client: Client
    resources: Resources

    async def wait(self, seen: Mapping[Look, Answer], within_ms: int) -> bool:
        """Wait until one of the looks would be answered otherwise; False when time is over.

        ``seen`` holds the answers that the caller has. Events and logs are left out: they
        explain, and change all the time.
        """
        waiting = [
            asyncio.ensure_future(self._changed(look, answer))
            for look, answer in seen.items()
            if not isinstance(look, ReadLog) and look.kind != "Event"
        ]
        if not waiting:
            await asyncio.sleep(within_ms / 1000)
            return False
        try:
            done, _ = await asyncio.wait(
                waiting, timeout=within_ms / 1000, return_when=asyncio.FIRST_COMPLETED
            )
            if done:
                await asyncio.sleep(_QUIET_SECONDS)  # controllers write in bursts
            return bool(done)
        finally:
            await _cancel(waiting)

    async def _changed(self, look: GetObject | ListObjects, answer: Answer) -> None:
        """Return at the first change, and where a watch broke and may have missed one."""
        try:
            path = await self.resources.collection(look.api_version, look.kind, look.namespace)
            while True:
                async for line in self.client.lines(path, _watch_params(look, answer)):
                    event = orjson.loads(line)
                    if event["type"] == "ERROR":  # the version is too old to watch from
                        return
                    if event["type"] != "BOOKMARK" and not _was_seen(event["object"], answer):
                        return
        except (ApiError, ApiUnreachable, KindNotServed):
            await asyncio.sleep(_RETRY_SECONDS)


def _watch_params(look: GetObject | ListObjects, answer: Answer) -> dict[str, str]:
    params = {"watch": "true"}
    if isinstance(look, GetObject):
        params["fieldSelector"] = f"metadata.name={look.name}"
    elif look.labels:
        params["labelSelector"] = selector(look)
    version = _version(answer)
    if version:
        params["resourceVersion"] = version
    return params


def _version(answer: Answer) -> str:
    """Where to watch from; nothing for an object that was not there: its ADDED comes first."""
    if isinstance(answer, Found):
        return str(answer.object["metadata"]["resourceVersion"])
    return answer.version if isinstance(answer, Items) else ""


def _was_seen(body: Mapping[str, Any], answer: Answer) -> bool:
    return (
        isinstance(answer, Found)
        and body["metadata"]["resourceVersion"] == answer.object["metadata"]["resourceVersion"]
    )


async def _cancel(tasks: Collection[asyncio.Future[None]]) -> None:
    for task in tasks:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks, return_exceptions=True)
