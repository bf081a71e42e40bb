"""Params of ``scalesOnSchedule``: a CronJob raises capacity before a peak that is known in advance."""

from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from labgrader.api.base import Model, ObjectName, ObjectRef, PositiveDuration, number_schema

TIME_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
ZONE_PATTERN = r"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$"

Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


class ScalesOnSchedule(Model):
    """The CronJob fires before each peak, and what it runs raises the workload's replicas."""

    cron_job: ObjectName
    """The CronJob."""
    object: ObjectRef
    """The Deployment or StatefulSet whose replicas it raises, itself or by the minReplicas of a
    HorizontalPodAutoscaler."""
    peak: Annotated[str, Field(max_length=5, pattern=TIME_PATTERN)]
    """When the load comes, as text: "09:00"."""
    time_zone: Annotated[str, Field(max_length=64, pattern=ZONE_PATTERN)] = "UTC"
    """The time zone of the peak, such as Asia/Seoul. The CronJob may count in any other."""
    before: PositiveDuration
    """How long before the peak the CronJob may fire at the earliest."""
    days: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)] | None = None
    """The days with a peak: Mon, Tue, Wed, Thu, Fri, Sat, Sun. Every day where left out."""
    to: Annotated[int, Field(ge=1, le=100), WithJsonSchema(number_schema(1, 100))]
    """So many replicas there must then be, wanted and Ready."""
    within: PositiveDuration
    """How long that may take from the start of the Job."""
