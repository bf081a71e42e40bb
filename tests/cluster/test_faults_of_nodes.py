"""Faults of nodes, really done: pods are evicted, nodes drained, and a plug is pulled.

The cluster is these tests' own, so that nobody else's pods are on the nodes that go.
"""

import asyncio
import json
import sys
from typing import Any

import pytest

from labgrader.cluster.experiments.switch import CommandSwitch
from labgrader.evidence.answers import Trouble
from labgrader.evidence.experiments import Disturb, HttpTarget
from labgrader.evidence.timeline import Timeline
from tests.support.bench import IMAGE, OPEN, Bench, until
from tests.support.classroom import deployment, service
from tests.support.faults import budget, did, disturb, node_names, pods, recovered_ms, web
from tests.support.live import LiveCluster

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]


@pytest.fixture
def bench(nodes: LiveCluster) -> Bench:
    return Bench(nodes, nodes.fresh_namespace(OPEN), nodes.fresh_namespace(), IMAGE)


async def test_pods_are_evicted_from_the_node_with_most_of_them(bench: Bench) -> None:
    node = node_names(bench)[1]
    web(bench, node=node)
    budget(bench, "web", maxUnavailable=1)
    answer = await bench.run(disturb(bench, "EvictFromNode"))
    assert did(answer, "node-chosen") == [node]
    assert len(did(answer, "pod-disturbed")) == 2  # the second when the first was replaced
    assert recovered_ms(answer) < 30_000
    assert isinstance(answer, Timeline)
    begun = min(action.at_ms for action in answer.actions if action.what == "pod-disturbed")
    assert min(len(seen.ready) for seen in answer.pods if seen.at_ms > begun) == 1


def as_daemon_set(bench: Bench) -> None:
    """One web on each node, with a readiness probe of one second."""
    body = deployment()
    del body["spec"]["replicas"]
    bench.apply({**body, "kind": "DaemonSet"}, service())
    bench.cluster.kubectl(
        "-n", bench.target, "rollout", "status", "daemonset/web", "--timeout=120s"
    )


def as_stateful_set(bench: Bench) -> None:
    body = deployment(replicas=2)
    body["spec"]["serviceName"] = "web"
    bench.apply({**body, "kind": "StatefulSet"}, service())
    bench.cluster.kubectl(
        "-n", bench.target, "rollout", "status", "statefulset/web", "--timeout=120s"
    )


def disturbed(bench: Bench, kind: str, fault: str, **more: Any) -> Disturb:
    uid = bench.get(kind.lower(), "web")["metadata"]["uid"]
    return Disturb(bench.target, "apps/v1", kind, "web", uid, 40_000, fault, **more)


async def test_the_pod_of_a_daemon_set_comes_back_on_its_node(bench: Bench) -> None:
    as_daemon_set(bench)
    clients = HttpTarget(bench.target, "web", 80, "/")
    answer = await bench.run(disturbed(bench, "DaemonSet", "EvictFromNode", clients=clients))
    [node], [uid] = did(answer, "node-chosen"), did(answer, "pod-disturbed")
    assert recovered_ms(answer) < 30_000
    assert isinstance(answer, Timeline)
    assert answer.pods[-1].wanted == len(node_names(bench)) == 3
    here = [pod for pod in pods(bench).values() if pod["spec"]["nodeName"] == node]
    assert uid not in {pod["metadata"]["uid"] for pod in here}
    assert len(here) == 1
    assert {len(seen.ready) for seen in answer.endpoints} == {2, 3}  # clients were kept off it


async def test_every_pod_of_a_daemon_set_comes_back(bench: Bench) -> None:
    as_daemon_set(bench)
    answer = await bench.run(disturbed(bench, "DaemonSet", "DeletePod", share=100_000))
    assert len(did(answer, "pod-deleted") + did(answer, "pod-disturbed")) == 3
    assert recovered_ms(answer) < 30_000


async def test_a_pod_of_a_stateful_set_comes_back_under_its_name(bench: Bench) -> None:
    as_stateful_set(bench)
    before = {pod["metadata"]["name"]: uid for uid, pod in pods(bench).items()}
    answer = await bench.run(disturbed(bench, "StatefulSet", "EvictFromNode"))
    gone = did(answer, "pod-disturbed")
    assert recovered_ms(answer) < 30_000
    after = {pod["metadata"]["name"]: uid for uid, pod in pods(bench).items()}
    assert set(after) == set(before)
    assert sorted(before[name] for name in before if before[name] != after[name]) == sorted(gone)


async def test_a_budget_that_lets_nothing_go_ends_it_early(bench: Bench) -> None:
    web(bench)
    budget(bench, "web", minAvailable=2)
    before = set(pods(bench))
    answer = await bench.run(disturb(bench, "EvictFromNode", 120_000))
    assert "disruption budget" in did(answer, "budget-held")[0]
    assert did(answer, "pod-disturbed") == []
    assert isinstance(answer, Timeline)
    assert answer.ended_ms < 25_000
    assert set(pods(bench)) == before


async def test_two_budgets_end_it_at_once(bench: Bench) -> None:
    web(bench)
    budget(bench, "web", maxUnavailable=1)
    budget(bench, "other", maxUnavailable=1)
    answer = await bench.run(disturb(bench, "EvictFromNode"))
    assert "more than one PodDisruptionBudget" in did(answer, "budgets-clash")[0]
    assert isinstance(answer, Timeline)
    assert answer.ended_ms < 5_000


async def test_one_node_is_too_few(bench: Bench) -> None:
    web(bench)
    spare = node_names(bench)[1:]
    try:
        bench.cluster.kubectl("cordon", *spare)
        answer = await bench.run(disturb(bench, "EvictFromNode"))
    finally:
        bench.cluster.kubectl("uncordon", *spare)
    assert isinstance(answer, Trouble)
    assert (answer.reason, answer.transient) == ("NeedsMoreNodes", False)
    assert answer.detail == "1 of 3 nodes can take pods, 2 are needed"


@pytest.mark.parametrize(
    ("fault", "settings", "reason"),
    [
        ("DrainNode", {}, "OwnClusterOnly"),
        ("StopNode", {}, "OwnClusterOnly"),
        ("StopNode", {"own_cluster": True}, "NoNodeSwitch"),
    ],
)
async def test_whole_nodes_are_left_alone_unless_told(
    bench: Bench, fault: str, settings: dict[str, Any], reason: str
) -> None:
    web(bench)
    answer = await bench.run(disturb(bench, fault), **settings)
    assert isinstance(answer, Trouble)
    assert (answer.reason, answer.transient) == (reason, False)


def cordoned(bench: Bench) -> list[str]:
    nodes = bench.get("nodes")["items"]
    return [node["metadata"]["name"] for node in nodes if node["spec"].get("unschedulable")]


async def test_a_drained_node_is_open_again_afterwards(bench: Bench) -> None:
    node = node_names(bench)[2]
    web(bench, node=node)
    running = asyncio.create_task(bench.run(disturb(bench, "DrainNode"), own_cluster=True))
    await until(lambda: cordoned(bench) == [node])
    [record] = bench.get("configmaps", "-l", "labgrader.dev/record", namespace=bench.grader)[
        "items"
    ]
    owed = json.loads(record["data"]["record"])["owes"]
    assert owed == [{"what": "uncordon", "node": node}]
    answer = await running
    assert did(answer, "node-chosen") == [node]
    left = [pod for pod in pods(bench).values() if "deletionTimestamp" not in pod["metadata"]]
    assert node not in {pod["spec"]["nodeName"] for pod in left}  # an evicted one may be ending yet
    assert cordoned(bench) == []
    assert bench.left() == []


async def test_what_a_crashed_grader_owes_is_paid_by_the_next(bench: Bench) -> None:
    web(bench)
    node = node_names(bench)[0]
    bench.cluster.kubectl("cordon", node)
    body = {
        "name": "experiment-x", "holder": "crashed", "begun": "2026-01-01T00:00:00Z",
        "doing": {"experiment": "Disturb", "namespace": bench.target, "api_version": "apps/v1",
                  "kind": "Deployment", "name": "web", "within_ms": 5_000},
        "namespace": bench.grader, "own_namespace": False,
        "owes": [{"what": "uncordon", "node": node}],
    }  # fmt: skip
    record = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "experiment-x", "labels": {"labgrader.dev/record": "experiment-x"}},
        "data": {"record": json.dumps(body)},
    }
    bench.cluster.kubectl("-n", bench.grader, "create", "-f", "-", input=json.dumps(record))
    async with bench.laboratory() as laboratory:
        assert await laboratory.sweep() == 1
        await laboratory.close()
    assert cordoned(bench) == []
    assert bench.left() == []


async def test_a_plug_is_pulled_and_put_in_again(bench: Bench) -> None:
    node = node_names(bench)[2]
    web(bench, node=node)
    command = (sys.executable, "-m", "localcluster", "node", "{action}", "{index}")
    switch = CommandSwitch((*command, "--name", bench.cluster.name))
    clients = HttpTarget(bench.target, "web", 80, "/")
    experiment = disturb(bench, "StopNode", 60_000, clients=clients)
    answer = await bench.run(experiment, own_cluster=True, switch=switch)
    assert isinstance(answer, Timeline), answer
    assert did(answer, "node-stopped") == [node]
    assert len(did(answer, "pod-disturbed")) == 2
    assert 10_000 < recovered_ms(answer) < 45_000
    lost = [sample for sample in answer.samples if not sample.succeeded]
    assert len(lost) > 100  # the probe was elsewhere, and saw it
    ready = [
        condition["status"]
        for condition in bench.get("node", node)["status"]["conditions"]
        if condition["type"] == "Ready"
    ]
    assert ready == ["True"]
    assert bench.left() == []
