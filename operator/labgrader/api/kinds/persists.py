"""Params of ``persists``: what was written into a workload outlives its pods."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from labgrader.api.base import HttpPath, LabelName, Model, ObjectRef, Port, PositiveDuration
from labgrader.api.kinds.faults import Command
from labgrader.api.kinds.isolation import Isolated


class StoreCommands(Model):
    """How something is written and read by commands in a container, as kubectl exec runs them."""

    container: LabelName | None = None
    """The container; the first where it is left out."""
    write: Command
    """A command and its arguments, run without a shell; it keeps {value} under {key}. It may be run
    again until it ends well."""
    read: Command
    """A command and its arguments, run without a shell; it prints what is kept under {key}."""


class Stored(Model):
    """How something is written into a pod and read from it: by HTTP, or by commands."""

    port: Port | None = None
    """The port on which the pods listen."""
    path: HttpPath | None = None
    """The path under which something is written, and read with GET; it holds {key}, such as
    /data/{key}."""
    method: Literal["PUT", "POST"] = "PUT"
    """PUT or POST."""
    exec: StoreCommands | None = None
    """The commands, for programs without HTTP."""

    @model_validator(mode="after")
    def _says_one_way(self) -> "Stored":
        if (self.exec is None) == (self.path is None):
            raise ValueError("write either exec, or path and port")
        if (self.path is None) != (self.port is None):
            raise ValueError("path and port belong together")
        return self


class Persists(Isolated):
    """Something is written into every pod; pods go; it can be read from their successors."""

    object: ObjectRef
    """The StatefulSet or Deployment."""
    store: Stored
    """How it is written and read."""
    delete: Literal["All", "One", "DrainNode"] = "All"
    """All deletes all pods at once, One the oldest; DrainNode cordons a node and evicts the pods
    there, only on a learner's own cluster."""
    within: PositiveDuration
    """How long it may take until as many pods are Ready as before."""
    identity: bool = False
    """Of a StatefulSet: successors have the same names, and each its own volume claims as before."""
    ordered: bool = False
    """Of a StatefulSet: pods come one after another, each when the one before is Ready."""
    most: Annotated[int, Field(ge=1, le=10)] = 10
    """With more pods than this the check fails before anything is written."""
