"""Runs errands: sorts them by where they start, puts one probe pod there, reads what it prints.

Used by ``cluster.gather``. Never raises for what the cluster says.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labgrader.api.names import PROBE_ROLE
from labgrader.cluster.errors import ApiError, ApiUnreachable, trouble
from labgrader.cluster.experiments.hopeless import Hopeless, hopeless
from labgrader.cluster.outposts.control import Control
from labgrader.cluster.outposts.guard import guarded
from labgrader.cluster.outposts.post import Means, Post, posted
from labgrader.evidence.answers import Answer, KeptOut, LookedUp, Tried, Trouble
from labgrader.evidence.requests import Errand, LookUp, Origin, ProvePolicies, Request, TryFlow

_AT_ONCE = 6
_SECONDS = 60

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outposts:
    """The probe pods of one grader."""

    means: Means
    control: Control
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def run(self, errands: Sequence[Errand]) -> Mapping[Request, Answer]:
        """An answer to each."""
        groups: defaultdict[Origin, list[TryFlow | LookUp]] = defaultdict(list)
        for errand in errands:
            if not isinstance(errand, ProvePolicies):
                groups[errand.origin].append(errand)
        tasks = [self._from(origin, group) for origin, group in groups.items()]
        if any(isinstance(errand, ProvePolicies) for errand in errands):
            tasks.append(self._proven())
        answers: dict[Request, Answer] = {}
        for found in await asyncio.gather(*tasks):
            answers |= found
        return answers

    async def close(self) -> None:
        """Wait until every pod is removed."""
        await self.means.close()

    async def _proven(self) -> Mapping[Request, Answer]:
        async with self.turns:
            answer = await answered(self.control.proven, "prove that NetworkPolicies are enforced")
        return {ProvePolicies(): answer}

    async def _from(
        self, origin: Origin, group: Sequence[TryFlow | LookUp]
    ) -> Mapping[Request, Answer]:
        async def sent() -> Mapping[Request, Answer]:
            if origin.namespace:
                await guarded(self.means.client)
                await self.means.removed(origin.namespace)
            async with posted(self.means, origin, arguments(group), _SECONDS) as post:
                return read(group, await lines(post))

        where = origin.namespace or "a namespace of the grader"
        async with self.turns:
            found = await answered(sent, f"put a probe pod into {where}", origin.namespace)
        if isinstance(found, Mapping):
            return found
        return dict.fromkeys(group, found)


async def answered(act: Callable[[], Any], doing: str, namespace: str = "") -> Any:
    """What ``act`` returns, or the answer for what kept it from that."""
    try:
        return await act()
    except Hopeless as error:
        return _kept_out(error.answer, namespace)
    except (ApiError, ApiUnreachable) as error:
        return trouble(error, doing)
    except OSError as error:
        return Trouble("RecordNotKept", str(error), transient=False)


def _kept_out(answer: Answer, namespace: str) -> Answer:
    """Tells the API server's rules for pods from everything else that may go wrong."""
    if not isinstance(answer, Trouble) or answer.reason != "ProbeNotStarted" or not namespace:
        return answer
    said = answer.detail
    if "cannot create resource" in said:
        detail = f"{said}: needs a RoleBinding there to ClusterRole {PROBE_ROLE}"
        return Trouble("Forbidden", detail, transient=False)
    if f'namespaces "{namespace}" not found' in said:
        return Trouble("TargetMissing", f"no namespace {namespace}", transient=False)
    if "because it is being terminated" in said:
        return Trouble("TargetTerminating", f"namespace {namespace}", transient=False)
    return KeptOut(namespace, said) if " is forbidden: " in said else answer


def arguments(group: Sequence[TryFlow | LookUp]) -> tuple[str, ...]:
    """What the probe program is called with."""
    told = ["errands"]
    for errand in group:
        match errand:
            case TryFlow():
                shown = f"[{errand.address}]" if ":" in errand.address else errand.address
                told += ["--connect", f"{shown}:{errand.port}"]
            case LookUp():
                told += ["--resolve", f"{errand.record}/{errand.namespace}/{errand.name}"]
    return tuple(told)


async def lines(post: Post) -> Sequence[Json]:
    """All that the probe prints. Raises Hopeless where it does not come to its end."""
    probe = post.probe
    await post.bell.until(lambda: probe.ended, _SECONDS * 1000)
    told = [line.body for line in probe.lines]
    if not told or told[-1].get("end") != post.nonce:
        detail = f"the probe in {probe.job.namespace} did not come to its end"
        raise hopeless("ProbeLost", detail, transient=True)
    return told


def read(group: Sequence[TryFlow | LookUp], told: Sequence[Json]) -> Mapping[Request, Answer]:
    """The lines, as answers to what was asked in this order."""
    flows = {line["flow"]: line for line in told if "flow" in line}
    looks = {line["look"]: line for line in told if "look" in line}
    tried = [errand for errand in group if isinstance(errand, TryFlow)]
    asked = [errand for errand in group if isinstance(errand, LookUp)]
    answers: dict[Request, Answer] = {
        errand: Tried(tuple(flows[number]["words"])) for number, errand in enumerate(tried)
    }
    for number, errand in enumerate(asked):
        line = looks[number]
        answers[errand] = LookedUp(
            line["status"],
            line["name"],
            tuple(line["addresses"]),
            line["alias"],
            tuple((target, port) for target, port in line["services"]),
        )
    return answers
