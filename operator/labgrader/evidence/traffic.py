"""The record of many requests to one Service: who stood behind it, and who answered what.

Made by ``cluster.experiments.spread_requests``, judged by ``checks.balances``. Must not judge.
"""

from dataclasses import dataclass, field
from http import HTTPStatus

from labgrader.evidence.timeline import LATER


@dataclass(frozen=True, slots=True)
class Backend:
    """A pod behind the Service, asked at its own address, too. ``ready`` by its own condition."""

    uid: str
    name: str
    ready: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one request, over a connection of its own.

    ``at_ms`` is by the client's own clock. ``to`` is the index of the backend whose address was
    asked, -1 for the Service. ``said`` is the index of the answer's text in ``Traffic.said``, -1
    where none came; ``status`` is 0 there, and ``error`` says why.
    """

    at_ms: int
    to: int
    status: int
    said: int = -1
    error: str = ""

    @property
    def succeeded(self) -> bool:
        """An answer came and its status is no error."""
        return HTTPStatus.OK <= self.status < HTTPStatus.BAD_REQUEST


@dataclass(frozen=True, slots=True)
class Traffic:
    """The requests, in the order in which they were sent.

    Those to the Service and those to each backend were sent in a random order by one client,
    so that no server can tell which of them went through the Service. ``said`` are the
    different texts: a header's value, or the start of the body. ``settled`` is false where pods
    behind the Service came, went or changed between Ready and not meanwhile; ``complete`` where
    not all requests were sent: nobody answered the first ones, or the time was over.
    ``answered_ms`` is when the last request had its answer, or was given up, in milliseconds
    since the grader began; 0 where that is not known.
    """

    backends: tuple[Backend, ...]
    replies: tuple[Reply, ...]
    said: tuple[str, ...]
    settled: bool = True
    complete: bool = True
    answered_ms: int = field(default=0, metadata=LATER)
