"""Evidence that waits for its store, in a folder of bounded size.

Used by ``handlers.keeper``. Files are named by digest, so that one that is added twice is there
once; they outlive the process, as far as the folder does.
"""

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from labgrader.evidence.store import UNFINISHED

_SUFFIX = ".lab"
_HEXADECIMAL = "0123456789abcdef"


class NoRoom(Exception):
    """The folder is full, or cannot be written."""


@dataclass(frozen=True, slots=True)
class Spool:
    """A folder that holds at most ``limit`` bytes."""

    folder: Path
    limit: int

    def add(self, digest: str, content: bytes) -> None:
        """Let a bundle wait here. Raises NoRoom."""
        file = self._file(digest)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            taken = sum(other.stat().st_size for other in self._files())
            if taken + len(content) > self.limit:
                raise NoRoom(f"{taken} of {self.limit} bytes wait already")
            unfinished = file.with_suffix(UNFINISHED)
            unfinished.write_bytes(content)
            unfinished.replace(file)
        except OSError as error:
            raise NoRoom(str(error)) from error

    def waiting(self) -> list[tuple[str, float]]:
        """Digest and time of arrival of what waits, the oldest first."""
        found = [(f"sha256:{file.stem}", file.stat().st_mtime) for file in self._files()]
        return sorted(found, key=lambda one: (one[1], one[0]))

    def find(self, digest: str) -> bytes | None:
        """A bundle that waits; None where none of this digest does."""
        try:
            return self._file(digest).read_bytes()
        except FileNotFoundError:
            return None

    def holds(self, digest: str) -> bool:
        """Whether a bundle waits here."""
        return self._file(digest).exists()

    def remove(self, digest: str) -> None:
        """It waits no longer."""
        self._file(digest).unlink(missing_ok=True)

    def sweep(self, idle_seconds: float) -> int:
        """Remove what a killed writer left unfinished that long ago; how much it was.

        What is cut off does not say whose it was, and nobody ever finishes it.
        """
        swept, before = 0, time.time() - idle_seconds
        for file in self.folder.glob(f"*{UNFINISHED}"):
            with suppress(FileNotFoundError):  # it is whole by now
                if file.stat().st_mtime <= before:
                    file.unlink()
                    swept += 1
        return swept

    def _files(self) -> list[Path]:
        return list(self.folder.glob(f"*{_SUFFIX}"))

    def _file(self, digest: str) -> Path:
        name = digest.removeprefix("sha256:")
        if not name or name.strip(_HEXADECIMAL):
            raise ValueError(f"{digest!r} is no digest")
        return self.folder / f"{name}{_SUFFIX}"
