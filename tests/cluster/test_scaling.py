"""Scaling on a real cluster: two loads at once, a cluster without room, Jobs that are undone.

The way back, and every reason to fail, are proven by the exercises ``autoscaling`` and
``predictive-scaling``.
"""

import asyncio
from dataclasses import asdict, replace
from typing import Any

import pytest
import yaml

from labgrader.api.kinds import Scales
from labgrader.checks.autoscaling import LOAD_ENDED, LOAD_STARTED, reached, target_of
from labgrader.checks.expect.quantity import parse_quantity
from labgrader.checks.finding import Finding, Outcome
from labgrader.checks.scales import judge
from labgrader.checks.scope import Scope
from labgrader.cluster.experiments.change import left_to_a_job
from labgrader.cluster.experiments.fields import field
from labgrader.cluster.records import ConfigMapRecords, Record
from labgrader.evidence.answers import Answer, Found, Hindered, Items
from labgrader.evidence.experiments import LoadAutoscaler, RunCronJob
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import Snapshot
from labgrader.evidence.timeline import Timeline
from tests.support.bench import HPA, OPEN, Bench
from tests.support.classroom import deployment, service
from tests.support.live import LiveCluster
from tools.shipped import ROOT

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]
PLANNED = ROOT / "orchestration" / "kubernetes" / "advanced" / "predictive-scaling"
QUICK = {"scaleDown": {"stabilizationWindowSeconds": 0}}
Json = dict[str, Any]


def milli(cpu: int) -> str:
    return f"{cpu}m"


def made(cluster: LiveCluster, image: str, limit: int, request: int = 20) -> Bench:
    """A learner's web of one pod, with an autoscaler that is quick to come back."""
    bench = Bench(cluster, cluster.fresh_namespace(OPEN), cluster.fresh_namespace(), image)
    resources = {"requests": {"cpu": milli(request)}, "limits": {"cpu": milli(limit)}}
    scaled: Any = {**HPA, "spec": {**HPA["spec"], "behavior": QUICK}}
    bench.apply(deployment(replicas=1, resources=resources), service(), scaled)
    bench.ready()
    return bench


def judged(bench: Bench, experiment: LoadAutoscaler, answer: Answer) -> Finding:
    """The finding of the check that asks for this experiment, on the namespace as it is now."""
    scope, target = Scope(bench.target), experiment.target
    own = bench.get("hpa", "web")
    ref = target_of(own)
    assert ref is not None
    slices = scope.all("EndpointSlice", {"kubernetes.io/service-name": "web"})
    answers: dict[Request, Answer] = {
        scope.named("HorizontalPodAutoscaler", "web"): Found(own),
        scope.all("HorizontalPodAutoscaler"): Items((own,)),
        scope.named("Service", "web"): Found(bench.get("service", "web")),
        ref: Found(bench.get("deployment", "web")),
        slices: Items(tuple(bench.get("endpointslices")["items"])),
        experiment: answer,
    }
    for kind in ("Pod", "ReplicaSet", "Event", "NetworkPolicy"):
        answers[scope.all(kind)] = Items(tuple(bench.get(kind)["items"]))
    params = Scales.model_validate(
        {
            "autoscaler": "web",
            "load": {
                "service": target.service,
                "port": target.port,
                "path": target.path,
                "concurrency": experiment.concurrency,
            },
            "up": {"to": experiment.replicas, "within": f"{experiment.within_ms}ms"},
            "down": {"within": f"{experiment.down_within_ms}ms"},
        }
    )
    return judge(params, scope, Snapshot(answers))


def loaded(bench: Bench) -> LoadAutoscaler:
    return replace(bench.load(replicas=2, within_ms=120_000), down_within_ms=90_000)


async def both(first: Bench, second: Bench) -> tuple[Timeline, Timeline]:
    """Two learners graded at once by one operator; their times begin together."""
    async with first.laboratory() as laboratory:
        try:
            seen = await asyncio.gather(*(laboratory.run(loaded(b)) for b in (first, second)))
        finally:
            await laboratory.close()
    for bench, answer in zip((first, second), seen, strict=True):
        assert isinstance(answer, Timeline), answer
        finding = judged(bench, loaded(bench), answer)
        # A neighbour's load is never the learner's failure.
        assert finding.outcome in {Outcome.PASSED, Outcome.UNKNOWN}, finding
        assert bench.left() == []
    return seen[0], seen[1]  # type: ignore[return-value]  # both are Timelines


def span(timeline: Timeline) -> tuple[int, int]:
    """From when to when there was load."""
    started, ended = timeline.when(LOAD_STARTED), timeline.when(LOAD_ENDED)
    assert started is not None
    return started, timeline.ended_ms if ended is None else ended


async def test_two_loads_run_at_once_where_there_is_room(cluster: LiveCluster, image: str) -> None:
    seen = await both(made(cluster, image, limit=100), made(cluster, image, limit=100))
    for timeline in seen:
        started_ms, ended_ms = span(timeline)
        after = [one for one in timeline.autoscaler if one.at_ms >= started_ms]
        scaled_ms = reached(after, 2)
        assert scaled_ms is not None
        assert ended_ms - scaled_ms < 20_000, "the load ends with what it was for, not after 120 s"
        assert timeline.cpu, "the nodes were watched"
        assert {one.allocatable for one in timeline.cpu} == {timeline.cpu[0].allocatable}
        assert timeline.load[-1].answered > timeline.load[0].answered
    first, second = sorted(map(span, seen))
    assert second[0] < first[1], "both loads were on at once"


async def test_a_load_waits_for_its_turn_where_there_is_none(
    cluster: LiveCluster,
    image: str,
) -> None:
    """Two pods of a whole CPU each are all that this cluster has."""
    seen = await both(made(cluster, image, limit=1000), made(cluster, image, limit=1000))
    first, second = sorted(map(span, seen))
    assert second[0] >= first[1] - 500, "one load at a time"


async def test_pods_that_find_no_node_are_not_the_learners_fault(
    cluster: LiveCluster,
    image: str,
) -> None:
    nodes = [node["status"]["allocatable"]["cpu"] for node in _nodes(cluster)]
    offered = max(int(1000 * (parse_quantity(cpu) or 0)) for cpu in nodes)
    bench = made(cluster, image, limit=600, request=500)
    other = Bench(cluster, cluster.fresh_namespace(), bench.grader, image)
    for index in range(len(nodes)):
        filling = {"requests": {"cpu": milli(offered - 700)}}
        other.apply(deployment(f"full-{index}", 1, resources=filling))
    cluster.kubectl(
        "-n",
        other.target,
        "wait",
        "--for=condition=Available",
        "deployment",
        "--all",
        "--timeout=60s",
    )
    experiment = replace(loaded(bench), concurrency=16, within_ms=60_000)
    try:
        answer = await bench.run(experiment)
        assert isinstance(answer, Timeline), answer
        assert answer.cpu[-1].unplaced
        assert (judged(bench, experiment, answer).reason) == "ClusterShort"
    finally:  # the next tests find room again
        cluster.kubectl("delete", "namespace", bench.target, other.target)


def _nodes(cluster: LiveCluster) -> list[Json]:
    found: list[Json] = yaml.safe_load(cluster.kubectl("get", "nodes", "-o", "yaml").stdout)[
        "items"
    ]
    return found


@pytest.fixture
def planned(cluster: LiveCluster, image: str) -> Bench:
    """The right solution of the exercise that raises capacity by a CronJob."""
    bench = Bench(cluster, cluster.fresh_namespace(OPEN), cluster.fresh_namespace(), image)
    for file in sorted((PLANNED / "solutions" / "scale").glob("*.yaml")):
        bench.apply(*yaml.safe_load_all(file.read_text("utf-8")))
    bench.ready()
    return bench


def scheduled(bench: Bench) -> RunCronJob:
    cron, web = bench.get("cronjob", "before-rush"), bench.get("deployment", "web")
    uids = (cron["metadata"]["uid"], web["metadata"]["uid"])
    place = ("apps/v1", "Deployment", "web")
    return RunCronJob(bench.target, "before-rush", uids[0], *place, uids[1], 2, (), 4, 60_000)


def traces(bench: Bench) -> list[str]:
    found = bench.get("jobs,pods", "-l", "batch.kubernetes.io/job-name")["items"]
    return [one["metadata"]["name"] for one in (*found, *bench.get("jobs")["items"])]


async def test_a_scheduled_job_is_run_and_undone(planned: Bench) -> None:
    answer = await planned.run(scheduled(planned))
    assert isinstance(answer, Timeline), answer
    begun_ms = answer.when("job-created")
    assert begun_ms is not None
    assert (answer.pods[0].wanted, answer.pods[-1].wanted) == (2, 4)
    assert len(answer.pods[-1].ready) == 4
    assert answer.ended_ms - answer.pods[-1].at_ms < 1_000
    assert planned.get("deployment", "web")["spec"]["replicas"] == 2
    assert traces(planned) == planned.left() == []


async def test_a_job_that_may_not_scale_says_why(planned: Bench) -> None:
    planned.cluster.kubectl("-n", planned.target, "delete", "rolebinding", "scaler")
    answer = await planned.run(scheduled(planned))
    assert isinstance(answer, Timeline), answer
    said = [action.subject for action in answer.actions if action.what == "job-failed"]
    assert "Forbidden" in said[0]
    assert traces(planned) == []


async def test_a_namespace_that_takes_no_job_is_the_learners(planned: Bench) -> None:
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "none"}}
    planned.apply({**quota, "spec": {"hard": {"count/jobs.batch": "0"}}})
    planned.cluster.kubectl(
        *("-n", planned.target, "wait", "quota/none", "--timeout=30s"),
        "--for=jsonpath={.status.hard}",
    )
    answer = await planned.run(scheduled(planned))
    assert isinstance(answer, Hindered), answer
    assert answer.reason == "ScheduledJobRefused"
    assert "exceeded quota" in dict(answer.params)["detail"]


async def test_what_a_crashed_grader_ran_is_undone_by_the_next(planned: Bench) -> None:
    """Killed when the Job had scaled: the record, the Job and the replicas are left."""
    doing = {"experiment": "RunCronJob", **asdict(scheduled(planned))}
    name = "experiment-crashed"
    web = f"/apis/apps/v1/namespaces/{planned.target}/deployments/web"
    body = planned.get("deployment", "web", "--show-managed-fields")
    owed = {
        "what": "run-job",
        "job": f"/apis/batch/v1/namespaces/{planned.target}/jobs/{name}",
        "changes": [left_to_a_job(body, web, field("spec", "replicas")).written()],
        "left": [[]],
    }
    async with planned.laboratory() as laboratory:
        records = ConfigMapRecords(laboratory._client, planned.grader, "crashed")
        record = Record(
            name=name,
            holder="crashed",
            begun="2026-01-01T00:00:00Z",
            doing=doing,
            namespace=planned.grader,
            own_namespace=False,
            owes=[owed],
        )
        await records.write(record)
        planned.cluster.kubectl(
            "-n", planned.target, "create", "job", name, "--from=cronjob/before-rush"
        )
        planned.cluster.kubectl(
            *("-n", planned.target, "wait", "deployment/web", "--timeout=60s"),
            "--for=jsonpath={.spec.replicas}=4",
        )
        assert await laboratory.sweep() == 1
        await laboratory.close()
    assert planned.get("deployment", "web")["spec"]["replicas"] == 2
    assert traces(planned) == planned.left() == []
