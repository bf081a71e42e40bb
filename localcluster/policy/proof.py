"""Proves with actual flows that policies take effect, before a cluster counts as up.

A policy that nobody enforces is accepted like any other, and an enforcer that
says it is ready may still watch the wrong interfaces. So each node gets two pods
for a moment, a friend and a stranger. Everybody reaches everybody at first; then
a policy denies all, another lets friends through, and what the strangers send
must stop while what the friends send arrives. Called by `up`.
"""

import json
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from localcluster import layout
from localcluster.api import Api
from localcluster.errors import LocalClusterError, tail
from localcluster.images import catalog
from localcluster.layout import Layout
from localcluster.machine import power
from localcluster.policy import felix
from localcluster.policy.kubectl import Kubectl
from localcluster.record import Record

LABEL = "localcluster-proof"
FRIEND, STRANGER = "friend", "stranger"
_PORT = 8080
ARRIVED, STOPPED = "arrived", "stopped"
_SERVE = (
    f"mkdir -p /tmp/www && echo {ARRIVED} >/tmp/www/index.html && "
    f"exec httpd -f -p {_PORT} -h /tmp/www"
)
_AT_ONCE = 4  # flows tried at one time; each starts a kubectl
_PODS, _FLOWS = 60.0, 20.0  # seconds


@dataclass(frozen=True)
class Flow:
    """From one pod to another, with the node that has to let it in or to stop it."""

    source: str
    target: str
    node: int
    allowed: bool

    def __str__(self) -> str:
        """Its ends."""
        return f"{self.source} to {self.target}"


def flows(nodes: int) -> list[Flow]:
    """The flows to try: to every node an allowed one and a denied one, from its neighbour."""
    found = []
    for source in range(1, nodes + 1):
        node = source % nodes + 1
        found.append(Flow(f"{FRIEND}-{source}", f"{STRANGER}-{node}", node, allowed=True))
        found.append(Flow(f"{STRANGER}-{source}", f"{FRIEND}-{node}", node, allowed=False))
    return found


def pods(namespace: str, nodes: int) -> list[dict[str, Any]]:
    """The namespace with a friend and a stranger on every node."""
    account = {"apiVersion": "v1", "kind": "ServiceAccount"}
    return [
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": namespace, "labels": {LABEL: "true"}},
        },
        # The namespace's own service account would come a moment too late.
        account | {"metadata": {"name": "proof", "namespace": namespace}},
        *(
            _pod(namespace, role, index)
            for index in range(1, nodes + 1)
            for role in (FRIEND, STRANGER)
        ),
    ]


def _pod(namespace: str, role: str, index: int) -> dict[str, Any]:
    container = {
        "name": "server",
        "image": catalog.BUSYBOX,
        "imagePullPolicy": "IfNotPresent",
        "command": ["sh", "-c", _SERVE],
        "readinessProbe": {"httpGet": {"path": "/", "port": _PORT}, "periodSeconds": 1},
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"{role}-{index}",
            "namespace": namespace,
            "labels": {LABEL: role},
        },
        "spec": {
            "nodeName": layout.node_name(index),
            "serviceAccountName": "proof",
            "automountServiceAccountToken": False,
            "terminationGracePeriodSeconds": 0,
            "containers": [container],
        },
    }


def policies(namespace: str) -> list[dict[str, Any]]:
    """One policy that denies everything that comes in, and one that lets friends in."""
    friends = {"podSelector": {"matchLabels": {LABEL: FRIEND}}}
    specs: dict[str, dict[str, Any]] = {
        "deny-all": {"podSelector": {}, "policyTypes": ["Ingress"]},
        "allow-friends": {
            "podSelector": {},
            "policyTypes": ["Ingress"],
            "ingress": [{"from": [friends]}],
        },
    }
    return [
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": name, "namespace": namespace},
            "spec": spec,
        }
        for name, spec in specs.items()
    ]


def prove(place: Layout, made: Record, api: Api) -> None:
    """Return when every node stops what a policy denies and passes what it allows.

    Raises with the flow that went wrong.
    """
    trial = _Trial(Kubectl.of(place, made), api, f"localcluster-proof-{secrets.token_hex(3)}")
    tried = flows(made.nodes)
    try:
        trial.apply(pods(trial.namespace, made.nodes))
        addresses = trial.addresses(2 * made.nodes)
        every = dict.fromkeys(tried, ARRIVED)
        _complain(place, "Without any policy", trial.differing(every, addresses))
        trial.apply(policies(trial.namespace))
        some = {flow: ARRIVED if flow.allowed else STOPPED for flow in tried}
        denying = "With a policy that denies all and one that lets friends through"
        _complain(place, denying, trial.differing(some, addresses))
        # Otherwise what stopped the denied flows may have been that their ends were gone.
        trial.addresses(2 * made.nodes)
    finally:
        trial.clear()


def _complain(place: Layout, when: str, differing: dict[Flow, tuple[str, str]]) -> None:
    if not differing:
        return
    told = [
        f"  {flow}: expected {expected}, seen {seen}"
        for flow, (expected, seen) in differing.items()
    ]
    first = next(iter(differing))
    log = power.node_of(place, first.node).units.log(felix.FELIX)
    lines = [
        f"NetworkPolicies are not enforced as they should be. {when}, for {_FLOWS:.0f} s:",
        *told,
    ]
    raise LocalClusterError("\n".join([*lines, tail(log)]))


@dataclass(frozen=True)
class _Trial:
    kubectl: Kubectl
    api: Api
    namespace: str

    def apply(self, objects: list[dict[str, Any]]) -> None:
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
        self.kubectl.apply("--filename", "-", given=text)

    def addresses(self, count: int) -> dict[str, str]:
        """The addresses of so many pods, once all of them are ready."""
        deadline = time.monotonic() + _PODS
        while len(ready := self._ready()) < count:
            if time.monotonic() > deadline:
                raise LocalClusterError(
                    f"NetworkPolicies cannot be tried: expected {count} pods to be ready, "
                    f"after {_PODS:.0f} s these are: {', '.join(sorted(ready)) or 'none'}"
                )
            time.sleep(0.1)
        return ready

    def _ready(self) -> dict[str, str]:
        found = self.api.get(f"/api/v1/namespaces/{self.namespace}/pods") or {"items": []}
        return {
            pod["metadata"]["name"]: pod["status"]["podIP"]
            for pod in found["items"]
            if any(
                c["type"] == "Ready" and c["status"] == "True"
                for c in pod["status"].get("conditions", [])
            )
        }

    def differing(
        self, expected: dict[Flow, str], addresses: dict[str, str]
    ) -> dict[Flow, tuple[str, str]]:
        """The flows that do not become as expected within a while: with that, and what is seen."""
        deadline = time.monotonic() + _FLOWS
        while True:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                seen = pool.map(lambda flow: self._try(flow, addresses), expected)
                pairs = zip(expected.items(), seen, strict=True)
                found = {flow: (wish, saw) for (flow, wish), saw in pairs if saw != wish}
            # All of them are tried again: some are right by chance while policies settle.
            if not found or time.monotonic() > deadline:
                return found
            time.sleep(0.1)

    def _try(self, flow: Flow, addresses: dict[str, str]) -> str:
        url = f"http://{addresses[flow.target]}:{_PORT}/"
        script = f"timeout 1 wget -q -O - {url} 2>/dev/null || echo {STOPPED}"
        done = self.kubectl.run(
            "exec", f"--namespace={self.namespace}", flow.source, "--", "sh", "-c", script
        )
        return done.stdout.strip() or f"nothing, but: {done.stderr.strip()}"

    def clear(self) -> None:
        """Remove everything of this proof, and of one that was interrupted, without waiting."""
        self.kubectl.run("delete", "namespace", f"--selector={LABEL}", "--wait=false")
