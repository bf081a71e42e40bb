"""A Job that was run, a container that was resized: on a real cluster nothing is left of it.

The learner applies on the server here, so that a field which changed its owner is a conflict.
"""

import asyncio
import json
from typing import Any

import orjson
import pytest
import yaml

from labgrader.checks.resizing import READY_AGAIN
from labgrader.evidence.answers import Hindered
from labgrader.evidence.experiments import ResizePod, RunCronJob
from labgrader.evidence.timeline import Timeline
from tests.support.bench import OPEN, Bench, until
from tests.support.live import LiveCluster
from tools.shipped import ROOT

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]
SOLUTIONS = ROOT / "orchestration" / "kubernetes" / "advanced" / "predictive-scaling" / "solutions"
Json = dict[str, Any]


def apply(bench: Bench, *objects: Json) -> None:
    """As a learner who applies on the server; a conflict is an error."""
    listed = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
    bench.cluster.kubectl(
        "-n", bench.target, "apply", "--server-side", "-f", "-", input=json.dumps(listed)
    )


def written(solution: str) -> list[Json]:
    files = sorted((SOLUTIONS / solution).glob("*.yaml"))
    return [one for file in files for one in yaml.safe_load_all(file.read_text("utf-8"))]


def bench_of(cluster: LiveCluster, image: str, *objects: Json) -> Bench:
    bench = Bench(cluster, cluster.fresh_namespace(OPEN), cluster.fresh_namespace(), image)
    apply(bench, *objects)
    bench.ready()
    return bench


def owners(bench: Bench, *what: str) -> set[tuple[str, str, str]]:
    """Who owns which fields of the spec."""
    entries = bench.get(*what, "--show-managed-fields")["metadata"]["managedFields"]
    return {
        (one["manager"], one.get("subresource", ""), json.dumps(one["fieldsV1"], sort_keys=True))
        for one in entries
        if one.get("subresource") != "status" and "f:spec" in one["fieldsV1"]
    }


def scheduled(bench: Bench, to: int = 4, within_ms: int = 60_000) -> RunCronJob:
    cron, web = bench.get("cronjob", "before-rush"), bench.get("deployment", "web")
    scalers = [
        (one["metadata"]["name"], one["spec"]["minReplicas"]) for one in bench.get("hpa")["items"]
    ]
    return RunCronJob(
        namespace=bench.target,
        cron_job="before-rush",
        cron_uid=cron["metadata"]["uid"],
        api_version="apps/v1",
        kind="Deployment",
        name="web",
        uid=web["metadata"]["uid"],
        replicas=web["spec"]["replicas"],
        minimums=tuple(scalers),
        to=to,
        within_ms=within_ms,
    )


@pytest.mark.parametrize("solution", ["scale", "minimum-of-the-autoscaler"])
async def test_a_job_that_was_run_leaves_fields_and_owners_as_they_were(
    cluster: LiveCluster, image: str, solution: str
) -> None:
    objects = written(solution)
    bench = bench_of(cluster, image, *objects)
    scalers = [one for one in objects if one["kind"] == "HorizontalPodAutoscaler"]
    looked_at = [("deployment", "web"), *(("hpa", one["metadata"]["name"]) for one in scalers)]
    if scalers:  # it may have its own say first
        await until(lambda: bool(bench.get("hpa")["items"][0].get("status", {}).get("conditions")))
    before = [(bench.get(*one)["spec"], owners(bench, *one)) for one in looked_at]
    experiment = scheduled(bench, within_ms=120_000)
    answer = await bench.run(experiment)
    assert isinstance(answer, Timeline), answer
    assert max(one.wanted for one in answer.pods) >= 4
    assert [(bench.get(*one)["spec"], owners(bench, *one)) for one in looked_at] == before
    assert bench.left() == []
    for one in objects:
        match one["kind"]:
            case "Deployment" if "replicas" in one["spec"]:
                one["spec"]["replicas"] = 3
            case "HorizontalPodAutoscaler":
                one["spec"]["minReplicas"] = 2
    apply(bench, *objects)


async def test_what_the_learner_scales_after_the_job_stays(
    cluster: LiveCluster, image: str
) -> None:
    bench = bench_of(cluster, image, *written("scale"))
    experiment = scheduled(bench, to=9, within_ms=25_000)
    async with bench.laboratory() as laboratory:
        run = asyncio.create_task(laboratory.run(experiment))
        await until(lambda: run.done() or job_is_complete(bench))
        assert not run.done(), run.result()
        bench.cluster.kubectl("-n", bench.target, "scale", "deployment/web", "--replicas=5")
        await run
        await laboratory.close()
    assert bench.get("deployment", "web")["spec"]["replicas"] == 5
    assert bench.get("jobs")["items"] == []


def job_is_complete(bench: Bench) -> bool:
    return any(
        one["type"] == "Complete"
        for job in bench.get("jobs")["items"]
        for one in job.get("status", {}).get("conditions", ())
    )


def resized(bench: Bench, **limits: str) -> ResizePod:
    pod = bench.get("pods")["items"][0]
    before = pod["spec"]["containers"][0]["resources"]
    return ResizePod(
        namespace=bench.target,
        api_version="apps/v1",
        kind="Deployment",
        name="web",
        pod=pod["metadata"]["name"],
        pod_uid=pod["metadata"]["uid"],
        container="web",
        cpu=limits.get("cpu", ""),
        memory=limits.get("memory", ""),
        before=orjson.dumps(before, option=orjson.OPT_SORT_KEYS).decode(),
        within_ms=30_000,
    )


async def test_a_container_that_was_resized_is_as_it_was(cluster: LiveCluster, image: str) -> None:
    bench = bench_of(cluster, image, *written("scale"))
    experiment = resized(bench, cpu="0.3", memory="96Mi")
    before = (bench.get("pod", experiment.pod)["spec"], owners(bench, "pod", experiment.pod))
    answer = await bench.run(experiment)
    assert isinstance(answer, Timeline), answer
    assert answer.when(READY_AGAIN) is not None
    after = (bench.get("pod", experiment.pod)["spec"], owners(bench, "pod", experiment.pod))
    assert after == before
    assert bench.left() == []


async def test_a_limit_that_was_added_goes_with_its_pod(cluster: LiveCluster, image: str) -> None:
    """Kubernetes takes none away from a running container."""
    objects = written("scale")
    [web] = [one for one in objects if one["kind"] == "Deployment"]
    del web["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]
    bench = bench_of(cluster, image, *objects)
    experiment = resized(bench, cpu="300m", memory="96Mi")
    answer = await bench.run(experiment)
    assert isinstance(answer, Timeline), answer
    assert answer.when(READY_AGAIN) is not None
    listed = bench.get("pods")["items"]
    pods = [one for one in listed if "deletionTimestamp" not in one["metadata"]]
    assert experiment.pod_uid not in {one["metadata"]["uid"] for one in pods}
    assert all("limits" not in one["spec"]["containers"][0]["resources"] for one in pods)
    assert bench.left() == []


async def test_a_resize_that_is_refused_changes_nothing(cluster: LiveCluster, image: str) -> None:
    bench = bench_of(cluster, image, *written("scale"))
    experiment = resized(bench, memory="8Mi")  # below the request
    answer = await bench.run(experiment)
    assert isinstance(answer, Hindered), answer
    assert answer.reason == "ResizeRefused"
    assert bench.left() == []
