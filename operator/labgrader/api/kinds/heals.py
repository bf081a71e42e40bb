"""Params of ``heals``: a workload recovers by itself after a fault."""

from labgrader.api.base import (
    HttpPath,
    Model,
    ObjectName,
    ObjectRef,
    Port,
    PositiveDuration,
    Share,
)
from labgrader.api.kinds.curve import Curve
from labgrader.api.kinds.faults import FaultMeans, FaultName
from labgrader.api.kinds.isolation import Isolated


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


class Heals(Isolated):
    """The workload recovers from a fault within the time."""

    object: ObjectRef
    """The Deployment, StatefulSet, DaemonSet or ReplicaSet whose pods are disturbed."""
    fault: FaultName
    """What is done: DeletePod deletes Ready pods; KillProcess ends a container's process;
    FailLiveness makes the app sick, as by says; EvictFromNode evicts the pods on one node;
    DrainNode also cordons that node, StopNode switches it off. The last two only on a
    learner's own cluster."""
    by: FaultMeans | None = None
    """How KillProcess and FailLiveness reach the app; KillProcess runs kill -TERM 1 in the first
    container where it is left out, FailLiveness must have it."""
    share: Share | None = None
    """The share of the Ready pods that is disturbed at once, as text: "50", "100" for all of them;
    at least one pod. One pod where it is left out. Not with the faults of a node, which disturb
    every pod on it."""
    within: PositiveDuration
    """How long it may take until as many pods are Ready as before."""
    availability: Availability | None = None
    """What clients must see while it heals."""
    curve: Curve | None = None
    """How many of the points the measurement earns, over recoveryTime, or with availability over
    availability or longestGap; all of them where there is none."""
