"""A CronJob that has raised capacity already: graded again, it is judged as it was the first time.

By the command line, on the works of the exercise ``predictive-scaling``, with a peak that is soon.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from labgrader.cluster.experiments import run_cron_job
from labgrader.evidence.timeline import Timeline
from tests.cluster.test_undone import owners, scheduled
from tests.support.bench import OPEN, Bench
from tests.support.classroom import wait_for
from tests.support.live import LiveCluster
from tools.shipped import ROOT

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]
PLANNED = ROOT / "orchestration" / "kubernetes" / "advanced" / "predictive-scaling"
SCALE, MINIMUM = "solutions/scale", "solutions/minimum-of-the-autoscaler"
ALL_DAY = "mistakes/four-all-day"
Json = dict[str, Any]


def soon(minutes: int) -> datetime:
    return datetime.now(UTC) + timedelta(minutes=minutes)


def daily(moment: datetime) -> str:
    return f"{moment.minute} {moment.hour} * * *"


@dataclass(frozen=True)
class Learners:
    """Makes the namespaces of one test, and takes them away: its pods keep room from others."""

    cluster: LiveCluster
    image: str
    made: list[Bench] = field(default_factory=list)

    def bench(self, work: str, fires: datetime, *, on_server: bool = False) -> Bench:
        """The work, as a learner applies it; its CronJob fires every day at that time."""
        places = self.cluster.fresh_namespace(OPEN), self.cluster.fresh_namespace()
        bench = Bench(self.cluster, *places, self.image)
        self.made.append(bench)
        files = sorted((PLANNED / work).glob("*.yaml"))
        objects = [one for file in files for one in yaml.safe_load_all(file.read_text("utf-8"))]
        objects = [one for one in objects if "kind" in one]
        for one in objects:
            if one["kind"] == "CronJob":
                one["spec"] |= {"schedule": daily(fires), "timeZone": "Etc/UTC"}
        listed = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
        how = ("--server-side",) if on_server else ()
        self.cluster.kubectl("-n", bench.target, "apply", *how, "-f", "-", input=listed)
        bench.ready()
        return bench


@pytest.fixture
def learners(cluster: LiveCluster, image: str) -> Iterator[Learners]:
    learners = Learners(cluster, image)
    yield learners
    for bench in learners.made:
        cluster.kubectl("delete", "namespace", bench.target, bench.grader)


def command(bench: Bench, folder: Path) -> tuple[str, ...]:
    check = {
        "cronJob": "before-rush",
        "object": {"kind": "Deployment", "name": "web"},
        "peak": f"{soon(20):%H:%M}",
        "before": "30m",
        "to": 4,
        "within": "60s",
    }
    spec = {
        "title": {"en": "Ready"},
        "task": {"en": "Be ready."},
        "lang": "en",
        "settle": "0s",
        "checks": [{"name": "raises", "points": 10, "scalesOnSchedule": check}],
    }
    head = {"apiVersion": "labgrader.dev/v1alpha1", "kind": "LabExercise"}
    file = folder / "exercise.yaml"
    file.write_text(yaml.safe_dump({**head, "metadata": {"name": "ready"}, "spec": spec}))
    return (
        *(sys.executable, "-m", "labgrader", "grade", str(file), "-n", bench.target, "-o", "json"),
        *("--kubeconfig", str(bench.cluster.kubeconfig), "--allow-disruption"),
        *("--probe-image", bench.image),
    )


def graded(bench: Bench, folder: Path) -> Json:
    """The finding of the check."""
    env = {**os.environ, "XDG_STATE_HOME": str(folder / "state")}
    done = subprocess.run(
        command(bench, folder), env=env, capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr
    [check] = json.loads(done.stdout)["checks"]
    found: Json = check
    return found


def wanted(bench: Bench) -> int:
    return int(bench.get("deployment", "web")["spec"]["replicas"])


def has_four(bench: Bench) -> bool:
    web = bench.get("deployment", "web")
    return (web["spec"]["replicas"], web["status"].get("readyReplicas")) == (4, 4)


def tried(bench: Bench) -> None:
    """As the exercise's hint says; nothing of the Job is left."""
    bench.cluster.kubectl("-n", bench.target, "create", "job", "try", "--from=cronjob/before-rush")
    bench.cluster.kubectl(
        *("-n", bench.target, "wait", "job/try", "--for=condition=Complete", "--timeout=60s")
    )
    wait_for(lambda: has_four(bench), bool, what="four Ready replicas")
    bench.cluster.kubectl("-n", bench.target, "delete", "job", "try")


def standing(bench: Bench) -> list[Any]:
    """What is raised, and whose it is."""
    kinds = [("deployment", "web")]
    kinds += [("hpa", one["metadata"]["name"]) for one in bench.get("hpa")["items"]]
    return [(bench.get(*one)["spec"], owners(bench, *one)) for one in kinds]


@pytest.mark.parametrize("work", [SCALE, MINIMUM])
def test_a_cron_job_that_has_fired_is_graded_as_before(
    learners: Learners, tmp_path: Path, work: str
) -> None:
    bench = learners.bench(work, soon(1 if datetime.now(UTC).second < 45 else 2))
    wait_for(lambda: has_four(bench), bool, what="the firing", seconds=150)
    before = standing(bench)
    for _ in range(2):
        found = graded(bench, tmp_path)
        assert (found["outcome"], found["reason"]) == ("Passed", "RaisedOnSchedule"), found
        assert "It had 4 already, so it was taken down to 2" in found["message"]
        assert standing(bench) == before
    assert bench.get("cronjob", "before-rush")["status"]["lastScheduleTime"]


@pytest.mark.parametrize(
    ("work", "on_server", "quiet"), [(SCALE, False, 2), (SCALE, True, 3), (MINIMUM, True, 3)]
)
def test_a_job_that_was_tried_by_hand_is_graded_as_before(
    learners: Learners, tmp_path: Path, work: str, *, on_server: bool, quiet: int
) -> None:
    bench = learners.bench(work, soon(10), on_server=on_server)
    tried(bench)
    before = standing(bench)
    found = graded(bench, tmp_path)
    assert found["outcome"] == "Passed", found
    assert f"it was taken down to {quiet} before" in found["message"]
    assert standing(bench) == before
    assert bench.get("jobs")["items"] == []


@pytest.mark.parametrize("on_server", [False, True])
def test_four_all_day_stay_four_all_day(
    learners: Learners, tmp_path: Path, *, on_server: bool
) -> None:
    bench = learners.bench(ALL_DAY, soon(10), on_server=on_server)
    tried(bench)
    found = graded(bench, tmp_path)
    assert (found["outcome"], found["reason"]) == ("Failed", "CapacityThereAlready"), found
    assert "Deployment web itself asks for 4 (spec.replicas, written by kubectl" in found["message"]


def test_a_job_that_works_no_longer_is_found(learners: Learners, tmp_path: Path) -> None:
    bench = learners.bench(SCALE, soon(10))
    tried(bench)
    bench.cluster.kubectl("-n", bench.target, "delete", "rolebinding", "scaler")
    before = standing(bench)
    found = graded(bench, tmp_path)
    assert (found["outcome"], found["reason"]) == ("Failed", "ScheduledJobFailed"), found
    assert standing(bench) == before


def test_a_grader_that_is_killed_meanwhile_leaves_it_to_the_next(
    learners: Learners, tmp_path: Path
) -> None:
    bench = learners.bench(SCALE, soon(10))
    tried(bench)
    before = standing(bench)
    env = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    with subprocess.Popen(
        command(bench, tmp_path), env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as grader:
        wait_for(lambda: wanted(bench) < 4, bool, what="fewer replicas")
        grader.send_signal(signal.SIGKILL)
    found = graded(bench, tmp_path)
    assert (found["outcome"], found["reason"]) == ("Passed", "RaisedOnSchedule"), found
    assert standing(bench) == before


async def test_what_does_not_come_down_in_time_is_put_back(
    learners: Learners, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_cron_job, "DOWN_WITHIN_MS", 1)
    bench = learners.bench(SCALE, soon(10))
    tried(bench)
    before = standing(bench)
    answer = await bench.run(replace(scheduled(bench), down_to=2))
    assert isinstance(answer, Timeline), answer
    assert [one.what for one in answer.actions] == ["capacity-taken-down", "capacity-stays"]
    assert standing(bench) == before
    assert has_four(bench)
    assert bench.left() == []
