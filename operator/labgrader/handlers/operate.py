"""The operator as a whole: make every part, start it, and end it in order.

Called by ``cli.run``. The only place where the parts meet.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable

import kopf

from labgrader.cluster.assemble import operator_evidence
from labgrader.cluster.client import Client
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.configuration import configure
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.lease import Lease
from labgrader.cluster.submissions import Courses
from labgrader.handlers import watches
from labgrader.handlers.announce import Announcer
from labgrader.handlers.exercises import Exercises
from labgrader.handlers.freshness import Freshness
from labgrader.handlers.gate import Gate
from labgrader.handlers.grader import Grader
from labgrader.handlers.health import serve
from labgrader.handlers.keeper import Keeper, Retention
from labgrader.handlers.known import Known
from labgrader.handlers.live.live import Live, Parts
from labgrader.handlers.queue import FairQueue
from labgrader.handlers.rescan import Rescan
from labgrader.handlers.settings import Settings
from labgrader.handlers.workers import Workers
from labgrader.reporting.metrics import Metrics
from labgrader.store.files import open_store
from labgrader.store.spool import Spool

_LOG = logging.getLogger(__name__)
_PAUSE_SECONDS = 2.0
_LEASE = "labgrader"


async def operate(settings: Settings) -> None:
    """Run until told to stop.

    Raises NoCluster where there is nothing to connect to, LeaseLost where another operator
    may be at work, StoreTrouble where the evidence store's URL names nothing.
    """
    configuration = await configure(settings.kubeconfig, settings.context)
    async with Client(configuration, agent="labgrader-operator") as client:
        clock, metrics = SystemClock(), Metrics()
        freshness, watching = Freshness(), asyncio.Event()
        runner = await serve(
            settings.port, metrics, alive=lambda: freshness.alive, ready=watching.is_set
        )
        lease = Lease(client, clock, settings.namespace, _LEASE, settings.identity)
        try:
            async with lease.held() as renewing:
                await _work(settings, client, clock, metrics, freshness, watching, renewing)
        finally:
            await runner.cleanup()


async def _work(
    settings: Settings,
    client: Client,
    clock: SystemClock,
    metrics: Metrics,
    freshness: Freshness,
    watching: asyncio.Event,
    renewing: asyncio.Task[None],
) -> None:
    """Everything that only the holder of the Lease may do."""
    evidence = operator_evidence(
        client,
        clock,
        namespace=settings.namespace,
        identity=settings.run,
        image=settings.probe_image,
        digest_key=secrets.token_bytes(32),
        own_cluster=settings.own_cluster,
    )
    courses, known = Courses(client), Known()
    keeper, gate = _keeper(settings, courses, metrics), Gate(settings.experiments)
    grader = Grader(courses, known, evidence, gate, clock, keeper)
    announcer = Announcer(courses, metrics, clock, settings.identity)
    workers = Workers(FairQueue(settings.queue_limit), grader, announcer, metrics)
    exercises = Exercises(courses, known, workers, clock)
    source, resources = evidence.source, evidence.source.objects.resources
    parts = Parts(client, resources, courses, known, source, gate, clock, metrics.live)
    live = Live(parts)
    rescan = Rescan(courses, known, exercises, workers, freshness, metrics, live)
    try:
        await _until_answered(evidence.laboratory.sweep, "finish what a predecessor left")
        await _until_answered(rescan.scan, "first look at everything")
        await _until_first_ends(
            renewing,
            workers.run(settings.workers),
            rescan.run(settings.rescan_seconds),
            *([keeper.run()] if keeper else ()),
            live.run(),
            kopf.operator(  # ends at SIGTERM and SIGINT: it takes the signals over
                registry=watches.registry(client, known, exercises, workers, freshness, live),
                settings=watches.settings(),
                clusterwide=True,
                standalone=True,
                ready_flag=watching,
                identity=settings.run,  # type: ignore[arg-type]  # kopf exports no name for its type
            ),
        )
    finally:
        await evidence.close()


def _keeper(settings: Settings, courses: Courses, metrics: Metrics) -> Keeper | None:
    if not settings.evidence:
        return None
    spool = Spool(settings.spool, settings.spool_bytes)
    retention = Retention(settings.evidence_count, settings.evidence_days)
    return Keeper(open_store(settings.evidence), spool, courses, retention, metrics.evidence)


async def _until_first_ends(*parts: Awaitable[None]) -> None:
    """Run all parts until one ends, then end the others. Raises what that one raised."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def _until_answered(step: Callable[[], Awaitable[object]], doing: str) -> None:
    while True:
        try:
            await step()
        except (ApiError, ApiUnreachable) as error:
            _LOG.warning("cannot %s yet: %s", doing, error)
            await asyncio.sleep(_PAUSE_SECONDS)
        else:
            return
