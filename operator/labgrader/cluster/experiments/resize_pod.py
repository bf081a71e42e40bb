"""The experiment ResizePod: a running container gets other limits, and what the kubelet makes of it.

Run by ``laboratory``, which gives it back what it had.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from labgrader.checks.resizing import (
    IN_PROGRESS,
    PENDING,
    READY_AGAIN,
    RESIZE_ASKED,
    RESIZE_DONE,
    RESIZE_FAILS,
    RESIZE_WAITS,
    RESTARTED,
    conditions,
    has_limits,
    is_resizing,
    status_of,
    wanted,
)
from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.change import planned
from labgrader.cluster.experiments.fields import field, item
from labgrader.cluster.experiments.hopeless import Hopeless, hopeless
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.mirror import Mirror
from labgrader.cluster.experiments.permit import RESIZE_PODS, may, same
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Hindered
from labgrader.evidence.experiments import ResizePod
from labgrader.evidence.timeline import Timeline

_ERROR = "Error"
_LONGEST = 300
_REFUSED = (403, 422)
CALM_MS = 3_000
"""So long after the resize a restart would still be one for it."""

Json = Mapping[str, Any]


@dataclass
class PodResize:
    """One run."""

    client: Client
    resources: Resources
    journal: Journal
    bell: Bell
    experiment: ResizePod
    _restarts: int = 0

    async def check(self) -> None:
        """Everything that can be known before anything is changed. Raises Hopeless."""
        await may(self.client, self.experiment.namespace, *RESIZE_PODS)

    async def conduct(self, site: Site) -> Timeline:
        """Resize, watch; ends as soon as the evidence decides."""
        wants = self.experiment
        pods = f"/api/v1/namespaces/{wants.namespace}/pods"
        named = {"fieldSelector": f"metadata.name={wants.pod}"}
        mirror = Mirror(self.client, pods, named, self.bell)
        async with mirror.following():
            path = f"{pods}/{wants.pod}"
            body = await same(self.client, path, wants.pod_uid)
            self._restarts = self._count(body)
            mirror.changed = lambda: self._note(mirror.objects.get(wants.pod_uid))
            self.journal.did(RESIZE_ASKED)
            await self._ask(site, path, body)
            end_ms = wants.within_ms
            await self.bell.until(
                lambda: self._is_done or wants.pod_uid not in mirror.objects, end_ms
            )
            if wants.pod_uid not in mirror.objects:
                raise hopeless("ObjectReplaced", f"pod {wants.pod} is gone", transient=True)
            # What restarts it may come a moment after the kubelet says that it is done.
            await self.bell.until(lambda: False, CALM_MS)
            return self.journal.timeline()

    async def _ask(self, site: Site, path: str, body: Json) -> None:
        wants, before = self.experiment, orjson.loads(self.experiment.before)
        container = next(
            one for one in body["spec"]["containers"] if one["name"] == wants.container
        )
        if (container.get("resources") or {}) != before:
            raise hopeless("ObjectReplaced", f"{path} was resized just now", transient=True)
        at = (*field("spec", "containers"), item(wants.container), *field("resources"))
        after = {
            (*at, *field(part, name)): value
            for part, values in wanted(before, self._limits).items()
            for name, value in values.items()
            if (before.get(part) or {}).get(name) != value
        }
        try:
            await site.resize(planned(body, path, after, subresource="resize"), wants.container)
        except ApiError as error:
            if error.status not in _REFUSED:
                raise
            about = {"pod": wants.pod, "container": wants.container, "detail": error.message}
            params = tuple((name, value[:_LONGEST]) for name, value in about.items())
            raise Hopeless(Hindered("ResizeRefused", params)) from error

    @property
    def _limits(self) -> dict[str, str]:
        limits = {"cpu": self.experiment.cpu, "memory": self.experiment.memory}
        return {name: value for name, value in limits.items() if value}

    @property
    def _is_done(self) -> bool:
        return self.journal.timeline().when(READY_AGAIN) is not None

    def _count(self, body: Json) -> int:
        return int(status_of(body, self.experiment.container).get("restartCount", 0))

    def _note(self, body: Json | None) -> None:
        if body is None:
            return
        status, seen = status_of(body, self.experiment.container), self._count(body)
        for _ in range(seen - self._restarts):
            self.journal.did(RESTARTED)
        self._restarts = max(seen, self._restarts)
        self._note_conditions(body)
        if has_limits(status, self._limits) and not is_resizing(body):
            self._once(RESIZE_DONE)
            if status.get("ready"):
                self._once(READY_AGAIN)

    def _note_conditions(self, body: Json) -> None:
        for one in conditions(body):
            said = f"{one.get('reason', '')}: {one.get('message', '')}"[:_LONGEST]
            if one["type"] == PENDING:
                self._once(RESIZE_WAITS, said)
            if one["type"] == IN_PROGRESS and one.get("reason") == _ERROR:
                self._once(RESIZE_FAILS, said)

    def _once(self, what: str, subject: str = "") -> None:
        if self.journal.timeline().when(what) is None:
            self.journal.did(what, subject)
