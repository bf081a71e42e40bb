"""The experiment KeepData: write into every pod, delete pods, read from those that come back.

Run by ``laboratory``. Every pod gets a value of its own, which nobody can know before. No probe
pod is needed: the grader itself asks each pod at its address.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labgrader.checks.keeping import NOT_STORED, NOT_WHOLE, POD_DELETED, TOO_MANY, back, expected
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.hopeless import hopeless
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.permit import DELETE_PODS, may
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.experiments.subject import Subject
from labgrader.cluster.experiments.workload import Workload, is_ready
from labgrader.cluster.probes.pods import Said, tell
from labgrader.cluster.resources import Resources
from labgrader.evidence.experiments import KeepData
from labgrader.evidence.keeping import Exchange, Kept, Member

_WHOLE_MS = 20_000
_TRIES = 4
_BETWEEN_SECONDS = 0.5
_MOST = 10
_WRITTEN = range(200, 300)
_FORBIDDEN, _GONE = 403, (404, 409)

Json = Mapping[str, Any]


@dataclass
class DataKeeping:
    """One run."""

    client: Client
    resources: Resources
    journal: Journal
    bell: Bell
    experiment: KeepData
    _seen: dict[str, int] = field(default_factory=dict)
    _ready: dict[str, int] = field(default_factory=dict)

    async def check(self) -> None:
        """Everything that can be known before anything is changed. Raises Hopeless."""
        await may(self.client, self.experiment.namespace, DELETE_PODS)

    async def conduct(self, site: Site) -> Kept:
        """Wait for a whole workload, write, delete, wait, read."""
        found = await Subject.of(self.client, self.resources, self.experiment)
        async with Workload.followed(self.client, found.path, found.body, self.bell) as workload:
            self._note(workload)
            workload.tell(lambda: self._note(workload))
            if not await self.bell.until(lambda: workload.whole, _WHOLE_MS):
                return self._nothing(NOT_WHOLE)
            pods = sorted(workload.ready(), key=lambda pod: str(pod["metadata"]["name"]))
            if len(pods) > _MOST:
                return self._nothing(TOO_MANY)
            return await self._kept(site, workload, pods)

    async def _kept(self, site: Site, workload: Workload, pods: Sequence[Json]) -> Kept:
        before = await self._members(pods)
        keys = {pod["metadata"]["uid"]: f"{site.nonce}-{n}" for n, pod in enumerate(pods)}
        written = [await self._write(pod, keys[pod["metadata"]["uid"]]) for pod in pods]
        first = [await self._read(pod, keys[pod["metadata"]["uid"]]) for pod in pods]
        if not all(one.held for one in first) or not all(o.status in _WRITTEN for o in written):
            self.journal.did(NOT_STORED)
            return Kept(self.journal.timeline(), before, tuple(written), tuple(first))
        await self._delete(pods if self.experiment.every else self._oldest(pods))
        gone = self._deleted()
        await self.bell.until(
            lambda: back(workload.seen(0), gone, len(pods)), self.experiment.within_ms
        )
        came = sorted(workload.ready(), key=lambda pod: str(pod["metadata"]["name"]))
        after = await self._members(came)
        read: list[Exchange] = []
        for pod, member in zip(came, after, strict=True):
            own = expected(self.experiment.kind, member, before, written)
            read += [await self._read(pod, key) for key in own]
        timeline = self.journal.timeline()
        return Kept(timeline, before, tuple(written), tuple(first), after, tuple(read))

    def _nothing(self, why: str) -> Kept:
        self.journal.did(why)
        return Kept(self.journal.timeline())

    def _note(self, workload: Workload) -> None:
        now_ms = self.journal.now_ms()
        self.journal.saw_pods(workload.seen(now_ms))
        for pod in workload.pods():
            self._seen.setdefault(pod["metadata"]["uid"], now_ms)
            if is_ready(pod):
                self._ready.setdefault(pod["metadata"]["uid"], now_ms)

    async def _members(self, pods: Sequence[Json]) -> tuple[Member, ...]:
        """The pods, with the claims that they use as these are now."""
        path = f"/api/v1/namespaces/{self.experiment.namespace}/persistentvolumeclaims"
        listed = (await self.client.get(path))["items"]
        uids = {claim["metadata"]["name"]: claim["metadata"]["uid"] for claim in listed}
        return tuple(
            Member(
                name=pod["metadata"]["name"],
                uid=pod["metadata"]["uid"],
                claims=tuple((name, uids.get(name, "")) for name in _claims(pod)),
                seen_ms=self._seen.get(pod["metadata"]["uid"], 0),
                ready_ms=self._ready.get(pod["metadata"]["uid"], -1),
            )
            for pod in pods
        )

    async def _write(self, pod: Json, key: str) -> Exchange:
        return await self._ask(pod, key, self.experiment.method, _value(key))

    async def _read(self, pod: Json, key: str) -> Exchange:
        return await self._ask(pod, key, "GET", None)

    async def _ask(self, pod: Json, key: str, method: str, value: str | None) -> Exchange:
        """Once, and again where no answer came: a pod that was just Ready may need a moment."""
        path = self.experiment.path.replace("{key}", key)
        said = Said(0)
        for attempt in range(_TRIES):
            if attempt:
                await asyncio.sleep(_BETWEEN_SECONDS)
            said = await tell(self.client, pod, self.experiment.port, method, path, value)
            if 0 < said.status < 500:  # noqa: PLR2004 (server errors may pass)
                break
        held = said.status in _WRITTEN and _value(key) in said.body
        uid = pod["metadata"]["uid"]
        return Exchange(self.journal.now_ms(), uid, key, said.status, held, said.error)

    def _oldest(self, pods: Sequence[Json]) -> Sequence[Json]:
        born = sorted(pods, key=lambda pod: str(pod["metadata"]["creationTimestamp"]))
        return born[:1]

    async def _delete(self, pods: Sequence[Json]) -> None:
        for pod in pods:
            await self._delete_one(pod["metadata"])

    async def _delete_one(self, pod: Json) -> None:
        path = f"/api/v1/namespaces/{self.experiment.namespace}/pods/{pod['name']}"
        at_ms = self.journal.now_ms()
        try:
            await self.client.delete(path, {"preconditions": {"uid": pod["uid"]}})
        except ApiError as error:
            if error.status == _FORBIDDEN:
                raise hopeless("Forbidden", f"delete pod {pod['name']}: {error.message}") from error
            if error.status not in _GONE:
                raise
            detail = f"pod {pod['name']} went away by itself"
            raise hopeless("ObjectReplaced", detail, transient=True) from error
        self.journal.did(POD_DELETED, pod["uid"], at_ms=at_ms)

    def _deleted(self) -> frozenset[str]:
        return frozenset(a.subject for a in self.journal.actions if a.what == POD_DELETED)


def _value(key: str) -> str:
    return f"labgrader-{key[::-1]}"


def _claims(pod: Json) -> list[str]:
    volumes = pod["spec"].get("volumes") or ()
    named = ((volume.get("persistentVolumeClaim") or {}).get("claimName") for volume in volumes)
    return sorted(name for name in named if name)
