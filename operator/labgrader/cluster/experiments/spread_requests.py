"""Many requests to a Service and to each pod behind it, by a probe pod. Disturbs nothing.

Run by ``laboratory`` as experiments are, because its probe is a Job that must go again. What
stands behind the Service is watched meanwhile: shares of pods that come and go prove nothing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labgrader.cluster.client import Client
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.clients import destination
from labgrader.cluster.experiments.job import Line
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.samples import offset
from labgrader.cluster.experiments.scene import Behind, Scene
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.probes.exchange import Target
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import NoHttpAnswer
from labgrader.evidence.experiments import MOST_BACKENDS, SpreadRequests
from labgrader.evidence.traffic import Reply, Traffic

_SECONDS = 60
_SPARE_MS = 15_000
_STALLED_MS = 2_250
"""A client gives up after 2,000; what comes so much later shows that its process was held up."""
_FEW = 2
"""So many may be left out for that, or one percent."""
_FOR_EACH = 30
"""So many requests at least for each pod: fewer could miss one by chance."""
_RULES_SECONDS = 5.0
"""Before a second time. A node's proxy gathers changes for a second (kube-proxy's
``minSyncPeriod``) before it writes its rules anew, which takes a busy node some more."""

Json = Mapping[str, Any]


@dataclass
class RequestSpread:
    """One run."""

    client: Client
    resources: Resources
    journal: Journal
    bell: Bell
    experiment: SpreadRequests
    _target: Target | NoHttpAnswer | None = None
    _moved: bool = False

    async def check(self) -> None:
        """Where the Service leads. Raises Hopeless, ApiError, ApiUnreachable."""
        self._target = await destination(self.client, self.experiment.target)

    async def conduct(self, site: Site) -> Traffic:
        """Send all requests; what came of them."""
        if not isinstance(self._target, Target):
            why = NoHttpAnswer("unreachable") if self._target is None else self._target
            return Traffic((), (Reply(0, -1, 0, -1, why.why),), (), complete=False)
        if self.experiment.again:
            await asyncio.sleep(_RULES_SECONDS)
        scene = await Scene.of(self.client, self.experiment.target, self.bell)
        async with scene.following():
            before = scene.behind()[:MOST_BACKENDS]
            scene.tell(lambda: self._compare(scene, before))
            lines = await self._sent(site, self._target, before)
        return self._record(before, lines)

    def _compare(self, scene: Scene, before: Sequence[Behind]) -> None:
        self._moved = self._moved or scene.behind()[:MOST_BACKENDS] != before

    async def _sent(self, site: Site, target: Target, pods: Sequence[Behind]) -> Sequence[Line]:
        requests = max(self.experiment.requests, _FOR_EACH * len(pods))
        doing = ["spread", "--requests", str(requests)]
        doing += [word for pod in pods for word in ("--each", pod.address)]
        if self.experiment.header:
            doing += ["--header", self.experiment.header]
        async with site.probe(doing, target, _SECONDS) as probe:
            patience = _SECONDS * 1000 + _SPARE_MS
            await self.bell.until(lambda: probe.ended or _is_done(probe.lines), patience)
            return tuple(probe.lines)

    def _record(self, before: Sequence[Behind], lines: Sequence[Line]) -> Traffic:
        said: dict[str, int] = {}
        sent = [line.body for line in lines if "to" in line.body]
        seen = [one for one in sent if not _was_held_up(one)]
        replies = tuple(_reply(one, said) for one in seen)
        left = next((line.body["left"] for line in lines if "left" in line.body), 1)
        held_up = len(sent) - len(seen)
        return Traffic(
            backends=tuple(pod.backend for pod in before),
            replies=replies,
            said=tuple(said),
            settled=not self._moved,
            complete=left == 0 and held_up <= max(_FEW, len(sent) // 100),
            answered_ms=max(one["now"] for one in sent) + offset(lines) if sent else 0,
        )


def _is_done(lines: Sequence[Line]) -> bool:
    return bool(lines) and "left" in lines[-1].body


def _was_held_up(line: Json) -> bool:
    """The client gave up so late that its answer may have come without being seen."""
    return bool(line["error"] == "timeout" and line["took"] > _STALLED_MS)


def _reply(line: Json, said: dict[str, int]) -> Reply:
    text = said.setdefault(line["said"], len(said)) if line["status"] else -1
    return Reply(line["at"], line["to"], line["status"], text, line["error"])
