"""What `up` was asked for, kept in the cluster's folder; and the lock on that folder."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from localcluster.layout import Layout


@dataclass(frozen=True)
class Record:
    """A cluster as it was made: number of nodes, audit log or not, relay's port, programs.

    `enforcer` is the folder of the policy enforcer; empty where policies are not enforced.
    """

    nodes: int
    audit: bool
    port: int
    programs: str
    enforcer: str = ""

    @property
    def policy(self) -> bool:
        """Whether it was made to enforce NetworkPolicies."""
        return bool(self.enforcer)

    def complete(self) -> bool:
        """Whether the programs that it runs are still in the cache."""
        return all(Path(folder).is_dir() for folder in (self.programs, self.enforcer) if folder)

    def write(self, place: Layout) -> None:
        """Keep it."""
        new = place.record.with_suffix(".new")
        new.write_text(json.dumps(asdict(self)))
        new.rename(place.record)


def read(place: Layout) -> Record | None:
    """The record of a cluster; nothing when no such cluster was made (or not completely)."""
    try:
        return Record(**json.loads(place.record.read_text()))
    except FileNotFoundError:
        return None


@contextlib.contextmanager
def alone(place: Layout) -> Iterator[None]:
    """Make the cluster's folder and hold it against every other process that changes it."""
    while True:
        place.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        fd = os.open(place.home, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            if not _is_still(fd, place.home):
                continue  # removed by `down` while we waited
            yield
            return
        finally:
            os.close(fd)


def _is_still(fd: int, folder: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), folder.stat())
    except FileNotFoundError:
        return False
