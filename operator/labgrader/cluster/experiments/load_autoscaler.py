"""The experiment LoadAutoscaler: load on a Service, until its autoscaler has added replicas.

Run by ``laboratory``. No load is sent before the replicas are few and the autoscaler reads a
metric: otherwise what follows would prove nothing.
"""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from labgrader.checks.expect.quantity import parse_quantity
from labgrader.checks.scales import (
    ALREADY_SCALED,
    LOAD_STARTED,
    REQUESTS_ANSWERED,
    REQUESTS_FAILED,
    reached,
    reads,
    target_of,
)
from labgrader.cluster.client import Client
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.hopeless import Hopeless, hopeless
from labgrader.cluster.experiments.job import Probe
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.mirror import Mirror
from labgrader.cluster.experiments.permit import metrics_served, same
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.experiments.workload import Workload
from labgrader.cluster.probes.exchange import Target
from labgrader.cluster.probes.targets import resolve
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Hindered, NoHttpAnswer
from labgrader.evidence.requests import LoadAutoscaler
from labgrader.evidence.timeline import AutoscalerSeen, Timeline

_SPARE_SECONDS = 30

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

    async def check(self) -> None:
        """Everything that can be known before anything is changed. Raises Hopeless."""
        await metrics_served(self.client)
        target = await resolve(self.client, self.experiment.target)
        if isinstance(target, Hindered):
            raise Hopeless(target)
        self._target = target

    async def conduct(self, site: Site) -> Timeline:
        """Wait for few replicas, load, watch; ends as soon as the evidence decides."""
        async with self._scene() as (workload, autoscaler):

            def note() -> None:
                self.journal.saw_autoscaler(self._seen(workload, autoscaler))

            note()
            workload.tell(note)
            autoscaler.changed = note
            begins = await self.bell.until(
                lambda: self._is_few(workload) and reads(self.journal.autoscaler[-1]),
                self.experiment.within_ms,
            )
            if begins:
                await self._load(site)
            elif not self._is_few(workload):
                self.journal.did(ALREADY_SCALED)
            return self.journal.timeline()

    @asynccontextmanager
    async def _scene(self) -> AsyncIterator[tuple[Workload, Mirror]]:
        """The autoscaler's target, and the autoscaler, kept up to date."""
        wanted = self.experiment
        path = f"/apis/autoscaling/v2/namespaces/{wanted.namespace}/horizontalpodautoscalers"
        hpa = await same(self.client, f"{path}/{wanted.autoscaler}", wanted.uid)
        ref = target_of(hpa)
        if ref is None:
            raise hopeless("ObjectReplaced", f"{wanted.autoscaler} scales another", transient=True)
        collection = await self.resources.collection(ref.api_version, ref.kind, ref.namespace)
        target = f"{collection}/{ref.name}"
        body = await same(self.client, target)
        named = {"fieldSelector": f"metadata.name={wanted.autoscaler}"}
        autoscaler = Mirror(self.client, path, named, self.bell)
        async with (
            autoscaler.following(),
            Workload.followed(self.client, target, body, self.bell) as workload,
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
            if probe.ended:
                raise hopeless("ProbeLost", "the load ended by itself", transient=True)
            self._count(probe)

    def _is_few(self, workload: Workload) -> bool:
        """Fewer replicas than asked for, in every respect."""
        last = self.journal.autoscaler[-1]
        return max(workload.wanted, last.ready, last.wanted) < self.experiment.replicas

    def _has_scaled(self, begun: int) -> bool:
        return reached(self.journal.autoscaler[begun:], self.experiment.replicas) is not None

    def _count(self, probe: Probe) -> None:
        sums = [line.body for line in probe.lines if "answered" in line.body]
        if sums:
            self.journal.did(REQUESTS_ANSWERED, str(sums[-1]["answered"]))
            self.journal.did(REQUESTS_FAILED, str(sums[-1]["failed"]))

    def _seen(self, workload: Workload, autoscaler: Mirror) -> AutoscalerSeen:
        hpa = autoscaler.objects.get(self.experiment.uid, {"spec": {"minReplicas": 0}})
        status = hpa.get("status") or {}
        return AutoscalerSeen(
            at_ms=self.journal.now_ms(),
            current=status.get("currentReplicas", 0),
            wanted=status.get("desiredReplicas", 0),
            minimum=hpa["spec"].get("minReplicas", 1),
            ready=len(workload.ready()),
            utilization=utilization(hpa),
            inactive=_inactive(status.get("conditions") or ()),
            rules=_digest(hpa["spec"]),
        )


def _digest(spec: Json) -> str:
    return hashlib.sha256(orjson.dumps(spec, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def utilization(hpa: Json) -> int:
    """The highest CPU percentage that the autoscaler reads, -1 where it reads none.

    A target of type AverageValue has no percentage of requests; there it is the percentage
    of that target.
    """
    read = ((hpa.get("status") or {}).get("currentMetrics")) or ()
    wanted = hpa["spec"].get("metrics") or ()
    return max((_percent(metric, wanted) for metric in read), default=-1)


def _percent(metric: Json, wanted: Sequence[Json]) -> int:
    resource = _cpu(metric)
    if resource is None:
        return -1
    if "averageUtilization" in resource["current"]:
        return int(resource["current"]["averageUtilization"])
    bars = (bar["target"].get("averageValue") for bar in map(_cpu, wanted) if bar is not None)
    bar = parse_quantity(next((value for value in bars if value is not None), None))
    used = parse_quantity(resource["current"].get("averageValue"))
    return round(100 * used / bar) if used is not None and bar else -1


def _cpu(metric: Json) -> Json | None:
    resource: Json | None = metric.get("resource") or metric.get("containerResource")
    return resource if resource is not None and resource["name"] == "cpu" else None


def _inactive(conditions: Sequence[Json]) -> str:
    idle = (one for one in conditions if one["type"] == "ScalingActive" and one["status"] != "True")
    return next((one.get("reason", "Unknown") for one in idle), "")
