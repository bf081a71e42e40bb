"""Params of ``drains``: a pod that is told to stop finishes its requests first."""

from pydantic import Field

from labgrader.api.base import HttpPath, ObjectName, ObjectRef, Port, PositiveDuration, Share
from labgrader.api.kinds.curve import Curve
from labgrader.api.kinds.isolation import Isolated


class Drains(Isolated):
    """A pod of the workload is deleted while requests are under way, and loses none of them."""

    object: ObjectRef
    """The Deployment, StatefulSet, DaemonSet or ReplicaSet of whose pods one is told to stop."""
    service: ObjectName
    """The Service that clients use."""
    port: Port
    """The Service's port."""
    slow: HttpPath
    """A path that takes seconds to answer: these requests are under way when the pod is told to
    stop, and all of them must be answered."""
    path: HttpPath = "/"
    """The path that new clients ask the Service for meanwhile, at a constant rate."""
    min: Share = Field(default="99")  # type: ignore[assignment]  # written as outside
    """The share of the new clients' requests that must succeed, as text: "99.5"."""
    within: PositiveDuration
    """How long the pod may take to be gone."""
    curve: Curve | None = None
    """How many of the points earns what new clients saw: availability or longestGap; all of them
    where there is none."""
