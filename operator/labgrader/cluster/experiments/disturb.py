"""The experiments DeletePod and Disturb: pods meet a fault, clients keep asking, until recovery.

Run by ``laboratory``; the faults themselves are in ``faults``. The oldest Ready pods are taken:
they have served longest, so what clients lose is settled pods and not ones that are still
warming up, and the choice can be repeated.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from labgrader.checks.recovery import (
    NOT_WHOLE,
    POD_ASIDE,
    RESTARTED,
    UNPLACED,
    fault,
    healed_at,
    watched_until,
)
from labgrader.cluster.client import Client
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.clients import Clients
from labgrader.cluster.experiments.cpu import CpuWatch
from labgrader.cluster.experiments.faults.act import Act, Means
from labgrader.cluster.experiments.faults.table import act
from labgrader.cluster.experiments.hopeless import hopeless
from labgrader.cluster.experiments.job import Probe
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.renewal import Renewal, is_held_against
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.experiments.subject import Subject
from labgrader.cluster.experiments.workload import Workload, restarts
from labgrader.cluster.resources import Resources
from labgrader.evidence.experiments import DeletePod, Disturb
from labgrader.evidence.timeline import Timeline

_WHOLE_MS = 20_000
"""So long may a workload take to be whole before it is disturbed."""
_SPARE_SECONDS = 60
_NEVER_MORE = 2**31
"""No container restarts so often: of a pod that is not disturbed, restarts say nothing."""


@dataclass
class Disturbance:
    """One run."""

    client: Client
    resources: Resources
    journal: Journal
    bell: Bell
    experiment: DeletePod | Disturb
    _restarts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._act: Act = act(Means(self.client, self.journal, self.bell, self.experiment))
        self._clients: Clients | None = None
        if self.experiment.clients is not None:
            asked = self.experiment.clients
            self._clients = Clients(self.client, self.journal, self.bell, asked)

    async def check(self) -> None:
        """Everything that can be known before anything is changed. Raises Hopeless."""
        await self._act.check()
        if self._clients is not None:
            await self._clients.check()

    async def conduct(self, site: Site) -> Timeline:
        """Wait for a whole workload, sample, disturb, watch; ends when the evidence decides."""
        found = await Subject.of(self.client, self.resources, self.experiment)
        if self._clients is not None and self._clients.nowhere is not None:
            return self._clients.nowhere
        async with (
            Workload.followed(self.client, found.path, found.body, self.bell) as workload,
            self._watching(workload),
        ):
            self._note(workload)
            workload.tell(lambda: self._note(workload))
            if not (await self._is_whole(workload) and await self._is_renewed(workload)):
                return self.journal.timeline()
            node = await self._act.choose(workload)
            async with self._sampling(site, node) as probe:
                if self._clients is None or probe is None or await self._clients.served(probe):
                    await self._disturb(site, workload)
                return await self._closed(probe)

    def _note(self, workload: Workload) -> None:
        restarted = [
            pod["metadata"]["uid"]
            for pod in workload.pods()
            if restarts(pod, self._act.container)
            > self._restarts.get(pod["metadata"]["uid"], _NEVER_MORE)
        ]
        for uid in restarted:
            self.journal.did(RESTARTED, uid)
            del self._restarts[uid]
        self.journal.saw_pods(workload.seen(self.journal.now_ms()), anew=bool(restarted))
        if self._clients is not None:
            self._clients.look()

    async def _is_whole(self, workload: Workload) -> bool:
        """Wait a little: it may still be coming back from an earlier load."""
        whole = await self.bell.until(lambda: workload.whole, _WHOLE_MS)
        if not whole:
            self.journal.did(NOT_WHOLE)
        return whole

    async def _is_renewed(self, workload: Workload) -> bool:
        """Replace the pods whose next restart would have to wait, for what was done to them before.

        Those that end by themselves from then on do it at their own cost.
        """
        container, now = self._act.container, self.journal.clock.wall()
        if not container:
            return True
        worn = [pod for pod in self._act.pods(workload) if is_held_against(pod, container, now)]
        renewal = Renewal(self.client, self.journal, self.bell, container)
        return not worn or await renewal.of(worn, workload)

    @asynccontextmanager
    async def _watching(self, workload: Workload) -> AsyncIterator[None]:
        """Where clients would be sent, if there are any."""
        if self._clients is None:
            yield
            return
        async with self._clients.watching(workload.every_pod):
            yield

    @asynccontextmanager
    async def _sampling(self, site: Site, node: str) -> AsyncIterator[Probe | None]:
        """Clients ask meanwhile, from another node than the one that is disturbed."""
        if self._clients is None:
            yield None
            return
        seconds = self.experiment.within_ms // 1000 + _SPARE_SECONDS
        async with self._clients.asking(site, seconds, avoid=node) as probe:
            yield probe

    async def _disturb(self, site: Site, workload: Workload) -> None:
        """Make the fault and wait until the workload has recovered, or the time is over."""
        if not await self._is_whole(workload):
            return
        pods, at_ms = self._act.pods(workload), self.journal.now_ms()
        if not pods:
            raise hopeless("ObjectReplaced", "its pods have moved meanwhile", transient=True)
        for uid in workload.beside():
            self.journal.did(POD_ASIDE, uid, at_ms=at_ms)
        if self._act.container:
            self._restarts = {
                pod["metadata"]["uid"]: restarts(pod, self._act.container) for pod in pods
            }
        cpu = CpuWatch(self.client, self.journal, workload, self.experiment.namespace)
        async with cpu.watching():
            if await self._act.strike(site, pods, at_ms):
                left_ms = self.experiment.within_ms - (self.journal.now_ms() - at_ms)
                if not await self.bell.until(lambda: self._decided_ms() is not None, left_ms):
                    for told in workload.unplaced():  # what is put back soon hides it
                        self.journal.did(UNPLACED, told)

    async def _closed(self, probe: Probe | None) -> Timeline:
        """The timeline, with the answers to all requests that count, and those before."""
        if self._clients is None or probe is None:
            return self.journal.timeline()
        return await self._clients.told(probe, self._watched_until())

    def _watched_until(self) -> int:
        timeline = self.journal.timeline()
        disturbed, healed_ms = fault(timeline), self._decided_ms()
        if disturbed is None or healed_ms is None:
            return timeline.ended_ms
        return watched_until(disturbed, healed_ms)

    def _decided_ms(self) -> int | None:
        timeline = self.journal.timeline()
        disturbed = fault(timeline)
        return None if disturbed is None else healed_at(timeline, disturbed)
