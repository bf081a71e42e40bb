"""One probe pod: on record, made, listened to, and removed whatever happens.

Used by ``outposts`` and ``control``. The removal is a task of its own: who cancels a grading
cancels no removal.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from labgrader.api.names import PROBE_PREFIX
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.aftermath import ERRANDS
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.hopeless import hopeless
from labgrader.cluster.experiments.job import Probe
from labgrader.cluster.experiments.journal import Clock, Journal
from labgrader.cluster.experiments.own_namespace import make_namespace
from labgrader.cluster.experiments.restore import restore
from labgrader.cluster.outposts.listening import PatientProbe
from labgrader.cluster.outposts.manifest import OutpostJob
from labgrader.cluster.records import Record, Records
from labgrader.evidence.requests import Origin

_FIRST_LINE_MS = 30_000
_STARTING_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Means:
    """What every post needs of its grader.

    ``home`` is the namespace of the grader's own pods, None where each has one made for it;
    ``ids`` makes names that nobody else has.
    """

    client: Client
    records: Records
    clock: Clock
    holder: str
    image: str
    home: str | None
    ids: Callable[[], str]
    removals: defaultdict[str, set[asyncio.Task[None]]] = field(
        default_factory=lambda: defaultdict(set)
    )

    async def removed(self, namespace: str) -> None:
        """Wait until the pods of before are gone, whose share of a quota is needed again."""
        if self.removals[namespace]:
            await asyncio.wait(tuple(self.removals[namespace]))

    async def close(self) -> None:
        """Wait until all pods are removed."""
        while tasks := [task for some in self.removals.values() for task in some]:
            await asyncio.wait(tasks)


@dataclass(frozen=True, slots=True)
class Post:
    """A probe at work, and the nonce that its lines begin and end with."""

    probe: Probe
    bell: Bell
    record: Record
    owners: Sequence[Any]
    nonce: str


@asynccontextmanager
async def posted(
    means: Means,
    origin: Origin,
    args: Sequence[str],
    seconds: int,
    *,
    beside: Record | None = None,
) -> AsyncIterator[Post]:
    """A probe pod that has printed its first line; removed when the context is left.

    ``beside`` is the record of another post in whose namespace it is to stand. Raises Hopeless,
    ApiError, ApiUnreachable, OSError.
    """
    if not means.image:
        raise hopeless("ProbeImageMissing", "no image is set")
    record = _record(means, origin, beside)
    bell, nonce = Bell(), means.ids()
    written = asyncio.ensure_future(means.records.write(record))
    try:
        owners = await asyncio.shield(written)
        if record.own_namespace:
            await make_namespace(means.client, record)
        job = OutpostJob(
            name=record.name,
            namespace=record.namespace,
            # An owner in another namespace would have the Job collected as garbage.
            owners=owners if record.namespace == means.home else (),
            image=means.image,
            args=(*args, "--nonce", nonce),
            seconds=seconds + _STARTING_SECONDS,
            labels=origin.labels,
        )
        probe = PatientProbe(means.client, job, bell, Journal(means.clock, means.clock.now_ms()))
        async with probe.working():
            await _begun(probe, bell, nonce)
            yield Post(probe, bell, record, owners, nonce)
    finally:
        _remove_later(means, record, written)


async def _begun(probe: Probe, bell: Bell, nonce: str) -> None:
    heard = await bell.until(lambda: bool(probe.lines) or probe.ended, _FIRST_LINE_MS)
    if not heard or not probe.lines or probe.lines[0].body.get("start") != nonce:
        detail = f"the probe in {probe.job.namespace} did not begin ({probe.job.image})"
        raise hopeless("ProbeNotStarted", detail, transient=True)


def _record(means: Means, origin: Origin, beside: Record | None) -> Record:
    name = f"{PROBE_PREFIX}{means.ids()}"
    where = origin.namespace or means.home or (beside.namespace if beside else "")
    return Record(
        name=name,
        holder=means.holder,
        begun=means.clock.wall(),
        doing={"experiment": ERRANDS, "namespace": where or name},
        namespace=where or name,
        own_namespace=not where,
    )


def _remove_later(means: Means, record: Record, written: "asyncio.Future[Sequence[Any]]") -> None:
    task = asyncio.create_task(_remove(means, record, written))
    tasks = means.removals[record.namespace]
    tasks.add(task)
    task.add_done_callback(tasks.discard)


async def _remove(means: Means, record: Record, written: "asyncio.Future[Sequence[Any]]") -> None:
    await asyncio.wait([written])  # cancelled or not, the record is there or it is not
    if isinstance(written.exception(), ApiError | OSError):
        return
    await restore(means.client, means.records, record, None)
