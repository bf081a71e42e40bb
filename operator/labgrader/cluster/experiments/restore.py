"""Putting everything back after an experiment, whoever ran it.

Used by ``laboratory`` at each end, and at start-up for what a crashed grader left. Every
step may be repeated.
"""

import asyncio
import logging

from labgrader.api.names import RECORD_LABEL
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.experiments.aftermath import healed
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.debts import pay
from labgrader.cluster.experiments.mirror import Mirror
from labgrader.cluster.experiments.switch import NodeSwitch, NotSwitched
from labgrader.cluster.records import Record, Records
from labgrader.cluster.resources import Resources

_log = logging.getLogger(__name__)
_GONE = (404, 410)
_PODS_MS = 60_000
_PAUSES = (0.5, 1, 2, 4, 8, 15, 30, 60, 60, 60)


async def restore(
    client: Client,
    records: Records,
    record: Record,
    disturbed: Resources | None,
    switch: NodeSwitch | None = None,
) -> None:
    """Stop what the experiment started, put back what it changed, and forget the record.

    ``disturbed``: the kinds of the cluster, where the workload may not have come back from
    the experiment; then that is waited for. ``switch`` is that of nodes: without one, a node
    that was switched off stays so, and the record stays for a grader that has one.

    Tries for four minutes while the API server cannot be reached; the record stays for the
    next start where that was not enough.
    """
    for pause in (*_PAUSES, None):
        try:
            await _restore(client, records, record, disturbed, switch)
        except NotSwitched as error:
            _log.warning("experiment %s is not restored: %s", record.name, error)
            return
        except (ApiError, ApiUnreachable) as error:
            if pause is None:
                _log.warning("experiment %s is not restored yet: %s", record.name, error)
                return
            await asyncio.sleep(pause)
        else:
            return


async def _restore(
    client: Client,
    records: Records,
    record: Record,
    disturbed: Resources | None,
    switch: NodeSwitch | None,
) -> None:
    for debt in record.owes:
        await pay(client, debt, switch)
    await _delete(client, f"/apis/batch/v1/namespaces/{record.namespace}/jobs/{record.name}")
    await _pods_ended(client, record)
    if disturbed is not None:
        await healed(client, disturbed, record.doing)
    if record.own_namespace:
        await _delete(client, f"/api/v1/namespaces/{record.namespace}")
    await records.remove(record)


async def _delete(client: Client, path: str) -> None:
    try:
        await client.delete(path, {"propagationPolicy": "Background"})
    except ApiError as error:
        if error.status not in _GONE:
            raise


async def _pods_ended(client: Client, record: Record) -> None:
    """Load must be over, and not only on its way to an end, when the namespace is handed on."""
    bell = Bell()
    pods = Mirror(
        client,
        f"/api/v1/namespaces/{record.namespace}/pods",
        {"labelSelector": f"{RECORD_LABEL}={record.name}"},
        bell,
    )
    async with pods.following():
        if not await bell.until(lambda: not pods.objects, _PODS_MS):
            _log.warning("pods of %s in %s do not end", record.name, record.namespace)
