"""Tells people how far long work has come.

`Report` is what every long-working function takes; the command line passes a
`Timed` one, which puts the seconds since its making before each line.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Report = Callable[[str], None]


@dataclass(frozen=True)
class Timed:
    """Prints to standard error, each line with the seconds that have passed."""

    begun: float = field(default_factory=time.monotonic)

    def __call__(self, line: str) -> None:
        """Print one line."""
        print(f"{time.monotonic() - self.begun:6.1f} s  {line}", file=sys.stderr, flush=True)


def silent(line: str) -> None:
    """Tell nobody; for callers that only want the result."""
    del line
