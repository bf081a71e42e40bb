"""Updates of a learner's Deployment on a real cluster: what is measured, and that all is put back."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from labgrader.checks.certain import in_doubt
from labgrader.checks.rollout import TEMPLATE_CHANGED, UNDONE, UPDATED, back_at, rollout, updated_at
from labgrader.evidence.answers import Hindered
from labgrader.evidence.experiments import HttpTarget, Update
from labgrader.evidence.timeline import Timeline
from tests.support.bench import OPEN, Bench, until
from tests.support.classroom import deployment, service
from tests.support.live import LiveCluster

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]
ROOT = Path(__file__).parents[2]
Json = dict[str, Any]


def version(number: int, **spec: Any) -> Json:
    """A Deployment of two pods that can be updated without downtime."""
    body = deployment(image=f"web:{number}")
    container = body["spec"]["template"]["spec"]["containers"][0]
    container["readinessProbe"] = {
        "httpGet": {"path": "/healthz", "port": 8080},
        "periodSeconds": 1,
    }
    container["lifecycle"] = {"preStop": {"sleep": {"seconds": 2}}}
    body["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] = 5
    body["spec"] |= {"replicas": 2, **spec}
    return body


@pytest.fixture
def bench(cluster: LiveCluster, image: str) -> Bench:
    made = Bench(cluster, cluster.fresh_namespace(OPEN), cluster.fresh_namespace(), image)
    made.apply(service())
    apply(made, version(1))
    made.ready()
    return made


def apply(bench: Bench, body: Json) -> None:
    """As a learner who applies on the server; a conflict is an error."""
    bench.cluster.kubectl(
        "-n", bench.target, "apply", "--server-side", "-f", "-", input=json.dumps(body)
    )


def update(bench: Bench, **more: Any) -> Update:
    about = {
        "namespace": bench.target,
        "api_version": "apps/v1",
        "kind": "Deployment",
        "name": "web",
        "uid": bench.get("deployment", "web")["metadata"]["uid"],
        "within_ms": 60_000,
        "clients": HttpTarget(bench.target, "web", 80, "/"),
        "container": "web",
        "image": "web:2",
    }
    return Update(**(about | more))


def state(bench: Bench) -> Json:
    """What a learner can see of the Deployment: template, owners, versions."""
    body = bench.get("deployment", "web", "--show-managed-fields")
    entries = body["metadata"]["managedFields"]
    sets = bench.get("replicasets")["items"]
    return {
        "template": body["spec"]["template"],
        "owners": {
            (one["manager"], json.dumps(one["fieldsV1"], sort_keys=True))
            for one in entries
            if one.get("subresource") != "status" and one["manager"] != "kube-controller-manager"
        },
        "sets": {one["metadata"]["uid"]: one["spec"]["replicas"] for one in sets},
        "left": bench.left(),
    }


async def test_an_update_is_measured_and_nothing_is_left_of_it(bench: Bench) -> None:
    before = state(bench)
    answer = await bench.run(update(bench, then="undo"))
    assert isinstance(answer, Timeline), answer
    found = rollout(answer)
    assert found is not None
    updated_ms, back_ms = updated_at(found), back_at(found)
    assert updated_ms is not None
    assert found.undone_ms is not None
    assert back_ms is not None
    assert found.at_ms < updated_ms < found.undone_ms < back_ms
    assert len(found.new) == 2
    assert answer.when(TEMPLATE_CHANGED) is None  # by others: what we undid is ours
    assert (found.lowest(back_ms), found.most(back_ms)) == (2, 3)  # 25% of two pods
    behind = [set(one.ready) for one in answer.endpoints]
    assert all(behind), "there was always somebody to answer"
    assert any(uids == found.new for uids in behind)
    assert not behind[-1] & found.new
    assert answer.cpu, "the nodes' CPU was looked at meanwhile"
    lost = [one for one in answer.samples if not one.succeeded]
    assert not in_doubt(answer), "a machine that is too busy proves nothing"
    assert lost == []
    assert state(bench) == before
    apply(bench, version(2))
    bench.ready()
    assert len(state(bench)["sets"]) == 2


async def test_an_annotation_is_taken_away_again(bench: Bench) -> None:
    before = state(bench)
    answer = await bench.run(
        update(bench, container="", image="", annotation="example.com/restarted")
    )
    assert isinstance(answer, Timeline), answer
    assert answer.when(UPDATED) is not None
    assert answer.when(UNDONE) is None
    assert state(bench) == before


async def test_pods_that_are_still_warming_up_are_waited_for(bench: Bench) -> None:
    """As after an earlier experiment, where pods count as Ready long before they answer."""
    cold = version(1, replicas=1)
    container = cold["spec"]["template"]["spec"]["containers"][0]
    del container["readinessProbe"]
    container["env"] = [{"name": "WARMUP", "value": "10s"}]
    apply(bench, cold)
    bench.ready()
    asked = ("get", "--raw", f"/api/v1/namespaces/{bench.target}/services/web/proxy/")
    await until(lambda: bench.cluster.kubectl(*asked, check=False).returncode == 0, 60)
    bench.cluster.kubectl("-n", bench.target, "scale", "deployment/web", "--replicas=2")
    bench.ready()
    held = update(bench, image="web:never-built", then="hold", within_ms=3_000)
    answer = await bench.run(held)
    assert isinstance(answer, Timeline), answer
    updated_ms = answer.when(UPDATED)
    assert updated_ms is not None
    lost = [one.at_ms for one in answer.samples if not one.succeeded]
    assert lost, "a pod was cold when clients began to ask"
    assert max(lost) < updated_ms


async def test_who_cancels_a_grading_leaves_the_old_version(bench: Bench) -> None:
    before, experiment = state(bench), update(bench, image="web:never-built", then="hold")
    async with bench.laboratory() as laboratory:
        run = asyncio.create_task(laboratory.run(experiment))
        await until(lambda: run.done() or image_now(bench) == "web:never-built", 150)
        assert not run.done(), run.result()
        run.cancel()
        await asyncio.wait([run])
        await laboratory.close()
    assert state(bench) == before


async def test_what_the_learner_changes_meanwhile_stays(bench: Bench) -> None:
    experiment = update(bench, image="web:never-built", then="hold", within_ms=8_000)
    async with bench.laboratory() as laboratory:
        run = asyncio.create_task(laboratory.run(experiment))
        await until(lambda: run.done() or image_now(bench) == "web:never-built", 150)
        assert not run.done(), run.result()
        bench.cluster.kubectl("-n", bench.target, "set", "image", "deployment/web", "web=web:2")
        answer = await run
        await laboratory.close()
    assert isinstance(answer, Timeline), answer
    assert answer.when(TEMPLATE_CHANGED) is not None
    assert image_now(bench) == "web:2"
    managers = {
        one["manager"]
        for one in bench.get("deployment", "web", "--show-managed-fields")["metadata"][
            "managedFields"
        ]
    }
    assert "labgrader-experiment" not in managers
    bench.ready()
    images = {
        one["spec"]["template"]["spec"]["containers"][0]["image"]
        for one in bench.get("replicasets")["items"]
    }
    assert images == {"web:1", "web:2"}


async def test_a_history_that_would_lose_a_version_is_left_alone(bench: Bench) -> None:
    apply(bench, version(1, revisionHistoryLimit=0))
    before = state(bench)
    answer = await bench.run(update(bench))
    assert isinstance(answer, Hindered), answer
    assert answer.reason == "HistoryWouldBePruned"
    assert dict(answer.params)["needed"] == "1"
    assert state(bench) == before


async def test_a_full_history_gets_room_and_keeps_every_version(bench: Bench) -> None:
    apply(bench, version(2, revisionHistoryLimit=1))
    bench.ready()
    before = state(bench)
    assert len(before["sets"]) == 2, "the earlier version is the one that fits"
    answer = await bench.run(update(bench, image="web:1", then="undo"))
    assert isinstance(answer, Timeline), answer
    assert answer.when(UNDONE) is not None
    assert state(bench) == before
    annotated = update(bench, container="", image="", annotation="example.com/restarted")
    answer = await bench.run(annotated)
    assert isinstance(answer, Timeline), answer
    assert answer.when(UPDATED) is not None
    assert state(bench) == before
    assert bench.get("deployment", "web")["spec"]["revisionHistoryLimit"] == 1


KILLED = """
import asyncio, sys
from pathlib import Path
from labgrader.cluster.client import Client
from labgrader.cluster.configuration import configure
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.experiments.laboratory import Laboratory, Permission, Settings
from labgrader.cluster.probes.proxied import ProxiedDialer
from labgrader.cluster.records import ConfigMapRecords, FileRecords
from labgrader.cluster.resources import Resources
from labgrader.evidence.experiments import HttpTarget, Update
from tests.support.bench import short_id

async def main():
    kubeconfig, target, grader, image, uid, folder = sys.argv[1:]
    experiment = Update(target, "apps/v1", "Deployment", "web", uid, 60_000,
                        HttpTarget(target, "web", 80, "/"), "web", "web:never-built", then="hold")
    async with Client(await configure(Path(kubeconfig), None)) as client:
        if folder:
            records = FileRecords(Path(folder), client.configuration.host)
        else:
            records = ConfigMapRecords(client, grader, "crashed")
        settings = Settings("crashed", image, None if folder else grader, Permission.LABEL)
        await Laboratory(client, Resources(client), records, settings, ProxiedDialer(client),
                         clock=SystemClock(), ids=short_id).run(experiment)

asyncio.run(main())
"""


@pytest.mark.parametrize("kept_in", ["a ConfigMap", "a file"])
async def test_the_next_grader_puts_back_what_a_killed_one_changed(
    bench: Bench, tmp_path: Path, kept_in: str
) -> None:
    before, folder = state(bench), str(tmp_path) if kept_in == "a file" else ""
    uid = bench.get("deployment", "web")["metadata"]["uid"]
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", KILLED, str(bench.cluster.kubeconfig), bench.target),
        *(bench.grader, bench.image, uid, folder),
        cwd=ROOT,
    )
    await until(lambda: image_now(bench) == "web:never-built", 120)
    program.send_signal(signal.SIGKILL)
    await program.wait()
    async with bench.laboratory(tmp_path if folder else None) as laboratory:
        assert await laboratory.sweep() == 1
        await laboratory.close()
    assert state(bench) == before


def image_now(bench: Bench) -> str:
    containers = bench.get("deployment", "web")["spec"]["template"]["spec"]["containers"]
    return str(containers[0]["image"])
