"""Probe pods beside the learner, on a real cluster: what they see, and that nothing is left of them.

Whether the cluster enforces NetworkPolicies is found out without the product first. Where it does
not, every finding that depends on it must be open and say so, never passed and never failed.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from labgrader.authoring.exercise_folder import ExerciseFolder, Work
from labgrader.cluster.client import Client
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.configuration import configure
from labgrader.cluster.experiments import job as experiments_job
from labgrader.cluster.outposts.control import Control
from labgrader.cluster.outposts.outposts import Outposts
from labgrader.cluster.outposts.post import Means
from labgrader.cluster.records import FileRecords
from labgrader.evidence.answers import Answer, Enforcement, KeptOut, LookedUp, Tried, Trouble
from labgrader.evidence.requests import Errand, LookUp, Origin, ProvePolicies, TryFlow
from labgrader.grading.plan import plan
from tests.cluster.test_exercises import expect, found, told
from tests.support.classroom import deployment, service, wait_for
from tests.support.enforcement import enforces_policies
from tests.support.examination import IMAGE, Examination, each_work, examine
from tests.support.live import LiveCluster
from tools.shipped import shipped

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]
FOLDERS = tuple(folder for folder in shipped() if plan(folder.exercise).needs_policies)
POLICY = Path(__file__).parents[2] / "manifests" / "base" / "policies" / "probes.yaml"
OPEN, SHUT = Tried(("open",) * 3), Tried(("timeout",) * 3)


@pytest.fixture(scope="module")
def enforced(cluster: LiveCluster) -> bool:
    return enforces_policies(cluster)


@pytest.fixture(scope="module")
def examination(installed: LiveCluster, *, enforced: bool) -> Iterator[Examination]:
    with examine(installed, FOLDERS, "Ready" if enforced else "Stalled") as under_way:
        yield under_way


@each_work(FOLDERS)
def test_policies_count_only_where_they_are_enforced(
    examination: Examination, folder: ExerciseFolder, work: Work, *, enforced: bool
) -> None:
    graded = examination.of(folder, work)
    for report in (graded.status, graded.document):
        seen = found(report)
        if not enforced:
            connects = {check.name for check in folder.checks if check.kind == "connects"}
            assert {seen[name] for name in connects} == {("Unknown", "PolicyNotEnforced")}
            assert "Passed" not in {outcome for outcome, _ in seen.values()}, told(report)
            assert "score" not in report or report["score"] is None, told(report)
            assert report["result"] == "Stalled", told(report)
        elif work.name == "start":
            assert report["score"] == 0, told(report)
            assert "Passed" not in {outcome for outcome, _ in seen.values()}, told(report)
        else:
            expect(report, folder, work)
    assert found(graded.status) == found(graded.document)


@pytest.fixture(scope="module")
def guarded(installed: LiveCluster) -> LiveCluster:
    """A cluster with the policy and the image."""
    return installed


@pytest.fixture
def kim(guarded: LiveCluster) -> Iterator[str]:
    """A namespace with a web server in it."""
    name = guarded.fresh_namespace()
    listed = {"apiVersion": "v1", "kind": "List", "items": [deployment(), service()]}
    guarded.kubectl("-n", name, "apply", "-f", "-", input=json.dumps(listed))
    guarded.kubectl("-n", name, "rollout", "status", "deployment/web", "--timeout=120s")
    yield name
    guarded.kubectl("delete", "namespace", name, "--wait=false")


@asynccontextmanager
async def outposts(cluster: LiveCluster, folder: Path) -> AsyncIterator[Outposts]:
    """As the command line has them."""
    async with Client(await configure(cluster.kubeconfig, None)) as client:
        records = FileRecords(folder, client.configuration.host)
        means = Means(client, records, SystemClock(), "test", IMAGE, None, _id)
        made = Outposts(means, Control(means))
        try:
            yield made
        finally:
            await made.close()


def _id() -> str:
    return uuid.uuid4().hex[:10]


async def sent(cluster: LiveCluster, folder: Path, *errands: Errand) -> Sequence[Answer]:
    async with outposts(cluster, folder) as posts:
        answers = await posts.run(errands)
    return [answers[errand] for errand in errands]


def get(cluster: LiveCluster, namespace: str, *what: str) -> Any:
    return json.loads(cluster.kubectl("-n", namespace, "get", *what, "-o", "json").stdout)


def address(cluster: LiveCluster, namespace: str) -> str:
    found: str = get(cluster, namespace, "service", "web")["spec"]["clusterIP"]
    return found


def records(folder: Path) -> list[Path]:
    return list(folder.rglob("*.json"))


def left(cluster: LiveCluster, namespace: str) -> list[str]:
    """What is left of probe pods there."""
    items = get(cluster, namespace, "jobs,pods", "-l", "labgrader.dev/probe")["items"]
    return [f"{item['kind']} {item['metadata']['name']}" for item in items]


async def test_connections_end_as_the_network_has_it(
    guarded: LiveCluster, kim: str, tmp_path: Path
) -> None:
    to = address(guarded, kim)
    labelled, outside = Origin(kim, (("role", "front"),)), Origin()
    answers = await sent(
        guarded,
        tmp_path,
        TryFlow(labelled, to, 80),
        TryFlow(outside, to, 80),
        TryFlow(
            labelled, get(guarded, kim, "pods", "-l", "app=web")["items"][0]["status"]["podIP"], 81
        ),
        LookUp(labelled, kim, "web"),
        LookUp(outside, kim, "web"),
        LookUp(outside, kim, "_none._tcp.web", "srv"),
    )
    here = LookedUp("found", f"web.{kim}.svc.cluster.local", (to,))
    assert answers == [OPEN, OPEN, Tried(("refused",) * 3), here, here, LookedUp("none")]
    assert left(guarded, kim) == []
    assert records(tmp_path) == []


async def test_the_control_tells_what_the_cluster_does(
    guarded: LiveCluster, tmp_path: Path, *, enforced: bool
) -> None:
    async with outposts(guarded, tmp_path) as posts:
        first = await posts.run([ProvePolicies()])
        began = time.monotonic()
        again = await posts.run([ProvePolicies()])
        assert time.monotonic() - began < 0.1, "proven once is enough"
    assert first == again == {ProvePolicies(): Enforcement(enforced)}


async def test_a_probe_takes_no_part_in_the_learners_work(
    guarded: LiveCluster, kim: str, tmp_path: Path
) -> None:
    """With the very labels of the learner's pods."""
    twin = Origin(kim, (("app", "web"),))
    under_way = asyncio.create_task(
        sent(guarded, tmp_path, TryFlow(twin, address(guarded, kim), 80))
    )
    ready: list[int] = []
    probes: list[Any] = []
    while not under_way.done():
        slices = await asyncio.to_thread(get, guarded, kim, "endpointslices")
        conditions = [e["conditions"] for s in slices["items"] for e in s["endpoints"] or ()]
        ready.append(sum(one["ready"] for one in conditions))
        pods = await asyncio.to_thread(get, guarded, kim, "pods", "-l", "labgrader.dev/probe")
        probes += pods["items"]
    assert await under_way == [OPEN]
    assert set(ready) == {2}
    assert probes
    owners = {ref["kind"] for pod in probes for ref in pod["metadata"]["ownerReferences"]}
    assert owners == {"Job"}
    started = [pod for pod in probes if pod["status"]["phase"] == "Running"]
    conditions = [c for pod in started for c in pod["status"]["conditions"]]
    assert {c["status"] for c in conditions if c["type"] == "Ready"} == {"False"}
    assert get(guarded, kim, "deployment", "web")["status"]["replicas"] == 2


async def test_where_nothing_guards_probe_pods_none_is_made(
    guarded: LiveCluster, kim: str, tmp_path: Path
) -> None:
    guarded.kubectl("delete", "-f", str(POLICY))
    try:
        (answer,) = await sent(guarded, tmp_path, TryFlow(Origin(kim), address(guarded, kim), 80))
    finally:
        guarded.kubectl("apply", "--server-side", "-f", str(POLICY))
    assert isinstance(answer, Trouble)
    assert (answer.reason, answer.transient) == ("ProbesUnguarded", False)
    assert "labgrader-probes" in answer.detail


async def test_what_keeps_the_probe_out_is_told(
    guarded: LiveCluster, kim: str, tmp_path: Path
) -> None:
    hard = ("create", "quota", "full", "--hard=pods=2")
    guarded.kubectl("-n", kim, *hard)
    (answer,) = await sent(guarded, tmp_path, TryFlow(Origin(kim), address(guarded, kim), 80))
    assert isinstance(answer, KeptOut)
    assert "exceeded quota: full" in answer.message
    assert left(guarded, kim) == []


async def test_a_probe_that_cannot_be_scheduled_is_the_graders_trouble(
    guarded: LiveCluster, kim: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiments_job, "_START_MS", 5_000)
    to = address(guarded, kim)
    nodes = [item["metadata"]["name"] for item in get(guarded, kim, "nodes")["items"]]
    guarded.kubectl("cordon", *nodes)
    try:
        (answer,) = await sent(guarded, tmp_path, TryFlow(Origin(kim), to, 80))
    finally:
        guarded.kubectl("uncordon", *nodes)
    assert isinstance(answer, Trouble)
    assert (answer.reason, answer.transient) == ("ProbeNotStarted", True)
    assert "unschedulable" in answer.detail
    assert left(guarded, kim) == []


async def test_a_namespace_that_is_not_there_is_told(guarded: LiveCluster, tmp_path: Path) -> None:
    (answer,) = await sent(guarded, tmp_path, TryFlow(Origin("nobodys"), "10.0.0.1", 80))
    assert answer == Trouble("TargetMissing", "no namespace nobodys", transient=False)


EXERCISE = """\
apiVersion: labgrader.dev/v1alpha1
kind: LabExercise
metadata: {name: reached}
spec:
  title: {en: Reached}
  task: {en: Run web.}
  lang: en
  settle: 0s
  checks:
  - name: reached
    points: 10
    connects:
      flows:
      - {from: {labels: {role: front}}, to: {service: web, port: 80}, allowed: true}
"""


def test_what_a_killed_grader_left_the_next_one_removes(
    guarded: LiveCluster, kim: str, tmp_path: Path
) -> None:
    file = tmp_path / "exercise.yaml"
    file.write_text(EXERCISE)
    command = (
        *(sys.executable, "-m", "labgrader", "grade", str(file), "-n", kim),
        *("--kubeconfig", str(guarded.kubeconfig), "--probe-image", IMAGE),
    )
    state = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    with subprocess.Popen(
        command, env=state, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as grader:
        wait_for(lambda: left(guarded, kim), bool, what="a probe pod")
        grader.send_signal(signal.SIGKILL)
    assert left(guarded, kim)
    done = subprocess.run(command, env=state, capture_output=True, text=True, check=False)
    assert "1 interrupted experiment(s)" in done.stderr
    assert done.returncode == 0, done.stdout
    assert left(guarded, kim) == []
    assert records(tmp_path) == []
