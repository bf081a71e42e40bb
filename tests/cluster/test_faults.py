"""Faults of pods on a real cluster: what they do, whom they need, and what they put back."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from labgrader.cluster.clock import SystemClock
from labgrader.cluster.experiments.laboratory import Laboratory, Permission, Settings
from labgrader.cluster.probes.proxied import ProxiedDialer
from labgrader.cluster.records import ConfigMapRecords
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Trouble
from labgrader.evidence.experiments import Disturb, Means
from labgrader.evidence.timeline import Timeline
from tests.support.bench import IMAGE, OPEN, Bench, short_id, until
from tests.support.classroom import deployment, service
from tests.support.faults import did, disturb, pods, recovered_ms, restarts, web
from tests.support.live import LiveCluster
from tests.support.rights import as_operator

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]
SICK = Means("web", (), 8080, "/sick")
EXIT = Means("web", (), 8080, "/exit")
BUSYBOX = "docker.io/library/busybox:1"
LIVENESS = {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 1}


@pytest.fixture
def bench(nodes: LiveCluster) -> Bench:
    return Bench(nodes, nodes.fresh_namespace(OPEN), nodes.fresh_namespace(), IMAGE)


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


@pytest.mark.parametrize(
    ("fault", "means", "replicas"), [("KillProcess", EXIT, 1), ("FailLiveness", SICK, 2)]
)
async def test_each_fault_of_a_row_is_as_the_first(
    bench: Bench, fault: str, means: Means, replicas: int
) -> None:
    """The kubelet would make the second restart of a pod wait for 10 s, and the third for 20 s."""
    web(bench, replicas, livenessProbe=LIVENESS)
    begun = time.monotonic()
    answers = [await bench.run(disturb(bench, fault, means=means, share=100_000)) for _ in range(3)]
    assert time.monotonic() - begun < 60
    took = [recovered_ms(answer) for answer in answers]
    assert max(took) < 8_000, took
    assert [len(did(answer, "pod-renewed")) for answer in answers] == [0, replicas, replicas]
    assert restarts(bench) == [1] * replicas
    assert bench.left() == []


async def test_a_stateful_pod_makes_way_for_one_of_its_name(bench: Bench) -> None:
    body = deployment(replicas=1)
    body["kind"], body["spec"]["serviceName"] = "StatefulSet", "web"
    bench.apply(body, service())
    bench.cluster.kubectl(
        "-n", bench.target, "rollout", "status", "statefulset/web", "--timeout=120s"
    )
    uid = bench.get("statefulset", "web")["metadata"]["uid"]
    about = (bench.target, "apps/v1", "StatefulSet", "web", uid, 40_000, "KillProcess")
    answers = [await bench.run(Disturb(*about, means=EXIT)) for _ in range(2)]
    assert did(answers[1], "pod-renewed") == ["web-0"]
    assert max(recovered_ms(answer) for answer in answers) < 8_000
    [name] = [pod["metadata"]["name"] for pod in pods(bench).values()]
    assert (name, restarts(bench)) == ("web-0", [1])


async def test_an_app_that_ends_by_itself_is_not_excused(bench: Bench) -> None:
    """It is whole for six seconds now and then, and a new pod would have nothing held against it."""
    ends = ["sh", "-c", "sleep 6; exit 1"]
    web(bench, 1, image=BUSYBOX, command=ends, readinessProbe=None)
    await until(lambda: restarts(bench)[0] >= 2)
    answer = await bench.run(disturb(bench, "KillProcess", means=Means("web", ("kill", "1"))))
    assert did(answer, "pod-disturbed") == []
    assert did(answer, "not-whole") or did(answer, "ends-by-itself")


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
    stay = {u for u, pod in pods(bench).items() if "deletionTimestamp" not in pod["metadata"]}
    assert stay & before == before - {hit}
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
