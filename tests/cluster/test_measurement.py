"""What experiments measure, beside witnesses of their own.

Times beside the API server's audit log, which has them to the microsecond; failed requests, and
when load began, beside the web workload's own log. The cluster must have been made with --audit.
"""

import asyncio
import json
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from labgrader.checks.autoscaling import LOAD_ENDED, LOAD_STARTED, reached, returned
from labgrader.checks.certain import in_doubt
from labgrader.checks.recovery import fault, healed_at
from labgrader.checks.rollout import rollout, updated_at
from labgrader.evidence.answers import Answer
from labgrader.evidence.experiments import HttpTarget, Update
from labgrader.evidence.timeline import Timeline
from localcluster.audit import became_ready, completed, events, is_about, received
from tests.support.bench import HPA, OPEN, Bench
from tests.support.classroom import deployment, service
from tests.support.live import LiveCluster

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]
MOST_MS = 250
MOST_REQUESTS = 1
Json = dict[str, Any]
LOG: Json = {"env": [{"name": "LOG", "value": "requests"}]}


@pytest.fixture
def log(cluster: LiveCluster) -> Path:
    assert cluster.local is not None, "only a local cluster's audit log can be read"
    return cluster.local.audit_log


def web(cluster: LiveCluster, image: str, body: Json, *more: Json) -> Bench:
    made = Bench(cluster, cluster.fresh_namespace(OPEN), cluster.fresh_namespace(), image)
    made.apply(body, service(), *more)
    made.ready()
    return made


def timeline(answer: Answer) -> Timeline:
    assert isinstance(answer, Timeline), answer
    return answer


def asked(
    log: Path, bench: Bench, since: float, verb: str, resource: str, who: Callable[[Json], bool]
) -> list[Json]:
    """The requests in the learner's namespace that somebody made, in order."""
    found = (e for e in events(log, since) if is_about(e, verb, resource, bench.target))
    return sorted(filter(who, found), key=received)


def ours(event: Json) -> bool:
    return str(event.get("userAgent")).startswith("labgrader")


def by(controller: str) -> Callable[[Json], bool]:
    name = f"system:serviceaccount:kube-system:{controller}"
    return lambda event: event["user"]["username"] == name


def agree(what: str, measured_ms: float, witnessed_seconds: float) -> None:
    witnessed_ms = witnessed_seconds * 1000
    said = f"{what}: measured {measured_ms:.0f} ms, witnessed {witnessed_ms:.1f} ms"
    print(said)  # noqa: T201 (shown by -rP, and where it fails)
    assert witnessed_ms > 0, said
    assert abs(measured_ms - witnessed_ms) <= MOST_MS, said


@pytest.mark.parametrize("number", [1, 2, 3])
async def test_recovery_takes_as_long_as_the_audit_log_says(
    cluster: LiveCluster, image: str, log: Path, number: int
) -> None:
    bench = web(cluster, image, deployment(replicas=number))
    since = time.time()
    seen = timeline(await bench.run(bench.deletion(clients=False)))
    disturbed = fault(seen)
    assert disturbed is not None
    healed_ms = healed_at(seen, disturbed)
    assert healed_ms is not None
    [deletion] = asked(log, bench, since, "delete", "pods", ours)
    [(_, ready)] = became_ready(log, bench.target, received(deletion)).items()
    agree(f"recovery of {number}", healed_ms - disturbed.at_ms, ready - received(deletion))


async def test_an_update_takes_as_long_as_the_audit_log_says(
    cluster: LiveCluster, image: str, log: Path
) -> None:
    bench = web(cluster, image, deployment(replicas=2))
    uid, since = bench.get("deployment", "web")["metadata"]["uid"], time.time()
    target = HttpTarget(bench.target, "web", 80, "/")
    about = (bench.target, "apps/v1", "Deployment", "web", uid, 60_000, target)
    seen = timeline(await bench.run(Update(*about, "web", "web:2")))
    found = rollout(seen)
    assert found is not None
    updated_ms = updated_at(found)
    assert updated_ms is not None
    change = asked(log, bench, since, "patch", "deployments", ours)[0]
    ended = asked(log, bench, received(change), "delete", "pods", by("replicaset-controller"))
    ready = list(became_ready(log, bench.target, received(change)).values())
    # Both new pods, and both old ones told to end; what comes later is the way back.
    last = max(ready[1], completed(ended[1]))
    agree("update of 2", updated_ms - found.at_ms, last - received(change))


@dataclass
class OwnLog:
    """What the web's pods wrote of the requests that they answered."""

    bench: Bench
    lines: list[Json] = field(default_factory=list)
    _followed: dict[str, subprocess.Popen[str]] = field(default_factory=dict)

    def answered(self, path: str) -> list[float]:
        """When requests for the path came that were answered well."""
        good = [said for said in self.lines if said["path"] == path and said["status"] < 400]
        return sorted(datetime.fromisoformat(said["at"]).timestamp() for said in good)

    @asynccontextmanager
    async def followed(self) -> AsyncIterator[None]:
        """Follow the logs of all pods, also of those that come, until each has ended or is known."""
        stop = asyncio.Event()
        await asyncio.to_thread(self._join)
        task = asyncio.create_task(self._keep_joining(stop))
        try:
            yield
        finally:
            stop.set()
            await task
            await asyncio.sleep(1)  # the last lines, of pods that go on
            for process in self._followed.values():
                process.terminate()
                process.wait()

    async def _keep_joining(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await asyncio.to_thread(self._join)
            await asyncio.sleep(0.3)

    def _join(self) -> None:
        for pod in self.bench.get("pods")["items"]:
            name, statuses = pod["metadata"]["name"], pod["status"].get("containerStatuses", ())
            if name not in self._followed and any("running" in one["state"] for one in statuses):
                self._followed[name] = self._follow(name)

    def _follow(self, pod: str) -> subprocess.Popen[str]:
        cluster = self.bench.cluster
        command = [cluster.program, f"--kubeconfig={cluster.kubeconfig}", "-n", self.bench.target]
        process = subprocess.Popen(
            [*command, "logs", "-f", pod],
            stdout=subprocess.PIPE,
            text=True,
            stderr=subprocess.STDOUT,
        )
        threading.Thread(target=self._read, args=(process,), daemon=True).start()
        return process

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("{"):
                self.lines.append(json.loads(line))


async def test_scaling_takes_as_long_as_others_say(
    cluster: LiveCluster, image: str, log: Path
) -> None:
    limits = {"requests": {"cpu": "20m"}, "limits": {"cpu": "100m"}}
    body = deployment(replicas=1, resources=limits, **LOG)
    soon = {**HPA["spec"], "behavior": {"scaleDown": {"stabilizationWindowSeconds": 0}}}
    bench = web(cluster, image, body, {**HPA, "spec": soon})
    own, since = OwnLog(bench), time.time()
    async with own.followed():
        seen = timeline(await bench.run(bench.load(replicas=2, down_within_ms=120_000)))
    started_ms, ended_ms = seen.when(LOAD_STARTED), seen.when(LOAD_ENDED)
    assert started_ms is not None
    assert ended_ms is not None
    up_ms = reached([one for one in seen.autoscaler if one.at_ms >= started_ms], 2)
    assert up_ms is not None
    down_ms = returned([one for one in seen.autoscaler if one.at_ms >= up_ms], 1, ended_ms)
    assert down_ms is not None
    begun = own.answered("/burn")[0]
    [change, *_] = asked(log, bench, since, "update", "deployments/scale", lambda _: True)
    by_hpa = by("horizontal-pod-autoscaler")
    assert by_hpa(change), change["user"]
    ready = next(iter(became_ready(log, bench.target, received(change)).values()))
    agree("scaling up to 2", up_ms - started_ms, ready - begun)
    removed = asked(log, bench, ready, "delete", "pods", by("replicaset-controller"))
    agree("scaling down to 1", down_ms - up_ms, completed(removed[-1]) - ready)


async def test_as_many_requests_fail_as_the_web_did_not_answer(
    cluster: LiveCluster, image: str
) -> None:
    """One pod, so that its deletion is felt by every client until another has warmed up."""
    slow: Json = {"env": [*LOG["env"], {"name": "WARMUP", "value": "2s"}]}
    bench = web(cluster, image, deployment(replicas=1, **slow))
    own = OwnLog(bench)
    async with own.followed():
        seen = timeline(await bench.run(bench.deletion()))
    assert not in_doubt(seen), "a machine that is too busy proves nothing"
    disturbed = fault(seen)
    assert disturbed is not None
    # The first request that was answered is the same for both; from there on, half a period
    # before the first that counts and after the last one.
    answered = own.answered("/")
    first = next(sample for sample in seen.samples if sample.succeeded)
    counted = [one for one in seen.samples if one.at_ms >= first.at_ms]
    half = (counted[1].at_ms - counted[0].at_ms) / 2
    end = answered[0] + (counted[-1].at_ms - first.at_ms + half) / 1000
    failed = sum(not one.succeeded for one in counted)
    witnessed = len(counted) - sum(moment < end for moment in answered)
    said = f"of {len(counted)} requests measured {failed} failed, witnessed {witnessed}"
    print(said)  # noqa: T201 (shown by -rP, and where it fails)
    assert failed > MOST_REQUESTS, "a fault that nobody felt proves nothing"
    assert abs(failed - witnessed) <= MOST_REQUESTS, said
