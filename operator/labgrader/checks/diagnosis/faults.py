"""Why a workload does not recover from a fault: known causes, each with what proves it.

Called by ``heals`` when it is about to fail; whatever else keeps pods from being Ready is found
by ``diagnosis.workload``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from labgrader.checks.diagnosis import reading
from labgrader.checks.diagnosis.ownership import chain, pods_of
from labgrader.checks.diagnosis.presence import about
from labgrader.checks.diagnosis.probes import asks
from labgrader.checks.finding import Cause, cause
from labgrader.checks.recovery import bar
from labgrader.checks.scope import Scope
from labgrader.checks.tolerant import at, mapping, maps, text
from labgrader.evidence.answers import Json
from labgrader.evidence.snapshot import Snapshot

_LOST = frozenset({"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"})
_PROBE = {"periodSeconds": 10, "failureThreshold": 3}
"""Kubernetes' defaults."""
_MOST = 2**31


@dataclass(frozen=True, slots=True)
class Unhealed:
    """A fault that a workload did not recover from in time.

    ``uids`` are the disturbed pods, ``restarted`` those whose ``container`` was started again.
    """

    fault: str
    workload: Json
    within_ms: int
    container: str
    uids: frozenset[str]
    restarted: frozenset[str]

    @property
    def about(self) -> dict[str, Any]:
        """The workload and the container."""
        return about(self.workload) | {"container": self.container}


def fault_causes(unhealed: Unhealed, scope: Scope, snapshot: Snapshot) -> Iterator[Cause]:
    """The causes that belong to the fault."""
    lists = chain(scope, unhealed.workload["kind"])
    snapshot.together(*lists)
    pods, *between = (reading.objects(snapshot, request) for request in lists)
    hit = [
        pod
        for pod in pods_of(unhealed.workload, pods, *between)
        if pod["metadata"]["uid"] in unhealed.uids
    ]
    match unhealed.fault:
        case "FailLiveness":
            yield from _liveness(unhealed)
            yield from _stays_ended(unhealed)
            yield from _backing_off(unhealed, hit)
        case "KillProcess":
            yield from _stays_ended(unhealed)
            yield from _backing_off(unhealed, hit)
        case "StopNode":
            yield from _bound_to_node(unhealed, hit)
        case _:
            yield from _slow_to_go(unhealed, hit)


def _liveness(unhealed: Unhealed) -> Iterator[Cause]:
    """Only a liveness probe tells the kubelet that a running app is sick."""
    if unhealed.restarted:
        return
    template = unhealed.workload["spec"]["template"]
    probe = mapping(_container(unhealed).get("livenessProbe"))
    if not probe:
        yield cause("NoLivenessProbe", **unhealed.about)
        return
    period, threshold = (_number(probe.get(key), usual) for key, usual in _PROBE.items())
    if period * threshold * 1000 > unhealed.within_ms:
        told = {"seconds": period * threshold, "period": period, "threshold": threshold}
        yield cause("LivenessTooSlow", **unhealed.about, **told, within=bar(unhealed.within_ms))
        return
    probe_text = asks(template, unhealed.container, "livenessProbe")
    yield cause("LivenessStaysGood", **unhealed.about, probe=probe_text)


def _stays_ended(unhealed: Unhealed) -> Iterator[Cause]:
    spec = unhealed.workload["spec"]["template"]["spec"]
    for policy in (_container(unhealed).get("restartPolicy"), spec.get("restartPolicy")):
        if text(policy) in {"Never", "OnFailure"}:
            yield cause("RestartPolicyKeepsEnded", **unhealed.about, policy=policy)
            return


def _backing_off(unhealed: Unhealed, hit: list[Json]) -> Iterator[Cause]:
    """The kubelet waits twice as long before each restart, at most five minutes."""
    for pod in hit:
        for status in at(pod, "status", "containerStatuses") or ():
            waiting = mapping(at(status, "state", "waiting"))
            if (status["name"], waiting.get("reason")) == (unhealed.container, "CrashLoopBackOff"):
                yield cause(
                    "RestartBackOff",
                    pod=pod["metadata"]["name"],
                    namespace=pod["metadata"]["namespace"],
                    container=unhealed.container,
                    restarts=status["restartCount"],
                )
                return


def _slow_to_go(unhealed: Unhealed, hit: list[Json]) -> Iterator[Cause]:
    """Where each pod has its place, a new one is made only when the old one is gone."""
    if unhealed.workload["kind"] not in {"StatefulSet", "DaemonSet"}:
        return
    spec = unhealed.workload["spec"]["template"]["spec"]
    grace = _number(spec.get("terminationGracePeriodSeconds"), 30)
    going = [pod for pod in hit if "deletionTimestamp" in pod["metadata"]]
    if going and grace * 1000 > unhealed.within_ms:
        yield cause(
            "GracePeriodLong",
            kind=unhealed.workload["kind"],
            pod=going[0]["metadata"]["name"],
            namespace=going[0]["metadata"]["namespace"],
            seconds=grace,
        )


def _bound_to_node(unhealed: Unhealed, hit: list[Json]) -> Iterator[Cause]:
    """Pods of a lost node are given up only after what they tolerate is over."""
    if unhealed.workload["kind"] == "StatefulSet":
        yield cause("StatefulPodWaitsForNode", **unhealed.about)
        return
    waits = [wait for pod in hit for wait in _patience(pod)]
    if waits and max(waits) * 1000 > unhealed.within_ms:
        forever = max(waits) >= _MOST
        seconds = "∞" if forever else max(waits)
        yield cause("ToleratesLostNode", **unhealed.about, seconds=seconds)


def _patience(pod: Json) -> Iterator[int]:
    for one in maps(at(pod, "spec", "tolerations")):
        if text(one.get("key")) in _LOST and one.get("effect", "NoExecute") == "NoExecute":
            yield _number(one.get("tolerationSeconds"), _MOST)


def _container(unhealed: Unhealed) -> Json:
    containers = unhealed.workload["spec"]["template"]["spec"].get("containers") or ()
    return next((one for one in containers if one["name"] == unhealed.container), {})


def _number(value: Any, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise
