"""A keeper of evidence with a store that can be taken away, and Submissions that it writes to."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labgrader.cluster.errors import ApiUnreachable
from labgrader.evidence.bundle import Bundle, Handed
from labgrader.handlers.keeper import Keeper, Retention
from labgrader.store.files import open_store
from labgrader.store.spool import Spool
from tests.unit.evidence.bundles import some_bundle

HANDED = Handed("course", "kim-web", "s1", 1)


@dataclass
class Courses:
    """Submissions as an API server keeps them, by name."""

    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    away: bool = False
    writes: int = 0

    def has(self, status: dict[str, Any]) -> None:
        metadata = {"namespace": "course", "name": "kim-web", "uid": "s1"}
        self.bodies["kim-web"] = {"metadata": metadata, "status": status}

    async def submission(self, _namespace: str, name: str) -> dict[str, Any] | None:
        if self.away:
            raise ApiUnreachable("refused")
        return self.bodies.get(name)

    async def submissions(self) -> AsyncIterator[dict[str, Any]]:
        for body in list(self.bodies.values()):
            yield body

    async def write_status(self, body: dict[str, Any], status: dict[str, Any]) -> None:
        self.writes += 1
        self.bodies[body["metadata"]["name"]] = {**body, "status": status}


@dataclass
class Place:
    """A store in a folder that can be taken away, a spool, and an API server."""

    folder: Path
    courses: Courses = field(default_factory=Courses)
    limit: int = 100_000

    @property
    def root(self) -> Path:
        return self.folder / "evidence"

    def keeper(self) -> Keeper:
        spool = Spool(self.folder / "spool", self.limit)
        store = open_store(f"file://{self.root}")
        return Keeper(store, spool, self.courses, Retention(2, 36_500))  # type: ignore[arg-type]  # scripted

    def take_away(self) -> None:
        self.root.write_text("a file where the folder was")

    def give_back(self) -> None:
        self.root.unlink()

    def take_away_for_now(self) -> None:
        """With what is in it."""
        self.root.rename(self.folder / "aside")
        self.take_away()

    def give_back_again(self) -> None:
        self.give_back()
        (self.folder / "aside").rename(self.root)

    async def run_until(self, keeper: Keeper, done: Callable[[], bool]) -> None:
        running = asyncio.create_task(keeper.run())
        async with asyncio.timeout(20):
            while not done():  # noqa: ASYNC110 (several things change)
                await asyncio.sleep(0.005)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    def state(self) -> str | None:
        told = self.courses.bodies["kim-web"]["status"].get("evidence")
        return told["state"] if told else None


def kims(**more: Any) -> Bundle:
    ended = "2026-11-26T17:00:00Z"
    about: dict[str, Any] = {
        "course": "course",
        "learner": "kim",
        "submission": HANDED,
        "ended": ended,
    }
    return some_bundle(**(about | more))
