"""A cache of folders, each named after what it is and a hash of what it was made from.

Used for built programs, images and unpacked images. An entry is made in a
temporary folder and renamed when it is whole, so an interrupted build leaves
nothing that could be taken for a result; a lock keeps two builds of one entry
apart.
"""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from localcluster.lock import alone
from localcluster.progress import Report


def content_hash(*parts: bytes | str | Path) -> str:
    """A short hash of texts, and of files with their names."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part
        content = content.encode() if isinstance(content, str) else content
        label = part.name.encode() if isinstance(part, Path) else b""
        digest.update(b"%d %s %d " % (len(label), label, len(content)) + content)
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Cache:
    """The cache in this folder."""

    home: Path

    def entry(self, kind: str, key: str, make: Callable[[Path], None], report: Report) -> Path:
        """The folder of an entry; `make` fills a new one when it is not there yet."""
        entry = self.home / f"{kind}-{key}"
        if entry.exists():
            return entry
        self.home.mkdir(parents=True, exist_ok=True)
        with alone(self.home / f"{kind}.lock", f"makes {kind}", report):
            if not entry.exists():
                self._make(entry, kind, make)
        return entry

    def _make(self, entry: Path, kind: str, make: Callable[[Path], None]) -> None:
        # Whoever left a half-made folder behind held the lock that we hold now.
        for left in self.home.glob(f"making-{kind}-*"):
            shutil.rmtree(left)
        new = self.home / f"making-{entry.name}"
        new.mkdir()
        try:
            make(new)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        new.rename(entry)
