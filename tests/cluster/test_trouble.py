"""Bad input and trouble, on a real cluster: nothing gives points, takes points wrongly, or
keeps other submissions waiting."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.classroom import (
    Course,
    check,
    condition,
    deployment,
    outcomes,
    service,
    wait_for,
)
from tests.support.live import LiveCluster
from tests.support.trouble import ANSWERS, EXISTS, HEALS, READY, WEB, others_are_graded, slow_start


@pytest.fixture
def course(installed: LiveCluster) -> Course:
    return Course.begin(installed)


def test_an_exercise_that_is_not_there_stalls_until_it_comes(course: Course) -> None:
    kim = course.learner()
    course.put(kim, deployment())
    handed = course.submit("later", kim)
    status = handed.until("Stalled")
    assert condition(status, "Stalled")["reason"] == "ExerciseNotFound"  # type: ignore[index]
    assert "score" not in status
    course.exercise("later", EXISTS)
    assert handed.graded()["score"] == 10


def test_an_exercise_without_points_stalls_its_submissions_until_it_is_mended(
    course: Course,
) -> None:
    kim = course.learner()
    course.put(kim, deployment())
    course.exercise("hollow", EXISTS | {"points": 0})
    handed = course.submit("hollow", kim)
    status = handed.until("Stalled")
    assert condition(status, "Stalled")["reason"] == "ExerciseInvalid"  # type: ignore[index]
    body = json.loads(
        course.cluster.kubectl("get", "lab", "hollow", "-n", course.name, "-o", "json").stdout
    )
    assert condition(body["status"], "Stalled")["reason"] == "NoPoints"  # type: ignore[index]
    course.exercise("hollow", EXISTS)
    assert handed.graded()["score"] == 10


def test_an_exercise_edited_while_grading_is_graded_as_it_began(course: Course) -> None:
    kim = course.learner(disruption=True)
    course.put(kim, slow_start(), service())
    course.rolled_out(kim)
    course.exercise("edited", READY, HEALS)
    handed = course.submit("edited", kim)
    handed.until("Grading")
    course.exercise("edited", READY | {"points": 90}, HEALS)
    status = handed.graded()
    assert (status["score"], status["maxScore"]) == (20, 20)
    assert condition(status, "Ready")["reason"] == "Outdated"  # type: ignore[index]


def test_an_exercise_deleted_while_grading_still_gets_its_verdict(course: Course) -> None:
    kim = course.learner(disruption=True)
    course.put(kim, slow_start(), service())
    course.rolled_out(kim)
    course.exercise("deleted", READY, HEALS)
    handed = course.submit("deleted", kim)
    handed.until("Grading")
    course.cluster.kubectl("delete", "lab", "deleted", "-n", course.name)
    assert handed.graded()["score"] == 20


def test_a_submission_deleted_while_healing_leaves_nothing_behind(course: Course) -> None:
    kim = course.learner(disruption=True)
    course.put(kim, slow_start(), service())
    course.rolled_out(kim)
    course.exercise("dropped", READY, HEALS)
    handed = course.submit("dropped", kim)
    wait_for(course.left_behind, bool, what="an experiment under way")
    course.cluster.kubectl("delete", "submissions", handed.name, "-n", course.name)
    wait_for(course.left_behind, lambda left: not left, what="cleaned up")
    course.rolled_out(kim)
    others_are_graded(course)


def test_a_target_that_is_missing_stalls_and_goes_on_when_it_comes(course: Course) -> None:
    course.exercise("lab", EXISTS)
    handed = course.submit("lab", "nowhere-yet")
    status = handed.until("Stalled")
    assert condition(status, "Stalled")["reason"] == "TargetMissing"  # type: ignore[index]
    assert "score" not in status


def test_a_target_that_is_being_deleted_fails_nobody(course: Course) -> None:
    kim = course.learner()
    keep = {"finalizers": ["labgrader-tests/keep"]}
    held = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "held"} | keep,
    }
    course.put(kim, held)
    course.cluster.kubectl("delete", "namespace", kim, "--wait=false")
    course.exercise("lab", EXISTS)
    try:
        status = course.submit("lab", kim).until("Stalled")
        assert condition(status, "Stalled")["reason"] == "TargetTerminating"  # type: ignore[index]
        assert "score" not in status
    finally:
        course.cluster.kubectl(
            "patch", "configmap", "held", "-n", kim, "--type=merge",
            "-p", '{"metadata":{"finalizers":null}}',
        )  # fmt: skip


def test_a_right_that_the_grader_lacks_is_unknown_and_names_the_role(course: Course) -> None:
    kim = course.learner()
    secret = {"name": "secret", "points": 5, "exists": {"object": {"kind": "Secret", "name": "s"}}}
    course.put(kim, deployment())
    course.exercise("lab", EXISTS, secret)
    status = course.submit("lab", kim).until("Stalled")
    assert outcomes(status) == {"exists": "Passed", "secret": "Unknown"}
    assert check(status, "secret")["reason"] == "Forbidden"
    assert "secrets" in check(status, "secret")["message"]
    assert (status["scoreMin"], status["scoreMax"]) == (10, 15)


def test_a_namespace_not_opened_for_disruption_is_unknown_until_it_is(course: Course) -> None:
    kim = course.learner()
    course.put(kim, deployment(), service())
    course.rolled_out(kim)
    course.exercise("lab", READY, HEALS)
    handed = course.submit("lab", kim)
    status = handed.until("Stalled")
    assert check(status, "heals")["reason"] == "DisruptionNotAllowed"
    assert (status["scoreMin"], status["scoreMax"]) == (10, 20)
    course.open(kim, disruption=True)
    assert handed.graded()["score"] == 20


def test_a_language_changed_there_and_back_ends_in_the_last_one(course: Course) -> None:
    kim = course.learner()
    course.exercise("lab", EXISTS)
    handed = course.submit("lab", kim, lang="ko")
    first = handed.graded()
    for lang in ("en", "ko", "en", "ko"):
        handed.patch(lang=lang)
    generation = handed.read()["metadata"]["generation"]
    status = handed.when(
        lambda s: s.get("observedGeneration") == generation, what="the last generation"
    )
    assert check(status, "exists")["message"] == check(first, "exists")["message"]
    assert status["finishedAt"] == first["finishedAt"], "nothing was graded again"
    handed.patch(lang="en")
    english = handed.when(
        lambda s: s.get("observedGeneration") == generation + 1, what="in English"
    )
    assert check(english, "exists")["message"].isascii()


def test_a_raised_attempt_is_graded_anew_and_the_old_score_kept(course: Course) -> None:
    kim = course.learner()
    course.exercise("lab", EXISTS)
    handed = course.submit("lab", kim)
    assert handed.graded()["score"] == 0
    course.put(kim, deployment())
    handed.patch(attempt=2)
    status = handed.graded(attempt=2)
    assert status["score"] == 10
    assert [(past["attempt"], past["score"]) for past in status["history"]] == [(1, 0)]


def test_a_pod_that_never_becomes_ready_fails_with_its_probe(course: Course) -> None:
    kim = course.learner()
    sick = {"httpGet": {"path": "/nothing-here", "port": 8080}, "periodSeconds": 1}
    course.put(kim, deployment(readinessProbe=sick))
    course.exercise("lab", READY, settle="6s")
    status = course.submit("lab", kim).graded()
    assert outcomes(status) == {"ready": "Failed"}
    assert "404" in check(status, "ready")["message"]


def test_a_service_that_leads_to_another_namespace_earns_nothing(course: Course) -> None:
    kim, lee = course.learner(), course.learner()
    course.put(lee, deployment(), service())
    course.rolled_out(lee)
    alias = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web"},
        "spec": {"type": "ExternalName", "externalName": f"web.{lee}.svc.cluster.local"},
    }
    course.put(kim, alias)
    course.exercise("lab", ANSWERS)
    status = course.submit("lab", kim).graded()
    assert outcomes(status) == {"answers": "Failed"}
    assert f"web.{lee}.svc.cluster.local" in check(status, "answers")["message"]


def test_endpoints_written_by_hand_to_another_namespace_earn_nothing(course: Course) -> None:
    kim, lee = course.learner(), course.learner()
    course.put(lee, deployment(), service())
    course.rolled_out(lee)
    pods = json.loads(course.cluster.kubectl("get", "pods", "-n", lee, "-o", "json").stdout)
    pod = pods["items"][0]
    bare = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web"},
        "spec": {"ports": [{"port": 80, "targetPort": 8080}]},
    }
    slice_ = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": "web-1",
            "labels": {
                "kubernetes.io/service-name": "web",
                "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
            },
        },
        "addressType": "IPv4",
        "ports": [{"port": 8080, "protocol": "TCP", "name": ""}],
        "endpoints": [
            {
                "addresses": [pod["status"]["podIP"]],
                "conditions": {"ready": True},
                "targetRef": {
                    "kind": "Pod",
                    "namespace": kim,
                    "name": "web-1",
                    "uid": pod["metadata"]["uid"],
                },
            }
        ],
    }
    course.put(kim, bare, slice_)
    course.exercise("lab", ANSWERS)
    status = course.submit("lab", kim).graded()
    assert outcomes(status) == {"answers": "Failed"}


def test_odd_but_valid_values_lose_no_points(course: Course) -> None:
    kim = course.learner()
    odd = deployment(
        resources={"requests": {"cpu": 0.02, "memory": 16777216}, "limits": {"cpu": 1}},
        terminationMessagePolicy="FallbackToLogsOnError",
        env=[{"name": "EMPTY"}],
    )
    labels = odd["spec"]["template"]["metadata"]["labels"]
    labels |= {f"label-{number}": str(number) for number in range(200)}
    course.put(kim, odd)
    course.rolled_out(kim)
    container = {
        "name": "web",
        "resources": {"limits": {"cpu": "<=1000m"}, "requests": {"memory": "16Mi"}},
    }
    expect = {"spec": {"template": {"spec": {"containers": [container]}}}}
    matches = {"name": "matches", "points": 10, "matches": {"object": WEB, "expect": expect}}
    course.exercise("lab", READY, matches)
    status = course.submit("lab", kim).graded()
    assert outcomes(status) == {"ready": "Passed", "matches": "Passed"}


def test_who_may_not_look_gets_no_failed_check_from_the_command_line(
    course: Course, tmp_path: Path
) -> None:
    kim = course.learner()
    course.cluster.kubectl("create", "serviceaccount", "stranger", "-n", course.name)
    token = course.cluster.kubectl("create", "token", "stranger", "-n", course.name).stdout.strip()
    config = yaml.safe_load(course.cluster.kubeconfig.read_text("utf-8"))
    config["users"][0]["user"] = {"token": token}
    stranger = tmp_path / "kubeconfig"
    stranger.write_text(yaml.safe_dump(config), "utf-8")
    file = tmp_path / "exercise.yaml"
    text = {"en": "t", "ko": "t"}
    spec = {"title": text, "task": text, "settle": "0s", "lang": "en", "checks": [EXISTS]}
    body = {"apiVersion": "labgrader.dev/v1alpha1", "kind": "LabExercise"}
    file.write_text(json.dumps(body | {"metadata": {"name": "lab"}, "spec": spec}), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "labgrader", "grade", str(file), "-n", kim, "-o", "json"],
        env={"KUBECONFIG": str(stranger), "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    report = json.loads(done.stdout)
    assert report["checks"][0]["outcome"] == "Unknown"
    assert report["checks"][0]["reason"] == "Forbidden"
