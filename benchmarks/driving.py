"""Hands Submissions in and waits for their scores: one by one, or many at once.

The clock of every measurement. Runs inside the cluster's network; must not know which
contestant grades.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from benchmarks.audit import DRIVER
from benchmarks.connection import session
from benchmarks.ground import COURSE, EXERCISE, TARGETS

_PATH = f"/apis/labgrader.dev/v1alpha1/namespaces/{COURSE}/submissions"
_POSTS_AT_ONCE = 20
_FULL_SCORE = 100
_FIRST_SECONDS = 60
_PATIENCE_SECONDS = 300
_JSON = {"Content-Type": "application/json"}


class Driver:
    """Creates Submissions and sees their scores come."""

    def __init__(self, api: aiohttp.ClientSession) -> None:
        self._api = api
        self._scored: dict[str, asyncio.Future[float]] = {}

    async def one_by_one(self, prefix: str, count: int, pause: float) -> list[float]:
        """The seconds from handing in to the score, for each, with a pause after each."""
        took = []
        for number in range(count):
            took.append(await self._hand_in(f"{prefix}-{number}", number, _PATIENCE_SECONDS))
            await asyncio.sleep(pause)
        return took

    async def at_once(self, prefix: str, count: int) -> tuple[float, list[float]]:
        """The seconds until the last of them was scored, and the seconds that each took."""
        limit, begun = asyncio.Semaphore(_POSTS_AT_ONCE), time.perf_counter()

        async def one(number: int) -> float:
            async with limit:
                waiting, since = await self._post(f"{prefix}-{number}", number)
            return await asyncio.wait_for(waiting, _PATIENCE_SECONDS) - since

        took = await asyncio.gather(*(one(number) for number in range(count)))
        return time.perf_counter() - begun, list(took)

    async def warm_up(self, count: int) -> None:
        """Wait until the contestant grades."""
        for number in range(count):
            await self._hand_in(f"warm-{number}", number, _FIRST_SECONDS)

    async def _hand_in(self, name: str, number: int, patience: float) -> float:
        waiting, since = await self._post(name, number)
        return await asyncio.wait_for(waiting, patience) - since

    async def _post(self, name: str, number: int) -> tuple[asyncio.Future[float], float]:
        waiting = self._scored[name] = asyncio.get_running_loop().create_future()
        body = orjson.dumps(_submission(name, TARGETS[number % len(TARGETS)]))
        since = time.perf_counter()
        async with self._api.post(_PATH, data=body, headers=_JSON) as answer:
            answer.raise_for_status()
            await answer.read()
        return waiting, since

    async def watch(self, version: str) -> None:
        """Note every score when it is seen first."""
        since = {"watch": "true", "resourceVersion": version}
        async with self._api.get(_PATH, params=since) as stream:
            async for line in stream.content:
                self._see(orjson.loads(line)["object"])

    def _see(self, body: Any) -> None:
        score = (body.get("status") or {}).get("score")
        waiting = self._scored.get(body["metadata"]["name"])
        if score is None or waiting is None or waiting.done():
            return
        if score == _FULL_SCORE:
            waiting.set_result(time.perf_counter())
        else:
            waiting.set_exception(RuntimeError(f"scored {score}: {orjson.dumps(body).decode()}"))


@asynccontextmanager
async def driver(kubeconfig: Path) -> AsyncIterator[Driver]:
    """A driver that watches, on a course without submissions."""
    async with session(kubeconfig, DRIVER) as api:
        version = await _empty(api)
        made = Driver(api)
        watching = asyncio.create_task(made.watch(version))
        try:
            yield made
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


async def _empty(api: aiohttp.ClientSession) -> str:
    """Delete all submissions; returns the version at which none was left."""
    while True:
        async with api.delete(_PATH) as answer:
            answer.raise_for_status()
            await answer.read()
        async with api.get(_PATH) as answer:
            listed = orjson.loads(await answer.read())
        if not listed["items"]:
            return str(listed["metadata"]["resourceVersion"])


def _submission(name: str, target: str) -> Any:
    return {
        "apiVersion": "labgrader.dev/v1alpha1",
        "kind": "Submission",
        "metadata": {"name": name, "namespace": COURSE},
        "spec": {"exerciseRef": {"name": EXERCISE}, "learner": "kim", "targetNamespace": target},
    }
