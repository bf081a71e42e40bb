"""The experiment RunCronJob: a CronJob's Job now, until the workload has the replicas it is to have.

Run by ``laboratory``. The Job runs in the learner's namespace with the learner's service account,
as it would at its time; ``undo`` removes it and what it did.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labgrader.api.names import RECORD_LABEL
from labgrader.checks.heals import wanted_replicas
from labgrader.checks.scales_on_schedule import (
    CAPACITY_DOWN,
    CAPACITY_STAYS,
    DOWN_WITHIN_MS,
    JOB_CREATED,
    JOB_FAILED,
    JOB_REFUSED,
    JOB_SUCCEEDED,
    JOB_WAITS,
    raised,
)
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.change import Change, left_to_a_job, planned
from labgrader.cluster.experiments.cpu import CpuWatch
from labgrader.cluster.experiments.fields import Steps
from labgrader.cluster.experiments.fields import field as at
from labgrader.cluster.experiments.hopeless import Hopeless, hopeless
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.mirror import Mirror
from labgrader.cluster.experiments.permit import RUN_JOBS, may, same
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.experiments.subject import Subject, autoscalers
from labgrader.cluster.experiments.undo import JOB_NAME
from labgrader.cluster.experiments.workload import Workload
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Hindered
from labgrader.evidence.experiments import RunCronJob
from labgrader.evidence.timeline import Timeline

_ATTEMPTS = 2
"""So many failures decide: the first may be one of the cluster's."""
_KEEP_SECONDS = 3600
_UNREMARKABLE = {"", "ContainerCreating", "PodInitializing"}
_LONGEST = 300
_FORBIDDEN = 403

REPLICAS, MINIMUM = at("spec", "replicas"), at("spec", "minReplicas")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Number:
    """A number that keeps capacity up: where it stands, in which object, and what it is."""

    path: str
    body: Json
    steps: Steps
    value: int


@dataclass
class CronJobRun:
    """One run."""

    client: Client
    resources: Resources
    journal: Journal
    bell: Bell
    experiment: RunCronJob
    _template: Json = field(default_factory=dict)
    _left: int | None = None

    async def check(self) -> None:
        """Everything that can be known before anything is changed. Raises Hopeless."""
        wanted = self.experiment
        await may(self.client, wanted.namespace, *RUN_JOBS)
        cron_jobs = f"/apis/batch/v1/namespaces/{wanted.namespace}/cronjobs"
        body = await same(self.client, f"{cron_jobs}/{wanted.cron_job}", wanted.cron_uid)
        self._template = body["spec"]["jobTemplate"]

    async def conduct(self, site: Site) -> Timeline:
        """Make the Job, watch; ends as soon as the evidence decides."""
        wanted = self.experiment
        found = await Subject.of(self.client, self.resources, wanted)
        path, body = found.path, found.body
        if wanted_replicas(body) != wanted.replicas:
            raise hopeless("ObjectReplaced", f"{path} was scaled just now", transient=True)
        # The autoscalers first: a raised minimum would raise again what is put back below it.
        numbers = [*await self._minimums(), Number(path, body, REPLICAS, wanted.replicas)]
        jobs, events = self._job(site), self._refusals(site)
        async with (
            Workload.followed(self.client, path, body, self.bell) as workload,
            jobs.following(),
            events.following(),
        ):
            self._note(workload)
            workload.tell(lambda: self._note(workload))
            if not await self._is_down(site, workload, numbers):
                return self.journal.timeline()
            jobs.changed = lambda: self._note_end(workload, jobs)
            self.journal.did(JOB_CREATED)
            await self._create(site, [left_to_a_job(n.body, n.path, n.steps) for n in numbers])
            async with CpuWatch(self.client, self.journal, workload, wanted.namespace).watching():
                await self.bell.until(
                    lambda: self._decided(workload, jobs, events, site.record.name),
                    wanted.within_ms,
                )
            if self._left is not None and not wanted.minimums:  # autoscalers act when it has ended
                await site.debts.job_left(path, self._left)
            await self._tell(workload, jobs, events, site.record.name)
            return self.journal.timeline()

    def _job(self, site: Site) -> Mirror:
        named = {"fieldSelector": f"metadata.name={site.record.name}"}
        path = f"/apis/batch/v1/namespaces/{self.experiment.namespace}/jobs"
        return Mirror(self.client, path, named, self.bell)

    def _refusals(self, site: Site) -> Mirror:
        about = f"reason=FailedCreate,involvedObject.name={site.record.name}"
        path = f"/api/v1/namespaces/{self.experiment.namespace}/events"
        return Mirror(self.client, path, {"fieldSelector": about}, self.bell)

    def _note_end(self, workload: Workload, jobs: Mirror) -> None:
        """What the Job leaves: later values are not its doing."""
        if self._left is None and (_says(jobs, "Complete") or _says(jobs, "Failed")):
            self._left = workload.wanted

    def _note(self, workload: Workload) -> None:
        self.journal.saw_pods(workload.seen(self.journal.now_ms()))

    async def _minimums(self) -> list[Number]:
        """What the Job may do to the autoscalers. Raises Hopeless, ApiError, ApiUnreachable."""
        found = []
        for name, minimum in self.experiment.minimums:
            path = f"{autoscalers(self.experiment.namespace)}/{name}"
            body = await same(self.client, path)
            if body["spec"].get("minReplicas", 1) != minimum:
                raise hopeless("ObjectReplaced", f"{path} was edited just now", transient=True)
            found.append(Number(path, body, MINIMUM, minimum))
        return found

    async def _is_down(self, site: Site, workload: Workload, numbers: Sequence[Number]) -> bool:
        """Take down what is there already, for a run before this one would hide what it does.

        Raises Hopeless, ApiError, ApiUnreachable.
        """
        to, down_to = self.experiment.to, self.experiment.down_to
        high = [number for number in numbers if number.value >= to]
        if not high:
            return True
        self.journal.did(CAPACITY_DOWN, str(down_to))
        for number in high:
            await site.lower(planned(number.body, number.path, {number.steps: down_to}))

        def is_down() -> bool:
            return len(workload.ready()) <= workload.wanted < to

        if await self.bell.until(is_down, DOWN_WITHIN_MS):
            return True
        self.journal.did(CAPACITY_STAYS)
        return False

    async def _create(self, site: Site, changes: list[Change]) -> None:
        """Make the Job from the template, as ``kubectl create job --from`` does."""
        name = site.record.name
        metadata = self._template.get("metadata") or {}
        manual = {"cronjob.kubernetes.io/instantiate": "manual"}
        job = {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {
                "name": name,
                "labels": {**(metadata.get("labels") or {}), RECORD_LABEL: name},
                "annotations": {**(metadata.get("annotations") or {}), **manual},
            },
            # It must not clean itself up while it is looked at.
            "spec": {**self._template["spec"], "ttlSecondsAfterFinished": _KEEP_SECONDS},
        }
        path = f"/apis/batch/v1/namespaces/{self.experiment.namespace}/jobs"
        try:
            await site.run_job(path, job, changes)
        except ApiError as error:
            if error.status != _FORBIDDEN:
                raise
            about = (("cron", self.experiment.cron_job), ("detail", error.message[:_LONGEST]))
            raise Hopeless(Hindered("ScheduledJobRefused", about)) from error

    def _decided(self, workload: Workload, jobs: Mirror, events: Mirror, name: str) -> bool:
        """The replicas are there; or they will not come of this Job."""
        done = raised(self._since(), self.experiment.to) is not None
        if done or events.objects or _says(jobs, "Failed"):
            return True
        return _failures(self._pods(workload, name)) >= _ATTEMPTS

    def _since(self) -> list[Any]:
        begun_ms = self.journal.timeline().when(JOB_CREATED) or 0
        return [seen for seen in self.journal.pods if seen.at_ms >= begun_ms]

    async def _tell(self, workload: Workload, jobs: Mirror, events: Mirror, name: str) -> None:
        """Note what became of the Job: afterwards it is gone."""
        pods = self._pods(workload, name)
        if _says(jobs, "Complete"):
            self.journal.did(JOB_SUCCEEDED)
        elif pods and (_says(jobs, "Failed") or _failures(pods)):
            self.journal.did(JOB_FAILED, await self._last_line(pods))
        elif events.objects and not pods:
            said = [event.get("message", "") for event in events.objects.values()]
            self.journal.did(JOB_REFUSED, said[-1][:_LONGEST])
        else:
            for why in filter(None, map(_waiting, pods)):
                self.journal.did(JOB_WAITS, why[:_LONGEST])

    def _pods(self, workload: Workload, name: str) -> list[Json]:
        return [
            pod
            for pod in workload.every_pod.objects.values()
            if (pod["metadata"].get("labels") or {}).get(JOB_NAME) == name
        ]

    async def _last_line(self, pods: list[Json]) -> str:
        """The last line that a failed pod printed; nothing where that cannot be read."""
        pod = max(pods, key=_failed)
        container = pod["spec"]["containers"][0]["name"]
        path = f"/api/v1/namespaces/{self.experiment.namespace}/pods/{pod['metadata']['name']}/log"
        params = {"container": container, "tailLines": "5"}
        if not any("terminated" in (one.get("state") or {}) for one in _statuses(pod)):
            params["previous"] = "true"
        try:
            said = await self.client.text(path, params)
        except (ApiError, ApiUnreachable):
            return ""
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        return lines[-1][:_LONGEST] if lines else ""


def _says(jobs: Mirror, condition: str) -> bool:
    return any(
        one["type"] == condition and one["status"] == "True"
        for job in jobs.objects.values()
        for one in (job.get("status") or {}).get("conditions") or ()
    )


def _failures(pods: list[Json]) -> int:
    return sum(map(_failed, pods))


def _failed(pod: Json) -> int:
    """How often it has failed: as a whole, or by restarts of its containers."""
    whole = (pod.get("status") or {}).get("phase") == "Failed"
    return int(whole) + sum(int(one.get("restartCount", 0)) for one in _statuses(pod))


def _waiting(pod: Json) -> str:
    """What a container waits for, as the kubelet or the scheduler says it."""
    for status in _statuses(pod):
        waiting = (status.get("state") or {}).get("waiting") or {}
        if waiting.get("reason", "") not in _UNREMARKABLE:
            return f"{waiting['reason']}: {waiting.get('message', '')}".removesuffix(": ")
    conditions = (pod.get("status") or {}).get("conditions") or ()
    unplaced = (one for one in conditions if one["type"] == "PodScheduled")
    return next((one.get("message", "") for one in unplaced if one["status"] == "False"), "")


def _statuses(pod: Json) -> Iterator[Json]:
    status = pod.get("status") or {}
    yield from status.get("initContainerStatuses") or ()
    yield from status.get("containerStatuses") or ()
