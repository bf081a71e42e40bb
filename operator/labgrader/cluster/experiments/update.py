"""The experiment Update: a Deployment gets another version while clients keep asking.

Run by ``laboratory``, which puts the old version back at the end, whatever happens. No update
pushes a version out of the learner's revision history: there is made room for one more meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from labgrader.checks.diagnosis.revisions import kept
from labgrader.checks.recovery import NOT_WHOLE
from labgrader.checks.rollout import (
    LINGERS_MS,
    POD_ENDING,
    POD_NEW,
    POD_WAITS,
    PODS_REFUSED,
    TEMPLATE_CHANGED,
    UNDONE,
    UPDATED,
    Rollout,
    back_at,
    rollout,
    settled_at,
    updated_at,
    watched_until,
)
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.change import Change, carries, holds, planned, put_back
from labgrader.cluster.experiments.clients import Clients
from labgrader.cluster.experiments.cpu import CpuWatch
from labgrader.cluster.experiments.fields import Steps, item
from labgrader.cluster.experiments.fields import field as at
from labgrader.cluster.experiments.hopeless import Hopeless, hopeless
from labgrader.cluster.experiments.job import Probe
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.permit import UPDATE_DEPLOYMENTS, may
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.experiments.subject import Subject
from labgrader.cluster.experiments.workload import Workload, owner
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Hindered
from labgrader.evidence.experiments import Update
from labgrader.evidence.timeline import Timeline

_WHOLE_MS = 20_000
"""So long may a workload take to be whole before it is updated."""
_SPARE_SECONDS = 90
_LONGEST_TEXT = 1_000
_FORBIDDEN = 403

Json = Mapping[str, Any]


@dataclass
class DeploymentUpdate:
    """One run."""

    client: Client
    resources: Resources
    journal: Journal
    bell: Bell
    experiment: Update
    _change: Change | None = None
    _template: Json | None = None
    _undone: bool = False
    _told: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._clients = Clients(self.client, self.journal, self.bell, self.experiment.clients)

    async def check(self) -> None:
        """Everything that can be known before anything is changed. Raises Hopeless."""
        await may(self.client, self.experiment.namespace, *UPDATE_DEPLOYMENTS)
        found = await Subject.of(self.client, self.resources, self.experiment)
        _room(found.body, await self._revisions())
        await self._clients.check()

    async def conduct(self, site: Site) -> Timeline:
        """Wait for a whole Deployment, sample, update, watch; ends when the evidence decides."""
        found = await Subject.of(self.client, self.resources, self.experiment)
        if self._clients.nowhere is not None:
            return self._clients.nowhere
        async with (
            Workload.followed(self.client, found.path, found.body, self.bell) as workload,
            self._clients.watching(workload.every_pod),
        ):
            self._note(workload)
            workload.tell(lambda: self._note(workload))
            if not await self._is_whole(workload):
                return self.journal.timeline()
            seconds = 2 * self.experiment.within_ms // 1000 + _SPARE_SECONDS
            async with self._clients.asking(site, seconds) as probe:
                if not await self._clients.served(probe) or not await self._is_whole(workload):
                    return await self._clients.told(probe, self.journal.now_ms())
                cpu = CpuWatch(self.client, self.journal, workload, self.experiment.namespace)
                async with cpu.watching():
                    await self._update(site, workload)
                return await self._closed(probe)

    async def _is_whole(self, workload: Workload) -> bool:
        """Wait a little: it may still be coming back from an earlier experiment."""
        whole = await self.bell.until(lambda: workload.whole, _WHOLE_MS)
        if not whole:
            self.journal.did(NOT_WHOLE)
        return whole

    async def _update(self, site: Site, workload: Workload) -> None:
        """Update and watch, and undo it where that is what is to be seen."""
        wanted, within_ms = self.experiment, self.experiment.within_ms
        found = await Subject.of(self.client, self.resources, wanted)
        sets = await self._revisions()
        room = planned(found.body, found.path, _room(found.body, sets))
        known = [one["metadata"]["uid"] for one in sets]
        change = planned(found.body, found.path, self._wanted(site), known)
        at_ms = self.journal.now_ms()
        self._change = change
        try:
            await site.change(change, room)
        except ApiError as error:
            if error.status != _FORBIDDEN:
                raise
            raise hopeless("Forbidden", f"change {change.path}: {error.message}") from error
        self.journal.did(UPDATED, wanted.image or wanted.annotation, at_ms=at_ms)
        self._note(workload)
        if wanted.then == "hold":
            await self.bell.until(lambda: False, within_ms)
            return
        if not await self._until(updated_at, within_ms) or wanted.then != "undo":
            return
        undone_ms, self._undone = self.journal.now_ms(), True
        await put_back(self.client, change)
        self.journal.did(UNDONE, at_ms=undone_ms)
        await self._until(back_at, within_ms)

    async def _until(self, decided: Any, within_ms: int) -> bool:
        """Wait until the version has taken over, and then for the pods of the other one to end."""
        found = await self.bell.until(lambda: decided(self._rollout()) is not None, within_ms)
        if found:
            await self.bell.until(
                lambda: settled_at(self._rollout(), decided(self._rollout())) is not None,
                LINGERS_MS,
            )
        return found

    def _rollout(self) -> Rollout:
        found = rollout(self.journal.timeline())
        if found is None:
            raise TypeError("nothing has been updated")
        return found

    async def _closed(self, probe: Probe) -> Timeline:
        found = self._rollout()
        decided = updated_at(found) if found.undone_ms is None else back_at(found)
        now_ms = self.journal.now_ms()
        until_ms = now_ms if decided is None else watched_until(found, decided)
        return await self._clients.told(probe, until_ms)

    def _note(self, workload: Workload) -> None:
        """Note the pods, and what becomes of the new version."""
        for pod in workload.pods():
            uid = pod["metadata"]["uid"]
            if "deletionTimestamp" in pod["metadata"]:
                self._tell(POD_ENDING, uid)
        if self._change is not None:
            self._note_change(self._change, workload)
        self.journal.saw_pods(workload.seen(self.journal.now_ms()))
        self._clients.look()

    def _note_change(self, change: Change, workload: Workload) -> None:
        """Note the new pods, what keeps those that are to come from being Ready, and who meddles."""
        if self._is_meddled_with(change, workload.body):
            self._tell(TEMPLATE_CHANGED, "")
        for pod in workload.pods():
            made_by = workload.replica_sets.objects.get(owner(pod) or "")
            is_new = made_by is not None and carries(change, made_by)
            if is_new:
                self._tell(POD_NEW, pod["metadata"]["uid"])
            if is_new is not self._undone:
                for why in _waits(pod):
                    self._tell(POD_WAITS, why)
        for one in workload.replica_sets.objects.values():
            # One from before, with no replicas, may tell of a refusal long ago.
            if carries(change, one) is not self._undone and one["spec"].get("replicas"):
                for why in _refused(one):
                    self._tell(PODS_REFUSED, why)

    def _is_meddled_with(self, change: Change, body: Json | None) -> bool:
        """Whether the template is another one than that which our change had made."""
        if body is None or self._undone:
            return False
        template = body["spec"]["template"]
        if self._template is None and all(holds(body, one) for one in change.fields):
            self._template = template
        return self._template is not None and template != self._template

    def _tell(self, what: str, subject: str) -> None:
        if (what, subject) not in self._told:
            self._told.add((what, subject))
            self.journal.did(what, subject)

    def _wanted(self, site: Site) -> dict[Steps, Any]:
        wanted, template = self.experiment, at("spec", "template")
        if wanted.image:
            containers = (*template, *at("spec", "containers"))
            return {(*containers, item(wanted.container), "f:image"): wanted.image}
        return {(*template, *at("metadata", "annotations", wanted.annotation)): site.nonce}

    async def _revisions(self) -> list[Json]:
        """The ReplicaSets of the Deployment."""
        path = f"/apis/apps/v1/namespaces/{self.experiment.namespace}/replicasets"
        listed = await self.client.get(path)
        return [one for one in listed["items"] if owner(one) == self.experiment.uid]


def _room(body: Json, sets: list[Json]) -> dict[Steps, Any]:
    """What keeps the update from pushing a version out of the history.

    Raises Hopeless where the Deployment keeps none: then the update could not be undone.
    """
    limit = kept(body)
    # Each version but the present one counts; the present one is about to become one of them.
    needed = 1 + sum(not one["spec"].get("replicas") for one in sets)
    if not limit:
        about = {"kind": body["kind"], "name": body["metadata"]["name"]}
        about |= {"namespace": body["metadata"]["namespace"], "limit": str(limit)}
        raise Hopeless(Hindered("HistoryWouldBePruned", tuple((about | {"needed": "1"}).items())))
    return {} if needed <= limit else {at("spec", "revisionHistoryLimit"): needed}


def _waits(pod: Json) -> list[str]:
    status = pod.get("status") or {}
    states = [
        (one.get("state") or {}).get("waiting") or {}
        for one in status.get("containerStatuses") or ()
    ]
    known = {"", "ContainerCreating", "PodInitializing"}
    return [
        f"{one['reason']}: {one.get('message', '')}"[:_LONGEST_TEXT]
        for one in states
        if one.get("reason", "") not in known
    ]


def _refused(replica_set: Json) -> list[str]:
    conditions = (replica_set.get("status") or {}).get("conditions") or ()
    return [
        str(one.get("message", ""))[:_LONGEST_TEXT]
        for one in conditions
        if one.get("type") == "ReplicaFailure" and one.get("status") == "True"
    ]
