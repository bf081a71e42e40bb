"""Params of ``scales``: an autoscaler adds replicas under real load."""

from typing import Annotated

from pydantic import Field, WithJsonSchema

from labgrader.api.base import (
    HttpPath,
    Model,
    ObjectName,
    Port,
    PositiveDuration,
    number_schema,
)


class Load(Model):
    """Real requests from inside the cluster."""

    service: ObjectName
    """The Service that is asked."""
    port: Port
    """The Service's port."""
    path: HttpPath = "/"
    """The path that is asked for; it should cost CPU."""
    concurrency: Annotated[int, Field(ge=1, le=64)] = 8
    """How many requests are under way at any time."""


class ScaleUp(Model):
    """What the autoscaler must reach."""

    to: Annotated[int, Field(ge=2, le=100), WithJsonSchema(number_schema(2, 100))]
    """So many replicas, wanted by the autoscaler and Ready."""
    within: PositiveDuration
    """How long it may take from the start of the load."""


class Scales(Model):
    """The autoscaler scales up under load."""

    autoscaler: ObjectName
    """The HorizontalPodAutoscaler."""
    load: Load
    """The load."""
    up: ScaleUp
    """What must be reached."""
