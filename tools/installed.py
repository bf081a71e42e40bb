"""A local cluster with an audit log, labgrader on it, a course, and learners with their work.

Used by the tools that measure what the operator does: ``tools.durations``, ``tools.queue``. It
stays between runs; ``python -m localcluster down --name NAME`` removes it.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.clusters import Place
from demo.errors import DemoError
from demo.installation import install
from demo.kubectl import Kubectl
from demo.progress import Progress
from labgrader.api.names import API_VERSION, COURSE_LABEL, RECORD_LABEL, SYSTEM_NAMESPACE
from labgrader.api.namespace import LearnerNamespace
from labgrader.authoring.exercise_folder import Work
from localcluster import Cluster, LocalClusterError

COURSE = "course"
_PAUSE_SECONDS = 0.5
_WORKLOADS = "deployments,statefulsets"

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Installed:
    """The cluster, and kubectl for it."""

    cluster: Cluster
    kubectl: Kubectl

    def course(self) -> None:
        """Make the course namespace."""
        labels = {COURSE_LABEL: COURSE}
        self.kubectl.apply([_namespace(COURSE, labels)])

    def exercise(self, body: Json) -> None:
        """Publish an exercise in the course."""
        self.kubectl.apply([{**body, "metadata": {**body["metadata"], "namespace": COURSE}}])

    def learner(self, name: str) -> None:
        """Make a learner's namespace of the learner's name, opened for all that disturbs."""
        wanted = LearnerNamespace(name, COURSE, name, user=name, disruption=True, probe=True)
        self.kubectl.apply(wanted.objects())

    def work(self, namespace: str, work: Work) -> None:
        """Apply a learner's work, and wait until it is whole and its autoscalers read a metric."""
        self.kubectl.apply(work.objects(), f"--namespace={namespace}")
        for one in self.kubectl.json("get", _WORKLOADS, f"--namespace={namespace}")["items"]:
            named = f"{one['kind']}/{one['metadata']['name']}"
            self.kubectl.run(
                "rollout", "status", named, f"--namespace={namespace}", "--timeout=180s"
            )
        self.until(lambda: all(map(_reads, self._autoscalers(namespace))), 120, "metrics")

    def submit_all(self, exercise: str, targets: Mapping[str, str]) -> None:
        """Hand in: Submissions of these names, each for the learner of that namespace."""
        self.kubectl.apply(_submission(exercise, *named) for named in targets.items())

    def status(self, name: str) -> Json:
        """A Submission's status."""
        body = self.kubectl.json("get", "submissions", name, f"--namespace={COURSE}")
        return body.get("status") or {}

    def clean(self, *namespaces: str) -> None:
        """Remove exercises, submissions, and learners' namespaces."""
        self.kubectl.run("delete", "submissions,labexercises", "--all", f"--namespace={COURSE}")
        if namespaces:
            self.kubectl.run(
                "delete", "namespace", "--ignore-not-found", *namespaces, "--timeout=240s"
            )

    def is_calm(self) -> bool:
        """Whether nothing of an experiment is left in the grader's namespace."""
        words = ("get", "configmaps,jobs", "-l", RECORD_LABEL)
        return not self.kubectl.json(*words, f"--namespace={SYSTEM_NAMESPACE}")["items"]

    def until(self, there: Callable[[], bool], seconds: float, what: str) -> None:
        """Wait for something. Raises DemoError where it does not come."""
        ends = time.monotonic() + seconds
        while not there():
            if time.monotonic() > ends:
                raise DemoError(f"after {seconds:g} s there is still nothing to be seen of: {what}")
            time.sleep(_PAUSE_SECONDS)

    def _autoscalers(self, namespace: str) -> Iterable[Json]:
        found: Iterable[Json] = self.kubectl.json("get", "hpa", f"--namespace={namespace}")["items"]
        return found


def installed(name: str, nodes: int | None, progress: Progress) -> Installed:
    """The cluster of that name, made where it is not there. Raises DemoError.

    Without a number of nodes, one with as many as it has, or with one.
    """
    cluster = Cluster(name)
    try:
        cluster.up(nodes, audit=True, report=progress)
    except LocalClusterError as error:
        raise DemoError(str(error)) from error
    kubectl = Kubectl(str(cluster.kubectl), cluster.kubeconfig)

    def load(archive: Path) -> None:
        cluster.load_image(archive)

    install(Place(kubectl, "", load, has_web=True, own=True), progress)
    made = Installed(cluster, kubectl)
    made.course()
    return made


def is_graded(status: Json) -> bool:
    """Whether a verdict is there, or it cannot be had."""
    return status.get("result") in {"Passed", "Failed", "Inconclusive", "Stalled"}


def _submission(exercise: str, name: str, target: str) -> Json:
    spec = {"exerciseRef": {"name": exercise}, "learner": target, "targetNamespace": target}
    return {
        "apiVersion": API_VERSION,
        "kind": "Submission",
        "metadata": {"name": name, "namespace": COURSE},
        "spec": spec | {"lang": "en"},
    }


def _namespace(name: str, labels: Mapping[str, str]) -> Json:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def _reads(autoscaler: Json) -> bool:
    read = (autoscaler.get("status") or {}).get("currentMetrics") or ()
    return any(set(metric) - {"type"} and metric["type"] for metric in read)
