"""Traffic and kept data on a real cluster: what the experiments record, and what they leave behind."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from labgrader.checks.certain import in_doubt
from labgrader.checks.draining import stop
from labgrader.checks.shares import accepted
from labgrader.cluster.experiments.laboratory import Permission
from labgrader.evidence.answers import Answer
from labgrader.evidence.experiments import DrainPod, HttpTarget, KeepData, SpreadRequests
from labgrader.evidence.keeping import Kept
from labgrader.evidence.timeline import Timeline
from labgrader.evidence.traffic import Traffic
from localcluster import Cluster
from tests.support.bench import OPEN, Bench
from tests.support.classroom import Json, deployment, service
from tests.support.live import LiveCluster

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]
HOOK = {"preStop": {"sleep": {"seconds": 4}}}
CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "16Mi"}}}


@dataclass
class Stage(Bench):
    """A learner's namespace with two Services before one Deployment."""

    def spread(self, name: str, *, again: bool = False) -> SpreadRequests:
        target = HttpTarget(self.target, name, 80, "/")
        return SpreadRequests(self.target, target, 400, "X-Pod", again)

    def scale(self, replicas: int) -> None:
        count = f"--replicas={replicas}"
        self.cluster.kubectl("-n", self.target, "scale", "deployment/web", count)
        self.ready()

    def drain(self, within_ms: int = 30_000, slow: str = "/slow?ms=3000") -> DrainPod:
        uid = self.get("deployment", "web")["metadata"]["uid"]
        clients = HttpTarget(self.target, "web", 80, "/healthz")
        about = (self.target, "apps/v1", "Deployment", "web", uid)
        return DrainPod(*about, within_ms, clients, slow)

    def keep(self, *, every: bool) -> KeepData:
        uid = self.get("statefulset", "notes")["metadata"]["uid"]
        about = (self.target, "apps/v1", "StatefulSet", "notes", uid)
        return KeepData(*about, 90_000, 8080, "PUT", "/data/{key}", every)


@pytest.fixture(scope="module")
def stage(cluster: LiveCluster, image: str) -> Stage:
    made = Stage(cluster, cluster.fresh_namespace(OPEN), cluster.fresh_namespace(), image)
    sticky = service() | {"metadata": {"name": "sticky"}}
    sticky["spec"] = {**sticky["spec"], "sessionAffinity": "ClientIP"}
    made.apply(web(), service(), sticky)
    made.ready()
    return made


def web(grace: int = 20, **container: Any) -> Json:
    body = deployment(**{"lifecycle": HOOK, **container})
    body["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] = grace
    return body


SERVES = """
mkdir -p /tmp/www/cgi-bin
echo ok > /tmp/www/healthz
printf '#!/bin/sh\nsleep 3\nprintf "\\r\\n\\r\\ndone"' > /tmp/www/cgi-bin/slow
chmod +x /tmp/www/cgi-bin/slow
trap '' TERM
exec httpd -f -p 8080 -h /tmp/www
"""


def deaf(grace: int) -> Json:
    """The same pods with a server that takes no notice of SIGTERM."""
    return web(grace, image="busybox:1", command=["sh", "-c", SERVES], lifecycle=None)


def stateful(**spec: Any) -> Json:
    body = deployment("notes")
    template = body["spec"]["template"]
    template["spec"]["containers"][0]["volumeMounts"] = [{"name": "data", "mountPath": "/data"}]
    claims = [{"metadata": {"name": "data"}, "spec": CLAIM}]
    body["spec"] |= {"serviceName": "notes", "volumeClaimTemplates": claims, **spec}
    return {**body, "kind": "StatefulSet"}


def counted(answer: Answer) -> tuple[Counter[str], Traffic]:
    """How many of the Service's requests each name answered."""
    assert isinstance(answer, Traffic), answer
    assert answer.complete
    assert answer.settled
    asked = [one for one in answer.replies if one.to < 0]
    assert all(one.succeeded for one in answer.replies), answer.replies
    assert answer.answered_ms > max(one.at_ms for one in answer.replies)  # its pod began later
    return Counter(answer.said[one.said] for one in asked), answer


async def test_a_service_spreads_new_connections(stage: Stage) -> None:
    # The first time the rules of the node may be older than the pods, and `balances` asks again.
    shares, traffic = counted(await stage.run(stage.spread("web", again=True)))
    assert shares.total() == 400
    pods = {pod["metadata"]["name"] for pod in stage.get("pods")["items"]}
    assert set(shares) == pods == {one.name for one in traffic.backends}
    assert all(count in accepted(400, 2) for count in shares.values())
    for index, backend in enumerate(traffic.backends):
        own = [traffic.said[one.said] for one in traffic.replies if one.to == index]
        assert own == [backend.name] * 40
    assert stage.left() == []


async def test_rules_older_than_the_pods_are_gone_the_second_time(
    stage: Stage, local_cluster: Cluster
) -> None:
    """A proxy that is down leaves the rules of before; whatever the API server says, it has settled."""
    stage.scale(1)
    await stage.run(stage.spread("web"))  # takes longer than the proxy to learn of it
    proxy = local_cluster.component("node1/kube-proxy")
    proxy.stop()
    try:
        stage.scale(2)
        before, _ = counted(await stage.run(stage.spread("web")))
    finally:
        proxy.start()
    shares, _ = counted(await stage.run(stage.spread("web", again=True)))
    assert list(before.values()) == [400]
    assert [count in accepted(400, 2) for count in shares.values()] == [True, True]


async def test_a_client_stays_with_one_pod(stage: Stage) -> None:
    shares, traffic = counted(await stage.run(stage.spread("sticky")))
    assert list(shares.values()) == [400]
    assert len({traffic.said[one.said] for one in traffic.replies}) == 2


async def test_asking_disturbs_nothing_and_needs_no_leave(stage: Stage, tmp_path: Path) -> None:
    answer = await stage.run(stage.spread("web"), tmp_path, permission=Permission.REFUSED)
    counted(answer)


async def test_a_pod_finishes_what_it_has_under_way(stage: Stage) -> None:
    answer = await stage.run(stage.drain())
    assert isinstance(answer, Timeline), answer
    stopped = stop(answer)
    assert stopped is not None
    assert len(stopped.under_way) >= 8
    assert stopped.cut == ()
    assert stopped.exit_codes == (("web", 0),)
    assert stopped.unready_ms is not None
    assert stopped.ended_ms is not None
    assert stopped.unready_ms < 2_000
    assert stopped.ended_ms >= 4_000
    assert stopped.gone_ms is not None
    assert not in_doubt(answer)
    assert sum(one.at_ms > stopped.at_ms for one in answer.samples) >= 285
    assert stage.left() == []


async def test_a_pod_that_drops_its_requests_is_seen(stage: Stage) -> None:
    dropping = [{"name": "GRACE", "value": "0s"}]
    stage.apply(web(env=dropping, lifecycle={"preStop": {"sleep": {"seconds": 1}}}))
    stage.ready()
    answer = await stage.run(stage.drain())
    assert isinstance(answer, Timeline), answer
    stopped = stop(answer)
    assert stopped is not None
    assert stopped.cut
    assert all(800 <= stopped.after_ms(one) <= 3_000 for one in stopped.cut)


async def test_a_pod_that_would_stay_holds_nobody_up(stage: Stage) -> None:
    stage.apply(deaf(45))
    stage.ready()
    answer = await stage.run(stage.drain(12_000, "/cgi-bin/slow"))
    assert isinstance(answer, Timeline), answer
    stopped = stop(answer)
    assert stopped is not None
    assert stopped.gone_ms is None
    assert len(stopped.under_way) >= 8
    assert not stopped.cut
    assert len(answer.pods[-1].ready) == 2  # its replacement is there
    assert stage.left() == []


async def test_what_is_written_outlives_the_pods(stage: Stage) -> None:
    stage.apply(service("notes"), stateful())
    stage.cluster.kubectl(
        "-n", stage.target, "rollout", "status", "statefulset/notes", "--timeout=120s"
    )
    answer = await stage.run(stage.keep(every=True))
    assert isinstance(answer, Kept), answer
    assert [member.name for member in answer.after] == ["notes-0", "notes-1"]
    assert [m.claims for m in answer.after] == [m.claims for m in answer.before]
    assert all(uid for member in answer.after for _, uid in member.claims)
    assert not {m.uid for m in answer.before} & {m.uid for m in answer.after}
    first, second = answer.after
    assert first.ready_ms <= second.seen_ms
    assert len(answer.read) == 2
    assert all(one.held for one in answer.read)
    one = await stage.run(stage.keep(every=False))
    assert isinstance(one, Kept), one
    assert len({m.uid for m in one.before} & {m.uid for m in one.after}) == 1
    assert all(exchange.held for exchange in one.read)
    assert json.dumps(stage.left()) == "[]"
