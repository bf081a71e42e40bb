"""The record of an experiment: what was done, what was seen, and when.

Made by ``cluster.experiments``, judged by ``checks``. All times are milliseconds since the
experiment began, by one monotonic clock. Must not judge.
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType

LATER = MappingProxyType({"later": True})
"""Metadata of fields that evidence of the first format does not have; see ``evidence.codec``."""


UNHEARD = "unheard"
"""The error of a request that nobody told of."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that the grader did, such as ``pod-deleted`` or ``load-started``."""

    at_ms: int
    what: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class PodsSeen:
    """The workload's pods at one moment.

    ``ready`` are the uids of Ready pods that are not being deleted; ``others`` the uids of
    the rest. ``wanted`` is the replica count in the workload's spec.
    """

    at_ms: int
    ready: tuple[str, ...]
    others: tuple[str, ...]
    wanted: int


@dataclass(frozen=True, slots=True)
class EndpointsSeen:
    """The pods behind the clients' Service at one moment: the uids of those that get traffic."""

    at_ms: int
    ready: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MetricSeen:
    """One metric of an autoscaler at one moment, as it reads it.

    ``value`` is as people write it, such as ``62 %`` or ``120Mi``, empty where it reads none;
    ``percent`` is how much of its target that is, -1 where that cannot be said.
    """

    name: str
    value: str
    percent: int


@dataclass(frozen=True, slots=True)
class AutoscalerSeen:
    """A HorizontalPodAutoscaler at one moment.

    ``current`` and ``wanted`` are its own status.currentReplicas and status.desiredReplicas:
    only while it adds replicas itself is the first below the second. ``minimum`` is its
    spec.minReplicas, ``ready`` the target's Ready pods; ``utilization`` the highest percentage
    that it reads, -1 where it reads none: of the requests where a target is a share of them, of
    the target otherwise. ``inactive`` is the reason of a false ScalingActive condition, ``why``
    its message. ``rules`` is a digest of its spec, to tell whether it stayed the same.
    ``metrics`` are those of its spec, in their order.
    """

    at_ms: int
    current: int
    wanted: int
    minimum: int
    ready: int
    utilization: int
    inactive: str = ""
    rules: str = ""
    metrics: tuple[MetricSeen, ...] = field(default=(), metadata=LATER)
    why: str = field(default="", metadata=LATER)


@dataclass(frozen=True, slots=True)
class LoadSeen:
    """The load so far: its requests that were answered and that failed, and the last error.

    ``late_ms`` is how much later than planned the load's own clock ticked: a load generator
    that gets no CPU sends no load.
    """

    at_ms: int
    answered: int
    failed: int
    error: str = ""
    late_ms: int = 0


@dataclass(frozen=True, slots=True)
class CpuSeen:
    """The CPU of the cluster at one moment, as its metrics say, in percent and milli-CPU.

    ``node`` is the use of the busiest node that runs the workload's pods, of its capacity;
    ``pod`` that of the busiest of these pods, of its limit, -1 where it has none or is not
    measured. ``unplaced`` are the workload's pods that no node has CPU left for;
    ``allocatable`` is what all nodes together offer to pods.
    """

    at_ms: int
    node: int
    pod: int
    unplaced: int
    allocatable: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One request of a constant-rate client.

    ``at_ms`` is the moment at which it was meant to be sent, so that a stall is not hidden;
    ``took_ms`` counts from there. ``status`` is 0 where no HTTP answer came, and ``error``
    says why.

    It is ``doubtful`` where the client was held up and sent it much later, or where nothing was
    ever heard of it: who had sent it in time might have seen anything.
    """

    at_ms: int
    took_ms: int
    status: int
    error: str = ""
    doubtful: bool = field(default=False, metadata=LATER)

    @property
    def succeeded(self) -> bool:
        """An answer came and its status is below 500 and not a client error."""
        return HTTPStatus.OK <= self.status < HTTPStatus.BAD_REQUEST


@dataclass(frozen=True, slots=True)
class Timeline:
    """One experiment.

    ``kept_rate`` is false where the sampler ended before its time: then its samples prove
    nothing against the learner. ``direct`` are requests to the address of the one pod that was
    told to stop.
    """

    actions: tuple[Action, ...]
    pods: tuple[PodsSeen, ...] = ()
    autoscaler: tuple[AutoscalerSeen, ...] = ()
    samples: tuple[Sample, ...] = ()
    kept_rate: bool = True
    ended_ms: int = 0
    load: tuple[LoadSeen, ...] = field(default=(), metadata=LATER)
    cpu: tuple[CpuSeen, ...] = field(default=(), metadata=LATER)
    endpoints: tuple[EndpointsSeen, ...] = field(default=(), metadata=LATER)
    direct: tuple[Sample, ...] = field(default=(), metadata=LATER)

    @property
    def heard(self) -> tuple[Sample, ...]:
        """The samples without the requests that nothing was heard of."""
        return tuple(sample for sample in self.samples if sample.error != UNHEARD)

    def when(self, what: str) -> int | None:
        """When the first action of that name happened."""
        return next((action.at_ms for action in self.actions if action.what == what), None)
