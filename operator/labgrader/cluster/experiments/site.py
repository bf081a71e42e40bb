"""Where one experiment's probe works: the operator's namespace, or one made for the experiment.

Used by the experiments to start their probe; ``restore`` takes it all away again.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from labgrader.api.names import RECORD_LABEL
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.hopeless import hopeless
from labgrader.cluster.experiments.job import Probe, ProbeJob
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.probes.exchange import Target
from labgrader.cluster.records import Record

_FIRST_LINE_MS = 30_000
_STARTING_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Site:
    """One experiment's place, record and means."""

    client: Client
    journal: Journal
    bell: Bell
    record: Record
    owners: Sequence[Any]
    image: str
    nonce: str

    @asynccontextmanager
    async def probe(
        self, doing: Sequence[str], target: Target, seconds: int
    ) -> AsyncIterator[Probe]:
        """A probe that has printed its first line, and works at most so long.

        Raises Hopeless where it does not start, ApiError, ApiUnreachable.
        """
        if self.record.own_namespace:
            await self._make_namespace()
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
        )
        probe = Probe(self.client, job, self.bell, self.journal)
        async with probe.working():
            heard = await self.bell.until(lambda: bool(probe.lines) or probe.ended, _FIRST_LINE_MS)
            if not heard or not probe.lines or probe.lines[0].body.get("start") != self.nonce:
                detail = f"the probe in {job.namespace} did not begin ({job.image})"
                raise hopeless("ProbeNotStarted", detail, transient=True)
            yield probe

    async def _make_namespace(self) -> None:
        """Make the namespace, and wait for the account that its pods run as."""
        name = self.record.namespace
        labels = {
            RECORD_LABEL: self.record.name,
            "pod-security.kubernetes.io/enforce": "restricted",
        }
        try:
            await self.client.create(
                "/api/v1/namespaces",
                {
                    "apiVersion": "v1",
                    "kind": "Namespace",
                    "metadata": {"name": name, "labels": labels},
                },
            )
        except ApiError as error:
            detail = f"create namespace {name} for the probe: {error.message}"
            raise hopeless("ProbeNotStarted", detail, transient=error.overloaded) from error
        accounts = self.client.lines(
            f"/api/v1/namespaces/{name}/serviceaccounts",
            {"watch": "true", "fieldSelector": "metadata.name=default", "timeoutSeconds": "30"},
        )
        async with aclosing(accounts):
            async for _ in accounts:
                return
