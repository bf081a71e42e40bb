"""Live grading on a real cluster: what learners see, and silence while nothing happens."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from localcluster import Cluster
from tests.support.classroom import Course, condition, deployment
from tests.support.live import LiveCluster

OPERATOR = "system:serviceaccount:labgrader-system:labgrader"
SETTING = {"kind": "ConfigMap", "name": "setting"}
COLOUR = {
    "name": "colour",
    "points": 10,
    "matches": {"object": SETTING, "expect": {"data": {"colour": "blue"}}},
}
READY = {
    "name": "ready",
    "points": 10,
    "ready": {"object": {"kind": "Deployment", "name": "web"}, "replicas": {"min": 2}},
}
IDLE_SECONDS = 60
SETTLE_SECONDS = 10


@pytest.fixture
def course(installed: LiveCluster) -> Iterator[Course]:
    course = Course.begin(installed)
    yield course
    # What is followed costs looks, and the next test may count them.
    installed.kubectl("delete", "labexercises,submissions", "--all", "-n", course.name)


def setting(colour: str) -> dict[str, Any]:
    metadata = {"name": "setting"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata} | {
        "data": {"colour": colour}
    }


def live(status: dict[str, Any]) -> dict[str, str]:
    return {c["name"]: c["outcome"] for c in (status.get("live") or {}).get("checks", ())}


def test_learners_see_checks_pass_while_they_work_and_hand_in_when_they_like(
    course: Course,
) -> None:
    kim = course.learner()
    course.exercise("lab", READY, COLOUR, mode="Continuous")
    handed = course.submit("lab", kim, attempt=0)
    status = handed.when(
        lambda s: live(s) == {"ready": "Failed", "colour": "Failed"}, what="followed"
    )
    assert (status["result"], status["attempt"]) == ("Pending", 0)
    assert status["task"].startswith("# lab")
    assert "checks" not in status
    assert condition(status, "Ready")["reason"] == "NotHandedIn"  # type: ignore[index]
    course.put(kim, deployment())
    handed.when(lambda s: live(s) == {"ready": "Passed", "colour": "Failed"}, what="ready")
    handed.patch(attempt=1)
    status = handed.graded()
    assert (status["score"], status["history"]) == (10, [])
    course.put(kim, setting("blue"))
    status = handed.when(lambda s: set(live(s).values()) == {"Passed"}, what="all passed")
    assert (status["score"], status["result"]) == (10, "Failed"), "the grade comes by attempt"
    handed.patch(attempt=2)
    status = handed.graded(attempt=2)
    assert (status["score"], status["result"]) == (20, "Passed")
    assert "live" not in status


def test_an_exercise_that_grades_on_attempt_shows_its_task_before(course: Course) -> None:
    kim = course.learner()
    course.exercise("lab", COLOUR)
    handed = course.submit("lab", kim, attempt=0)
    status = handed.until("Pending", attempt=0)
    assert "live" not in status
    handed.patch(attempt=1)
    assert handed.graded()["score"] == 0


def test_a_kind_that_the_operator_may_not_read_is_unknown_and_the_others_are_shown(
    course: Course,
) -> None:
    kim = course.learner()
    hidden = {"name": "hidden", "points": 1} | {
        "exists": {"object": {"kind": "Secret", "name": "h"}}
    }
    course.exercise("lab", COLOUR, hidden, mode="Continuous")
    handed = course.submit("lab", kim, attempt=0)
    course.put(kim, setting("blue"))
    status = handed.when(
        lambda s: live(s) == {"colour": "Passed", "hidden": "Unknown"}, what="shown"
    )
    told = status["live"]["checks"][1]
    assert told["reason"] == "CannotWatch"
    assert "ClusterRole labgrader" in told["message"]


def test_idle_submissions_cost_no_request(course: Course, local_cluster: Cluster) -> None:
    """The audit log says so. The cluster must have been made with one."""
    course.exercise("lab", READY, COLOUR, mode="Continuous")
    learners = [course.learner() for _ in range(5)]
    handed = [course.submit("lab", learner, attempt=0) for learner in learners]
    for one in handed:
        one.when(lambda s: set(live(s).values()) == {"Failed"}, what="followed")
    time.sleep(SETTLE_SECONDS)
    begun = now()
    time.sleep(IDLE_SECONDS)
    asked = requests(local_cluster.audit_log, begun, now())
    inside = {what: n for what, n in asked.items() if any(k in what for k in learners)}
    assert inside == {}, "nothing is asked about a learner's namespace"
    # What is left is the same with one submission or a thousand: the lease, the re-scan, and
    # watches that the API server ends now and then, each with the request that renews it.
    overhead = {"labexercises", "submissions", "namespaces", "leases"}
    assert {what.split()[1] for what in asked if not what.startswith("watch")} <= overhead
    scans = [asked[f"list {what}"] for what in ("labexercises", "submissions", "namespaces")]
    assert all(1 <= count <= 2 for count in scans), asked


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def requests(log: Path, since: str, until: str) -> Counter[str]:
    """The operator's completed requests in that time, by verb, resource and namespace."""
    counted: Counter[str] = Counter()
    for file in log.parent.glob(f"{log.stem}*{log.suffix}"):
        for line in file.read_text("utf-8").splitlines():
            if OPERATOR not in line:
                continue
            event = json.loads(line)
            if event["stage"] != "ResponseComplete" or event["user"]["username"] != OPERATOR:
                continue
            if since <= event["requestReceivedTimestamp"] <= until:
                place = event.get("objectRef") or {}
                what = place.get("resource") or event["requestURI"].partition("?")[0]
                counted[f"{event['verb']} {what} {place.get('namespace', '')}".strip()] += 1
    return counted
