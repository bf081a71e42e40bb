"""kopf as the watch shell: its events become keys in our queue, nothing more.

Built by ``handlers.operate``. No ``on.create`` or ``on.update``: kopf keeps its own account
of what was handled in annotations and gives up after an outage; ours is the status alone
(docs/decisions/0004-kopf-as-a-watch-shell.md).
"""

import itertools
from collections.abc import Iterator
from typing import Any

import kopf

from labgrader.api.names import GROUP, VERSION
from labgrader.cluster.client import Client
from labgrader.handlers.accounts import NoDiffBase, NoProgress
from labgrader.handlers.exercises import Exercises
from labgrader.handlers.freshness import Freshness
from labgrader.handlers.known import Known
from labgrader.handlers.live.live import Live
from labgrader.handlers.login import connection
from labgrader.handlers.workers import Workers

_PAUSE_SECONDS = 2.0
_IDLE_SECONDS = 0.1
"""Kopf keeps a task, a queue and the last event of each object for so long; 5 s by default,
which is all of a burst at once. The echo of our own write comes within a grading's time."""


def registry(
    client: Client,
    known: Known,
    exercises: Exercises,
    workers: Workers,
    freshness: Freshness,
    live: Live,
) -> kopf.OperatorRegistry:
    """Kopf's registry with our handlers."""
    made = kopf.OperatorRegistry()

    @kopf.on.login(registry=made)
    async def login(**_: Any) -> kopf.ConnectionInfo:
        return await connection(client.configuration)

    @kopf.on.event(GROUP, VERSION, "submissions", registry=made)
    async def submission(event: Any, **_: Any) -> None:
        body = event["object"]
        key = known.see_submission(body)
        new = freshness.saw(body)
        if event["type"] == "DELETED":
            known.forget_submission(key)
            workers.gone(key)
            live.gone(key)
            return
        workers.see(body, again=new and event["type"] is None)  # what held it up may be gone
        live.see(body)

    @kopf.on.event(GROUP, VERSION, "labexercises", registry=made)
    async def exercise(event: Any, **_: Any) -> None:
        body = event["object"]
        if event["type"] == "DELETED":
            metadata = body["metadata"]
            known.forget_exercise(metadata["namespace"], metadata["name"], metadata["uid"])
        else:
            await exercises.see(body)
        live.refresh()

    @kopf.on.event("", "v1", "namespaces", registry=made)
    async def namespace(event: Any, **_: Any) -> None:
        body = event["object"]
        if event["type"] == "DELETED":
            known.forget_namespace(body["metadata"]["name"])
        elif known.see_namespace(body):
            await exercises.namespace_changed(body["metadata"]["name"])
        live.refresh()

    return made


class _Patiently:
    """Pauses between attempts, without end: the default ends the operator after a minute."""

    def __iter__(self) -> Iterator[float]:
        return itertools.repeat(_PAUSE_SECONDS)


def settings() -> kopf.OperatorSettings:
    """Kopf's settings: it posts no events, scans for no kinds, and never stops watching."""
    made = kopf.OperatorSettings()
    made.posting.enabled = False
    made.scanning.disabled = True
    made.watching.server_timeout = 300
    made.watching.connect_timeout = 5
    made.networking.error_backoffs = _Patiently()
    made.persistence.diffbase_storage = NoDiffBase()
    made.persistence.progress_storage = NoProgress()
    made.queueing.idle_timeout = _IDLE_SECONDS
    return made
