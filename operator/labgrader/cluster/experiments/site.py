"""Where one experiment's probe works: the operator's namespace, or one made for the experiment.

Used by the experiments to start their probe; ``restore`` takes it all away again.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from labgrader.cluster.client import Client
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.change import Change, make
from labgrader.cluster.experiments.debts import Debts
from labgrader.cluster.experiments.faults.nodes import NODES
from labgrader.cluster.experiments.headroom import Headroom
from labgrader.cluster.experiments.hopeless import hopeless
from labgrader.cluster.experiments.job import Probe, ProbeJob
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.own_namespace import make_namespace
from labgrader.cluster.experiments.switch import NodeSwitch, NotSwitched
from labgrader.cluster.probes.dialer import Dialer
from labgrader.cluster.probes.exchange import Target
from labgrader.cluster.records import Record

Json = Mapping[str, Any]

_FIRST_LINE_MS = 30_000
_STARTING_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Site:
    """One experiment's place, record and means. ``switch`` is that of nodes, where there is one.

    ``dialer`` sends one request as a client does.
    """

    client: Client
    journal: Journal
    bell: Bell
    debts: Debts
    owners: Sequence[Any]
    image: str
    nonce: str
    headroom: Headroom
    dialer: Dialer
    switch: NodeSwitch | None = None

    @property
    def record(self) -> Record:
        """The experiment's record."""
        return self.debts.record

    async def cordon(self, node: str) -> None:
        """Keep new pods off a node until the experiment ends. Raises ApiError, ApiUnreachable."""
        await self.debts.uncordon(node)
        await self.client.patch(f"{NODES}/{node}", {"spec": {"unschedulable": True}})

    async def switch_off(self, node: str) -> None:
        """Switch a node off until the experiment ends. Raises Hopeless."""
        if self.switch is None:
            raise hopeless("NoNodeSwitch", "--node-command was not given")
        await self.debts.switch_on(node)
        try:
            await self.switch.off(node)
        except NotSwitched as error:
            raise hopeless("NodeNotSwitched", str(error)) from error

    async def change(self, change: Change, room: Change) -> None:
        """Change fields of a learner's object until the experiment ends.

        ``room`` comes before it, and goes when no trace of it is left. Raises Hopeless, ApiError,
        ApiUnreachable.
        """
        await self.debts.change(change, room)
        for one in (room, change):
            if one.fields:
                await make(self.client, one)

    async def lower(self, change: Change) -> None:
        """Lower a number of replicas until the experiment ends. Raises like change."""
        await self.debts.lower(change)
        await make(self.client, change)

    async def resize(self, change: Change, container: str) -> None:
        """Give a pod's container other resources until the experiment ends. Raises like change."""
        await self.debts.resize(change, container)
        await make(self.client, change)

    async def run_job(self, collection: str, job: Json, changes: Sequence[Change]) -> None:
        """Run a Job of the learner's until the experiment ends; it may make these changes.

        Raises ApiError, ApiUnreachable.
        """
        await self.debts.run_job(f"{collection}/{job['metadata']['name']}", changes)
        await self.client.create(collection, job)

    @asynccontextmanager
    async def probe(
        self, doing: Sequence[str], target: Target, seconds: int, *, avoid: str = ""
    ) -> AsyncIterator[Probe]:
        """A probe that has printed its first line, and works at most so long.

        It runs on any node but ``avoid``.

        Raises Hopeless where it does not start, ApiError, ApiUnreachable.
        """
        if self.record.own_namespace:
            await make_namespace(self.client, self.record)
        job = ProbeJob(
            name=self.record.name,
            namespace=self.record.namespace,
            owners=self.owners,
            image=self.image,
            args=(
                *doing,
                *("--target", target.address, "--host", target.host, "--path", target.path),
                *("--for", f"{seconds}s", "--nonce", self.nonce),
            ),
            seconds=seconds + _STARTING_SECONDS,
            avoid=avoid,
        )
        probe = Probe(self.client, job, self.bell, self.journal)
        async with probe.working():
            heard = await self.bell.until(lambda: bool(probe.lines) or probe.ended, _FIRST_LINE_MS)
            if not heard or not probe.lines or probe.lines[0].body.get("start") != self.nonce:
                detail = f"the probe in {job.namespace} did not begin ({job.image})"
                raise hopeless("ProbeNotStarted", detail, transient=True)
            yield probe
