"""Runs the programs of a build, one named step after the other.

Both engines use it. A step that fails ends the build with the end of what its
program said; the whole of it stays in the log.
"""

import fcntl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click

_TAIL_LINES = 25


@dataclass(frozen=True)
class Steps:
    """The steps of one build, told to people with the seconds since its start."""

    log: Path
    begun: float = field(default_factory=time.monotonic)

    def say(self, what: str) -> None:
        """Tell what happens now."""
        click.echo(f"{time.monotonic() - self.begun:6.1f} s  {what}", err=True)

    def run(self, command: Sequence[str | Path], folder: Path | None = None) -> None:
        """Run a program to its end.

        Raises click.ClickException with the end of its output when it fails.
        """
        with self.log.open("ab") as log:
            start = log.tell()
            done = subprocess.run(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False
            )
        if done.returncode:
            with self.log.open("rb") as log:
                log.seek(start)
                said = log.read().decode(errors="replace").splitlines()[-_TAIL_LINES:]
            raise click.ClickException(
                "\n".join(
                    [f"{command[0]} ended with {done.returncode}. The end of {self.log}:", *said]
                )
            )


@contextmanager
def alone(lock: Path, steps: Steps) -> Iterator[None]:
    """Keep other builds out that use this lock file, after waiting for them."""
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            steps.say("another build is under way: waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
