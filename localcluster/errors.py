"""The errors that `python -m localcluster` reports to people.

Raised by every part of the package, caught once by the command line, which
prints the message and leaves with the error's `exit_code`. They carry whole
sentences; nothing here prints.
"""

from pathlib import Path

KIND = "Where this machine cannot do it, kind (https://kind.sigs.k8s.io) runs the same on Docker."


class LocalClusterError(Exception):
    """Something went wrong while working on a cluster."""

    exit_code = 1


class UnsupportedError(LocalClusterError):
    """This machine lacks something that a local cluster needs."""

    exit_code = 2

    def __init__(self, missing: str) -> None:
        super().__init__(f"{missing}\n{KIND}")


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, indented, with its path above; for error messages."""
    try:
        text = log.read_text(errors="replace")
    except OSError as error:
        return f"{log}: {error.strerror}"
    last = text.splitlines()[-lines:] or ["(empty)"]
    return "\n".join([f"The end of {log}:", *(f"  {line}" for line in last)])
