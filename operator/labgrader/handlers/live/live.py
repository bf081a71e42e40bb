"""Live grading as a whole: who is followed, what is looked at, and the write of status.live.

Made and run by ``handlers.operate``; told by the watches and the re-scan what they see. Writes
``status.live`` and leaves everything else as it is.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from labgrader.api.submission import Submission
from labgrader.cluster.client import Client
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.resources import Resources
from labgrader.cluster.submissions import Courses
from labgrader.evidence.source import EvidenceSource
from labgrader.grading.live import KindKey, LiveView, look_now
from labgrader.handlers.gate import Gate
from labgrader.handlers.known import Known
from labgrader.handlers.live.following import Following
from labgrader.handlers.live.pace import Looked, Pace, Rhythm
from labgrader.handlers.live.place import Opened, Place
from labgrader.handlers.live.standing import CONTINUOUS, followed, is_being_graded, mark
from labgrader.handlers.live.writing import write_live
from labgrader.handlers.queue import Key
from labgrader.reporting.live import live_status
from labgrader.reporting.live_metrics import LiveMetrics

_LOG = logging.getLogger(__name__)
_MOST = 5_000
_MOST_IN_ONE_NAMESPACE = 20

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parts:
    """What live grading is made of."""

    client: Client
    resources: Resources
    courses: Courses
    known: Known
    source: EvidenceSource
    gate: Gate
    clock: SystemClock
    metrics: LiveMetrics
    rhythm: Rhythm = field(default_factory=Rhythm)


@dataclass
class Live:
    """Follows the open submissions of exercises whose mode is Continuous."""

    parts: Parts
    _places: dict[str, Place] = field(default_factory=dict)
    _targets: dict[Key, str] = field(default_factory=dict)
    _exercises: set[tuple[str, str]] = field(default_factory=set)
    _asking: set[asyncio.Task[None]] = field(default_factory=set)
    _pace: Pace = field(init=False)
    _following: Following = field(init=False)

    def __post_init__(self) -> None:
        parts = self.parts
        self._pace = Pace(self._look, parts.rhythm)
        self._following = Following(
            parts.client, parts.resources, parts.metrics.watches, self._changed, self._doubt
        )

    async def run(self) -> None:
        """Follow until cancelled."""
        try:
            await asyncio.Event().wait()
        finally:
            for task in self._asking:
                task.cancel()
            await self._pace.close()
            await self._following.close()

    def see(self, body: Body) -> None:
        """A Submission was seen: follow it where it is open, leave it where it is not."""
        key = Key(body["metadata"]["namespace"], body["metadata"]["name"])
        known = self.parts.known
        shown = "live" in (body.get("status") or {})
        if not shown and followed(body, known) is None:
            self.gone(key)
            return
        target = body["spec"]["targetNamespace"]
        if self._targets.get(key, target) != target:  # another one of this name
            self.gone(key)
        place = self._places.get(target) or Place()
        before, now = place.opened.get(key), mark(body, known)
        if before is None and self._is_full(place):
            self.parts.metrics.left_out.inc()
            return
        self._places[target], self._targets[key] = place, target
        place.opened[key] = Opened(body, now)
        self.parts.metrics.submissions.set(len(self._targets))
        if before is None or before.mark != now or not _is_same(before.body, body):
            self._pace.touch(target)

    def gone(self, key: Key) -> None:
        """The Submission is deleted, or is not followed any more."""
        target = self._targets.pop(key, None)
        if target is None:
            return
        place = self._places[target]
        place.opened.pop(key, None)
        self.parts.metrics.submissions.set(len(self._targets))
        if not place.opened:
            del self._places[target]
            self._following.want(target, frozenset())
            self._pace.forget(target)

    def refresh(self, *, ask: bool = True) -> None:
        """Exercises or namespaces changed. ``ask``: who else may be followed now."""
        for place in list(self._places.values()):
            for opened in list(place.opened.values()):
                self.see(opened.body)
        known = self.parts.known.exercises.items()
        now = {at for at, e in known if e.plan and e.plan.exercise.spec.mode == CONTINUOUS}
        new, self._exercises = now - self._exercises, now
        if new and ask:
            task = asyncio.create_task(self._ask())
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)

    async def _ask(self) -> None:
        try:
            async for body in self.parts.courses.submissions():
                self.see(body)
        except (ApiError, ApiUnreachable) as error:
            _LOG.warning("submissions not read; the re-scan will: %s", error)

    def _is_full(self, place: Place) -> bool:
        return len(self._targets) >= _MOST or len(place.opened) >= _MOST_IN_ONE_NAMESPACE

    def _changed(self, kind: KindKey, namespace: str, name: str) -> None:
        place = self._places.get(namespace)
        if place is not None and place.change(kind, name, self.parts.clock.now_ms()):
            self.parts.metrics.changes.inc()
            self._pace.touch(namespace)

    def _doubt(self, namespace: str) -> None:
        place = self._places.get(namespace)
        if place is not None:
            place.doubt()
            self._pace.touch(namespace)

    async def _look(self, namespace: str) -> Looked:
        """One look at a namespace, for all its submissions."""
        place = self._places.get(namespace)
        if place is None:
            return Looked()
        if not self.parts.gate.is_open(namespace):  # what an experiment does is not the learner's
            return Looked(unsettled=True, troubled=True)
        changed_ms = place.changed_ms
        try:
            async with self.parts.gate.looking(namespace):
                views = await self._views(namespace, place)
            self._following.want(namespace, place.kinds if namespace in self._places else _NONE)
            for key, view in views.items():
                await self._show(place, key, view)
        except (ApiError, ApiUnreachable) as error:
            _LOG.info("live status in %s not written: %s", namespace, error)
            place.fail()
            self.parts.metrics.looks.labels("error").inc()
            return Looked(unsettled=True, troubled=True)
        except BaseException:
            place.fail()
            raise
        self.parts.metrics.looks.labels("success").inc()
        if changed_ms is not None:
            self.parts.metrics.seconds.observe((self.parts.clock.now_ms() - changed_ms) / 1000)
        seen = [view for view in views.values() if view is not None]
        return Looked(any(v.unsettled for v in seen), any(v.troubled for v in seen))

    async def _views(self, namespace: str, place: Place) -> dict[Key, LiveView | None]:
        """A view for each submission; None where it is not to be shown any more."""
        kept = place.begin(self._following.is_current, self.parts.clock.now_ms())
        views: dict[Key, LiveView | None] = {}
        for key, opened in list(place.opened.items()):
            plan = followed(opened.body, self.parts.known)
            if plan is None:
                views[key] = None
            elif not is_being_graded(opened.body):
                view = await look_now(plan, namespace, self.parts.source, kept)
                kept |= view.answers
                views[key] = view
        place.end([view for view in views.values() if view is not None])
        return views

    async def _show(self, place: Place, key: Key, view: LiveView | None) -> None:
        """Write what a view shows, where it is not there already."""
        opened = place.opened.get(key)
        if opened is None:
            return
        body, known = opened.body, self.parts.known
        plan = followed(body, known)
        wanted: Mapping[str, Any] | None = None
        if view is not None and plan is not None:
            if plan.hash != view.plan.hash or is_being_graded(body):
                return  # it changed meanwhile, and is looked at again
            found = view.without(self._following.refused).findings
            before = (body.get("status") or {}).get("live")
            now = self.parts.clock.wall()
            wanted = live_status(plan, found, Submission.parse(body), before, now)
        written = await write_live(self.parts.courses, body, wanted, self.parts.metrics.writes)
        if written is None or plan is None:
            self.gone(key)
        elif key not in place.opened:  # left meanwhile, when nothing was shown yet
            self.see(written)
        elif place.opened.get(key) is opened:  # nothing newer was seen meanwhile
            opened.body = written


_NONE: frozenset[KindKey] = frozenset()


def _is_same(before: Body, now: Body) -> bool:
    return bool(before["metadata"]["uid"] == now["metadata"]["uid"])
