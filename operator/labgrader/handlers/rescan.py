"""The re-scan: every so often look at everything, whatever the watches brought or lost.

Started by ``handlers.operate``.
"""

import asyncio
import logging
from dataclasses import dataclass

from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.submissions import Courses
from labgrader.handlers.due import Due, due
from labgrader.handlers.exercises import Exercises
from labgrader.handlers.freshness import Freshness
from labgrader.handlers.known import Known
from labgrader.handlers.queue import Key
from labgrader.handlers.workers import Workers
from labgrader.reporting.metrics import Metrics

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rescan:
    """Looks at all namespaces, exercises and submissions."""

    courses: Courses
    known: Known
    exercises: Exercises
    workers: Workers
    freshness: Freshness
    metrics: Metrics

    async def run(self, every_seconds: float) -> None:
        """Scan until cancelled."""
        while True:
            await asyncio.sleep(every_seconds)
            try:
                await self.scan()
            except (ApiError, ApiUnreachable) as error:
                _LOG.warning("re-scan put off: %s", error)
                self.metrics.rescans.labels("error").inc()
            else:
                self.metrics.rescans.labels("success").inc()

    async def scan(self) -> None:
        """One look at everything. Raises ApiError, ApiUnreachable."""
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
        for namespace, name in set(self.known.exercises) - present:
            self.known.forget_exercise(namespace, name)
        submissions = await self.courses.submissions()
        self.freshness.scanned(submissions)
        for body in submissions:
            if due(body, again=False) is not Due.NOTHING:
                key = Key(body["metadata"]["namespace"], body["metadata"]["name"])
                self.workers.add(key, body["spec"]["targetNamespace"])
