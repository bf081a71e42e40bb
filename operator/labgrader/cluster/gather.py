"""The EvidenceSource of a real cluster: hands each request to what can answer it.

Used by ``handlers`` and ``cli``. Looks, probes and evaluations run concurrently; experiments in one
namespace one at a time. Must not judge, and never raises for what the cluster says.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from labgrader.cluster.access import AccessReviews
from labgrader.cluster.changes import Changes
from labgrader.cluster.dry_run import DryRuns
from labgrader.cluster.errors import ApiError, ApiUnreachable, trouble
from labgrader.cluster.objects import Objects
from labgrader.cluster.outposts.outposts import Outposts
from labgrader.cluster.probes.dialer import Dialer
from labgrader.evidence.answers import Answer, Found, TimeRead, Trouble
from labgrader.evidence.experiments import Experiment, Probing
from labgrader.evidence.requests import (
    CallHttp,
    DryRun,
    Errand,
    Evaluate,
    GetObject,
    ListObjects,
    Look,
    LookUp,
    ProvePolicies,
    ReadLog,
    ReadTime,
    Request,
    ReviewAccess,
    TryFlow,
)
from labgrader.evidence.source import Evaluator

_NOT_FOUND = 404


class Laboratory(Protocol):
    """Runs experiments."""

    async def run(self, experiment: Experiment | Probing) -> Answer:
        """Timeline, Traffic, Trouble or Hindered; what was changed is restored in any case."""


@dataclass(frozen=True, slots=True)
class ClusterEvidence:
    """Evidence from one cluster."""

    objects: Objects
    access: AccessReviews
    dry_runs: DryRuns
    changes: Changes
    dialer: Dialer
    evaluator: Evaluator
    laboratory: Laboratory
    outposts: Outposts
    wall: Callable[[], str]

    async def gather(self, requests: Collection[Request]) -> Mapping[Request, Answer]:
        """An answer to each request."""
        experiments = [r for r in requests if isinstance(r, Experiment | Probing)]
        errands = [r for r in requests if isinstance(r, TryFlow | LookUp | ProvePolicies)]
        apart = {*experiments, *errands}
        others = [r for r in requests if r not in apart]
        seen, found = await asyncio.gather(
            asyncio.gather(*(self._ask(request) for request in others)), self._sent(errands)
        )
        answers: dict[Request, Answer] = dict(zip(others, seen, strict=True))
        answers.update(found)
        for experiment in experiments:
            answers[experiment] = await self.laboratory.run(experiment)
        return answers

    async def _sent(self, errands: Sequence[Errand]) -> Mapping[Request, Answer]:
        return await self.outposts.run(errands) if errands else {}

    async def changed(self, seen: Mapping[Look, Answer], within_ms: int) -> bool:
        """Wait until something that was looked at changes; False when time is over."""
        return await self.changes.wait(seen, within_ms)

    async def confirm(self, namespace: str) -> Answer:
        """Found where the namespace exists and is not being deleted, else Trouble."""
        try:
            body = await self.objects.client.get(f"/api/v1/namespaces/{namespace}")
        except ApiError as error:
            if error.status == _NOT_FOUND:
                return Trouble("TargetMissing", f"no namespace {namespace}", transient=False)
            return trouble(error, f"get namespace {namespace}")
        except ApiUnreachable as error:
            return trouble(error, f"get namespace {namespace}")
        if "deletionTimestamp" in body["metadata"]:
            return Trouble("TargetTerminating", f"namespace {namespace}", transient=False)
        return Found(body)

    async def _ask(self, request: Request) -> Answer:
        match request:
            case CallHttp():
                return await self.dialer.call(request)
            case Evaluate():
                return await self.evaluator.evaluate(request)
            case ReviewAccess():
                return await self.access.ask(request)
            case DryRun():
                return await self.dry_runs.ask(request)
            case ReadTime():
                return TimeRead(self.wall())
            case GetObject() | ListObjects() | ReadLog():
                return await self.objects.look(request)
        raise TypeError(f"no cluster answers {type(request).__name__}; the engine does")
