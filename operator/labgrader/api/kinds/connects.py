"""Params of ``connects``: connections that must come about, and others that must not."""

from typing import Annotated

from pydantic import Field

from labgrader.api.base import LabelName, Model, ObjectName, ObjectRef, Port
from labgrader.api.selection import Labels


class Source(Model):
    """The pod that a probe takes the place of."""

    labels: Labels = Field(default_factory=dict)
    """The labels that it carries; none where left out."""
    namespace: LabelName | None = None
    """One of spec.alsoReads; the learner's namespace where left out."""
    outside: bool = False
    """It stands in a namespace of the grader's own, which belongs to nobody in the course."""


class Destination(Model):
    """Where a connection goes: to a Service or to a workload's pods, in the learner's namespace."""

    service: ObjectName | None = None
    """The Service, whose port is meant."""
    object: ObjectRef | None = None
    """The Deployment, StatefulSet, DaemonSet, ReplicaSet or Pod, whose pods are called at their
    own addresses."""
    port: Port
    """The Service's port, or the pods'."""


class Flow(Model):
    """One connection from one kind of pod to one place."""

    from_: Source = Field(alias="from")
    """The pod that connects."""
    to: Destination
    """What it connects to, by TCP."""
    allowed: bool
    """Whether the connection must come about, or must not."""


class Connects(Model):
    """The connections that must come about do, and those that must not do not.

    What must not be reached must be reached from somewhere else in the same check: only so is it
    known that a policy keeps the connection away, and not that nobody answers.
    """

    flows: Annotated[tuple[Flow, ...], Field(min_length=1, max_length=20)]
    """The connections."""
