"""The record of data that was written into pods and looked for in their successors.

Made by ``cluster.experiments.keep_data``, judged by ``checks.persists``. Must not judge.
"""

from dataclasses import dataclass, field
from http import HTTPStatus

from labgrader.evidence.timeline import LATER, Timeline


@dataclass(frozen=True, slots=True)
class Member:
    """A pod of the workload. ``claims`` are its volume claims, by name and uid.

    ``seen_ms`` is when it was first seen, ``ready_ms`` when it was first Ready; -1 where it
    never was. ``node`` is where it ran.
    """

    name: str
    uid: str
    claims: tuple[tuple[str, str], ...]
    seen_ms: int = 0
    ready_ms: int = -1
    node: str = field(default="", metadata=LATER)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A key that was written into a pod or read from it, by a request or by a command.

    ``held`` says that the answer held what was written. Of a request to the pod's own address,
    ``status`` is 0 where no answer came, and ``error`` says why. Of a command there is no status;
    ``exit_code`` is how it ended, -1 where it did not in time, and ``error`` what it said where
    that was not what was asked for.
    """

    at_ms: int
    pod: str
    key: str
    status: int
    held: bool = False
    error: str = ""
    exit_code: int = field(default=-1, metadata=LATER)

    @property
    def went_well(self) -> bool:
        """The program took the request, or the command ended without an error."""
        taken = HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES
        return taken or self.exit_code == 0


@dataclass(frozen=True, slots=True)
class Kept:
    """The experiment. ``read_first`` was read before anything was deleted, ``read`` afterwards."""

    timeline: Timeline
    before: tuple[Member, ...] = ()
    written: tuple[Exchange, ...] = ()
    read_first: tuple[Exchange, ...] = ()
    after: tuple[Member, ...] = ()
    read: tuple[Exchange, ...] = ()
