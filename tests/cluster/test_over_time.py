"""Checks over a time on a real cluster: by watches, soon, and the same when judged again."""

import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from labgrader.checks.finding import Finding
from labgrader.checks.scope import Scope
from labgrader.cluster.assemble import laptop_evidence
from labgrader.cluster.client import Client
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.configuration import configure
from labgrader.grading.again import judge_again
from labgrader.grading.plan import plan
from labgrader.grading.run import grade_on_record
from tests.support.classroom import deployment
from tests.support.live import LiveCluster
from tests.unit.grading.worlds import Calculator, exercise, exists

READY = {
    "name": "ready",
    "points": 10,
    "ready": {"object": {"kind": "Deployment", "name": "web"}, "replicas": {"min": 2}},
}
READS = {"is": 1, "stays": 1, "nobody": 2}
"""What each of the checks reads at a look: the object, and a list where it is not there."""


class Counting(Client):
    """A client that counts what it asks."""

    asked = 0

    async def request(self, *arguments: Any, **more: Any) -> Any:
        self.asked += 1
        return await super().request(*arguments, **more)

    def lines(self, *arguments: Any, **more: Any) -> Any:
        self.asked += 1
        return super().lines(*arguments, **more)


@pytest.fixture
def namespace(cluster: LiveCluster) -> str:
    return cluster.fresh_namespace()


async def graded(
    cluster: LiveCluster, namespace: str, folder: Path, *checks: dict[str, Any], **spec: Any
) -> tuple[Mapping[str, Finding], int]:
    """The findings, the same when they are judged again, and how many requests it took."""
    planned, clock = plan(exercise(*checks, **spec)), SystemClock()
    async with Counting(await configure(cluster.kubeconfig, None)) as client:
        evidence = laptop_evidence(
            client, clock, folder=folder, image="", digest_key=b"key", allowed=False
        )
        try:
            done = await grade_on_record(planned, Scope(namespace), evidence.source, clock)
        finally:
            await evidence.close()
        again = await judge_again(planned, namespace, done.record, Calculator())
        assert again == done.findings
        return done.findings, client.asked


async def later(seconds: float, cluster: LiveCluster, *command: str, given: str = "") -> float:
    """When a command had its effect."""
    await asyncio.sleep(seconds)
    await asyncio.to_thread(cluster.kubectl, *command, input=given)
    return time.monotonic()


def reasons(findings: Mapping[str, Finding]) -> dict[str, str]:
    return {name: finding.reason for name, finding in findings.items()}


async def test_what_stays_as_it_is_costs_next_to_no_request(
    cluster: LiveCluster, namespace: str, tmp_path: Path
) -> None:
    cluster.kubectl("-n", namespace, "create", "configmap", "is")
    cluster.kubectl("-n", namespace, "wait", "--for=create", "configmap/kube-root-ca.crt")
    stays = exists("is") | {"name": "stays", "consistently": {"for": "20s"}}
    nobody = exists("nobody", needs=["is"]) | {"never": {"for": "20s"}}
    begun = time.monotonic()
    findings, asked = await graded(cluster, namespace, tmp_path, exists("is"), stays, nobody)
    assert reasons(findings) == {"is": "ObjectThere", "stays": "StayedTrue", "nobody": "NeverTrue"}
    assert 20 <= time.monotonic() - begun < 40, "both at the same time"
    watched = READS["stays"] + READS["nobody"]
    assert asked == READS["is"] + 3 * watched, "a look, a watch, and a look at the end"


async def test_what_comes_and_goes_is_seen_at_once(
    cluster: LiveCluster, namespace: str, tmp_path: Path
) -> None:
    for name in ("stays", "goes"):
        cluster.kubectl("-n", namespace, "create", "configmap", name)
    checks = [
        exists("goes") | {"consistently": {"for": "30s"}},
        exists("comes", needs=["goes-first"]) | {"never": {"for": "30s"}},
    ]
    checks.insert(0, exists("goes") | {"name": "goes-first"})
    _, _, (findings, _) = await asyncio.gather(
        later(4, cluster, "-n", namespace, "delete", "configmap", "goes"),
        later(6, cluster, "-n", namespace, "create", "configmap", "comes"),
        graded(cluster, namespace, tmp_path, *checks),
    )
    assert reasons(findings) == {
        "goes-first": "ObjectThere",
        "goes": "DidNotStay",
        "comes": "BecameTrue",
    }
    goes, comes = (float(dict(findings[name].params)["after"]) for name in ("goes", "comes"))
    assert 0 < goes < comes < 20, "not only at the end, after 30 s"


async def test_a_rollout_comes_to_rest(
    cluster: LiveCluster, namespace: str, tmp_path: Path
) -> None:
    cluster.kubectl("-n", namespace, "apply", "-f", "-", input=json.dumps(deployment()))
    rests = READY | {"stableAfter": {"within": "60s", "for": "8s"}}
    restart = later(6, cluster, "-n", namespace, "rollout", "restart", "deployment/web")
    restarted, (findings, _) = await asyncio.gather(
        restart, graded(cluster, namespace, tmp_path, rests, timeLimit="2m")
    )
    assert reasons(findings) == {"ready": "BecameStable"}
    assert time.monotonic() - restarted >= 8, "not before it was restarted"
