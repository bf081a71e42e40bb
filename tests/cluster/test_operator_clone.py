"""The operator in the cluster tries an experiment on a copy, with the rights that its manifests name."""

from collections.abc import Iterator

import pytest

from tests.support.classroom import Course, check, deployment, outcomes, wait_for
from tests.support.installation import NAMESPACE
from tests.support.live import LiveCluster

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]
HEALS = {
    "name": "heals",
    "points": 10,
    "heals": {
        "object": {"kind": "Deployment", "name": "web"},
        "fault": "DeletePod",
        "within": "60s",
        "isolation": "Clone",
    },
}
BINDING = ("clusterrolebinding", "labgrader-clone")


@pytest.fixture
def course(installed: LiveCluster) -> Course:
    return Course.begin(installed)


@pytest.fixture
def allowed(course: Course) -> Iterator[None]:
    """What an instructor does for such exercises, as ``manifests/base/rbac/clone.yaml`` says."""
    account = f"--serviceaccount={NAMESPACE}:labgrader"
    course.cluster.kubectl("create", *BINDING, "--clusterrole=labgrader-clone", account)
    yield
    course.cluster.kubectl("delete", *BINDING)


def pods(course: Course, namespace: str) -> list[str]:
    uid = "jsonpath={.items[*].metadata.uid}"
    return sorted(course.cluster.kubectl("get", "pods", "-n", namespace, "-o", uid).stdout.split())


def copies(course: Course) -> list[str]:
    names = course.cluster.kubectl("get", "namespaces", "-o", "name").stdout.split()
    return [name for name in names if "labgrader-copy-" in name]


@pytest.mark.usefixtures("allowed")
def test_a_copy_is_disturbed_in_a_namespace_that_nobody_opened(course: Course) -> None:
    kim = course.learner()
    course.put(kim, deployment())
    course.rolled_out(kim)
    before = pods(course, kim)
    course.exercise("lab", HEALS)
    status = course.submit("lab", kim).graded(seconds=240)
    assert outcomes(status) == {"heals": "Passed"}, status
    assert pods(course, kim) == before
    wait_for(lambda: copies(course), lambda left: left == [], what="the copy gone")
    assert course.left_behind() == []


def test_without_the_right_it_stays_open_and_the_role_is_named(course: Course) -> None:
    kim = course.learner()
    course.put(kim, deployment())
    course.rolled_out(kim)
    course.exercise("lab", HEALS)
    status = course.submit("lab", kim).until("Stalled", seconds=240)
    told = check(status, "heals")
    assert (told["outcome"], told["reason"]) == ("Unknown", "Forbidden")
    assert "ClusterRole labgrader-clone" in told["message"]
    assert (copies(course), course.left_behind()) == ([], [])
