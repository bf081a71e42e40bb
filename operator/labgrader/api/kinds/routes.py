"""Params of ``routes``: a Service sends its traffic to the Ready pods of a workload."""

from labgrader.api.base import Count, Model, ObjectName, ObjectRef, Port


class Routes(Model):
    """Every endpoint of the Service is a Ready pod of the workload."""

    service: ObjectName
    """The Service."""
    port: Port
    """The Service's port (not the container's)."""
    to: ObjectRef
    """The workload whose pods must be behind the Service."""
    endpoints: Count = Count()
    """How many Ready endpoints there must be."""
