"""Tells what the demo does before there is anything to watch: a line with the seconds so far."""

import time
from dataclasses import dataclass, field

import click


@dataclass(frozen=True)
class Progress:
    """Lines on standard error. Call it with what happens now."""

    begun: float = field(default_factory=time.monotonic)

    def __call__(self, line: str) -> None:
        """Tell one thing."""
        click.echo(f"{time.monotonic() - self.begun:6.1f} s  {line}", err=True)
