"""A CronJob whose Job has raised capacity before: what is done before it is run again."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from labgrader.cluster.clock import SystemClock
from labgrader.cluster.experiments import run_cron_job
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.debts import Debts
from labgrader.cluster.experiments.headroom import Headroom
from labgrader.cluster.experiments.hopeless import Hopeless
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.run_cron_job import CronJobRun
from labgrader.cluster.experiments.site import Site
from labgrader.cluster.resources import Resources
from labgrader.evidence.answers import Trouble
from labgrader.evidence.experiments import RunCronJob
from labgrader.evidence.timeline import Timeline
from tests.unit.copy_server import Dialer
from tests.unit.kubelet_server import WEB, Cluster, Json, pod
from tests.unit.servers import serving
from tests.unit.test_client import talking_to
from tests.unit.test_debts import Kept
from tests.unit.test_records import RECORD

HPA = "/apis/autoscaling/v2/namespaces/kim/horizontalpodautoscalers/web"
CRON = "/apis/batch/v1/namespaces/kim/cronjobs/rush"
JOBS = "/apis/batch/v1/namespaces/kim/jobs"


@dataclass
class Scaled(Cluster):
    """Its Deployment is scaled by patches, and to ``raises`` by each Job.

    ``doing`` has what was done, with the number of pods by then. Pods beyond the number go only
    where it is ``obedient``.
    """

    raises: int = 4
    obedient: bool = True
    minimum: int = 0
    doing: list[tuple[str, int]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.method == "PATCH":
            [step] = [one for one in await request.json() if one["op"] == "replace"]
            what = step["path"].rpartition("/")[2]
            self.doing.append((f"{what}={step['value']}", len(self.pods)))
            if what == "replicas":
                self.scale(step["value"])
            return web.json_response(self.body())
        if request.path.endswith("selfsubjectaccessreviews"):
            return web.json_response({"status": {"allowed": True}})
        if request.method == "POST":
            self.doing.append(("job", len(self.pods)))
            self.scale(self.raises)
            return web.json_response({})
        if request.path == CRON:
            template: Json = {"spec": {"template": {"spec": {"containers": []}}}}
            metadata = {"name": "rush", "namespace": "kim", "uid": "c"}
            return web.json_response({"metadata": metadata, "spec": {"jobTemplate": template}})
        if request.path == HPA:
            metadata = {"name": "web", "namespace": "kim", "uid": "h", "resourceVersion": "1"}
            return web.json_response({"metadata": metadata, "spec": {"minReplicas": self.minimum}})
        return await super().answer(request)

    def scale(self, number: int) -> None:
        self.wanted = number
        self.tell("deployments", "MODIFIED", self.body())
        while len(self.pods) > number and self.obedient:
            self.tell("pods", "DELETED", self.pods.pop())
        while len(self.pods) < number:
            self.pods.append(pod(10 + len(self.pods)))
            self.tell("pods", "ADDED", self.pods[-1])


@dataclass
class Run:
    """What came of one run."""

    timeline: Timeline
    kept: Kept

    @property
    def owed(self) -> list[str]:
        return [debt["what"] for debt in self.kept.written[-1].owes]

    @property
    def done(self) -> list[str]:
        return [action.what for action in self.timeline.actions]


async def run(cluster: Scaled, replicas: int, down_to: int = -1, *minimums: int) -> Run:
    kept = Kept()
    named: Any = tuple(("web", minimum) for minimum in minimums)
    place = ("kim", "rush", "c", "apps/v1", "Deployment", "web", "d")
    experiment = RunCronJob(*place, replicas, named, 4, 300, down_to)
    clock = SystemClock()
    async with serving(cluster.answer) as address, talking_to(address) as client:
        journal, bell = Journal(clock, clock.now_ms()), Bell()
        site = Site(
            *(client, journal, bell, Debts(kept, RECORD), (), "image", "nonce"),
            *(Headroom(client, clock), Dialer()),
        )
        trial = CronJobRun(client, Resources(client), journal, bell, experiment)
        await trial.check()
        return Run(await trial.conduct(site), kept)


def pods(count: int) -> list[Json]:
    return [pod(number) for number in range(count)]


async def test_what_is_there_comes_down_before_the_job_is_run() -> None:
    cluster = Scaled(pods(4))
    ran = await run(cluster, 4, 2)
    assert cluster.doing == [("replicas=2", 4), ("job", 2)]
    assert ran.done == ["capacity-taken-down", "job-created"]
    assert ran.owed == ["lower", "run-job"]
    [_, owed] = ran.kept.written[-1].owes
    assert [change["fields"][0]["before"] for change in owed["changes"]] == [(4,)]


async def test_what_keeps_it_up_comes_down_first() -> None:
    cluster = Scaled(pods(4), minimum=5)
    ran = await run(cluster, 4, 2, 5)
    assert [what for what, _ in cluster.doing] == ["minReplicas=2", "replicas=2", "job"]
    assert ran.owed == ["lower", "lower", "run-job"]


@pytest.mark.parametrize("minimum", [2, 3])
async def test_what_is_below_is_left_alone(minimum: int) -> None:
    cluster = Scaled(pods(3), minimum=minimum)
    ran = await run(cluster, 3, -1, minimum)
    assert (cluster.doing, ran.owed) == ([("job", 3)], ["run-job"])


async def test_an_autoscaler_below_does_not_keep_it_up() -> None:
    cluster = Scaled(pods(4), minimum=2)
    await run(cluster, 4, 2, 2)
    assert [what for what, _ in cluster.doing] == ["replicas=2", "job"]


async def test_no_job_is_run_where_it_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_cron_job, "DOWN_WITHIN_MS", 50)
    cluster = Scaled(pods(4), obedient=False)
    ran = await run(cluster, 4, 2)
    assert cluster.doing == [("replicas=2", 4)]
    assert ran.done == ["capacity-taken-down", "capacity-stays"]
    assert ran.owed == ["lower"]


async def test_nothing_is_done_where_it_was_scaled_just_now() -> None:
    cluster = Scaled(pods(5))
    with pytest.raises(Hopeless) as raised:
        await run(cluster, 4, 2)
    told = f"{WEB} was scaled just now"
    assert raised.value.answer == Trouble("ObjectReplaced", told, transient=True)
    assert cluster.doing == []
