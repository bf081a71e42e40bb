"""Where the clients of a Service send their requests, and what one of them was told.

Called by every judge of requests. Pure.
"""

from typing import Protocol

from labgrader.evidence.experiments import HttpTarget


class Addressed(Protocol):
    """Params that name a Service, its port and a path."""

    @property
    def service(self) -> str:
        """The Service's name."""

    @property
    def port(self) -> int:
        """Its port."""

    @property
    def path(self) -> str:
        """What is asked for there."""


class Told(Protocol):
    """What came of a request; its ``status`` is 0 where no HTTP answer came."""

    @property
    def status(self) -> int:
        """The answer's status."""

    @property
    def error(self) -> str:
        """Why no answer came."""


def target(namespace: str, to: Addressed) -> HttpTarget:
    """Where requests go."""
    return HttpTarget(namespace, to.service, to.port, to.path)


def url(to: Addressed) -> str:
    """The same, as people write it."""
    return f"http://{to.service}:{to.port}{to.path}"


def told(one: Told) -> str:
    """What the client was told, in a word or two."""
    return f"HTTP {one.status}" if one.status else one.error or "-"
