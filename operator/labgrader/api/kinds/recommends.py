"""Params of ``recommends``: a VerticalPodAutoscaler has a recommendation for a container."""

from typing import Literal

from labgrader.api.base import LabelName, Model, ObjectName, ObjectRef
from labgrader.api.kinds.configures import Amount


class Recommended(Model):
    """Ranges of what is recommended. What is left out may be anything."""

    cpu: Amount | None = None
    """CPU, such as 250m."""
    memory: Amount | None = None
    """Memory, such as 64Mi."""


class Recommends(Model):
    """The VerticalPodAutoscaler is for the workload, and recommends resources for the container."""

    autoscaler: ObjectName
    """The VerticalPodAutoscaler."""
    object: ObjectRef
    """The workload that it must be for."""
    container: LabelName
    """The container that it must recommend resources for."""
    target: Recommended | None = None
    """In which ranges the recommended target must be."""
    requests_fit: bool = False
    """Whether the requests in the workload's template must lie between the lower and the upper
    bound that are recommended."""
    update_mode: (
        Literal["Off", "Initial", "Recreate", "InPlaceOrRecreate", "InPlace", "Auto"] | None
    ) = None
    """What it must do with its recommendations: Off, Initial, Recreate, InPlaceOrRecreate,
    InPlace or Auto; in quotes, as YAML takes Off for false. Any where left out."""
