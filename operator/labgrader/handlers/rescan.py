"""The re-scan: every so often look at everything, whatever the watches brought or lost.

Started by ``handlers.operate``.
"""

import asyncio
import itertools
import logging
from dataclasses import dataclass

from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.submissions import Courses
from labgrader.handlers.due import HELD
from labgrader.handlers.exercises import Exercises
from labgrader.handlers.freshness import Freshness
from labgrader.handlers.known import Known
from labgrader.handlers.live.live import Live
from labgrader.handlers.workers import Workers
from labgrader.reporting.metrics import Metrics

_LOG = logging.getLogger(__name__)
_PATIENCE = 10


@dataclass(frozen=True, slots=True)
class Rescan:
    """Looks at all namespaces, exercises and submissions."""

    courses: Courses
    known: Known
    exercises: Exercises
    workers: Workers
    freshness: Freshness
    metrics: Metrics
    live: Live

    async def run(self, every_seconds: float) -> None:
        """Scan until cancelled."""
        for number in itertools.count(1):
            await asyncio.sleep(every_seconds)
            try:
                await self.scan(patiently=number % _PATIENCE == 0)
            except (ApiError, ApiUnreachable) as error:
                _LOG.warning("re-scan put off: %s", error)
                self.metrics.rescans.labels("error").inc()
            else:
                self.metrics.rescans.labels("success").inc()

    async def scan(self, *, patiently: bool = False) -> None:
        """One look at everything. Raises ApiError, ApiUnreachable.

        What was refused before it was graded is tried again each time, since its cure may have
        come just before the refusal was written; what was graded as far as possible only
        ``patiently``, now and then, since no watch tells when a right or a kind is there.
        """
        namespaces = await self.courses.namespaces()
        for body in namespaces:
            if self.known.see_namespace(body):
                await self.exercises.namespace_changed(body["metadata"]["name"])
        for gone in set(self.known.namespaces) - {body["metadata"]["name"] for body in namespaces}:
            self.known.forget_namespace(gone)
        exercises = await self.courses.exercises()
        for body in exercises:
            await self.exercises.see(body)
        present = {(body["metadata"]["namespace"], body["metadata"]["name"]) for body in exercises}
        for (namespace, name), seen in list(self.known.exercises.items()):
            if (namespace, name) not in present:
                self.known.forget_exercise(namespace, name, seen.uid)
        self.live.refresh(ask=False)  # all of them are seen below
        generations = {}
        async for body in self.courses.submissions():
            generations[body["metadata"]["uid"]] = body["metadata"]["generation"]
            status = body.get("status") or {}
            refused = not status.get("checks")
            held = status.get("result") in HELD  # nothing is tried again for the others
            self.workers.see(body, again=held and (refused or patiently))
            self.live.see(body)
        self.freshness.scanned(generations)
