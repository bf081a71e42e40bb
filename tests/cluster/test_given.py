"""What exercises give, on a real cluster: put there, judged, and put back."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.classroom import Course, check, outcomes
from tests.support.live import LiveCluster

KEEPS = {"object": {"kind": "ConfigMap", "name": "settings"}}
SETTINGS: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "settings"},
    "data": {"COLOR": "blue"},
}
SERVICE: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "shop"},
    "spec": {
        "selector": {"app": "shop"},
        "ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}],
    },
}
CHECKS = [
    {"name": "works", "points": 10, "exists": {"object": {"kind": "ConfigMap", "name": "done"}}},
    {"name": "keeps", "points": 10, "needs": ["works"], "unchanged": KEEPS},
    {
        "name": "serves",
        "points": 10,
        "needs": ["works"],
        "unchanged": {"object": {"kind": "Service", "name": "shop"}},
    },
]
DONE = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "done"}}


@pytest.fixture
def course(installed: LiveCluster) -> Course:
    return Course.begin(installed)


def named(unchanged: Any) -> str | None:
    return unchanged["object"]["name"] if unchanged else None


def exercise(folder: Path, course: Course, *given: dict[str, Any]) -> Path:
    """Apply the exercise, and return its file."""
    there = {body["metadata"]["name"] for body in given}
    # A check of what is not given makes no exercise.
    checks = [c for c in CHECKS if named(c.get("unchanged")) in there | {None}]
    course.exercise("mend", *checks, given=list(given))
    text = {"en": "mend", "ko": "mend"}
    spec = {"title": text, "task": text, "settle": "0s", "checks": checks, "given": list(given)}
    body = {
        "apiVersion": "labgrader.dev/v1alpha1",
        "kind": "LabExercise",
        "metadata": {"name": "mend", "namespace": course.name},
        "spec": spec,
    }
    file = folder / "exercise.yaml"
    file.write_text(json.dumps(body), "utf-8")
    return file


def reset(course: Course, file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "labgrader", "reset", str(file), *arguments)
    kubeconfig = ("--kubeconfig", str(course.cluster.kubeconfig))
    return subprocess.run([*command, *kubeconfig], capture_output=True, text=True, check=False)


def read(course: Course, namespace: str, kind: str, name: str) -> Any:
    return json.loads(
        course.cluster.kubectl("get", kind, name, "-n", namespace, "-o", "json").stdout
    )


def test_what_the_api_server_makes_of_given_objects_is_no_change_but_a_learners_is(
    course: Course, tmp_path: Path
) -> None:
    kim = course.learner()
    file = exercise(tmp_path, course, SETTINGS, SERVICE)
    done = reset(course, file, "-n", kim)
    assert done.returncode == 0, done.stderr
    course.put(kim, DONE)
    assert outcomes(course.submit("mend", kim).graded()) == {
        "works": "Passed",
        "keeps": "Passed",
        "serves": "Passed",
    }
    patch = json.dumps({"data": {"COLOR": "red"}})
    course.cluster.kubectl("patch", "configmap", "settings", "-n", kim, "--type=merge", "-p", patch)
    course.cluster.kubectl("delete", "service", "shop", "-n", kim)
    second = course.submit("mend", kim, "second").graded()
    assert check(second, "keeps")["reason"] == "GivenChanged"
    assert check(second, "serves")["reason"] == "NotFound"


def test_reset_makes_the_start_anew_and_leaves_what_is_the_learners(
    course: Course, tmp_path: Path
) -> None:
    kim = course.learner()
    assert reset(course, exercise(tmp_path, course, SETTINGS, SERVICE), "-n", kim).returncode == 0
    before = read(course, kim, "configmap", "settings")
    patch = json.dumps({"data": {"COLOR": "red", "MORE": "x"}})
    course.cluster.kubectl("patch", "configmap", "settings", "-n", kim, "--type=merge", "-p", patch)
    course.put(kim, DONE)
    file = exercise(tmp_path, course, SETTINGS)
    shown = reset(course, file, "-n", kim, "--dry-run")
    assert "delete Service shop  (an earlier version of the exercise gave it)" in shown.stdout
    assert read(course, kim, "configmap", "settings")["data"]["MORE"] == "x"
    done = reset(course, file, "-n", kim, "--yes")
    assert done.returncode == 0, done.stderr
    after = read(course, kim, "configmap", "settings")
    assert after["data"] == {"COLOR": "blue"}
    assert after["metadata"]["uid"] != before["metadata"]["uid"]
    assert read(course, kim, "configmap", "done")
    left = course.cluster.kubectl("get", "services", "-n", kim, "-o", "name").stdout
    assert left == ""


def test_what_admission_refuses_is_named_and_nothing_is_touched(
    course: Course, tmp_path: Path
) -> None:
    kim = course.learner()
    course.put(kim, SETTINGS)
    before = read(course, kim, "configmap", "settings")["metadata"]["uid"]
    privileged = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "root"},
        "spec": {
            "containers": [
                {"name": "root", "image": "web:1", "securityContext": {"privileged": True}}
            ]
        },
    }
    done = reset(course, exercise(tmp_path, course, SETTINGS, privileged), "-n", kim, "--yes")
    assert done.returncode == 1
    assert "the cluster refuses Pod root" in done.stderr
    assert "PodSecurity" in done.stderr
    assert read(course, kim, "configmap", "settings")["metadata"]["uid"] == before
    slip = {**SERVICE, "spec": {**SERVICE["spec"], "selectors": {"app": "shop"}}}
    typed = reset(course, exercise(tmp_path, course, slip), "-n", kim, "--yes")
    assert typed.returncode == 1
    assert "selectors" in typed.stderr


def test_a_namespace_that_is_not_there(course: Course, tmp_path: Path) -> None:
    done = reset(course, exercise(tmp_path, course, SETTINGS), "-n", "nobody-was-here")
    assert done.returncode == 2
    assert "there is no namespace nobody-was-here" in done.stderr
