"""The grader's own trouble, on a real cluster: the operator is killed, the API server goes away.

Every verdict comes, once, and is the one that it would have been.
"""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from localcluster import Cluster
from localcluster.machine import cgroups
from tests.support.classroom import Course, deployment, outcomes, service, wait_for
from tests.support.installation import NAMESPACE
from tests.support.live import LiveCluster
from tests.support.trouble import EXISTS, HEALS, READY, others_are_graded, slow_start

Kill = Callable[[], None]


@pytest.fixture
def course(installed: LiveCluster) -> Course:
    return Course.begin(installed)


@pytest.fixture(params=["its-pod-forced-away", "its-process-killed"])
def kill_operator(
    request: pytest.FixtureRequest, installed: LiveCluster, local_cluster: Cluster
) -> Kill:
    """Ends the operator at once: with its pod, which runs on for a moment, or with kill -9."""

    def pod() -> None:
        pods = ("pods", "-n", NAMESPACE, "-l", "app.kubernetes.io/name=labgrader")
        installed.kubectl("delete", *pods, "--grace-period=0", "--force")

    def process() -> None:
        running = set(cgroups.all_processes(local_cluster.node(1).cgroup))
        (found,) = [pid for pid in running if is_operator(pid)]
        os.kill(found, signal.SIGKILL)

    return pod if request.param == "its-pod-forced-away" else process


def is_operator(pid: int) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:  # it has ended since it was listed
        return False
    return b"run" in words and any(word.endswith(b"/labgrader") for word in words)


def test_an_operator_killed_while_healing_and_grading_gives_every_verdict_once(
    course: Course, kill_operator: Kill
) -> None:
    kim = course.learner(disruption=True)
    course.put(kim, slow_start(), service())
    course.rolled_out(kim)
    course.exercise("lab", READY, HEALS)
    course.exercise("settles", EXISTS | {"points": 7}, settle="5s")
    learners = [course.learner() for _ in range(3)]
    healing = course.submit("lab", kim)
    wait_for(course.left_behind, bool, what="an experiment under way")
    grading = course.submit_all("settles", learners)
    grading[-1].until("Grading")  # one look, or the first of them would have settled meanwhile
    kill_operator()
    status = healing.graded(seconds=180)
    assert (status["score"], status["history"]) == (20, [])
    for one in grading:
        status = one.graded(seconds=120)
        assert (status["score"], status["history"]) == (0, [])
    wait_for(course.left_behind, lambda left: not left, what="cleaned up")
    others_are_graded(course)


def test_an_api_server_that_is_away_for_20_seconds_costs_nobody_points(
    course: Course, local_cluster: Cluster
) -> None:
    """The last here: controllers look late for a while after it."""
    kim = course.learner()
    course.put(kim, deployment())
    course.exercise(
        "lab",
        EXISTS,
        EXISTS | {"name": "missing", "exists": {"object": {"kind": "Service", "name": "web"}}},
        settle="8s",
    )
    handed = course.submit("lab", kim)
    handed.until("Grading")
    local_cluster.component("apiserver").stop()
    try:
        time.sleep(20)
    finally:
        local_cluster.component("apiserver").start()
    wait_for(lambda: reachable(course.cluster), bool, what="the API server back")
    status = handed.graded(seconds=90)
    assert outcomes(status) == {"exists": "Passed", "missing": "Failed"}
    others_are_graded(course)


def reachable(cluster: LiveCluster) -> bool:
    return cluster.kubectl("get", "--raw", "/readyz", check=False).returncode == 0
