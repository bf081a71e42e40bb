"""The experiment DrainPod: one Ready pod is told to stop while it has requests under way.

Run by ``laboratory``. The pod is the oldest Ready one behind the Service, so that the choice can
be repeated. It goes by an ordinary deletion, as in every update and drained node.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labgrader.checks.draining import (
    CONTAINER_ENDED,
    NOT_BEHIND,
    NOT_WHOLE,
    POD_GONE,
    TOLD_TO_STOP,
)
from labgrader.checks.recovery import WATCHED_MS
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.clients import Clients
from labgrader.cluster.experiments.cpu import CpuWatch
from labgrader.cluster.experiments.hopeless import hopeless
from labgrader.cluster.experiments.job import Line, Probe
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.permit import DELETE_PODS, may
from labgrader.cluster.experiments.samples import collect
from labgrader.cluster.experiments.scene import Behind, Scene
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.experiments.subject import Subject
from labgrader.cluster.experiments.workload import Workload
from labgrader.cluster.resources import Resources
from labgrader.evidence.experiments import DrainPod
from labgrader.evidence.timeline import Timeline

RATE = 30
"""Requests a second to the Service."""
_WHOLE_MS = 20_000
_SLOW_MS = 20_000
"""So long may the first slow request take; without an answer there is nothing to drain."""
_UNDER_WAY_MS = 1_000
_SPARE_SECONDS = 60
_GONE = (404, 409)
_FORBIDDEN = 403

Json = Mapping[str, Any]


@dataclass
class PodDrain:
    """One run."""

    client: Client
    resources: Resources
    journal: Journal
    bell: Bell
    experiment: DrainPod
    _stopped: str = ""
    _ended: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        asked = self.experiment.clients
        self._clients = Clients(self.client, self.journal, self.bell, asked, RATE)

    async def check(self) -> None:
        """Everything that can be known before anything is changed. Raises Hopeless."""
        await may(self.client, self.experiment.namespace, DELETE_PODS)
        await self._clients.check()

    async def conduct(self, site: Site) -> Timeline:
        """Wait for a whole workload, keep requests under way, stop a pod, watch it go."""
        found = await Subject.of(self.client, self.resources, self.experiment)
        if self._clients.nowhere is not None:
            return self._clients.nowhere
        async with (
            Workload.followed(self.client, found.path, found.body, self.bell) as workload,
            self._clients.watching(workload.every_pod) as scene,
        ):
            self._note(workload)
            workload.tell(lambda: self._note(workload))
            if not await self.bell.until(lambda: workload.whole, _WHOLE_MS):
                self.journal.did(NOT_WHOLE)
                return self.journal.timeline()
            chosen = self._choice(workload, scene)
            if chosen is None:
                self.journal.did(NOT_BEHIND)
                return self.journal.timeline()
            return await self._drained(site, chosen, workload, scene)

    def _note(self, workload: Workload) -> None:
        """Note pods and endpoints, and what becomes of the stopped pod."""
        self.journal.saw_pods(workload.seen(self.journal.now_ms()))
        self._clients.look()
        if not self._stopped:
            return
        pod = workload.every_pod.objects.get(self._stopped)
        if pod is None:
            if not self._is_gone():
                self.journal.did(POD_GONE, self._stopped)
            return
        for status in (pod.get("status") or {}).get("containerStatuses") or ():
            ended = (status.get("state") or {}).get("terminated")
            if ended is not None and status["name"] not in self._ended:
                self._ended.add(status["name"])
                self.journal.did(CONTAINER_ENDED, f"{status['name']} {ended['exitCode']}")

    def _is_gone(self) -> bool:
        return any(action.what == POD_GONE for action in self.journal.actions)

    def _choice(self, workload: Workload, scene: Scene) -> Behind | None:
        """The oldest Ready pod of the workload that is behind the Service."""
        behind = {pod.backend.uid: pod for pod in scene.behind()}
        ready = [pod["metadata"] for pod in workload.ready() if pod["metadata"]["uid"] in behind]
        ready.sort(key=lambda metadata: (metadata["creationTimestamp"], metadata["name"]))
        return behind[ready[0]["uid"]] if ready else None

    async def _drained(
        self, site: Site, chosen: Behind, workload: Workload, scene: Scene
    ) -> Timeline:
        wanted = self.experiment
        doing = ("drain", "--pod", chosen.address, "--slow", wanted.slow)
        seconds = (wanted.within_ms + _SLOW_MS) // 1000 + _SPARE_SECONDS
        async with self._clients.asking(site, seconds, doing) as probe:
            answered = await self.bell.until(lambda: _answered(probe.lines), _SLOW_MS)
            if answered and not probe.ended:
                await self._clients.steadied(probe)
                await self._still(chosen, workload, scene)
                cpu = CpuWatch(self.client, self.journal, workload, wanted.namespace)
                async with cpu.watching():
                    await self._stop(chosen)
                    await self.bell.until(lambda: self._has_seen_enough(probe), wanted.within_ms)
            return await self._clients.told(probe, self._watched_until())

    async def _still(self, chosen: Behind, workload: Workload, scene: Scene) -> None:
        """The pod serves as it did when it was chosen; the probe took its time. Raises Hopeless."""
        uid = chosen.backend.uid

        def serves() -> bool:
            ready = {pod["metadata"]["uid"] for pod in workload.ready()}
            return workload.whole and uid in ready and uid in scene.receiving()

        if not await self.bell.until(serves, _WHOLE_MS):
            detail = f"pod {chosen.backend.name} serves no longer"
            raise hopeless("ObjectReplaced", detail, transient=True)

    def _watched_until(self) -> int:
        """Clients are watched for a while after the stop, however soon the pod is to be gone."""
        now_ms, told_ms = self.journal.now_ms(), self.journal.timeline().when(TOLD_TO_STOP)
        return now_ms if told_ms is None else max(now_ms, told_ms + WATCHED_MS)

    async def _stop(self, chosen: Behind) -> None:
        at_ms = self.journal.now_ms()
        await self._delete(chosen)
        self._stopped = chosen.backend.uid
        self.journal.did("pod-chosen", chosen.backend.name, at_ms=at_ms)
        self.journal.did(TOLD_TO_STOP, chosen.backend.uid, at_ms=at_ms)

    async def _delete(self, chosen: Behind) -> None:
        namespace, name = self.experiment.namespace, chosen.backend.name
        body = {"preconditions": {"uid": chosen.backend.uid}}
        try:
            await self.client.delete(f"/api/v1/namespaces/{namespace}/pods/{name}", body)
        except ApiError as error:
            if error.status == _FORBIDDEN:
                raise hopeless("Forbidden", f"delete pod {name}: {error.message}") from error
            if error.status not in _GONE:
                raise
            detail = f"pod {name} went away by itself"
            raise hopeless("ObjectReplaced", detail, transient=True) from error

    def _has_seen_enough(self, probe: Probe) -> bool:
        """The pod is gone, its requests have ended, and clients were watched for long enough."""
        told = self.journal.timeline().when(TOLD_TO_STOP) or 0
        watched = self.journal.now_ms() >= told + WATCHED_MS
        return probe.ended or (watched and self._is_gone() and _settled(probe.lines, told))


def _answered(lines: Sequence[Line]) -> bool:
    """Clients get good answers, and a slow request to the pod got any."""
    slow = any("slow" in line.body and line.body.get("status") for line in lines)
    return slow and any(sample.succeeded for sample in collect(lines))


def _settled(lines: Sequence[Line], told_ms: int) -> bool:
    """No slow request of before is under way any more."""
    sent = {line.body["slow"]: line.at_ms for line in lines if "slow" in line.body}
    ended = {line.body["slow"] for line in lines if "slow" in line.body and "took" in line.body}
    return not any(number not in ended for number, at in sent.items() if at <= told_ms)
