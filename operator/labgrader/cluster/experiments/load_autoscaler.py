"""The experiment LoadAutoscaler: load on a Service, until its autoscaler has added replicas.

Run by ``laboratory``. No load is sent before the replicas are few and the autoscaler reads a
metric: otherwise what follows would prove nothing. Where the way back is asked for, the
autoscaler is watched on after the load. Load waits for its turn where the cluster is busy.
"""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from labgrader.checks.autoscaling import (
    ALREADY_SCALED,
    LOAD_ENDED,
    LOAD_STARTED,
    REQUESTS_ANSWERED,
    REQUESTS_FAILED,
    base,
    reached,
    returned,
    sees,
)
from labgrader.checks.metrics import (
    METRICS_MISSING,
    RESOURCE_METRICS,
    metrics_of,
    seen,
    utilization,
)
from labgrader.cluster.client import Client
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.clients import destination
from labgrader.cluster.experiments.cpu import CpuWatch
from labgrader.cluster.experiments.hopeless import hopeless
from labgrader.cluster.experiments.job import Probe
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.mirror import Mirror
from labgrader.cluster.experiments.permit import metrics_served, same
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.experiments.subject import Subject, autoscalers
from labgrader.cluster.experiments.workload import Workload
from labgrader.cluster.probes.exchange import Target
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import NoHttpAnswer
from labgrader.evidence.experiments import LoadAutoscaler
from labgrader.evidence.timeline import AutoscalerSeen, LoadSeen, Timeline

_SPARE_SECONDS = 30
_LONGEST = 300

Json = Mapping[str, Any]


@dataclass
class AutoscalerLoad:
    """One run."""

    client: Client
    resources: Resources
    journal: Journal
    bell: Bell
    experiment: LoadAutoscaler
    _target: Target | NoHttpAnswer | None = None
    _missing: tuple[str, ...] = ()

    async def check(self) -> None:
        """Everything that can be known before anything is changed. Raises Hopeless."""
        wanted = self.experiment
        path = f"{autoscalers(wanted.namespace)}/{wanted.autoscaler}"
        hpa = await same(self.client, path, wanted.uid)
        apis = {metric.api for metric in metrics_of(hpa)} or {RESOURCE_METRICS}
        self._missing = await metrics_served(self.client, apis)
        self._target = await destination(self.client, self.experiment.target)

    async def conduct(self, site: Site) -> Timeline:
        """Wait for few replicas, load, watch; ends as soon as the evidence decides."""
        async with self._scene() as (workload, autoscaler):

            def note() -> None:
                self.journal.saw_autoscaler(self._seen(workload, autoscaler))

            for api in self._missing:
                self.journal.did(METRICS_MISSING, api)
            note()
            workload.tell(note)
            autoscaler.changed = note
            if await self._begins(workload):
                cpu = CpuWatch(self.client, self.journal, workload, self.experiment.namespace)
                async with site.headroom.turn(cpu.needs(self.experiment.replicas)):
                    # Whoever had to wait for the turn begins from what holds now.
                    if await self._begins(workload):
                        async with cpu.watching():
                            await self._load(site)
                await self._comes_back()
            return self.journal.timeline()

    async def _begins(self, workload: Workload) -> bool:
        """Wait until there are few replicas and the autoscaler reads a metric."""
        begins = await self.bell.until(
            lambda: self._is_few(workload) and sees(self.journal.autoscaler[-1]),
            self.experiment.within_ms,
        )
        if not begins and not self._is_few(workload):
            self.journal.did(ALREADY_SCALED)
        return begins

    @asynccontextmanager
    async def _scene(self) -> AsyncIterator[tuple[Workload, Mirror]]:
        """The autoscaler's target, and the autoscaler, kept up to date."""
        wanted = self.experiment
        found = await Subject.scaled_by(self.client, self.resources, wanted)
        named = {"fieldSelector": f"metadata.name={wanted.autoscaler}"}
        autoscaler = Mirror(self.client, autoscalers(wanted.namespace), named, self.bell)
        async with (
            autoscaler.following(),
            Workload.followed(self.client, found.path, found.body, self.bell) as workload,
        ):
            yield workload, autoscaler

    async def _load(self, site: Site) -> None:
        """Send load until the autoscaler has scaled, or the time is over."""
        if not isinstance(self._target, Target):  # nothing is there that could answer
            self.journal.did(LOAD_STARTED)
            self.journal.did(REQUESTS_FAILED, "1")
            return
        within_ms = self.experiment.within_ms
        doing = ("load", "--concurrency", str(self.experiment.concurrency))
        seconds = within_ms // 1000 + _SPARE_SECONDS
        async with site.probe(doing, self._target, seconds) as probe:
            begun = len(self.journal.autoscaler)
            self.journal.did(LOAD_STARTED)
            await self.bell.until(lambda: self._has_scaled(begun) or probe.ended, within_ms)
            if self._has_scaled(begun):
                await self.bell.until(lambda: probe.ended, self.experiment.hold_ms)
            if probe.ended:
                raise hopeless("ProbeLost", "the load ended by itself", transient=True)
            if self.experiment.down_within_ms and self._has_scaled(begun):
                await probe.end()
                self.journal.did(LOAD_ENDED)
            self._count(probe)

    async def _comes_back(self) -> None:
        """Watch, after a load that it scaled up for, until it has taken that back."""
        timeline = self.journal.timeline()
        started_ms, ended_ms = timeline.when(LOAD_STARTED), timeline.when(LOAD_ENDED)
        if started_ms is None or ended_ms is None:
            return
        seen = self.journal.autoscaler
        before = [one for one in seen if one.at_ms < started_ms]
        replicas, begun = base(before[-1:]), len(before)
        up_ms = reached(seen[begun:], self.experiment.replicas) or started_ms
        await self.bell.until(
            lambda: (
                returned([one for one in seen if one.at_ms >= up_ms], replicas, ended_ms)
                is not None
            ),
            self.experiment.down_within_ms,
        )

    def _is_few(self, workload: Workload) -> bool:
        """Fewer replicas than asked for, in every respect."""
        last = self.journal.autoscaler[-1]
        return max(workload.wanted, last.ready, last.wanted) < self.experiment.replicas

    def _has_scaled(self, begun: int) -> bool:
        return reached(self.journal.autoscaler[begun:], self.experiment.replicas) is not None

    def _count(self, probe: Probe) -> None:
        sums = [line for line in probe.lines if "answered" in line.body]
        self.journal.load += [
            LoadSeen(
                at_ms=line.at_ms,
                answered=line.body["answered"],
                failed=line.body["failed"],
                error=line.body["error"],
                late_ms=line.body["late"],
            )
            for line in sums
        ]
        if sums:
            self.journal.did(REQUESTS_ANSWERED, str(sums[-1].body["answered"]))
            self.journal.did(REQUESTS_FAILED, str(sums[-1].body["failed"]))

    def _seen(self, workload: Workload, autoscaler: Mirror) -> AutoscalerSeen:
        hpa = autoscaler.objects.get(self.experiment.uid, {"spec": {"minReplicas": 0}})
        status = hpa.get("status") or {}
        idle = _idle(status.get("conditions") or ())
        return AutoscalerSeen(
            at_ms=self.journal.now_ms(),
            current=status.get("currentReplicas", 0),
            wanted=status.get("desiredReplicas", 0),
            minimum=hpa["spec"].get("minReplicas", 1),
            ready=len(workload.ready()),
            utilization=utilization(hpa),
            inactive="" if idle is None else idle.get("reason", "Unknown"),
            rules=_digest(hpa["spec"]),
            metrics=seen(hpa),
            why="" if idle is None else idle.get("message", "")[:_LONGEST],
        )


def _digest(spec: Json) -> str:
    return hashlib.sha256(orjson.dumps(spec, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def _idle(conditions: Sequence[Json]) -> Json | None:
    """The condition by which it does not act."""
    found = (one for one in conditions if one["type"] == "ScalingActive")
    return next((one for one in found if one["status"] != "True"), None)
