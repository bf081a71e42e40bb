"""The experiment DeletePod: one Ready pod goes, clients keep asking, until it is replaced.

Run by ``laboratory``. The oldest Ready pod is taken: it has served longest, so what clients
lose is a settled pod and not one that is still warming up, and the choice can be repeated.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from labgrader.checks.recovery import (
    NOT_WHOLE,
    POD_ASIDE,
    POD_DELETED,
    fault,
    healed_at,
    watched_until,
)
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.hopeless import Hopeless, hopeless
from labgrader.cluster.experiments.job import Probe
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.permit import may_delete_pods, same
from labgrader.cluster.experiments.samples import collect, covered, kept_rate
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.experiments.workload import Workload
from labgrader.cluster.probes.exchange import Target
from labgrader.cluster.probes.targets import resolve
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Hindered, NoHttpAnswer
from labgrader.evidence.requests import DeletePod
from labgrader.evidence.timeline import Sample, Timeline

RATE = 20
"""Requests a second."""
_PATIENCE_MS = 5_000
"""So long may clients wait for a first good answer; without one there is nothing to disturb."""
_WHOLE_MS = 20_000
"""So long may a workload take to be whole before it is disturbed."""
_LAST_ANSWERS_MS = 4_000
_SPARE_SECONDS = 60
_GONE = (404, 409)
_FORBIDDEN = 403

Json = Mapping[str, Any]


@dataclass
class PodDeletion:
    """One run."""

    client: Client
    resources: Resources
    journal: Journal
    bell: Bell
    experiment: DeletePod
    _target: Target | NoHttpAnswer | None = None

    async def check(self) -> None:
        """Everything that can be known before anything is changed. Raises Hopeless."""
        await may_delete_pods(self.client, self.experiment.namespace)
        if self.experiment.clients is None:
            return
        target = await resolve(self.client, self.experiment.clients)
        if isinstance(target, Hindered):
            raise Hopeless(target)
        self._target = target

    async def conduct(self, site: Site) -> Timeline:
        """Wait for a whole workload, sample, delete, watch; ends as soon as the evidence decides."""
        wanted = self.experiment
        collection = await self.resources.collection(
            wanted.api_version, wanted.kind, wanted.namespace
        )
        path = f"{collection}/{wanted.name}"
        body = await same(self.client, path, wanted.uid)
        if isinstance(self._target, NoHttpAnswer):  # clients have nowhere to go even now
            return self.journal.timeline((Sample(0, 0, 0, self._target.why),))
        async with Workload.followed(self.client, path, body, self.bell) as workload:
            self._note(workload)
            workload.tell(lambda: self._note(workload))
            if not await self._is_whole(workload):
                return self.journal.timeline()
            async with self._sampling(site) as probe:
                if probe is None or await self._served(probe):
                    await self._disturb(workload)
                return await self._closed(probe)

    def _note(self, workload: Workload) -> None:
        self.journal.saw_pods(workload.seen(self.journal.now_ms()))

    async def _is_whole(self, workload: Workload) -> bool:
        """Wait a little: it may still be coming back from an earlier load."""
        whole = await self.bell.until(lambda: workload.whole, _WHOLE_MS)
        if not whole:
            self.journal.did(NOT_WHOLE)
        return whole

    @asynccontextmanager
    async def _sampling(self, site: Site) -> AsyncIterator[Probe | None]:
        if not isinstance(self._target, Target):
            yield None
            return
        seconds = self.experiment.within_ms // 1000 + _SPARE_SECONDS
        async with site.probe(("sample", "--rate", str(RATE)), self._target, seconds) as probe:
            self.journal.did("sampling-started")
            yield probe

    async def _served(self, probe: Probe) -> bool:
        """Whether clients get good answers before anything is disturbed."""
        return await self.bell.until(
            lambda: any(sample.succeeded for sample in collect(probe.lines)), _PATIENCE_MS
        )

    async def _disturb(self, workload: Workload) -> None:
        """Delete a pod and wait until it is replaced, or the time is over."""
        if not await self._is_whole(workload):
            return
        ready = sorted(
            (pod["metadata"] for pod in workload.ready()),
            key=lambda metadata: (metadata["creationTimestamp"], metadata["name"]),
        )
        at_ms = self.journal.now_ms()
        for uid in workload.beside():
            self.journal.did(POD_ASIDE, uid, at_ms=at_ms)
        await self._delete(ready[0])
        self.journal.did("pod-chosen", ready[0]["name"], at_ms=at_ms)
        self.journal.did(POD_DELETED, ready[0]["uid"], at_ms=at_ms)
        left_ms = self.experiment.within_ms - (self.journal.now_ms() - at_ms)
        await self.bell.until(lambda: self._decided_ms() is not None, left_ms)

    async def _delete(self, pod: Json) -> None:
        path = f"/api/v1/namespaces/{self.experiment.namespace}/pods/{pod['name']}"
        try:
            await self.client.delete(path, {"preconditions": {"uid": pod["uid"]}})
        except ApiError as error:
            if error.status == _FORBIDDEN:
                raise hopeless("Forbidden", f"delete pod {pod['name']}: {error.message}") from error
            if error.status not in _GONE:
                raise
            detail = f"pod {pod['name']} went away by itself"
            raise hopeless("ObjectReplaced", detail, transient=True) from error

    async def _closed(self, probe: Probe | None) -> Timeline:
        """The timeline, with the answers to all requests that count, and those before."""
        if probe is None:
            return self.journal.timeline()
        until_ms, now_ms = self._watched_until(), self.journal.now_ms()
        complete = await self.bell.until(
            lambda: covered(probe.lines, until_ms, RATE) or probe.ended,
            max(0, until_ms - now_ms) + _LAST_ANSWERS_MS,
        )
        lines = tuple(probe.lines)
        kept = complete and not probe.ended and kept_rate(lines, until_ms, RATE)
        return self.journal.timeline(collect(lines), kept_rate=kept)

    def _watched_until(self) -> int:
        timeline = self.journal.timeline()
        deletion, healed_ms = fault(timeline), self._decided_ms()
        if deletion is None or healed_ms is None:
            return timeline.ended_ms
        return watched_until(deletion, healed_ms)

    def _decided_ms(self) -> int | None:
        timeline = self.journal.timeline()
        deletion = fault(timeline)
        return None if deletion is None else healed_at(timeline, deletion)
