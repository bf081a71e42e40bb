"""Params of ``heals``: a workload recovers by itself after a fault."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from labgrader.api.base import (
    Duration,
    HttpPath,
    Model,
    ObjectName,
    ObjectRef,
    Port,
    PositiveDuration,
    Share,
)


class Availability(Model):
    """What clients of a Service see meanwhile.

    They are watched from the deletion until the recovery, and for at least 10 seconds: so a
    workload that recovers fast is not judged by fewer requests, of which each weighs more.
    """

    service: ObjectName
    """The Service that clients use."""
    port: Port
    """The Service's port."""
    path: HttpPath = "/"
    """The path that is asked for, at a constant rate."""
    min: Share
    """The share of requests that must succeed, as text: "99.9". Those count that are sent from
    the deletion until the recovery, and for at least 10 seconds."""


class CurvePoint(Model):
    """One point of a curve."""

    at: Duration
    """The measured time."""
    percent: Annotated[int, Field(ge=0, le=100)]
    """The share of the check's points that it earns."""


class Curve(Model):
    """Points by measurement: linear between its points, clamped, rounded down once."""

    of: Literal["recoveryTime"]
    """What is measured: recoveryTime."""
    points: Annotated[tuple[CurvePoint, ...], Field(min_length=2, max_length=10)]
    """The curve's points, with ascending times."""

    @model_validator(mode="after")
    def _ascends(self) -> "Curve":
        times = [point.at for point in self.points]
        if any(later <= earlier for earlier, later in pairwise(times)):
            raise ValueError("the points of a curve stand in the order of their times, each once")
        return self


class Heals(Model):
    """The workload recovers from a fault within the time."""

    object: ObjectRef
    """The Deployment, StatefulSet, DaemonSet or ReplicaSet whose pod is disturbed."""
    fault: Literal["DeletePod"]
    """What is done: DeletePod deletes one Ready pod."""
    within: PositiveDuration
    """How long it may take until as many pods are Ready as before."""
    availability: Availability | None = None
    """What clients must see while it heals."""
    curve: Curve | None = None
    """How many of the points the measured recovery time earns; all of them where there is none."""
