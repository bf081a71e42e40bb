"""One namespace that is followed: its submissions, and the answers that are still true.

Kept by ``handlers.live.live``. Knows what a change makes untrue; must not ask anything.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from labgrader.evidence.answers import Answer
from labgrader.evidence.requests import GetObject, ListObjects, Request
from labgrader.grading.live import KindKey, LiveView, can_be_kept, concerns
from labgrader.handlers.live.standing import Mark
from labgrader.handlers.queue import Key

_FULL_LOOK_MS = 30_000
_MOST_CHANGES = 200

Body = Mapping[str, Any]


@dataclass
class Opened:
    """One submission as it was seen last."""

    body: Body
    mark: Mark


@dataclass
class Place:
    """One namespace."""

    opened: dict[Key, Opened] = field(default_factory=dict)
    kinds: frozenset[KindKey] = frozenset()
    """All kinds that its checks have ever asked for; they only grow, so watches stay."""
    changed_ms: int | None = None
    """When the first change came that no look has seen."""
    _answers: dict[Request, Answer] = field(default_factory=dict)
    _asked: frozenset[Request] = frozenset()
    _changes: set[tuple[KindKey, str]] = field(default_factory=set)
    _looking: bool = True  # a change before the first look concerns everything
    _anew: bool = True
    _full_ms: int = 0

    def change(self, kind: KindKey, name: str, now_ms: int) -> bool:
        """An object changed. False where nothing that was asked can have changed by it."""
        if not (self._looking or any(concerns(request, kind, name) for request in self._asked)):
            return False
        self._changes.add((kind, name))
        if len(self._changes) > _MOST_CHANGES:
            self.doubt()
        if self.changed_ms is None:
            self.changed_ms = now_ms
        return True

    def doubt(self) -> None:
        """Changes may have been missed: the next look asks for everything."""
        self._anew = True
        self._changes.clear()

    def begin(self, is_current: Callable[[KindKey], bool], now_ms: int) -> dict[Request, Answer]:
        """A look begins: the answers that are still true.

        Now and then there are none, whatever the watches said or did not say.
        """
        changes, self._changes, self._looking = self._changes, set(), True
        anew, self._anew = self._anew or now_ms - self._full_ms > _FULL_LOOK_MS, False
        self.changed_ms = None
        if anew:
            self._full_ms = now_ms
            return {}
        return {
            request: answer
            for request, answer in self._answers.items()
            if _is_followed(request, is_current)
            and not any(concerns(request, kind, name) for kind, name in changes)
        }

    def end(self, views: Iterable[LiveView]) -> None:
        """A look ended with these views."""
        views = tuple(views)
        self._asked = frozenset(request for view in views for request in view.answers)
        self._answers = {
            request: answer
            for view in views
            for request, answer in view.answers.items()
            if can_be_kept(request, answer)
        }
        found = (kinds for view in views for kinds in view.kinds.values())
        self.kinds = self.kinds.union(*found)
        self._looking = False

    def fail(self) -> None:
        """A look broke off."""
        self.doubt()
        self._looking = False


def _is_followed(request: Request, is_current: Callable[[KindKey], bool]) -> bool:
    if isinstance(request, GetObject | ListObjects):
        return is_current((request.api_version, request.kind))
    return True
