"""The operator in the cluster, as people and their tools meet it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.classroom import Course, deployment, outcomes, wait_for
from tests.support.installation import NAMESPACE
from tests.support.live import LiveCluster

WEB = {"kind": "Deployment", "name": "web"}
EXISTS = {"name": "exists", "points": 10, "exists": {"object": WEB}}
HEALS = {
    "name": "heals",
    "points": 10,
    "heals": {"object": WEB, "fault": "DeletePod", "within": "60s"},
}
KOPF = "kopf.zalando.org/last-handled-configuration"


@pytest.fixture
def course(installed: LiveCluster) -> Course:
    return Course.begin(installed)


def served(cluster: LiveCluster, path: str) -> str:
    pods = ("get", "pods", "-n", NAMESPACE, "-l", "app.kubernetes.io/name=labgrader", "-o", "name")
    name = cluster.kubectl(*pods).stdout.strip().removeprefix("pod/")
    proxy = f"/api/v1/namespaces/{NAMESPACE}/pods/{name}:8080/proxy{path}"
    return cluster.kubectl("get", "--raw", proxy).stdout


def test_kubectl_waits_for_the_verdict_and_shows_it_in_columns(course: Course) -> None:
    kim = course.learner()
    course.put(kim, deployment())
    course.exercise("lab", EXISTS)
    handed = course.submit("lab", kim)
    kubectl = course.cluster.kubectl
    kubectl(
        "wait", "--for=condition=Ready", f"sub/{handed.name}", "-n", course.name, "--timeout=120s"
    )
    heading, row = kubectl("get", "sub", "-n", course.name).stdout.strip().splitlines()
    assert heading.split()[:6] == ["NAME", "EXERCISE", "LEARNER", "RESULT", "SCORE", "MAX"]
    assert row.split()[:6] == [handed.name, "lab", kim, "Passed", "10", "10"]
    assert "lab" in kubectl("get", "labs", "-n", course.name).stdout


def test_a_namespace_as_the_command_prints_it_belongs_to_its_course(course: Course) -> None:
    kubectl, kim = course.cluster.kubectl, course.cluster.fresh_name()
    course.exercise("lab", EXISTS, HEALS)
    printed = course.labgrader("namespace", kim, "--course", course.name, "--disruption")
    kubectl("apply", "--server-side", "-f", "-", input=printed)
    try:
        course.put(kim, deployment())
        course.rolled_out(kim)
        assert course.submit("lab", kim).graded()["result"] == "Passed"
    finally:
        kubectl("delete", "namespace", kim, "--wait=false")


def test_a_verdict_is_told_as_an_event_once(course: Course) -> None:
    kim = course.learner()
    course.exercise("lab", EXISTS)
    handed = course.submit("lab", kim)
    handed.graded()

    def events() -> list[tuple[str, str]]:
        wanted = f"--field-selector=involvedObject.name={handed.name}"
        listed = course.cluster.kubectl("get", "events", "-n", course.name, wanted, "-o", "json")
        return [(e["reason"], e["message"]) for e in json.loads(listed.stdout)["items"]]

    found = wait_for(events, bool, what="an event")
    assert found == [("Graded", "Failed: 0 of 10 points. 0 of 1 checks passed")]


def test_the_evidence_of_a_verdict_is_kept_in_the_operators_store(course: Course) -> None:
    kim = course.learner()
    course.put(kim, deployment())
    course.exercise("lab", EXISTS)
    handed = course.submit("lab", kim)
    evidence = handed.graded()["evidence"]
    assert evidence["state"] == "Kept"
    inside = ("exec", "-n", NAMESPACE, "deploy/labgrader", "--", "labgrader")
    erased = course.cluster.kubectl(*inside, "forget", kim, "--yes", check=False)
    assert erased.stdout.startswith("Erased 1 bundle"), erased.stderr


def test_the_operator_tells_how_it_is(installed: LiveCluster) -> None:
    assert served(installed, "/healthz") == "ok"
    assert served(installed, "/readyz") == "ok"
    metrics = served(installed, "/metrics")
    for name in ("workqueue_depth", "controller_runtime_reconcile_total", "labgrader_verdicts"):
        assert name in metrics


def test_metrics_name_no_learner(course: Course) -> None:
    kim = course.learner()
    course.exercise("lab", EXISTS)
    course.submit("lab", kim).graded()
    assert kim not in served(course.cluster, "/metrics")


def test_what_kopf_would_think_of_an_object_does_not_matter(course: Course) -> None:
    """kopf's own handlers never see an object that is created with this annotation."""
    kim = course.learner()
    course.exercise("lab", EXISTS)
    body = {
        "apiVersion": "labgrader.dev/v1alpha1",
        "kind": "Submission",
        "metadata": {"name": "marked", "namespace": course.name},
        "spec": {"exerciseRef": {"name": "lab"}, "learner": kim, "targetNamespace": kim},
    }
    seen = json.dumps({"spec": body["spec"]})
    marked = body | {
        "metadata": {"name": "marked", "namespace": course.name, "annotations": {KOPF: seen}}
    }
    course.cluster.kubectl("create", "-f", "-", input=json.dumps(marked))
    args = ("wait", "--for=condition=Ready", "sub/marked", "-n", course.name, "--timeout=120s")
    assert course.cluster.kubectl(*args).returncode == 0


def test_the_command_line_grades_several_namespaces_at_once(course: Course, tmp_path: Path) -> None:
    kim, lee = course.learner(), course.learner()
    course.put(kim, deployment())
    text = {"en": "t", "ko": "t"}
    spec = {"title": text, "task": text, "settle": "0s", "lang": "en", "checks": [EXISTS]}
    body = {"apiVersion": "labgrader.dev/v1alpha1", "kind": "LabExercise", "spec": spec}
    file = tmp_path / "exercise.yaml"
    file.write_text(json.dumps(body | {"metadata": {"name": "lab"}}), "utf-8")
    call = [sys.executable, "-m", "labgrader", "grade", str(file), "-n", kim, "-n", lee]
    done = subprocess.run(
        [*call, "-o", "json", "--kubeconfig", str(course.cluster.kubeconfig)],
        capture_output=True,
        text=True,
        check=False,
    )
    reports = {report["namespace"]: report["score"] for report in json.loads(done.stdout)}
    assert (reports, done.returncode) == ({kim: 10, lee: 0}, 1)


def test_a_changed_answer_is_judged_at_once_and_in_the_same_attempt(course: Course) -> None:
    kim = course.learner()
    right = {"choice": {"options": _OPTIONS, "right": "b"}}
    asked = {"name": "which", "question": {"en": "Which?"}, **right}
    course.exercise("quiz", EXISTS, {"name": "asked", "points": 10, "asks": asked})
    handed = course.submit("quiz", kim)
    status = handed.graded()
    assert outcomes(status) == {"exists": "Failed", "asked": "Failed"}
    assert "- `b`: B" in status["task"]
    handed.patch(answers=[{"name": "which", "value": "b"}])
    status = handed.when(lambda s: outcomes(s)["asked"] == "Passed", what="the answer to count")
    assert (status["attempt"], status["score"], status["result"]) == (1, 10, "Failed")
    assert outcomes(status)["exists"] == "Failed"
    assert status["observedGeneration"] == 2


_OPTIONS = [{"name": name, "text": {"en": name.upper()}} for name in ("a", "b", "c")]


def test_who_waits_for_an_experiment_sees_the_place_in_the_queue(course: Course) -> None:
    learners = [course.learner(disruption=True) for _ in range(4)]
    for name in learners:
        course.put(name, deployment(env=[{"name": "WARMUP", "value": "10s"}]))
    for name in learners:
        course.rolled_out(name)
    course.exercise("lab", HEALS)
    handed = course.submit_all("lab", learners)
    waiting = wait_for(
        lambda: [status for status in course.statuses() if "queue" in status],
        bool,
        what="that anybody waits",
    )
    for status in waiting:
        position = status["queue"]["position"]
        assert position in {1, 2}  # two of four are at work
        assert status["summary"].startswith(f"Number {position} in the queue")
    statuses = [one.graded() for one in handed]
    assert [status["result"] for status in statuses] == ["Passed"] * 4
    assert not any("queue" in status for status in statuses)
    started = max(status["startedAt"] for status in statuses)
    assert started >= min(status["finishedAt"] for status in statuses)
