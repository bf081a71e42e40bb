"""Who may do what, by the roles alone, asked of a real API server."""

import pytest

from tests.support.course import OPERATOR, Course, open_course
from tests.support.live import LiveCluster

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def course(cluster: LiveCluster) -> Course:
    return open_course(cluster)


@pytest.mark.parametrize(
    ("verb", "resource"),
    [
        ("create", "deployments.apps"),
        ("update", "deployments.apps/scale"),
        ("delete", "pods"),
        ("create", "pods/exec"),
        ("get", "pods/log"),
        ("create", "services"),
        ("create", "configmaps"),
        ("create", "horizontalpodautoscalers.autoscaling"),
        ("create", "networkpolicies.networking.k8s.io"),
        ("list", "events"),
        ("get", "resourcequotas"),
        ("list", "pods.metrics.k8s.io"),
        ("watch", "submissions"),
        ("create", "submissions"),
        ("patch", "submissions"),
    ],
)
def test_a_learner_may_work_in_the_own_namespace_only(
    course: Course, verb: str, resource: str
) -> None:
    assert may(course, course.learner, verb, resource, course.kim)
    assert not may(course, course.learner, verb, resource, course.lee)
    assert not may(course, course.learner, verb, resource, course.name)


@pytest.mark.parametrize(
    ("verb", "resource"),
    [
        ("patch", "namespaces"),
        ("create", "rolebindings.rbac.authorization.k8s.io"),
        ("create", "roles.rbac.authorization.k8s.io"),
        ("update", "resourcequotas"),
        ("update", "submissions/status"),
        ("patch", "submissions/status"),
        ("delete", "submissions"),
        ("write", "submissions/verdict"),
        ("teach", "courses.labgrader.dev"),
        ("get", "labexercises"),
        ("list", "labexercises"),
        ("create", "labexercises"),
        ("create", "serviceaccounts/token"),
        ("impersonate", "serviceaccounts"),
    ],
)
def test_a_learner_may_not(course: Course, verb: str, resource: str) -> None:
    assert not may(course, course.learner, verb, resource, course.kim)
    assert not may(course, course.learner, verb, resource, course.name)


@pytest.mark.parametrize(
    ("verb", "resource", "allowed"),
    [
        ("list", "pods", True),
        ("get", "deployments.apps", True),
        ("list", "endpointslices.discovery.k8s.io", True),
        ("get", "pods/log", True),
        ("update", "submissions/status", True),
        ("create", "events", True),
        ("write", "submissions/verdict", True),
        ("get", "secrets", False),
        ("list", "secrets", False),
        ("create", "pods", False),
        ("create", "pods/exec", False),
        ("patch", "deployments.apps", False),
        ("create", "jobs.batch", False),
        ("update", "submissions", False),
        ("teach", "courses.labgrader.dev", False),
    ],
)
def test_what_the_operator_may_in_any_namespace(
    course: Course, verb: str, resource: str, *, allowed: bool
) -> None:
    assert may(course, OPERATOR, verb, resource, course.name) == allowed


def test_the_operator_disturbs_only_where_it_was_let(course: Course) -> None:
    assert may(course, OPERATOR, "delete", "pods", course.kim)
    assert not may(course, OPERATOR, "delete", "pods", course.name)
    assert not may(course, OPERATOR, "delete", "deployments.apps", course.kim)


@pytest.mark.parametrize(
    ("verb", "resource"),
    [
        ("create", "jobs.batch"),
        ("delete", "jobs.batch"),
        ("create", "configmaps"),
        ("update", "leases.coordination.k8s.io"),
    ],
)
def test_the_operator_keeps_its_own_things_at_home(
    course: Course, verb: str, resource: str
) -> None:
    assert may(course, OPERATOR, verb, resource, "labgrader-system")
    assert not may(course, OPERATOR, verb, resource, course.kim)


def may(course: Course, user: str, verb: str, resource: str, namespace: str) -> bool:
    full, _, subresource = resource.partition("/")
    asked = ["auth", "can-i", verb, full, "-n", namespace]
    if subresource:
        asked.append(f"--subresource={subresource}")
    done = course.cluster.kubectl(*asked, as_user=user, check=False)
    assert done.stdout.strip() in {"yes", "no"}, done.stderr
    return done.stdout.strip() == "yes"
