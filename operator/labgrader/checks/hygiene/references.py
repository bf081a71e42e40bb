"""The Secrets and ConfigMaps that a template refers to without needing them.

Called by ``checks.configures`` and the modules beside it. A reference that is not optional
keeps its container from starting where the object or key is missing, so it counts as it
stands. Only what may be missing unnoticed is read, all of it at once.
"""

from dataclasses import dataclass

from labgrader.checks.scope import Scope
from labgrader.checks.tolerant import mapping
from labgrader.evidence.snapshot import Snapshot

MOST = 100
"""More objects than these are not read for one workload: a learner decides how many it names."""


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """An object by its kind, Secret or ConfigMap, and name; neither is empty."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Objects:
    """The namespace's Secrets and ConfigMaps."""

    scope: Scope
    snapshot: Snapshot

    def ask(self, references: set[Reference]) -> None:
        """Ask for all of them at once."""
        requests = [self.scope.named(found.kind, found.name) for found in sorted(references)]
        self.snapshot.together(*requests)

    def exists(self, kind: str, name: str) -> bool:
        """Whether the object is there."""
        return bool(name) and self.snapshot.object(self.scope.named(kind, name)) is not None

    def hold(self, kind: str, name: str, key: str) -> bool:
        """Whether the object is there and has the key."""
        found = self.snapshot.object(self.scope.named(kind, name)) if name else None
        return found is not None and key in mapping(found.get("data"))
