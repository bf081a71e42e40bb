"""Put a cluster's evidence together, for the operator and for the command line.

Called by ``handlers.operate`` and ``cli.grade``: the one place that chooses who dials, where
probe Jobs run and where experiments are recorded.
"""

import uuid
from dataclasses import dataclass
from pathlib import Path

from labgrader.cluster.access import AccessReviews
from labgrader.cluster.changes import Changes
from labgrader.cluster.client import Client
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.configuration import in_cluster
from labgrader.cluster.dry_run import DryRuns
from labgrader.cluster.evaluation.pool import Workers
from labgrader.cluster.experiments.laboratory import Laboratory, Settings
from labgrader.cluster.experiments.permit import Permission
from labgrader.cluster.experiments.switch import NodeSwitch
from labgrader.cluster.gather import ClusterEvidence
from labgrader.cluster.objects import Objects
from labgrader.cluster.outposts.control import Control
from labgrader.cluster.outposts.outposts import Outposts
from labgrader.cluster.outposts.post import Means
from labgrader.cluster.probes.direct import DirectDialer
from labgrader.cluster.probes.proxied import ProxiedDialer
from labgrader.cluster.records import ConfigMapRecords, FileRecords
from labgrader.cluster.resources import Resources


@dataclass(frozen=True, slots=True)
class Evidence:
    """A source of evidence, and what is behind it: a laboratory to be swept, workers to be ended."""

    source: ClusterEvidence
    laboratory: Laboratory
    workers: Workers

    async def close(self) -> None:
        """End what runs for it: probes that are left, and workers."""
        try:
            await self.source.outposts.close()
            await self.laboratory.close()
        finally:
            await self.workers.close()


def operator_evidence(
    client: Client,
    clock: SystemClock,
    *,
    namespace: str,
    identity: str,
    image: str,
    digest_key: bytes,
    own_cluster: bool = False,
) -> Evidence:
    """For the operator: records and probes in its namespace, the namespace's label permits."""
    resources, records = Resources(client), ConfigMapRecords(client, namespace, identity)
    dialer = DirectDialer(client) if in_cluster() else ProxiedDialer(client)
    laboratory = Laboratory(
        client,
        resources,
        records,
        Settings(identity, image, namespace, Permission.LABEL, own_cluster),
        dialer,
        clock=clock,
        ids=_short_id,
    )
    means = Means(client, records, clock, identity, image, namespace, _short_id)
    return _together(client, resources, dialer, laboratory, means, digest_key, clock)


def laptop_evidence(
    client: Client,
    clock: SystemClock,
    *,
    folder: Path,
    image: str,
    digest_key: bytes,
    allowed: bool,
    own_cluster: bool = False,
    switch: NodeSwitch | None = None,
) -> Evidence:
    """For the command line: records as files, probes in namespaces of their own.

    ``switch`` stops nodes, where the cluster is one learner's own.
    """
    resources, records = Resources(client), FileRecords(folder, client.configuration.host)
    holder = f"cli-{_short_id()}"
    permission = Permission.GIVEN if allowed else Permission.REFUSED
    dialer = ProxiedDialer(client)
    laboratory = Laboratory(
        client,
        resources,
        records,
        Settings(holder, image, None, permission, own_cluster, switch),
        dialer,
        clock=clock,
        ids=_short_id,
    )
    means = Means(client, records, clock, holder, image, None, _short_id)
    return _together(client, resources, dialer, laboratory, means, digest_key, clock)


def _together(
    client: Client,
    resources: Resources,
    dialer: DirectDialer | ProxiedDialer,
    laboratory: Laboratory,
    means: Means,
    digest_key: bytes,
    clock: SystemClock,
) -> Evidence:
    objects = Objects(client, resources, digest_key)
    workers = Workers()
    source = ClusterEvidence(
        objects,
        AccessReviews(client),
        DryRuns(client, resources),
        Changes(client, resources),
        dialer,
        workers,
        laboratory,
        Outposts(means, Control(means)),
        clock.wall,
    )
    return Evidence(source, laboratory, workers)


def _short_id() -> str:
    return uuid.uuid4().hex[:10]
