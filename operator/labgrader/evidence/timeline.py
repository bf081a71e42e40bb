"""The record of an experiment: what was done, what was seen, and when.

Made by ``cluster.experiments``, judged by ``checks``. All times are milliseconds since the
experiment began, by one monotonic clock. Must not judge.
"""

from dataclasses import dataclass
from http import HTTPStatus


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
class AutoscalerSeen:
    """A HorizontalPodAutoscaler at one moment.

    ``current`` and ``wanted`` are its own status.currentReplicas and status.desiredReplicas:
    only while it adds replicas itself is the first below the second. ``minimum`` is its
    spec.minReplicas, ``ready`` the target's Ready pods; ``utilization`` the CPU percentage
    that it reads, -1 where it reads none. ``inactive`` is the reason of a false ScalingActive
    condition.
    ``rules`` is a digest of its spec, to tell whether it stayed the same.
    """

    at_ms: int
    current: int
    wanted: int
    minimum: int
    ready: int
    utilization: int
    inactive: str = ""
    rules: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """One request of a constant-rate client.

    ``at_ms`` is the moment at which it was meant to be sent, so that a stall is not hidden;
    ``took_ms`` counts from there. ``status`` is 0 where no HTTP answer came, and ``error``
    says why.
    """

    at_ms: int
    took_ms: int
    status: int
    error: str = ""

    @property
    def succeeded(self) -> bool:
        """An answer came and its status is below 500 and not a client error."""
        return HTTPStatus.OK <= self.status < HTTPStatus.BAD_REQUEST


@dataclass(frozen=True, slots=True)
class Timeline:
    """One experiment.

    ``kept_rate`` is false where the sampler could not keep its rate: then its samples prove
    nothing against the learner.
    """

    actions: tuple[Action, ...]
    pods: tuple[PodsSeen, ...] = ()
    autoscaler: tuple[AutoscalerSeen, ...] = ()
    samples: tuple[Sample, ...] = ()
    kept_rate: bool = True
    ended_ms: int = 0

    def when(self, what: str) -> int | None:
        """When the first action of that name happened."""
        return next((action.at_ms for action in self.actions if action.what == what), None)
