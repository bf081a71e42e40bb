"""Pods that were restarted lately make way for new ones, before their process is ended once more.

Used by ``disturb`` and by the faults inside a container. The kubelet holds each restart against
the container of a pod, whoever caused it, and waits 10 s, 20 s, 40 s and so on before the next. A
new pod, also one of the same name, begins with nothing (docs/decisions/0033-faults.md). Must be
done only to a workload that is whole, and excuses no app that ends by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from labgrader.checks.moments import moment
from labgrader.checks.recovery import (
    ENDS_BY_ITSELF,
    NOT_RENEWED,
    POD_RENEWED,
    RENEWED_WITHIN_MS,
    UNPLACED,
)
from labgrader.checks.resizing import status_of
from labgrader.cluster.client import Client
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.pods import delete
from labgrader.cluster.experiments.workload import Workload, restarts

Json = Mapping[str, Any]

_MEMORY = timedelta(minutes=15)
"""The kubelet forgets when the container has run for 10 minutes; the rest is for clocks that differ."""
_SHORT_MS = 60_000
"""An app that runs longer than this before it ends by itself is whole for most of the time."""
_LONGER_MS = 5_000


def is_held_against(pod: Json, container: str, now: str) -> bool:
    """The kubelet may wait before it starts the container again; ``now`` as Kubernetes writes it."""
    running = (status_of(pod, container).get("state") or {}).get("running") or {}
    return bool(restarts(pod, container)) and _is_late(running.get("startedAt"), now)


def trial_ms(pod: Json, container: str, now: str) -> int:
    """How long a new pod must run to show that the app does not end by itself; 0 where no doubt is.

    A fault of ours restarts a container once, and then comes a new pod. Who was restarted more
    often must now outlive the run that ended last.
    """
    ended = (status_of(pod, container).get("lastState") or {}).get("terminated") or {}
    if restarts(pod, container) < 2 or not _is_late(ended.get("startedAt"), now):  # noqa: PLR2004
        return 0
    ran = moment(ended.get("finishedAt") or now) - moment(ended.get("startedAt") or now)
    ran_ms = round(ran.total_seconds() * 1000)
    return ran_ms + _LONGER_MS if ran_ms < _SHORT_MS else 0


def _is_late(started: str | None, now: str) -> bool:
    return moment(now) - moment(started or now) < _MEMORY


@dataclass(frozen=True, slots=True)
class Renewal:
    """Replaces pods of one experiment, for a fault in this container of theirs."""

    client: Client
    journal: Journal
    bell: Bell
    container: str

    async def of(self, pods: Sequence[Json], workload: Workload) -> bool:
        """Replace them, and wait until the workload is whole again without them.

        False where nothing can be shown after that: no new pod becomes Ready in time, or the app
        ends by itself. Raises ApiError, ApiUnreachable.
        """
        now = self.journal.clock.wall()
        longest_ms = max(trial_ms(pod, self.container, now) for pod in pods)
        before = {pod["metadata"]["uid"] for pod in workload.pods()}
        old = {pod["metadata"]["uid"] for pod in pods}
        for pod in pods:
            if await delete(self.client, pod):
                self.journal.did(POD_RENEWED, pod["metadata"]["name"])

        def is_renewed() -> bool:
            ready = {pod["metadata"]["uid"] for pod in workload.ready()}
            return workload.whole and not ready & old

        def ends_by_itself() -> bool:
            new = [pod for pod in workload.pods() if pod["metadata"]["uid"] not in before]
            return any(restarts(pod, self.container) for pod in new)

        if not await self.bell.until(is_renewed, RENEWED_WITHIN_MS):
            self.journal.did(NOT_RENEWED)
            for told in workload.unplaced():
                self.journal.did(UNPLACED, told)
            return False
        if longest_ms and await self.bell.until(ends_by_itself, longest_ms):
            self.journal.did(ENDS_BY_ITSELF)
            return False
        return True
