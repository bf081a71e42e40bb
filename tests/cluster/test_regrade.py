"""All submissions of an edited exercise, judged again where the operator keeps the evidence.

The commands are those of the documentation, as they stand there. What the learners did since is
something else each time, so that a second look at their namespaces could not come to the same.
"""

import json
import os
import re
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.classroom import Course, Handed, Json, deployment, outcomes, service
from tests.support.installation import NAMESPACE
from tests.support.live import LiveCluster

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "evidence.md"
WEB = {"kind": "Deployment", "name": "web"}
OPERATOR = "app.kubernetes.io/name=labgrader"
HEALS = {"object": WEB, "fault": "DeletePod", "within": "60s"}


@dataclass
class Instructor:
    """Somebody with a shell, a kubeconfig, and the exercise's file in the present folder."""

    course: Course
    folder: Path
    exercise: str

    def edit(self, replicas: str) -> None:
        """Write the exercise, with how many replicas the Deployment must have."""
        text = {"en": "web", "ko": "web"}
        wanted = {"object": WEB, "expect": {"spec": {"replicas": replicas}}}
        body = {
            "apiVersion": "labgrader.dev/v1alpha1",
            "kind": "LabExercise",
            "metadata": {"name": self.exercise, "namespace": self.course.name},
            "spec": {
                "title": text,
                "task": text,
                "lang": "en",
                "settle": "0s",
                "checks": [
                    {"name": "there", "points": 10, "exists": {"object": WEB}},
                    {"name": "enough", "points": 60, "matches": wanted},
                    {"name": "comes-back", "points": 30, "needs": ["there"], "heals": HEALS},
                ],
            },
        }
        (self.folder / "exercise.yaml").write_text(json.dumps(body), "utf-8")

    def types(self, commands: str) -> subprocess.CompletedProcess[str]:
        """What the commands of a documentation page come to."""
        cluster, programs = self.course.cluster, self.folder / "bin"
        programs.mkdir(exist_ok=True)
        kubectl = programs / "kubectl"
        kubectl.unlink(missing_ok=True)
        kubectl.symlink_to(cluster.program)
        path = f"{programs}:{os.environ['PATH']}"
        return subprocess.run(
            ["bash", "-ec", commands],
            cwd=self.folder,
            env={**os.environ, "PATH": path, "KUBECONFIG": str(cluster.kubeconfig)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture
def instructor(installed: LiveCluster, tmp_path: Path) -> Instructor:
    """With an exercise of a name that no other course has: the page's command takes all courses."""
    return Instructor(Course.begin(installed), tmp_path, f"edited-{uuid.uuid4().hex[:8]}")


def documented() -> str:
    """The commands for evidence on a volume, without their prompts."""
    blocks = re.findall(r"```console\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (found,) = (block for block in blocks if "exec -i deploy/labgrader" in block)
    return re.sub(r"^\$ ", "", found, flags=re.MULTILINE)


def pods(course: Course, namespace: str, labels: str) -> dict[str, Any]:
    """The pods with these labels that stay, and how often their containers were started again."""
    args = ("get", "pods", "-n", namespace, "-l", labels, "-o", "json")
    listed = course.cluster.kubectl(*args).stdout
    return {
        pod["metadata"]["uid"]: [c["restartCount"] for c in pod["status"]["containerStatuses"]]
        for pod in json.loads(listed)["items"]
        if "deletionTimestamp" not in pod["metadata"]  # the experiment's pod may still be ending
    }


def handed_in(course: Course, exercise: str, replicas: int) -> tuple[str, Handed, Json]:
    """A learner with a Deployment of so many replicas, graded: who, what, and the status."""
    learner = course.learner(disruption=True)
    course.put(learner, deployment(replicas=replicas), service())
    course.rolled_out(learner)
    handed = course.submit(exercise, learner)
    return learner, handed, handed.graded()


def past(status: Json) -> Json:
    """What the history keeps of a status."""
    names = ("attempt", "score", "maxScore", "finishedAt", "evidence")
    return {name: status[name] for name in names} | {"exerciseHash": status["exercise"]["hash"]}


def test_all_submissions_of_an_edited_exercise_are_judged_again(instructor: Instructor) -> None:
    course = instructor.course
    instructor.edit(">=1")
    applied = instructor.types("kubectl apply -f exercise.yaml")
    assert applied.returncode == 0, applied.stderr
    kim, kims, before_kim = handed_in(course, instructor.exercise, 2)
    lee, lees, before_lee = handed_in(course, instructor.exercise, 1)
    assert [before["score"] for before in (before_kim, before_lee)] == [100, 100]
    assert {before["evidence"]["state"] for before in (before_kim, before_lee)} == {"Kept"}

    course.cluster.kubectl("delete", "deployment", "web", "-n", kim, "--wait=true")
    course.cluster.kubectl("scale", "deployment", "web", "-n", lee, "--replicas=2")
    course.rolled_out(lee)
    running, operator = pods(course, lee, "app=web"), pods(course, NAMESPACE, OPERATOR)
    assert len(running) == 2

    instructor.edit(">=2")
    done = instructor.types(documented())
    assert done.returncode == 1, done.stderr  # as `labgrader grade` where somebody failed
    assert done.stderr.count(": written") == 2, done.stderr

    after_kim, after_lee = kims.status(), lees.status()
    assert (after_kim["score"], after_lee["score"]) == (100, 40)
    assert outcomes(after_lee) == {"there": "Passed", "enough": "Failed", "comes-back": "Passed"}
    for before, after in ((before_kim, after_kim), (before_lee, after_lee)):
        assert after["exercise"]["generation"] == before["exercise"]["generation"] + 1
        assert after["evidence"] == before["evidence"]
        assert after["attempt"] == 1
        assert after["history"] == [past(before)]

    assert pods(course, lee, "app=web") == running
    assert course.left_behind() == []
    assert instructor.types(documented()).returncode == 1
    assert lees.status() == after_lee, "a second time writes nothing"
    assert pods(course, NAMESPACE, OPERATOR) == operator
