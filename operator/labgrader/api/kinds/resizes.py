"""Params of ``resizes``: a running container gets other resources in place."""

from typing import Annotated

from pydantic import Field, model_validator

from labgrader.api.base import LabelName, Model, ObjectRef, PositiveDuration

QUANTITY_PATTERN = r"^[0-9]{1,9}([.][0-9]{1,3})?(m|Ki|Mi|Gi)?$"

Quantity = Annotated[str, Field(min_length=1, max_length=16, pattern=QUANTITY_PATTERN)]


class NewLimits(Model):
    """The limits that the container gets. What is left out stays."""

    cpu: Quantity | None = None
    """The limit of CPU, such as 300m."""
    memory: Quantity | None = None
    """The limit of memory, such as 96Mi."""

    @model_validator(mode="after")
    def _changes_something(self) -> "NewLimits":
        if self.cpu is None and self.memory is None:
            raise ValueError("write a limit of cpu, of memory, or of both")
        return self


class Resizes(Model):
    """A container's resources are changed while it runs, as its resizePolicy says."""

    object: ObjectRef
    """The Deployment, StatefulSet, DaemonSet or ReplicaSet; its oldest Ready pod is resized."""
    container: LabelName
    """The container."""
    limits: NewLimits
    """The limits that it gets. Where a request is as high as its limit, it goes along."""
    restart: bool = False
    """Whether the container must be restarted for it, once; it must not be where left out."""
    within: PositiveDuration
    """How long it may take until the container runs with them and is Ready."""
