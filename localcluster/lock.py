"""One process at a time, of all on this machine that want the same thing.

Used where two `up` at once would make the same programs or install the same packages.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from localcluster.progress import Report


@contextlib.contextmanager
def alone(file: Path, doing: str, report: Report) -> Iterator[None]:
    """Hold `file` against all others; says so when another process, `doing` the same, has it.

    The kernel lets go of it when its holder ends, however that comes about.
    """
    fd = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report(f"waiting for another process that {doing}")
            fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)
