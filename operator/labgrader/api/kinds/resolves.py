"""Params of ``resolves``: what the cluster's DNS answers to a Service's name."""

from typing import Annotated

from pydantic import Field

from labgrader.api.base import LabelName, Model, ObjectName, ObjectRef
from labgrader.api.kinds.connects import Source

PORT_NAME_PATTERN = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
HOST_PATTERN = r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"


class Resolves(Model):
    """The Service's name leads where it must; a name is always one of the learner's namespace."""

    service: ObjectName
    """The Service, called by its short name, as pods of its namespace do."""
    host: LabelName | None = None
    """A pod's own name below a headless Service: db-0 for db-0.db."""
    pods: ObjectRef | None = None
    """The Service is headless, and its name stands for the addresses of this workload's Ready
    pods, all of them and no others."""
    external: Annotated[str, Field(min_length=1, max_length=253, pattern=HOST_PATTERN)] | None = (
        None
    )
    """The name that the Service is an alias of (ExternalName)."""
    port_name: Annotated[str, Field(max_length=15, pattern=PORT_NAME_PATTERN)] | None = None
    """A named TCP port, whose number is looked up by an SRV record."""
    found: bool = True
    """Whether there must be such a name."""
    from_: Source | None = Field(default=None, alias="from")
    """The pod that asks, where a NetworkPolicy may keep it from asking; a pod of the grader's
    own where left out."""
