"""Params of ``balances``: a Service spreads its clients' connections over all Ready pods."""

from typing import Annotated, Literal

from pydantic import Field

from labgrader.api.base import HttpPath, Model, ObjectName, Port


class PodName(Model):
    """Where an answer says which pod gives it. At most one of these; else it is the whole body."""

    header: Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$")] | None = (
        None
    )
    """A header of the answer, such as X-Pod."""
    field: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    """A field of the answer's JSON, with dots between the keys: "server.pod"."""
    pattern: Annotated[str, Field(min_length=1, max_length=256)] | None = None
    """An RE2 pattern whose first group is the name: "^pod ([^ ]+)"."""


class AtLeastTwo(Model):
    """How many there must be; there is no choice among one."""

    min: Annotated[int, Field(ge=2, le=20)] = 2
    """At least so many Ready endpoints."""


class Balances(Model):
    """Fresh connections to the Service reach every Ready pod, and none that is not Ready."""

    service: ObjectName
    """The Service."""
    port: Port
    """The Service's port."""
    path: HttpPath = "/"
    """A path whose answer differs from pod to pod, and never for one pod."""
    name: PodName = PodName()
    """Where the answer says which pod gives it."""
    endpoints: AtLeastTwo = AtLeastTwo()
    """How many Ready endpoints there must be to choose from."""
    requests: Annotated[int, Field(ge=100, le=1000)] = 400
    """How many requests are sent to the Service, each over a connection of its own."""
    affinity: Literal["None", "ClientIP"] = "None"
    """None: every endpoint gets its share. ClientIP: all requests of one client reach one pod."""
