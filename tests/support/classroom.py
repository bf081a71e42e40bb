"""A course on a real cluster, as an instructor and a learner use it: through kubectl.

Made by tests; each course has namespaces of its own, so tests do not meet.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import yaml

from labgrader.api.namespace import LearnerNamespace
from tests.support.installation import NAMESPACE
from tests.support.live import SESSION_LABEL, LiveCluster

Json = dict[str, Any]
COURSE, LEARNER, DISRUPTION = (f"labgrader.dev/{n}" for n in ("course", "learner", "disruption"))
_RECORD = "labgrader.dev/record"


def deployment(name: str = "web", replicas: int = 2, **container: Any) -> Json:
    """A Deployment of the web workload that becomes Ready."""
    spec = {
        "name": "web",
        "image": "web:1",
        "ports": [{"containerPort": 8080}],
        "readinessProbe": {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 1},
        "resources": {"requests": {"cpu": "20m", "memory": "16Mi"}},
    } | container
    labels = {"app": name}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"terminationGracePeriodSeconds": 1, "containers": [spec]},
            },
        },
    }


def service(name: str = "web") -> Json:
    """A Service in front of that Deployment."""
    spec = {"selector": {"app": name}, "ports": [{"port": 80, "targetPort": 8080}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


@dataclass
class Course:
    """One course namespace, and learners' namespaces that belong to it."""

    cluster: LiveCluster
    name: str

    @classmethod
    def begin(cls, cluster: LiveCluster) -> "Course":
        """Make the course namespace."""
        name = cluster.fresh_name()
        cluster.fresh_namespace({COURSE: name}, name)
        return cls(cluster, name)

    def learner(
        self, *, disruption: bool = False, dry_run: bool = False, probe: bool = False
    ) -> str:
        """Make a learner's namespace; the learner is called like it."""
        name = self.cluster.fresh_name()
        self.open(name, disruption=disruption, dry_run=dry_run, probe=probe)
        return name

    def open(
        self, name: str, *, disruption: bool, dry_run: bool = False, probe: bool = False
    ) -> None:
        """Make, label and bind a learner's namespace as ``labgrader namespace`` says."""
        wanted = LearnerNamespace(
            name, self.name, name, disruption=disruption, dry_run=dry_run, probe=probe
        )
        space, *others = wanted.objects()
        labels = {**space["metadata"]["labels"], SESSION_LABEL: self.cluster.session}
        ours = {**space, "metadata": {**space["metadata"], "labels": labels}}
        listed = {"apiVersion": "v1", "kind": "List", "items": [ours, *others]}
        self.cluster.kubectl(
            *("apply", "--server-side", "--force-conflicts", "-f", "-"), input=json.dumps(listed)
        )

    def labgrader(self, *args: str) -> str:
        """What a labgrader command prints."""
        done = subprocess.run(
            [sys.executable, "-m", "labgrader", *args], capture_output=True, text=True, check=True
        )
        return done.stdout

    def exercise(self, name: str, *checks: Json, **spec: Any) -> None:
        """Apply an exercise."""
        text = {"en": name, "ko": name}
        body = {
            "apiVersion": "labgrader.dev/v1alpha1",
            "kind": "LabExercise",
            "metadata": {"name": name, "namespace": self.name},
            "spec": {
                "title": text,
                "task": text,
                "lang": "en",
                "settle": "0s",
                "checks": list(checks),
            }
            | spec,
        }
        self.cluster.kubectl("apply", "--server-side", "-f", "-", input=json.dumps(body))

    def put(self, namespace: str, *objects: Json) -> None:
        """Apply objects as the learner would."""
        text = yaml.safe_dump_all(objects)
        self.cluster.kubectl("apply", "-n", namespace, "-f", "-", input=text)

    def rolled_out(self, namespace: str, name: str = "web", kind: str = "Deployment") -> None:
        """Wait until the workload is Ready."""
        args = ("rollout", "status", f"{kind}/{name}", "-n", namespace, "--timeout=120s")
        self.cluster.kubectl(*args)

    def submit(self, exercise: str, target: str, name: str = "", **spec: Any) -> "Handed":
        """Create a Submission in the course namespace."""
        body = self._submission(exercise, target, name, **spec)
        self.cluster.kubectl("create", "-f", "-", input=json.dumps(body))
        return Handed(self.cluster, self.name, body["metadata"]["name"])

    def submit_all(self, exercise: str, targets: Sequence[str]) -> list["Handed"]:
        """Create their Submissions at the same moment."""
        bodies = [self._submission(exercise, target) for target in targets]
        listed = {"apiVersion": "v1", "kind": "List", "items": bodies}
        self.cluster.kubectl("create", "-f", "-", input=json.dumps(listed))
        return [Handed(self.cluster, self.name, body["metadata"]["name"]) for body in bodies]

    def statuses(self) -> list[Json]:
        """Those of all Submissions, as they are now."""
        args = ("get", "submissions", "-n", self.name, "-o", "json")
        items = json.loads(self.cluster.kubectl(*args).stdout)["items"]
        return [item.get("status") or {} for item in items]

    def _submission(self, exercise: str, target: str, name: str = "", **spec: Any) -> Json:
        return {
            "apiVersion": "labgrader.dev/v1alpha1",
            "kind": "Submission",
            "metadata": {"name": name or f"{target}-{exercise}", "namespace": self.name},
            "spec": {
                "exerciseRef": {"name": exercise},
                "learner": target,
                "targetNamespace": target,
            }
            | spec,
        }

    def left_behind(self) -> list[str]:
        """Records, Jobs and pods of experiments that are still in the grader's namespace."""
        args = ("get", "configmaps,jobs,pods", "-n", NAMESPACE, "-l", _RECORD, "-o", "name")
        return self.cluster.kubectl(*args).stdout.split()


@dataclass
class Handed:
    """A Submission that was handed in."""

    cluster: LiveCluster
    namespace: str
    name: str

    def read(self) -> Json:
        """The object as it is now."""
        args = ("get", "submissions", self.name, "-n", self.namespace, "-o", "json")
        body: Json = json.loads(self.cluster.kubectl(*args).stdout)
        return body

    def status(self) -> Json:
        """Its status as it is now."""
        status: Json = self.read().get("status") or {}
        return status

    def until(self, *results: str, attempt: int = 1, seconds: float = 120) -> Json:
        """Wait for one of the results of the attempt, and return the status."""

        def there(status: Json) -> bool:
            return status.get("result") in results and status.get("attempt") == attempt

        return self.when(there, seconds=seconds, what=f"{results} of attempt {attempt}")

    def when(self, there: Callable[[Json], bool], *, what: str, seconds: float = 120) -> Json:
        """Wait until the status is so, and return it. Each that is written is looked at, at once."""
        shown = ("submissions", self.name, "-n", self.namespace, '-ojsonpath={.status}{"\\n"}')
        ends = time.monotonic() + seconds
        seen: Json = {}
        while (left := ends - time.monotonic()) > 0:  # the API server ends a watch now and then
            with closing(self.cluster.watch(*shown, seconds=left)) as lines:
                for line in lines:
                    seen = json.loads(line) if line.strip() else {}
                    if there(seen):
                        return seen
        raise AssertionError(f"after {seconds:g} s still not {self.name}: {what}; seen: {seen}")

    def graded(self, attempt: int = 1, seconds: float = 120) -> Json:
        """Wait for the verdict."""
        return self.until("Passed", "Failed", attempt=attempt, seconds=seconds)

    def patch(self, **spec: Any) -> None:
        """Change the spec."""
        args = ("patch", "submissions", self.name, "-n", self.namespace, "--type=merge", "-p")
        self.cluster.kubectl(*args, json.dumps({"spec": spec}))


def outcomes(status: Mapping[str, Any]) -> dict[str, str]:
    """Outcome by check."""
    return {check["name"]: check["outcome"] for check in status["checks"]}


def check(status: Mapping[str, Any], name: str) -> Json:
    """One check of a status."""
    found: Json = next(check for check in status["checks"] if check["name"] == name)
    return found


def condition(status: Mapping[str, Any], kind: str) -> Json | None:
    """One condition of a status."""
    return next((c for c in status.get("conditions", ()) if c["type"] == kind), None)


def wait_for(
    read: Callable[[], Any], there: Callable[[Any], bool], *, what: str, seconds: float = 120
) -> Any:
    """Read until it is so; fails with what was read last."""
    ends, pause = time.monotonic() + seconds, 0.3
    seen = read()
    while not there(seen):
        if time.monotonic() > ends:
            raise AssertionError(f"after {seconds:g} s still not {what}; seen: {seen}")
        time.sleep(pause)
        pause = min(1.0, pause * 1.2)  # most reads start a kubectl, whose CPU the gradings lack
        seen = read()
    return seen
