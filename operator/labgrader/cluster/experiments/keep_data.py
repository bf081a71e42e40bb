"""The experiment KeepData: write into every pod, have pods go, read from those that come back.

Run by ``laboratory``. Every pod gets a value of its own, which nobody can know before: no key
tells it. No probe pod is needed: the grader itself asks each pod at its address, or runs commands
in it. Pods are deleted, or leave a node that is drained as the fault DrainNode drains it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from labgrader.checks.keeping import (
    DRAIN,
    NO_OTHER_STORAGE,
    NOT_STORED,
    NOT_WHOLE,
    TOO_MANY,
    back,
    expected,
    gone,
)
from labgrader.checks.recovery import POD_DELETED, UNPLACED
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.cpu import CpuWatch
from labgrader.cluster.experiments.faults.act import Means
from labgrader.cluster.experiments.faults.eviction import Eviction
from labgrader.cluster.experiments.hopeless import hopeless
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.permit import DELETE_PODS, SEE_STORAGE, may
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.experiments.storage import only_storage
from labgrader.cluster.experiments.stores import Store, has_settled, store
from labgrader.cluster.experiments.subject import Subject
from labgrader.cluster.experiments.workload import Workload, is_ready
from labgrader.cluster.resources import Resources
from labgrader.evidence.experiments import Disturb, KeepData
from labgrader.evidence.keeping import Exchange, Kept, Member

_WHOLE_MS = 20_000
_PATIENCE_MS = 15_000
"""So long are programs asked again that fail: a container that no probe asks counts as Ready once it
runs, and its program may still be starting."""
_BETWEEN_SECONDS = 0.5
_MOST = 10
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
    _values: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._store: Store = store(self.client, self.journal, self.experiment)
        self._drain: Eviction | None = self._drained() if self.experiment.drains else None

    def _drained(self) -> Eviction:
        of = self.experiment
        about = (of.namespace, of.api_version, of.kind, of.name, of.uid)
        fault = Disturb(*about, of.within_ms, DRAIN)
        return Eviction(Means(self.client, self.journal, self.bell, fault), cordons=True)

    async def check(self) -> None:
        """Everything that can be known before anything is changed. Raises Hopeless."""
        if self._drain is not None:
            await self._drain.check()
        goes = DELETE_PODS if self._drain is None else SEE_STORAGE
        await may(self.client, self.experiment.namespace, goes, *self._store.rights)

    async def conduct(self, site: Site) -> Kept:
        """Wait for a whole workload, write, have pods go, wait, read."""
        found = await Subject.of(self.client, self.resources, self.experiment)
        async with Workload.followed(self.client, found.path, found.body, self.bell) as workload:
            self._note(workload)
            workload.tell(lambda: self._note(workload))
            if not await self.bell.until(lambda: workload.whole, _WHOLE_MS):
                return self._nothing(NOT_WHOLE)
            pods = sorted(workload.ready(), key=lambda pod: str(pod["metadata"]["name"]))
            if len(pods) > _MOST:
                return self._nothing(TOO_MANY)
            if self._drain is not None:
                await self._drain.choose(workload)
            return await self._kept(site, workload, pods)

    async def _kept(self, site: Site, workload: Workload, pods: Sequence[Json]) -> Kept:
        before = await self._members(pods)
        written = await self._write(site, pods)
        taken = all(one.went_well for one in written)
        keys = {one.pod: [one.key] for one in written} if taken else {}
        first = await self._read(keys, pods)
        if not taken or not all(one.held for one in first):
            self.journal.did(NOT_STORED)
            return Kept(self.journal.timeline(), before, written, first)
        left_ms = await self._go(site, workload, pods)
        if left_ms is None:
            return Kept(self.journal.timeline(), before, written, first)
        went = gone(self.journal.actions)
        namespace = self.experiment.namespace
        async with CpuWatch(self.client, self.journal, workload, namespace).watching():
            whole = await self.bell.until(lambda: back(workload.seen(0), went, len(pods)), left_ms)
        if not whole:
            await self._note_unplaced(workload)
        came = sorted(workload.ready(), key=lambda pod: str(pod["metadata"]["name"]))
        after = await self._members(came)
        kind = self.experiment.kind  # who is not back in time is asked nothing
        own = {m.uid: expected(kind, m, before, written) for m in after if whole}
        read = await self._read(own, came)
        return Kept(self.journal.timeline(), before, written, first, after, read)

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
                node=str(pod["spec"].get("nodeName", "")),
            )
            for pod in pods
        )

    async def _write(self, site: Site, pods: Sequence[Json]) -> tuple[Exchange, ...]:
        """A value for each pod; ends with the first that does not take it."""
        until_ms, told = self.journal.now_ms() + _PATIENCE_MS, site.record.name.rpartition("-")[2]
        written: list[Exchange] = []
        for n, pod in enumerate(pods):
            key, value = f"{told}-{n}", f"labgrader-{site.nonce}-{n}"
            self._values[key] = value
            one = await self._asked(partial(self._store.write, pod, key, value), until_ms)
            written.append(one)
            if not one.went_well:
                break
        return tuple(written)

    async def _read(
        self, keys: Mapping[str, Sequence[str]], pods: Sequence[Json]
    ) -> tuple[Exchange, ...]:
        """What each of the pods, by its uid, has under its keys."""
        until_ms = self.journal.now_ms() + _PATIENCE_MS
        return tuple(
            [
                await self._asked(partial(self._store.read, pod, key, self._values[key]), until_ms)
                for pod in pods
                for key in keys.get(pod["metadata"]["uid"], ())
            ]
        )

    async def _asked(self, ask: Callable[[], Awaitable[Exchange]], until_ms: int) -> Exchange:
        """Once, and again where that may help."""
        one = await ask()
        while not has_settled(one) and self.journal.now_ms() < until_ms:
            await asyncio.sleep(_BETWEEN_SECONDS)
            one = await ask()
        return one

    async def _go(self, site: Site, workload: Workload, pods: Sequence[Json]) -> int | None:
        """Have pods go; how long those that come may take, None where a budget kept one."""
        if self._drain is None:
            await self._delete(pods if self.experiment.every else self._oldest(pods))
            return self.experiment.within_ms
        there, at_ms = self._drain.pods(workload), self.journal.now_ms()
        went = bool(there) and await self._drain.strike(site, there, at_ms)
        if there and not went:
            return None
        if not gone(self.journal.actions):
            raise hopeless("ObjectReplaced", "its pods have moved meanwhile", transient=True)
        return self.experiment.within_ms - (self.journal.now_ms() - at_ms)

    async def _note_unplaced(self, workload: Workload) -> None:
        """What keeps pods from other nodes; the node is open again soon, and hides it."""
        if self._drain is None:
            return
        told = list(workload.unplaced())
        for one in told:
            self.journal.did(UNPLACED, one)
        names = {one.partition(" ")[0] for one in told}
        waiting = [pod for pod in workload.pods() if pod["metadata"]["name"] in names]
        claims = {claim for pod in waiting for claim in _claims(pod)}
        only = await only_storage(self.client, self.experiment.namespace, claims)
        if only:
            self.journal.did(NO_OTHER_STORAGE, only)

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


def _claims(pod: Json) -> list[str]:
    volumes = pod["spec"].get("volumes") or ()
    named = ((volume.get("persistentVolumeClaim") or {}).get("claimName") for volume in volumes)
    return sorted(name for name in named if name)
