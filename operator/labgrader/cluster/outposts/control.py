"""The control: whether this cluster enforces NetworkPolicies at all.

Asked by ``outposts`` before a connection that failed counts for a policy, or one that passed
against the learner. A pod of ours listens on two ports; a policy of ours lets one of them be
reached. Where the other cannot, somebody enforces it. Only pods and a namespace of the grader's
own are used, so no learner has a say in it. Asked once; a proof is good for some minutes.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labgrader.api.names import RECORD_LABEL
from labgrader.cluster.experiments.hopeless import hopeless
from labgrader.cluster.outposts.post import Means, Post, posted
from labgrader.evidence.answers import Answer, Enforcement
from labgrader.evidence.requests import Origin

_OPEN, _CLOSED = 7001, 7002
_SECONDS = 60
_GOOD_FOR_MS = {True: 600_000, False: 30_000}
_ADDRESS_MS = 10_000

Json = Mapping[str, Any]


@dataclass
class Control:
    """What is known of one cluster's enforcement."""

    means: Means
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _known: tuple[int, Enforcement] | None = None

    async def proven(self) -> Answer:
        """Enforcement. Raises Hopeless, ApiError, ApiUnreachable, OSError."""
        async with self._turn:
            now = self.means.clock.now_ms()
            if self._known is None or now > self._known[0]:
                enforced = await _tried(self.means)
                good_for = _GOOD_FOR_MS[enforced]
                known = self.means.clock.now_ms() + good_for, Enforcement(enforced)
                self._known = known
            return self._known[1]


async def _tried(means: Means) -> bool:
    own = Origin()
    ports = ("--port", str(_OPEN), "--port", str(_CLOSED))
    listen = ("listen", *ports, "--for", f"{_SECONDS}s")
    async with posted(means, own, listen, _SECONDS) as server:
        path = f"/apis/networking.k8s.io/v1/namespaces/{server.record.namespace}/networkpolicies"
        await means.client.create(path, policy(server))
        address = await _address(means, server)
        asked = ("errands", "--connect", f"{address}:{_OPEN}", "--connect", f"{address}:{_CLOSED}")
        async with posted(means, own, asked, _SECONDS, beside=server.record) as client:
            await client.bell.until(lambda: client.probe.ended, _SECONDS * 1000)
            return verdict([line.body for line in client.probe.lines])


def policy(server: Post) -> Json:
    """Lets one of the two ports be reached. Goes with the record, or with the namespace."""
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {
            "name": server.record.name,
            "labels": {RECORD_LABEL: server.record.name},
            "ownerReferences": list(server.owners),
        },
        "spec": {
            "podSelector": {"matchLabels": {RECORD_LABEL: server.record.name}},
            "policyTypes": ["Ingress"],
            "ingress": [{"ports": [{"protocol": "TCP", "port": _OPEN}]}],
        },
    }


def verdict(told: Sequence[Json]) -> bool:
    """Whether the port was closed that the policy closes. Raises Hopeless where nothing is shown."""
    words = {line["flow"]: set(line["words"]) for line in told if "flow" in line}
    if words.get(0) == {"open"} and words.get(1) == {"open"}:
        return False
    if words.get(0) == {"open"} and words.get(1) and "open" not in words[1]:
        return True
    seen = "; ".join(", ".join(sorted(words.get(flow, {"-"}))) for flow in (0, 1))
    raise hopeless(
        "ControlFailed", f"open port: {seen.replace('; ', '; closed port: ')}", transient=True
    )


async def _address(means: Means, server: Post) -> str:
    """The server's address. Its pod runs already, but the API server may hear of that later."""
    path = f"/api/v1/namespaces/{server.record.namespace}/pods"
    chosen = {"labelSelector": f"{RECORD_LABEL}={server.record.name}"}
    ends = means.clock.now_ms() + _ADDRESS_MS
    while means.clock.now_ms() < ends:
        for pod in (await means.client.get(path, chosen))["items"]:
            address = (pod.get("status") or {}).get("podIP")
            if address:
                return f"[{address}]" if ":" in address else str(address)
        await asyncio.sleep(0.2)
    raise hopeless("ControlFailed", "the listening pod has no address", transient=True)
