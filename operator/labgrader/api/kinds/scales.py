"""Params of ``scales``: an autoscaler adds replicas under real load, and removes them after it."""

from typing import Annotated

from pydantic import Field, WithJsonSchema

from labgrader.api.base import (
    Duration,
    HttpPath,
    Model,
    ObjectName,
    Port,
    PositiveDuration,
    Share,
    number_schema,
)
from labgrader.api.kinds.curve import Curve
from labgrader.api.kinds.isolation import Isolated

MetricName = Annotated[
    str,
    Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9]([A-Za-z0-9._/:-]*[A-Za-z0-9])?$"),
]


class Load(Model):
    """Real requests from inside the cluster."""

    service: ObjectName
    """The Service that is asked."""
    port: Port
    """The Service's port."""
    path: HttpPath = "/"
    """The path that is asked for; it should cost what the autoscaler scales on."""
    concurrency: Annotated[int, Field(ge=1, le=64)] = 8
    """How many requests are under way at any time."""


class ScaleUp(Model):
    """What the autoscaler must reach."""

    to: Annotated[int, Field(ge=2, le=100), WithJsonSchema(number_schema(2, 100))]
    """So many replicas, wanted by the autoscaler and Ready."""
    within: PositiveDuration
    """How long it may take from the start of the load."""
    hold: Duration | None = None
    """How long the load goes on after that; it ends at once where left out. What is to show
    whether the autoscaler keeps still needs some time."""


class ScaleDown(Model):
    """What the autoscaler must come back to."""

    within: PositiveDuration
    """How long it may take, from the end of the load, until there are no more replicas than
    before the load, or than the autoscaler's minReplicas where those are more."""


class Scales(Isolated):
    """The autoscaler scales up under load, and down after it."""

    autoscaler: ObjectName
    """The HorizontalPodAutoscaler."""
    metric: MetricName | None = None
    """What it must scale on, among others: cpu, memory, or the name of a metric of its own
    sort. Where left out, on whatever its owner chose."""
    load: Load
    """The load."""
    up: ScaleUp
    """What must be reached."""
    down: ScaleDown | None = None
    """What it must come back to when the load has ended; not looked at where left out."""
    max_direction_changes: Annotated[int, Field(ge=0, le=100)] | None = None
    """How often the replicas that the autoscaler wants may turn, from more to fewer or from
    fewer to more. With down, going back after the load is one turn. Not counted where left out."""
    max_error_share: Share | None = None
    """The share of the load's requests that may fail, as text: "1". Where left out, some must
    be answered."""
    curve: Curve | None = None
    """How many of the points the measurement earns, over scaleUpTime, or over errorShare, the share
    of the load's requests that failed; all of them where there is none."""
