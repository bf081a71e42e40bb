"""Whether the watches are alive, told from what the re-scan finds that they did not bring.

Written by the watch handlers and the re-scan, read by /healthz: a watch that hangs without
an error is the one fault of an operator that only a restart mends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_MISSES_ALLOWED = 2

Body = Mapping[str, Any]


@dataclass
class Freshness:
    """Which generation of each Submission the watch has brought."""

    _seen: dict[str, int] = field(default_factory=dict)
    _suspects: dict[str, int] = field(default_factory=dict)
    _misses: int = 0

    @property
    def alive(self) -> bool:
        """False when re-scans in a row found what the watch never brought."""
        return self._misses < _MISSES_ALLOWED

    def saw(self, body: Body) -> bool:
        """Note that the watch brought this object; True where it did for the first time."""
        metadata = body["metadata"]
        first = metadata["uid"] not in self._seen
        self._seen[metadata["uid"]] = metadata["generation"]
        return first

    def scanned(self, present: Mapping[str, int]) -> None:
        """A re-scan read these generations, by uid.

        What it read already last time should be known by now.
        """
        missed = any(
            self._suspects.get(uid) == generation and self._seen.get(uid, 0) < generation
            for uid, generation in present.items()
        )
        self._misses = self._misses + 1 if missed else 0
        self._suspects = {
            uid: generation
            for uid, generation in present.items()
            if self._seen.get(uid, 0) < generation
        }
        self._seen = {uid: seen for uid, seen in self._seen.items() if uid in present}
