"""Runs experiments: one at a time in a namespace, on record, and put back whatever happens.

Used by ``cluster.gather`` (run) and at start-up and shutdown by ``handlers`` and ``cli``
(sweep, close). The restore is a task of its own: who cancels a grading cancels no restore.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from labgrader.api.kinds.faults import OF_OWN_CLUSTER
from labgrader.checks.keeping import DRAIN
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable, trouble
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.debts import Debts
from labgrader.cluster.experiments.headroom import Headroom
from labgrader.cluster.experiments.hopeless import Hopeless, hopeless
from labgrader.cluster.experiments.journal import Clock, Journal
from labgrader.cluster.experiments.permit import Permission, opened, standing
from labgrader.cluster.experiments.restore import restore
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.experiments.switch import NodeSwitch
from labgrader.cluster.experiments.trials import TRIALS
from labgrader.cluster.probes.dialer import Dialer
from labgrader.cluster.records import Record, Records
from labgrader.cluster.resources import KindNotServed, Resources
from labgrader.evidence.answers import Answer, Trouble
from labgrader.evidence.experiments import (
    DeletePod,
    Disturb,
    DrainPod,
    Experiment,
    KeepData,
    LoadAutoscaler,
    OnCopy,
    OnWorkload,
    Probing,
    ResizePod,
    RunCronJob,
    Update,
)
from labgrader.evidence.keeping import Kept
from labgrader.evidence.timeline import Timeline
from labgrader.evidence.traffic import Traffic

__all__ = ["Laboratory", "Permission", "Settings"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """How a laboratory works.

    ``holder`` stands in its records. Probes run ``image``, in ``namespace``, or each in a
    namespace of its own where that is None. ``permission`` says who must allow experiments.
    ``own_cluster`` says that the cluster is one learner's; ``switch`` switches its nodes off.
    """

    holder: str
    image: str
    namespace: str | None
    permission: Permission
    own_cluster: bool = False
    switch: NodeSwitch | None = None


class Laboratory:
    """The experiments of one grader."""

    def __init__(
        self,
        client: Client,
        resources: Resources,
        records: Records,
        settings: Settings,
        dialer: Dialer,
        *,
        clock: Clock,
        ids: Callable[[], str],
    ) -> None:
        """``ids`` makes names that nobody else has, of lowercase letters and digits."""
        self._client = client
        self._resources = resources
        self._records = records
        self._settings = settings
        self._dialer = dialer
        self._clock = clock
        self._ids = ids
        self._headroom = Headroom(client, clock)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._restores: dict[str, asyncio.Task[None]] = {}

    async def run(self, experiment: Experiment | Probing) -> Answer:
        """Timeline, Traffic, Trouble or Hindered. Waits for its turn in the namespace."""
        async with self._turns[experiment.namespace]:
            await self._restored(experiment.namespace)
            try:
                return await self._try(experiment)
            except Hopeless as error:
                return error.answer
            except (ApiError, ApiUnreachable) as error:
                return trouble(error, _describe(experiment))
            except KindNotServed as error:
                return Trouble("KindNotServed", str(error), transient=False)
            except OSError as error:
                return Trouble("RecordNotKept", str(error), transient=False)

    async def sweep(self) -> int:
        """Begin to finish what crashed graders left behind; returns how many that were.

        ``calm`` waits for the end in one namespace. Raises ApiError, ApiUnreachable, OSError.
        """
        left = await self._records.left()
        for record in left:
            _log.info("restoring what %s left of %s", record.holder, record.name)
            self._restore_later(record, broken_off=True)
        return len(left)

    async def calm(self, namespace: str) -> None:
        """Wait until nothing of an earlier experiment is left in the namespace.

        Whoever looks there before would judge the learner on the grader's doing.
        """
        await self._restored(namespace)

    async def close(self) -> None:
        """Wait until everything is put back."""
        while self._restores:
            await asyncio.wait(self._restores.values())

    async def _restored(self, namespace: str) -> None:
        under_way = self._restores.get(namespace)
        if under_way is not None:
            await asyncio.wait([under_way])

    async def _try(self, experiment: Experiment | Probing) -> Timeline | Traffic | Kept:
        if isinstance(experiment, OnCopy):  # nothing of the learner's is disturbed
            await standing(self._client, experiment.namespace)
        elif not isinstance(experiment, Probing):
            self._suits(experiment)
            await opened(self._client, experiment.namespace, self._settings.permission)
        bell, journal = Bell(), Journal(self._clock, self._clock.now_ms())
        trial = TRIALS[type(experiment)](self._client, self._resources, journal, bell, experiment)
        await trial.check()
        debts = Debts(self._records, self._record(experiment))
        written = asyncio.ensure_future(self._records.write(debts.record))
        try:
            owners = await asyncio.shield(written)
            site = Site(
                client=self._client,
                journal=journal,
                bell=bell,
                debts=debts,
                owners=owners,
                image=self._settings.image,
                nonce=self._ids(),
                headroom=self._headroom,
                dialer=self._dialer,
                switch=self._settings.switch,
            )
            timeline = await trial.conduct(site)
        except BaseException:
            self._restore_later(debts.record, broken_off=True, written=written)
            raise
        self._restore_later(debts.record, broken_off=False, written=written)
        return timeline

    def _suits(self, experiment: Experiment) -> None:
        """Some faults are felt on the whole cluster. Raises Hopeless."""
        fault = _fault(experiment)
        if fault in OF_OWN_CLUSTER and not self._settings.own_cluster:
            raise hopeless("OwnClusterOnly", f"{fault}: labgrader runs without --own-cluster")
        if fault == "StopNode" and self._settings.switch is None:
            raise hopeless("NoNodeSwitch", f"{fault}: --node-command was not given")

    def _record(self, experiment: Experiment | Probing) -> Record:
        name = f"experiment-{self._ids()}"
        return Record(
            name=name,
            holder=self._settings.holder,
            begun=self._clock.wall(),
            doing={"experiment": type(experiment).__name__, **asdict(experiment)},
            namespace=self._settings.namespace or f"labgrader-{name}",
            own_namespace=self._settings.namespace is None,
        )

    def _restore_later(
        self,
        record: Record,
        *,
        broken_off: bool,
        written: asyncio.Future[Sequence[Any]] | None = None,
    ) -> None:
        namespace = record.doing["namespace"]
        before = self._restores.get(namespace)
        task = asyncio.create_task(self._restore(record, before, written, broken_off=broken_off))
        self._restores[namespace] = task
        task.add_done_callback(lambda _: self._forget(namespace, task))

    def _forget(self, namespace: str, task: asyncio.Task[None]) -> None:
        if self._restores.get(namespace) is task:
            del self._restores[namespace]

    async def _restore(
        self,
        record: Record,
        before: asyncio.Task[None] | None,
        written: asyncio.Future[Sequence[Any]] | None,
        *,
        broken_off: bool,
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        if written is not None:
            await asyncio.wait([written])  # cancelled or not, the record is there or it is not
            if isinstance(written.exception(), ApiError | OSError):
                return
        # A DeletePod that came to its end has itself waited for the replacement.
        waits = broken_off or record.doing["experiment"] != DeletePod.__name__
        resources = self._resources if waits else None
        await restore(self._client, self._records, record, resources, self._settings.switch)


def _fault(experiment: Experiment) -> str:
    match experiment:
        case Disturb():
            return experiment.fault
        case KeepData() if experiment.drains:
            return DRAIN
    return ""


def _describe(experiment: Experiment | Probing) -> str:
    if isinstance(experiment, OnCopy):
        return f"{_in_place(experiment.of)}, on a copy"
    return _in_place(experiment)


def _in_place(experiment: OnWorkload | RunCronJob | ResizePod | Probing) -> str:
    match experiment:
        case Disturb():
            return f"{experiment.fault} of {experiment.kind} {experiment.name} in {experiment.namespace}"
        case Update():
            return f"update {experiment.kind} {experiment.name} in {experiment.namespace}"
        case DeletePod():
            return f"delete a pod of {experiment.kind} {experiment.name} in {experiment.namespace}"
        case RunCronJob():
            return f"run CronJob {experiment.cron_job} in {experiment.namespace}"
        case ResizePod():
            return f"resize pod {experiment.pod} in {experiment.namespace}"
        case DrainPod():
            return f"stop a pod of {experiment.kind} {experiment.name} in {experiment.namespace}"
        case KeepData():
            return f"delete pods of {experiment.kind} {experiment.name} in {experiment.namespace}"
        case Probing():
            return f"ask Service {experiment.target.service} in {experiment.namespace}"
        case LoadAutoscaler():
            return f"load autoscaler {experiment.autoscaler} in {experiment.namespace}"
