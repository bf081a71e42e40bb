"""Params of ``persists``: what was written into a workload outlives its pods."""

from typing import Annotated, Literal

from pydantic import Field

from labgrader.api.base import HttpPath, Model, ObjectRef, Port, PositiveDuration
from labgrader.api.kinds.isolation import Isolated


class Stored(Model):
    """How something is written into a pod by HTTP, and read from it with GET."""

    port: Port
    """The port on which the pods listen."""
    path: HttpPath
    """The path under which something is written; it holds {key}, such as /data/{key}."""
    method: Literal["PUT", "POST"] = "PUT"
    """PUT or POST."""


class Persists(Isolated):
    """Something is written into every pod; pods are deleted; it can be read from their successors."""

    object: ObjectRef
    """The StatefulSet or Deployment."""
    store: Stored
    """How it is written and read."""
    delete: Literal["All", "One"] = "All"
    """All deletes all pods at once, One the oldest."""
    within: PositiveDuration
    """How long it may take until as many pods are Ready as before."""
    identity: bool = False
    """Of a StatefulSet: successors have the same names, and each its own volume claims as before."""
    ordered: bool = False
    """Of a StatefulSet: pods come one after another, each when the one before is Ready."""
    most: Annotated[int, Field(ge=1, le=10)] = 10
    """With more pods than this the check fails before anything is written."""
