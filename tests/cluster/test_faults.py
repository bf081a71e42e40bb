"""Faults on a real cluster of three nodes: what they do, whom they need, and what they put back.

A node's plug is really pulled. The cluster is this module's own, so that nobody else's pods are on
the nodes that go.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labgrader.cluster.clock import SystemClock
from labgrader.cluster.experiments.laboratory import Laboratory, Permission, Settings
from labgrader.cluster.experiments.switch import CommandSwitch
from labgrader.cluster.probes.proxied import ProxiedDialer
from labgrader.cluster.records import ConfigMapRecords
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Answer, Trouble
from labgrader.evidence.experiments import Disturb, HttpTarget, Means
from labgrader.evidence.timeline import Timeline
from localcluster import Cluster
from localcluster.progress import Timed
from tests.support.bench import IMAGE, OPEN, Bench, short_id, until
from tests.support.classroom import deployment, service
from tests.support.live import LiveCluster
from tests.support.providers import VARIABLE
from tests.support.rights import as_operator

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]
ROOT = Path(__file__).parents[2]
NAME = "labgrader-test-faults"
NODES = 3
SICK = Means("web", (), 8080, "/sick")
EXIT = Means("web", (), 8080, "/exit")
BUSYBOX = "docker.io/library/busybox:1"
LIVENESS = {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 1}


@pytest.fixture(scope="module")
def nodes() -> Iterator[LiveCluster]:
    """Three nodes: the cluster that LABGRADER_TEST_CLUSTER names where it has as many, or new."""
    named = Cluster(os.environ.get(VARIABLE, "").partition(":")[2] or NAME)
    kept = named.name != NAME and len(named.machines()) > NODES  # one more is the control plane
    local = named if kept else Cluster(NAME)
    try:
        if not kept:
            local.up(NODES, report=Timed())
        live = LiveCluster(
            local.name, local.kubeconfig, str(local.kubectl), local.load_image, local
        )
        subprocess.run([sys.executable, "-m", "tools.image"], cwd=ROOT, check=True)
        live.load_image(ROOT / "build" / "labgrader.tar")
        yield live
        live.kubectl("delete", "namespaces", "-l", f"labgrader-tests/session={live.session}")
    finally:
        if not kept:
            local.down()


@pytest.fixture
def bench(nodes: LiveCluster) -> Bench:
    return Bench(nodes, nodes.fresh_namespace(OPEN), nodes.fresh_namespace(), IMAGE)


def web(bench: Bench, replicas: int = 2, *, node: str = "", **container: Any) -> None:
    """A web that is Ready; on one node, where it is named."""
    body = deployment(replicas=replicas, **container)
    spec = body["spec"]["template"]["spec"]
    spec["tolerations"] = [
        {"key": f"node.kubernetes.io/{what}", "effect": "NoExecute", "operator": "Exists",
         "tolerationSeconds": 2}
        for what in ("not-ready", "unreachable")
    ]  # fmt: skip
    if node:
        preferred = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": [node]}]}
        terms = [{"weight": 100, "preference": preferred}]
        affinity = {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": terms}}
        spec["affinity"] = affinity
    bench.apply(body, service())
    bench.ready()


def budget(bench: Bench, name: str, **rule: Any) -> None:
    """A PodDisruptionBudget that the controller has counted."""
    bench.apply(
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": {"name": name},
            "spec": {**rule, "selector": {"matchLabels": {"app": "web"}}},
        }
    )
    bench.cluster.kubectl(
        *("-n", bench.target, "wait", f"pdb/{name}", "--timeout=30s"),
        "--for=jsonpath={.status.expectedPods}=2",
    )


def disturb(bench: Bench, fault: str, within_ms: int = 40_000, **more: Any) -> Disturb:
    uid = bench.get("deployment", "web")["metadata"]["uid"]
    target = (bench.target, "apps/v1", "Deployment", "web", uid)
    return Disturb(*target, within_ms, fault, **more)


def did(answer: Answer, what: str) -> list[str]:
    assert isinstance(answer, Timeline), answer
    return [action.subject for action in answer.actions if action.what == what]


def recovered_ms(answer: Answer) -> int:
    """From the fault to the last change of pods, which ended the experiment."""
    assert isinstance(answer, Timeline), answer
    begun = next(a.at_ms for a in answer.actions if a.what in {"pod-disturbed", "pod-deleted"})
    return answer.pods[-1].at_ms - begun


def pods(bench: Bench) -> dict[str, Any]:
    return {pod["metadata"]["uid"]: pod for pod in bench.get("pods")["items"]}


def restarts(bench: Bench) -> list[int]:
    return sorted(
        pod["status"]["containerStatuses"][0]["restartCount"] for pod in pods(bench).values()
    )


@pytest.mark.parametrize(
    ("means", "image"),
    [(EXIT, "web:1"), (Means("web", ("kill", "-TERM", "1")), BUSYBOX)],
    ids=["by a request", "by a command"],
)
async def test_an_ended_process_is_started_again(bench: Bench, means: Means, image: str) -> None:
    if image == "web:1":
        web(bench)
    else:
        shell = "trap 'exit 1' TERM; while true; do sleep 0.2; done"
        probe = {"exec": {"command": ["true"]}, "periodSeconds": 1}
        web(bench, image=BUSYBOX, command=["sh", "-c", shell], readinessProbe=probe)
    before = set(pods(bench))
    answer = await bench.run(disturb(bench, "KillProcess", means=means))
    [hit] = did(answer, "pod-disturbed")
    assert did(answer, "container-restarted") == [hit]
    assert hit in answer.pods[-1].ready  # type: ignore[union-attr]
    assert (set(pods(bench)), restarts(bench)) == (before, [0, 1])
    assert bench.left() == []


async def test_a_sick_app_is_restarted_where_something_asks(bench: Bench) -> None:
    web(bench, livenessProbe=LIVENESS)
    before = set(pods(bench))
    answer = await bench.run(disturb(bench, "FailLiveness", means=SICK, share=100_000))
    assert len(did(answer, "pod-disturbed")) == 2
    assert sorted(did(answer, "container-restarted")) == sorted(before)
    assert (set(pods(bench)), restarts(bench)) == (before, [1, 1])


async def test_an_app_that_stays_sick_is_not_left_so(bench: Bench) -> None:
    web(bench)
    before = set(pods(bench))
    answer = await bench.run(disturb(bench, "FailLiveness", 6_000, means=SICK))
    [hit] = did(answer, "pod-disturbed")
    assert did(answer, "container-restarted") == []
    assert set(pods(bench)) & before == before - {hit}
    assert bench.get("deployment", "web")["status"]["readyReplicas"] == 2
    assert bench.left() == []


@pytest.mark.parametrize(
    ("means", "said"),
    [
        (Means("web", (), 8080, "/nowhere"), "HTTP 404"),
        (Means("web", (), 9999, "/"), "refused"),
        (Means("web", ("kill", "1")), "exit code 127: no such program"),
    ],
)
async def test_an_app_that_does_not_take_it_says_so(bench: Bench, means: Means, said: str) -> None:
    web(bench)
    answer = await bench.run(disturb(bench, "KillProcess", means=means))
    [told] = did(answer, "fault-refused")
    assert said in told
    assert did(answer, "pod-disturbed") == []
    assert restarts(bench) == [0, 0]


async def test_half_of_the_pods_go_at_once(bench: Bench) -> None:
    web(bench, replicas=4)
    before = set(pods(bench))
    answer = await bench.run(disturb(bench, "DeletePod", share=50_000))
    assert len(did(answer, "pod-deleted")) == 2
    assert len(set(answer.pods[-1].ready) & before) == 2  # type: ignore[union-attr]


def node_names(bench: Bench) -> list[str]:
    return [node["metadata"]["name"] for node in bench.get("nodes")["items"]]


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


@asynccontextmanager
async def laboratory_of_operator(bench: Bench, *, opened: bool) -> AsyncIterator[Laboratory]:
    """The operator's, with no more rights than the manifests give."""
    targets = (bench.target,) if opened else ()
    async with as_operator(bench.cluster, bench.grader, targets) as client:
        records = ConfigMapRecords(client, bench.grader, "this")
        settings = Settings("this", bench.image, bench.grader, Permission.LABEL)
        yield Laboratory(
            *(client, Resources(client), records, settings, ProxiedDialer(client)),
            clock=SystemClock(),
            ids=short_id,
        )


FAULTS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("KillProcess", {"means": Means("web", ("true",))}, "create pods/exec"),
    ("KillProcess", {"means": EXIT}, "get pods/proxy"),
    ("FailLiveness", {"means": SICK}, "get pods/proxy"),
    ("EvictFromNode", {}, "create pods/eviction"),
    ("DeletePod", {"share": 50_000}, "delete pods"),
)


async def test_a_missing_right_is_named_with_its_role(bench: Bench) -> None:
    web(bench)
    async with laboratory_of_operator(bench, opened=False) as laboratory:
        for fault, more, right in FAULTS:
            answer = await laboratory.run(disturb(bench, fault, **more))
            assert isinstance(answer, Trouble), fault
            assert answer.reason == "Forbidden"
            assert answer.detail.startswith(f"{right} in {bench.target}: needs a RoleBinding")
            assert "labgrader-disturb" in answer.detail


async def test_the_roles_suffice(bench: Bench) -> None:
    web(bench, livenessProbe=LIVENESS)
    async with laboratory_of_operator(bench, opened=True) as laboratory:
        for fault, more, _ in FAULTS:
            experiment = disturb(bench, fault, **more)
            # `true` ends nothing, and web:1 has no such program: that is said, and not Forbidden.
            answer = await laboratory.run(replace(experiment, within_ms=30_000))
            assert isinstance(answer, Timeline), (fault, answer)
        await laboratory.close()
