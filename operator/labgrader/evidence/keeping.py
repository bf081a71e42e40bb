"""The record of data that was written into pods and looked for in their successors.

Made by ``cluster.experiments.keep_data``, judged by ``checks.persists``. Must not judge.
"""

from dataclasses import dataclass

from labgrader.evidence.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Member:
    """A pod of the workload. ``claims`` are its volume claims, by name and uid.

    ``seen_ms`` is when it was first seen, ``ready_ms`` when it was first Ready; -1 where it
    never was.
    """

    name: str
    uid: str
    claims: tuple[tuple[str, str], ...]
    seen_ms: int = 0
    ready_ms: int = -1


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request to a pod's own address: a key that was written or read.

    ``held`` says that the answer held what was written; ``status`` is 0 where none came, and
    ``error`` says why.
    """

    at_ms: int
    pod: str
    key: str
    status: int
    held: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """The experiment. ``read_first`` was read before anything was deleted, ``read`` afterwards."""

    timeline: Timeline
    before: tuple[Member, ...] = ()
    written: tuple[Exchange, ...] = ()
    read_first: tuple[Exchange, ...] = ()
    after: tuple[Member, ...] = ()
    read: tuple[Exchange, ...] = ()
