"""The watches that run: one for each kind that somebody needs, none for the others.

Used by ``handlers.live.live``. Must not know what is asked of the kinds.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from prometheus_client import Gauge

from labgrader.cluster.client import Client
from labgrader.cluster.metadata_watch import MetadataWatch, Pauses, Told
from labgrader.cluster.resources import Resources
from labgrader.grading.live import KindKey

_LOG = logging.getLogger(__name__)
_MOST_KINDS = 40
_TOO_MANY = f"more than {_MOST_KINDS} kinds are watched already"


@dataclass
class _Watch:
    task: asyncio.Task[None]
    current: bool = False
    refused: str | None = None


@dataclass
class Following:
    """Watches by kind.

    ``changed`` is told each change; ``doubtful`` the namespaces whose kept answers may have
    become untrue unseen, or that must hear that a watch was refused.
    """

    client: Client
    resources: Resources
    gauge: Gauge
    changed: Callable[[KindKey, str, str], None]
    doubtful: Callable[[str], None]
    pauses: Pauses = field(default_factory=Pauses)
    _wanted: dict[str, frozenset[KindKey]] = field(default_factory=dict)
    _watches: dict[KindKey, _Watch] = field(default_factory=dict)

    def want(self, namespace: str, kinds: frozenset[KindKey]) -> None:
        """These kinds, and no others, are needed in the namespace."""
        before = self._wanted.get(namespace, frozenset())
        if kinds == before:
            return
        if kinds:
            self._wanted[namespace] = kinds
        else:
            self._wanted.pop(namespace, None)
        needed = frozenset[KindKey]().union(*self._wanted.values())
        for kind in [kind for kind in self._watches if kind not in needed]:
            self._watches.pop(kind).task.cancel()
        late = False
        for kind in sorted(needed - set(self._watches)):
            if len(self._watches) < _MOST_KINDS:
                task = asyncio.create_task(self._watch(kind))
                self._watches[kind] = _Watch(task)
        for kind in kinds - before:
            late |= self.is_current(kind)  # what was asked so far is older than its watch
        self.gauge.set(len(self._watches))
        if late or any(self.refused(kind) for kind in kinds - before):
            self.doubtful(namespace)

    def is_current(self, kind: KindKey) -> bool:
        """Whether every change of the kind is told at once."""
        watch = self._watches.get(kind)
        return watch is not None and watch.current

    def refused(self, kind: KindKey) -> str | None:
        """Why the kind cannot be watched; None where it can, or where that is not known yet."""
        watch = self._watches.get(kind)
        if watch is None:
            return _TOO_MANY if len(self._watches) >= _MOST_KINDS else None
        return watch.refused

    async def close(self) -> None:
        """End all watches."""
        tasks = [watch.task for watch in self._watches.values()]
        self._watches.clear()
        self._wanted.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self, kind: KindKey) -> None:
        told = Told(
            changed=partial(self.changed, kind),
            began=partial(self._set, kind, current=True, refused=None, tell=True),
            broke=partial(self._set, kind, current=False, refused=None, tell=False),
            went_on=partial(self._set, kind, current=True, refused=None, tell=False),
            refused=partial(self._refuse, kind),
        )
        while True:
            try:
                await MetadataWatch(self.client, self.resources, *kind, told, self.pauses).run()
            except Exception as error:  # noqa: BLE001 (one kind's crash is no other's)
                _LOG.exception("the watch of %s %s crashed", *kind)
                self._refuse(kind, f"{type(error).__name__}: {error}"[:500])
                await asyncio.sleep(self.pauses.refused)

    def _refuse(self, kind: KindKey, why: str) -> None:
        before = self.refused(kind)
        if before is None:
            _LOG.warning("%s %s cannot be watched: %s", *kind, why)
        self._set(kind, current=False, refused=why, tell=before is None)

    def _set(self, kind: KindKey, *, current: bool, refused: str | None, tell: bool) -> None:
        watch = self._watches.get(kind)
        if watch is None:
            return
        watch.current, watch.refused = current, refused
        if tell:
            for namespace in [name for name, kinds in self._wanted.items() if kind in kinds]:
                self.doubtful(namespace)
