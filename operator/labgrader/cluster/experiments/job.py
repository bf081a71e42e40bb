"""Probe Jobs: the pods that send requests for an experiment, and the lines they print.

Used by the experiments; ``restore`` removes them. The pod runs ``labgrader probe``
with no rights and no token; its log is followed while it works.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson

from labgrader.api.names import RECORD_LABEL
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.hopeless import Hopeless, hopeless
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.mirror import Mirror

_START_MS = 90_000
_END_MS = 30_000
_ASK_SECONDS = 0.5
_GONE = (404, 410)
_CONTAINER = "probe"
_NO_LOG_YET = (0.1, 0.2, 0.4, 0.8)
"""Pauses, in seconds, between tries to follow a log that is not there yet."""
_NO_IMAGE = {"ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName"}
_CANNOT_START = {"CreateContainerConfigError", "CreateContainerError", "RunContainerError"}

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProbeJob:
    """One Job to make. ``name`` is the record's; ``seconds`` end it whatever happens.

    Its pod runs on any node but ``avoid``, which the experiment is about to disturb.
    """

    name: str
    namespace: str
    owners: Sequence[Json]
    image: str
    args: Sequence[str]
    seconds: int
    avoid: str = ""

    def manifest(self) -> Json:
        """The Job."""
        labels = {RECORD_LABEL: self.name}
        return {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {
                "name": self.name,
                "labels": labels,
                "ownerReferences": list(self.owners),
            },
            "spec": {
                "backoffLimit": 0,
                "activeDeadlineSeconds": self.seconds,
                "ttlSecondsAfterFinished": 60,
                "template": {"metadata": {"labels": labels}, "spec": self._pod() | self._place()},
            },
        }

    def _place(self) -> dict[str, Any]:
        if not self.avoid:
            return {}
        elsewhere = {"key": "metadata.name", "operator": "NotIn", "values": [self.avoid]}
        terms = {"nodeSelectorTerms": [{"matchFields": [elsewhere]}]}
        required = {"requiredDuringSchedulingIgnoredDuringExecution": terms}
        return {"affinity": {"nodeAffinity": required}}

    def _pod(self) -> dict[str, Any]:
        return {
            "restartPolicy": "Never",
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "terminationGracePeriodSeconds": 1,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 65532,
                "runAsGroup": 65532,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [
                {
                    "name": _CONTAINER,
                    "image": self.image,
                    "imagePullPolicy": "IfNotPresent",
                    "command": ["labgrader", "probe"],
                    "args": list(self.args),
                    # A share of CPU that covers what it uses beside busy pods, and no limit:
                    # starved or throttled, it could not keep its rate.
                    "resources": {
                        "requests": {"cpu": "50m", "memory": "64Mi"},
                        "limits": {"memory": "192Mi"},
                    },
                    "securityContext": {
                        "allowPrivilegeEscalation": False,
                        "readOnlyRootFilesystem": True,
                        "capabilities": {"drop": ["ALL"]},
                    },
                }
            ],
        }


@dataclass(frozen=True, slots=True)
class Line:
    """One line that the probe printed, and when it arrived here."""

    at_ms: int
    body: Json


@dataclass
class Probe:
    """A probe at work. ``ended`` when its pod prints no more."""

    client: Client
    job: ProbeJob
    bell: Bell
    journal: Journal
    lines: list[Line] = field(default_factory=list)
    ended: bool = False

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Make the Job, wait until its pod runs, follow its log. Leaves the Job where it is.

        Raises Hopeless where it cannot start, ApiError, ApiUnreachable.
        """
        pod = await self._start()
        task = asyncio.create_task(self._follow(pod))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def end(self) -> None:
        """Take the Job away, and wait until its pod has printed its last line.

        Raises ApiError, ApiUnreachable, and Hopeless where the pod does not end.
        """
        path = f"/apis/batch/v1/namespaces/{self.job.namespace}/jobs/{self.job.name}"
        await self.client.delete(path, {"propagationPolicy": "Background"})
        if not await self.bell.until(lambda: self.ended, _END_MS):
            raise hopeless("ProbeLost", f"probe {self.job.name} does not end", transient=True)

    async def _start(self) -> str:
        namespace = self.job.namespace
        pods = Mirror(
            self.client,
            f"/api/v1/namespaces/{namespace}/pods",
            {"labelSelector": f"{RECORD_LABEL}={self.job.name}"},
            self.bell,
        )
        events = Mirror(
            self.client,
            f"/api/v1/namespaces/{namespace}/events",
            {"fieldSelector": f"reason=FailedCreate,involvedObject.name={self.job.name}"},
            self.bell,
        )
        await self._create()
        async with AsyncExitStack() as following:
            for one in (pods, events):
                await following.enter_async_context(one.following())
            started = await self.bell.until(lambda: _decided(pods, events), _START_MS)
        return _running(pods, events, self.job, in_time=started)

    async def _create(self) -> None:
        path = f"/apis/batch/v1/namespaces/{self.job.namespace}/jobs"
        try:
            await self.client.create(path, self.job.manifest())
        except ApiError as error:
            detail = f"create Job {self.job.name} in {self.job.namespace}: {error.message}"
            raise hopeless("ProbeNotStarted", detail, transient=error.overloaded) from error

    async def _follow(self, pod: str) -> None:
        path = f"/api/v1/namespaces/{self.job.namespace}/pods/{pod}"
        try:
            for pause in _NO_LOG_YET:
                if await self._listen(path):
                    break
                if self.lines:
                    await self._ask(path)
                    break
                await asyncio.sleep(pause)
            else:
                await self._ask(path)
        except (ApiError, ApiUnreachable, orjson.JSONDecodeError) as error:
            detail = f"read the log of probe {pod}: {error}"
            self.bell.fail(hopeless("ProbeLost", detail, transient=True))
        self.ended = True
        self.bell.ring()

    async def _listen(self, pod: str) -> bool:
        """Take each line as it comes; False where the node cannot follow logs.

        The kubelet says that within the log: it has no inotify instances left, of which Linux
        gives a user 128, as happens where several clusters share a machine.
        """
        params = {"follow": "true", "container": _CONTAINER}
        async with aclosing(self.client.lines(f"{pod}/log", params)) as lines:
            async for line in lines:
                if not line.startswith(b"{"):
                    return False
                self._take(line)
        return True

    async def _ask(self, pod: str) -> None:
        """Read the log again and again, until its last line, its container's end, or the pod's."""
        while not self.lines or "end" not in self.lines[-1].body:
            try:
                state = _state(await self.client.get(pod))
                said = await self.client.text(f"{pod}/log", {"container": _CONTAINER})
            except ApiError as error:
                if error.status not in _GONE:
                    raise
                return
            whole = said[: said.rfind("\n") + 1].encode().splitlines()
            whole = [line for line in whole if line.startswith(b"{")]  # not what the node says
            for line in whole[len(self.lines) :]:
                self._take(line)
            if "terminated" in state:
                return
            await asyncio.sleep(_ASK_SECONDS)

    def _take(self, line: bytes) -> None:
        self.lines.append(Line(self.journal.now_ms(), orjson.loads(line)))
        self.bell.ring()


def _decided(pods: Mirror, events: Mirror) -> bool:
    """The pod runs, or never will."""
    return bool(events.objects) or any(
        "running" in state
        or "terminated" in state
        or (state.get("waiting") or {}).get("reason") in _NO_IMAGE | _CANNOT_START
        for state in map(_state, pods.objects.values())
    )


def _running(pods: Mirror, events: Mirror, job: ProbeJob, *, in_time: bool) -> str:
    """The name of the pod that runs. Raises Hopeless where none does."""
    for pod in pods.objects.values():
        state = _state(pod)
        if "running" in state or "terminated" in state:
            return str(pod["metadata"]["name"])
        waiting = state.get("waiting") or {}
        detail = f"probe image {job.image}: {waiting.get('reason')}: {waiting.get('message', '')}"
        if waiting.get("reason") in _NO_IMAGE:
            raise hopeless("ProbeImageMissing", detail)
        if in_time:
            raise hopeless("ProbeNotStarted", detail)
        raise hopeless("ProbeNotStarted", _unscheduled(pod) or detail, transient=True)
    raise _never_made(events, job)


def _never_made(events: Mirror, job: ProbeJob) -> Hopeless:
    said = [event.get("message", "") for event in events.objects.values()]
    detail = said[-1] if said else f"no pod of Job {job.name} in {job.namespace} was made"
    return hopeless("ProbeNotStarted", detail, transient=True)


def _unscheduled(pod: Json) -> str:
    conditions = (pod.get("status") or {}).get("conditions") or ()
    said = (one for one in conditions if one["type"] == "PodScheduled" and one["status"] != "True")
    return next((one.get("message", "") for one in said), "")


def _state(pod: Json) -> Json:
    statuses = (pod.get("status") or {}).get("containerStatuses") or ()
    state: Json = statuses[0]["state"] if statuses else {}
    return state
