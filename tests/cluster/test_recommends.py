"""VerticalPodAutoscalers on a real cluster: without their kind, without a recommender, and with one."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from labgrader.authoring.exercise_folder import ExerciseFolder, Work
from labgrader.grading.plan import plan
from localcluster.progress import Timed
from localcluster.recommending import recommending
from tests.cluster.test_exercises import expect, found, told
from tests.support.examination import Examination, each_work, examine
from tests.support.live import LiveCluster
from tools.shipped import shipped

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]
FOLDERS = tuple(folder for folder in shipped() if plan(folder.exercise).needs_recommender)
KINDS = tuple(
    f"{kind}.autoscaling.k8s.io"
    for kind in ("verticalpodautoscalers", "verticalpodautoscalercheckpoints")
)
BARE = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: verticalpodautoscalers.autoscaling.k8s.io
  annotations: {api-approved.kubernetes.io: "https://github.com/kubernetes/kubernetes/pull/63797"}
spec:
  group: autoscaling.k8s.io
  names: {kind: VerticalPodAutoscaler, plural: verticalpodautoscalers, shortNames: [vpa]}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
"""
RECOMMENDED = {
    "conditions": [{"type": "RecommendationProvided", "status": "True"}],
    "recommendation": {
        "containerRecommendations": [
            {
                "containerName": "web",
                "lowerBound": {"cpu": "25m", "memory": "262144k"},
                "target": {"cpu": "25m", "memory": "262144k"},
                "upperBound": {"cpu": "1", "memory": "1Gi"},
            }
        ]
    },
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The exercise, without waiting."""
    body = yaml.safe_load(FOLDERS[0].file.read_text("utf-8"))
    body["spec"]["settle"] = "0s"
    made = tmp_path / "exercise.yaml"
    made.write_text(yaml.safe_dump(body), "utf-8")
    return made


def graded(cluster: LiveCluster, file: Path, namespace: str) -> dict[str, Any]:
    """The findings of the command line."""
    command = (
        *(sys.executable, "-m", "labgrader", "grade", str(file), "--lang", "en"),
        *("--kubeconfig", str(cluster.kubeconfig), "--namespace", namespace, "--output", "json"),
    )
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return {one["name"]: one for one in json.loads(done.stdout)["checks"]}


def put(cluster: LiveCluster, namespace: str, *kinds: str) -> None:
    """Objects of these kinds of the first solution."""
    bodies = [body for body in FOLDERS[0].solutions[0].objects() if body["kind"] in kinds]
    listed = {"apiVersion": "v1", "kind": "List", "items": bodies}
    cluster.kubectl("-n", namespace, "apply", "-f", "-", input=json.dumps(listed))


def test_without_the_kind_or_a_recommender_nothing_is_said(
    cluster: LiveCluster, file: Path
) -> None:
    cluster.kubectl("delete", "crd", *KINDS, "--ignore-not-found")
    namespace = cluster.fresh_namespace()
    put(cluster, namespace, "Deployment")
    seen = graded(cluster, file, namespace)["something-is-recommended"]
    assert (seen["outcome"], seen["reason"]) == ("Unknown", "KindNotServed")
    assert "VerticalPodAutoscaler" in seen["message"]
    cluster.kubectl("apply", "-f", "-", input=BARE)
    cluster.kubectl("wait", "--for=condition=Established", f"crd/{KINDS[0]}", "--timeout=30s")
    put(cluster, namespace, "VerticalPodAutoscaler")
    seen = graded(cluster, file, namespace)["something-is-recommended"]
    assert (seen["outcome"], seen["reason"]) == ("Failed", "NotRecommended")
    assert "No recommender has looked at it yet" in seen["message"]
    said = json.dumps({"status": RECOMMENDED})
    cluster.kubectl(
        *("-n", namespace, "patch", "vpa", "web", "--subresource=status", "--type=merge"),
        *("-p", said),
    )
    after = graded(cluster, file, namespace)
    assert after["something-is-recommended"]["outcome"] == "Passed"
    assert after["requests-fit"]["reason"] == "Recommended"
    cluster.kubectl("delete", "namespace", namespace, "--wait=false")


@pytest.fixture(scope="module")
def examination(installed: LiveCluster) -> Iterator[Examination]:
    with (
        recommending(installed.program, installed.kubeconfig, Timed()),
        examine(installed, FOLDERS) as under_way,
    ):
        yield under_way


@each_work(FOLDERS)
def test_what_a_real_recommender_says_counts(
    examination: Examination, folder: ExerciseFolder, work: Work
) -> None:
    graded = examination.of(folder, work)
    for report in (graded.status, graded.document):
        if work.name == "start":
            assert report["score"] == 0, told(report)
            assert "Passed" not in {outcome for outcome, _ in found(report).values()}, told(report)
        else:
            expect(report, folder, work)
