"""What happens when an exercise or a namespace is seen: conditions, and who may go on.

Called by the watch handlers and the re-scan. Writes the LabExercise's status, and brings the
submissions that a change may have freed back into the queue.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from labgrader.checks.problem import Problem
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.submissions import Courses
from labgrader.handlers.known import Held, Known, KnownExercise
from labgrader.handlers.queue import Work
from labgrader.handlers.workers import Workers
from labgrader.reporting.exercise_status import exercise_status

_LOG = logging.getLogger(__name__)
_CONFLICT = 409

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Exercises:
    """Keeps exercises' conditions true."""

    courses: Courses
    known: Known
    workers: Workers
    clock: SystemClock

    async def see(self, body: Body) -> None:
        """An exercise was seen, perhaps for the first time."""
        changed = self.known.see_exercise(body)
        metadata = body["metadata"]
        namespace, name = metadata["namespace"], metadata["name"]
        await self._write(body, self.known.exercises[namespace, name])
        if changed:
            self._free(lambda held: held.exercise == name)

    async def namespace_changed(self, name: str) -> None:
        """A namespace's labels changed: submissions that it held up are tried again."""
        self._free(lambda held: name in {held.target, held.home})
        for place, seen in list(self.known.exercises.items()):
            if place[0] == name:
                body = await self._read(*place)
                if body is not None:
                    await self._write(body, seen)

    def _free(self, concerns: Callable[[Held], bool]) -> None:
        """Queue the held submissions that a change concerns."""
        for key, held in list(self.known.held.items()):
            if concerns(held):
                self.workers.add(Work(key, held.target, again=True))

    async def _read(self, namespace: str, name: str) -> Body | None:
        try:
            return await self.courses.exercise(namespace, name)
        except (ApiError, ApiUnreachable) as error:
            _LOG.warning("exercise %s/%s not read: %s", namespace, name, error)
            return None

    async def _write(self, body: Body, seen: KnownExercise) -> None:
        """Write the status where it differs from what is there."""
        place = self.known.namespaces.get(body["metadata"]["namespace"])
        problems = list(seen.problems)
        if place is not None and not place.is_course:
            text = f"namespace {place.name} is no course: it lacks the label of one"
            problems.insert(0, Problem("NotACourse", text))
        before = body.get("status") or {}
        most = seen.max_score
        wanted = exercise_status(before, seen.generation, most, problems, self.clock.wall())
        if all(before.get(name) == value for name, value in wanted.items() if value != []):
            return
        try:
            await self.courses.write_status(body, wanted)
        except ApiError as error:
            if error.status != _CONFLICT:  # on a conflict the newer event brings it here again
                _LOG.warning("status of exercise %s not written: %s", body["metadata"], error)
        except ApiUnreachable as error:
            _LOG.warning("status of exercise not written; the re-scan will: %s", error)
