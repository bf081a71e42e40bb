"""Experiments on copies, on a real cluster: the learner's own objects are not touched, and nothing stays."""

import asyncio
import contextlib
import sys
from typing import Any

import pytest

from labgrader.api.kinds import Heals
from labgrader.checks import heals
from labgrader.checks.copies import NOT_COPIED, ORIGINAL_SERVES, ORIGINAL_WHOLE
from labgrader.checks.finding import Finding, Outcome
from labgrader.checks.scope import Scope
from labgrader.cluster.client import Client
from labgrader.cluster.configuration import configure
from labgrader.cluster.objects import Objects
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Answer, Trouble
from labgrader.evidence.experiments import (
    HttpTarget,
    LoadAutoscaler,
    OnCopy,
    Update,
)
from labgrader.evidence.snapshot import MissingEvidence, Snapshot
from labgrader.evidence.timeline import Timeline
from tests.support.bench import HPA, Bench, until
from tests.support.classroom import deployment, service
from tests.support.copied import copies, did, on_copy, pods, uid, web
from tests.support.live import LiveCluster

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]


@pytest.fixture
def bench(cluster: LiveCluster, image: str) -> Bench:
    """A namespace that nobody has opened for disruption."""
    return Bench(cluster, cluster.fresh_namespace(), cluster.fresh_namespace(), image)


async def judged(bench: Bench, answer: Answer, **params: Any) -> Finding:
    """What the check makes of it, with all else that it asks for."""
    where = {"kind": "Deployment", "name": "web"}
    asked = {"object": where, "fault": "DeletePod", "within": "60s", "isolation": "Clone"}
    check = Heals.model_validate({**asked, **params})
    async with Client(await configure(bench.cluster.kubeconfig, None)) as client:
        objects = Objects(client, Resources(client), b"key")
        answers: dict[Any, Answer] = {}
        while True:
            try:
                return heals.judge(check, Scope(bench.target), Snapshot(answers))
            except MissingEvidence as missing:
                for request in missing.requests:
                    is_it = isinstance(request, OnCopy)
                    answers[request] = answer if is_it else await objects.look(request)  # type: ignore[arg-type]


AVAILABILITY = {"service": "web", "port": 80, "path": "/", "min": "50"}


async def test_a_copy_heals_and_the_learners_pods_are_not_touched(bench: Bench) -> None:
    web(bench)
    before = pods(bench)
    answer = await bench.run(on_copy(bench))
    assert pods(bench) == before
    assert not set(did(answer, "pod-deleted")) & set(before)
    assert len(did(answer, "pod-deleted")) == 1
    assert did(answer, ORIGINAL_WHOLE) == did(answer, ORIGINAL_SERVES) == [""]
    finding = await judged(bench, answer, availability=AVAILABILITY)
    assert (finding.outcome, finding.reason) == (Outcome.PASSED, "HealedAvailable")
    assert "TriedOnCopy" in [cause.reason for cause in finding.causes]
    assert (copies(bench), bench.left()) == ([], [])


async def test_a_history_that_is_full_is_updated_on_a_copy(bench: Bench) -> None:
    web(bench)
    patch = '{"spec":{"revisionHistoryLimit":0}}'
    bench.cluster.kubectl("-n", bench.target, "patch", "deployment", "web", "-p", patch)
    before = bench.get("deployment", "web")["metadata"]["generation"]
    place = (bench.target, "apps/v1", "Deployment", "web", uid(bench), 60_000)
    update = Update(*place, HttpTarget(bench.target, "web", 80, "/"), "web", "web:2")
    answer = await bench.run(on_copy(bench, update))
    assert did(answer, "updated") == ["web:2"]
    assert bench.get("deployment", "web")["metadata"]["generation"] == before
    assert copies(bench) == []


async def test_a_copied_autoscaler_scales_the_copy_only(bench: Bench) -> None:
    requests = {"requests": {"cpu": "50m"}, "limits": {"cpu": "200m"}}
    bench.apply(deployment(replicas=1, resources=requests), service(), HPA)
    bench.ready()
    await until(lambda: "currentMetrics" in bench.get("hpa", "web")["status"], 120)
    target = HttpTarget(bench.target, "web", 80, "/burn")
    load = LoadAutoscaler(bench.target, "web", uid(bench, "hpa"), target, 4, 2, 150_000)
    answer = await bench.run(on_copy(bench, load))
    assert isinstance(answer, Timeline), answer
    assert answer.autoscaler[-1].ready >= 2
    assert bench.get("deployment", "web")["spec"]["replicas"] == 1
    assert copies(bench) == []


async def test_what_a_copy_cannot_have_is_said(bench: Bench) -> None:
    outside = service()
    outside["spec"]["type"] = "NodePort"
    bench.apply(
        {**service(), "metadata": {"name": "db"}, "spec": {"ports": [{"port": 1}],
                                                           "selector": {"app": "db"}}},
        deployment(replicas=1, env=[{"name": "DB", "value": "http://db:1"}]),
        outside,
    )  # fmt: skip
    bench.ready()
    answer = await bench.run(on_copy(bench))
    assert sorted(did(answer, NOT_COPIED)) == ["address web", "neighbour db"]
    told = [cause.reason for cause in (await judged(bench, answer)).causes]
    assert {"CopyWithoutAddress", "CopyWithoutNeighbour"} <= set(told)


async def test_a_copy_that_cannot_become_ready_is_unknown_and_goes(bench: Bench) -> None:
    """Its account has a right that the copy's has not, and it is not Ready without it."""
    rights = {"apiVersion": "rbac.authorization.k8s.io/v1", "metadata": {"name": "robot"}}
    rule = {"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}
    command = ["kubectl", "get", "pods"]
    bench.apply(
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "robot"}},
        {**rights, "kind": "Role", "rules": [rule]},
        {**rights, "kind": "RoleBinding", "subjects": [{"kind": "ServiceAccount", "name": "robot"}],
         "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "robot"}},
    )  # fmt: skip
    body = deployment(replicas=1, image="kubectl:1", command=["sleep", "3600"])
    spec = body["spec"]["template"]["spec"]
    spec["serviceAccountName"] = "robot"
    probe = {"exec": {"command": command}, "periodSeconds": 2, "timeoutSeconds": 5}
    spec["containers"][0]["readinessProbe"] = probe
    bench.apply(body, service())
    bench.ready()
    answer = await bench.run(on_copy(bench, bench.deletion(clients=False)))
    assert isinstance(answer, Trouble), answer
    assert (answer.reason, answer.transient) == ("CopyNotReady", False)
    assert "rights robot" in answer.detail
    assert copies(bench) == []


KILLED = """
import asyncio, sys
from pathlib import Path
from labgrader.cluster.client import Client
from labgrader.cluster.configuration import configure
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.experiments.laboratory import Laboratory, Permission, Settings
from labgrader.cluster.probes.proxied import ProxiedDialer
from labgrader.cluster.records import ConfigMapRecords
from labgrader.cluster.resources import Resources
from labgrader.evidence.experiments import DeletePod, HttpTarget, OnCopy
from tests.support.bench import short_id

async def main():
    kubeconfig, target, grader, image, uid = sys.argv[1:]
    of = DeletePod(target, "apps/v1", "Deployment", "web", uid, 60_000,
                   HttpTarget(target, "web", 80, "/"))
    async with Client(await configure(Path(kubeconfig), None)) as client:
        records = ConfigMapRecords(client, grader, "crashed")
        settings = Settings("crashed", image, grader, Permission.REFUSED)
        await Laboratory(client, Resources(client), records, settings, ProxiedDialer(client),
                         clock=SystemClock(), ids=short_id).run(OnCopy(target, of))

asyncio.run(main())
"""


@pytest.mark.parametrize("moment", ["making", "trying"])
async def test_killed_with_a_copy_it_leaves_none(bench: Bench, moment: str) -> None:
    web(bench)
    before = pods(bench)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", KILLED, str(bench.cluster.kubeconfig), bench.target),
        *(bench.grader, bench.image, uid(bench)),
    )
    try:
        if moment == "making":
            await until(lambda: bool(copies(bench)), 60)
        else:
            jobs = ("jobs", "-l", "labgrader.dev/record")
            await until(lambda: bool(bench.get(*jobs, namespace=bench.grader)["items"]), 120)
    finally:
        process.kill()
        await process.wait()
    assert copies(bench)
    async with bench.laboratory() as laboratory:
        assert await laboratory.sweep() == 1
        await laboratory.close()
    assert (copies(bench), bench.left(), pods(bench)) == ([], [], before)


async def test_a_cancelled_grading_leaves_no_copy(bench: Bench) -> None:
    web(bench)
    async with bench.laboratory() as laboratory:
        run = asyncio.create_task(laboratory.run(on_copy(bench)))
        await until(lambda: bool(copies(bench)), 60)
        run.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await run
        await laboratory.close()
    assert (copies(bench), bench.left()) == ([], [])
