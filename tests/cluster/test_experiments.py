"""Experiments on a real cluster: what they record, what they leave behind, and who may run them."""

import asyncio
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from labgrader.cluster.client import Client
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.configuration import configure
from labgrader.cluster.experiments.laboratory import Laboratory, Permission, Settings
from labgrader.cluster.probes.proxied import ProxiedDialer
from labgrader.cluster.records import FileRecords
from labgrader.cluster.resources import Resources
from labgrader.evidence.timeline import Timeline
from tests.support.bench import HPA, Bench, short_id, until
from tests.support.classroom import deployment

ROOT = Path(__file__).parents[2]


async def test_a_deleted_pod_is_replaced_while_clients_ask(bench: Bench) -> None:
    before = {pod["metadata"]["uid"] for pod in bench.get("pods")["items"]}
    answer = await bench.run(bench.deletion())
    assert isinstance(answer, Timeline), answer
    deleted = next(action for action in answer.actions if action.what == "pod-deleted")
    assert deleted.subject in before
    assert deleted.subject not in answer.pods[-1].ready
    assert len(answer.pods[-1].ready) == 2
    recovered_ms = next(seen.at_ms for seen in answer.pods if len(set(seen.ready) - before) == 1)
    watched_ms = max(recovered_ms, deleted.at_ms + 10_000)
    assert answer.ended_ms - watched_ms < 20_000  # not at the end of the time, which is 60 s
    during = [sample for sample in answer.samples if deleted.at_ms <= sample.at_ms <= watched_ms]
    assert len(during) >= 199
    assert any(sample.succeeded for sample in during)
    sure = sum(not sample.doubtful for sample in during)
    assert sure > len(during) / 2, "a client that is held up so often says nothing"
    assert bench.left() == []


async def test_the_oldest_ready_pod_is_taken(bench: Bench) -> None:
    bench.cluster.kubectl("-n", bench.target, "scale", "deployment/web", "--replicas=3")
    bench.ready()
    pods = sorted(
        (pod["metadata"] for pod in bench.get("pods")["items"]),
        key=lambda metadata: (metadata["creationTimestamp"], metadata["name"]),
    )
    answer = await bench.run(bench.deletion(clients=False))
    assert isinstance(answer, Timeline), answer
    assert answer.actions[-1].subject == pods[0]["uid"]
    assert answer.samples == ()


async def test_nothing_is_disturbed_where_clients_get_no_answer(bench: Bench) -> None:
    answer = await bench.run(bench.deletion(path="/nowhere"))  # answers 404
    assert isinstance(answer, Timeline), answer
    assert answer.when("pod-deleted") is None
    # The first requests may come before the node's proxy knows the new Service.
    assert answer.samples[-1].status == 404
    assert not [sample for sample in answer.samples if sample.succeeded]
    assert bench.left() == []


async def test_a_workload_that_is_coming_back_is_waited_for(bench: Bench) -> None:
    experiment = bench.deletion(clients=False)
    bench.cluster.kubectl("-n", bench.target, "scale", "deployment/web", "--replicas=3")
    answer = await bench.run(experiment)
    assert isinstance(answer, Timeline), answer
    deleted = answer.when("pod-deleted")
    assert deleted is not None
    before = [seen for seen in answer.pods if seen.at_ms <= deleted]
    assert (len(before[-1].ready), before[-1].wanted) == (3, 3)


async def test_what_is_not_whole_is_not_disturbed(bench: Bench) -> None:
    bench.apply(deployment(image="web:never-built"))
    answer = await bench.run(bench.deletion())
    assert isinstance(answer, Timeline), answer
    assert [action.what for action in answer.actions] == ["not-whole"]
    assert bench.left() == []


async def test_no_load_is_sent_where_replicas_are_many_already(bench: Bench) -> None:
    many = {**HPA, "spec": {**HPA["spec"], "minReplicas": 2}}
    bench.apply(many)
    answer = await bench.run(bench.load(within_ms=3_000))
    assert isinstance(answer, Timeline), answer
    assert [action.what for action in answer.actions] == ["already-scaled"]


async def test_who_cancels_a_grading_leaves_nothing(bench: Bench) -> None:
    bench.cluster.kubectl("-n", bench.target, "scale", "deployment/web", "--replicas=1")
    bench.apply(HPA)
    experiment = bench.load()
    async with bench.laboratory() as laboratory:
        run = asyncio.create_task(laboratory.run(experiment))
        await until(lambda: any(name.startswith("Pod") for name in bench.left()), 120)
        assert sorted(name.split()[0] for name in bench.left()) == ["ConfigMap", "Job", "Pod"]
        run.cancel()
        await asyncio.wait([run])
        await laboratory.close()
    assert run.cancelled()
    assert bench.left() == []


CRASHES = """
import asyncio, sys
from pathlib import Path
from labgrader.cluster.client import Client
from labgrader.cluster.configuration import configure
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.experiments.laboratory import Laboratory, Permission, Settings
from labgrader.cluster.probes.proxied import ProxiedDialer
from labgrader.cluster.records import ConfigMapRecords, FileRecords
from labgrader.cluster.resources import Resources
from labgrader.evidence.experiments import DeletePod, HttpTarget
from tests.support.bench import short_id
from tests.support.live import LiveCluster

async def main():
    kubeconfig, target, grader, image, folder = sys.argv[1:]
    cluster = LiveCluster("", Path(kubeconfig), "kubectl", lambda _: None)
    uid = sys.stdin.read().strip()
    experiment = DeletePod(target, "apps/v1", "Deployment", "web", uid, 60_000,
                           HttpTarget(target, "web", 80, "/slow?ms=1900"))
    async with Client(await configure(Path(kubeconfig), None)) as client:
        if folder:
            records = FileRecords(Path(folder), client.configuration.host)
            settings = Settings("crashed", image, None, Permission.LABEL)
        else:
            records = ConfigMapRecords(client, grader, "crashed")
            settings = Settings("crashed", image, grader, Permission.LABEL)
        laboratory = Laboratory(client, Resources(client), records, settings,
                                ProxiedDialer(client), clock=SystemClock(), ids=short_id)
        await laboratory.run(experiment)

asyncio.run(main())
"""


async def crash(bench: Bench, folder: str, begun: Callable[[], bool]) -> None:
    """Run an experiment in a process of its own, and kill that once it has begun."""
    uid = bench.get("deployment", "web")["metadata"]["uid"]
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", CRASHES, str(bench.cluster.kubeconfig)),
        *(bench.target, bench.grader, bench.image, folder),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
    )
    assert program.stdin is not None
    program.stdin.write(uid.encode())
    program.stdin.close()
    await until(begun)
    assert program.returncode is None
    program.send_signal(signal.SIGKILL)
    await program.wait()


async def test_the_next_operator_finishes_what_a_crashed_one_left(bench: Bench) -> None:
    await crash(bench, "", lambda: any(name.startswith("Job") for name in bench.left()))
    assert any(name.startswith("ConfigMap") for name in bench.left())
    async with bench.laboratory() as laboratory:
        assert await laboratory.sweep() == 1
        await laboratory.close()
        assert bench.left() == []
        assert await laboratory.sweep() == 0


async def test_the_next_command_finishes_what_a_crashed_one_left(
    bench: Bench, tmp_path: Path
) -> None:
    def files() -> list[Path]:
        return list(tmp_path.glob("*.json"))

    def namespace() -> str:
        record = json.loads(json.loads(files()[0].read_text())["record"])
        return str(record["namespace"])

    def has_job() -> bool:
        return bool(files() and bench.get("jobs", namespace=namespace())["items"])

    await crash(bench, str(tmp_path), has_job)
    made = namespace()
    async with Client(await configure(bench.cluster.kubeconfig, None)) as client:
        laboratory = Laboratory(
            client,
            Resources(client),
            FileRecords(tmp_path, client.configuration.host),
            Settings("next", bench.image, None, Permission.GIVEN),
            ProxiedDialer(client),
            clock=SystemClock(),
            ids=short_id,
        )
        assert await laboratory.sweep() == 1
        await laboratory.close()
    assert files() == []
    bench.cluster.kubectl("wait", "--for=delete", f"namespace/{made}", "--timeout=60s")
