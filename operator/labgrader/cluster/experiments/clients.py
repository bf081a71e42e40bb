"""The clients of one experiment: they ask a Service at a constant rate, whatever the answers.

Used by experiments that watch what clients see, and where the Service would send them. Must not
judge the answers.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from labgrader.cluster.client import Client
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.hopeless import Hopeless
from labgrader.cluster.experiments.job import Probe
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.mirror import Mirror
from labgrader.cluster.experiments.samples import (
    collect,
    covered,
    direct,
    steady,
    whole,
)
from labgrader.cluster.experiments.scene import Scene
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.probes.exchange import Target
from labgrader.cluster.probes.targets import resolve
from labgrader.evidence.answers import Hindered, NoHttpAnswer
from labgrader.evidence.experiments import HttpTarget
from labgrader.evidence.timeline import EndpointsSeen, Sample, Timeline

RATE = 20
"""Requests a second."""
_PATIENCE_MS = 5_000
"""So long may clients wait for a first good answer; without one there is nothing to disturb."""
_STEADY_MS = 10_000
"""So long may it take, from then on, until all requests of a second get good answers."""
_LAST_ANSWERS_MS = 8_000
"""A client gives up after two seconds; the rest is for a busy node to hand over its log."""


@dataclass
class Clients:
    """Clients of a Service; ``target`` is where they go, once that is resolved."""

    client: Client
    journal: Journal
    bell: Bell
    wanted: HttpTarget
    rate: int = RATE
    target: Target | NoHttpAnswer | None = None
    scene: Scene | None = None

    async def check(self) -> None:
        """Find out where they go. Raises Hopeless, ApiError, ApiUnreachable."""
        self.target = await destination(self.client, self.wanted)

    @property
    def nowhere(self) -> Timeline | None:
        """The whole timeline, where they have nowhere to go even now."""
        if isinstance(self.target, NoHttpAnswer):
            return self.journal.timeline((Sample(0, 0, 0, self.target.why),))
        return None

    @asynccontextmanager
    async def watching(self, pods: Mirror) -> AsyncIterator[Scene]:
        """Know meanwhile what is behind the Service; ``pods`` are the namespace's, and followed.

        Whoever hears of their changes has ``look`` note them. Raises Hopeless, ApiError,
        ApiUnreachable.
        """
        self.scene = await Scene.of(self.client, self.wanted, self.bell, pods)
        async with self.scene.following():
            self.scene.tell(self.look)
            self.look()
            yield self.scene

    def look(self) -> None:
        """Note which pods the Service sends clients to now."""
        if self.scene is not None:
            self.journal.saw_endpoints(EndpointsSeen(self.journal.now_ms(), self.scene.receiving()))

    @asynccontextmanager
    async def asking(
        self, site: Site, seconds: int, doing: Sequence[str] = ("sample",), *, avoid: str = ""
    ) -> AsyncIterator[Probe]:
        """They ask meanwhile, for so many seconds at most, from any node but ``avoid``."""
        if not isinstance(self.target, Target):
            raise TypeError("clients ask after check, and where they have somewhere to go")
        what = (doing[0], "--rate", str(self.rate), *doing[1:])
        async with site.probe(what, self.target, seconds, avoid=avoid) as probe:
            self.journal.did("sampling-started")
            yield probe

    async def served(self, probe: Probe) -> bool:
        """Whether they get good answers before anything is disturbed, if possible only such."""
        found = await self.bell.until(
            lambda: any(sample.succeeded for sample in collect(probe.lines)), _PATIENCE_MS
        )
        if found:
            await self.steadied(probe)
        return found

    async def steadied(self, probe: Probe) -> None:
        """Wait for a second of good answers.

        Pods that the experiment before has made may still be warming up, and count as Ready
        where they have no readiness probe: what they fail is not what comes of this experiment.
        """
        await self.bell.until(lambda: steady(probe.lines, self.rate) or probe.ended, _STEADY_MS)

    async def told(self, probe: Probe, until_ms: int) -> Timeline:
        """The timeline, with what came of all requests until then."""
        await self.bell.until(
            lambda: covered(probe.lines, until_ms, self.rate) or probe.ended,
            max(0, until_ms - self.journal.now_ms()) + _LAST_ANSWERS_MS,
        )
        lines = tuple(probe.lines)
        return self.journal.timeline(
            whole(lines, until_ms, self.rate),
            kept_rate=not probe.ended,
            direct=direct(lines, self.journal.now_ms()),
        )


async def destination(client: Client, wanted: HttpTarget) -> Target | NoHttpAnswer:
    """Where requests for a Service go. Raises Hopeless, ApiError, ApiUnreachable."""
    target = await resolve(client, wanted)
    if isinstance(target, Hindered):
        raise Hopeless(target)
    return target
