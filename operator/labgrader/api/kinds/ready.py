"""Params of ``ready``: a workload is fully rolled out and its pods are Ready."""

from labgrader.api.base import Count, Model, ObjectRef


class Ready(Model):
    """The workload's present version is rolled out and Ready."""

    object: ObjectRef
    """A Deployment, StatefulSet, DaemonSet, ReplicaSet or Pod."""
    replicas: Count = Count()
    """How many replicas must be Ready."""
