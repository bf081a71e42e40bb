"""Kopf's own accounts of what it handled, switched off.

Used by ``handlers.watches``. For every event kopf copies the whole object to compare it with
the last one that its change handlers have seen, and looks into annotations for their progress,
also where there are no change handlers. Ours is the status alone
(docs/decisions/0004-kopf-as-a-watch-shell.md), so these keep and compare nothing
(docs/decisions/0006-what-a-grading-costs.md).
"""

from typing import Any

import kopf


class NoDiffBase(kopf.DiffBaseStorage):
    """Every object is the same as before: there is nothing in it."""

    def build(self, **_: Any) -> Any:
        """The part of an object that changes are looked for in."""
        return {}

    def fetch(self, **_: Any) -> None:
        """The object as it was handled last."""

    def store(self, **_: Any) -> None:
        """Keep the object as handled."""


class NoProgress(kopf.ProgressStorage):
    """No handler is ever in the middle of something."""

    def fetch(self, **_: Any) -> None:
        """How far a handler is."""

    def store(self, **_: Any) -> None:
        """Keep how far a handler is."""

    def purge(self, **_: Any) -> None:
        """Forget how far a handler was."""

    def touch(self, **_: Any) -> None:
        """Make the object change."""

    def clear(self, *, essence: Any) -> Any:
        """The part of an object that changes are looked for in, without the above."""
        return essence
