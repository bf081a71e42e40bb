"""The Timeline of an experiment in the making.

Written to by the experiments of this package, on one monotonic clock. Must not judge.
"""

from dataclasses import dataclass, field, replace
from typing import Protocol

from labgrader.evidence.timeline import (
    Action,
    AutoscalerSeen,
    CpuSeen,
    EndpointsSeen,
    LoadSeen,
    PodsSeen,
    Sample,
    Timeline,
)


class Clock(Protocol):
    """Time, passed in."""

    def now_ms(self) -> int:
        """Monotonic milliseconds."""

    def wall(self) -> str:
        """Now, as Kubernetes writes times."""


@dataclass
class Journal:
    """What was done and seen so far; times count from ``start_ms`` of the clock."""

    clock: Clock
    start_ms: int
    actions: list[Action] = field(default_factory=list)
    pods: list[PodsSeen] = field(default_factory=list)
    autoscaler: list[AutoscalerSeen] = field(default_factory=list)
    load: list[LoadSeen] = field(default_factory=list)
    cpu: list[CpuSeen] = field(default_factory=list)
    endpoints: list[EndpointsSeen] = field(default_factory=list)

    def now_ms(self) -> int:
        """Milliseconds since the experiment began."""
        return self.clock.now_ms() - self.start_ms

    def did(self, what: str, subject: str = "", *, at_ms: int | None = None) -> None:
        """Note an action, now or at an earlier moment."""
        self.actions.append(Action(self.now_ms() if at_ms is None else at_ms, what, subject))

    def saw_pods(self, seen: PodsSeen, *, anew: bool = False) -> None:
        """Note the pods where they differ from what was seen last, or mean something new."""
        if anew or not self.pods or replace(seen, at_ms=self.pods[-1].at_ms) != self.pods[-1]:
            self.pods.append(seen)

    def saw_autoscaler(self, seen: AutoscalerSeen) -> None:
        """Note the autoscaler where it differs from what was seen last."""
        if (
            not self.autoscaler
            or replace(seen, at_ms=self.autoscaler[-1].at_ms) != (self.autoscaler[-1])
        ):
            self.autoscaler.append(seen)

    def saw_endpoints(self, seen: EndpointsSeen) -> None:
        """Note the endpoints where they differ from what was seen last."""
        if not self.endpoints or seen.ready != self.endpoints[-1].ready:
            self.endpoints.append(seen)

    def timeline(
        self,
        samples: tuple[Sample, ...] = (),
        *,
        kept_rate: bool = True,
        direct: tuple[Sample, ...] = (),
    ) -> Timeline:
        """The finished record."""
        return Timeline(
            actions=tuple(self.actions),
            pods=tuple(self.pods),
            autoscaler=tuple(self.autoscaler),
            samples=samples,
            kept_rate=kept_rate,
            ended_ms=self.now_ms(),
            load=tuple(self.load),
            cpu=tuple(self.cpu),
            endpoints=tuple(self.endpoints),
            direct=direct,
        )
