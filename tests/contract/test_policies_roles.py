"""Who may do what, by the roles alone, asked of a real API server's authorizer."""

import json
from collections.abc import Iterable

import pytest

from tests.support.course import OPERATOR, Course, open_course
from tests.support.live import LiveCluster
from tests.support.specimens import Json

pytestmark = pytest.mark.cluster

WORK = {
    "create deployments.apps",
    "update deployments.apps/scale",
    "delete pods",
    "create pods/exec",
    "get pods/log",
    "create services",
    "create configmaps",
    "create secrets",
    "create horizontalpodautoscalers.autoscaling",
    "create verticalpodautoscalers.autoscaling.k8s.io",
    "create networkpolicies.networking.k8s.io",
    "list events",
    "get resourcequotas",
    "list pods.metrics.k8s.io",
    "watch submissions.labgrader.dev",
    "create submissions.labgrader.dev",
    "patch submissions.labgrader.dev",
}
"""A learner's, in the own namespace."""

POWER = {
    "patch namespaces",
    "create rolebindings.rbac.authorization.k8s.io",
    "create roles.rbac.authorization.k8s.io",
    "update resourcequotas",
    "patch verticalpodautoscalers.autoscaling.k8s.io/status",
    "update submissions.labgrader.dev/status",
    "patch submissions.labgrader.dev/status",
    "delete submissions.labgrader.dev",
    "write submissions.labgrader.dev/verdict",
    "run probes.labgrader.dev",
    "teach courses.labgrader.dev",
    "get labexercises.labgrader.dev",
    "list labexercises.labgrader.dev",
    "create labexercises.labgrader.dev",
    "create serviceaccounts/token",
    "impersonate serviceaccounts",
}
"""No learner's, anywhere."""

GRADING = {
    "list pods",
    "get deployments.apps",
    "get verticalpodautoscalers.autoscaling.k8s.io",
    "list endpointslices.discovery.k8s.io",
    "get pods/log",
    "update submissions.labgrader.dev/status",
    "create events",
    "create subjectaccessreviews.authorization.k8s.io",
    "write submissions.labgrader.dev/verdict",
    "run probes.labgrader.dev",
}
"""The operator's, in every namespace."""

MEDDLING = {
    "get secrets",
    "list secrets",
    "create pods",
    "delete pods",
    "create pods/exec",
    "patch deployments.apps",
    "update submissions.labgrader.dev",
    "teach courses.labgrader.dev",
    "impersonate serviceaccounts",
    "impersonate users",
    "impersonate groups",
}
"""Nothing for the operator."""

KEEPING = {
    "create jobs.batch",
    "delete jobs.batch",
    "create configmaps",
    "delete configmaps",
    "update leases.coordination.k8s.io",
    "create networkpolicies.networking.k8s.io",
}
"""The operator's, in its own namespace."""


@pytest.fixture(scope="module")
def course(cluster: LiveCluster) -> Course:
    return open_course(cluster)


def test_a_learner_works_in_the_own_namespace_only(course: Course) -> None:
    assert allowed(course, course.learner, course.kim, WORK | POWER) == WORK
    assert allowed(course, course.learner, course.lee, WORK | POWER) == set()
    assert allowed(course, course.learner, course.name, WORK | POWER) == set()


def test_the_operator_reads_everywhere_and_writes_verdicts(course: Course) -> None:
    asked = GRADING | MEDDLING | KEEPING
    assert allowed(course, OPERATOR, course.name, asked) == GRADING


def test_the_operator_disturbs_only_where_it_was_let(course: Course) -> None:
    asked = MEDDLING | KEEPING | {"delete deployments.apps", "delete services"}
    let = {"delete pods", "create pods/exec", "patch deployments.apps"}  # by labgrader-disturb
    let |= {"create jobs.batch", "delete jobs.batch"}  # by that and by labgrader-probe
    let |= {"impersonate serviceaccounts"}  # by labgrader-dry-run
    assert allowed(course, OPERATOR, course.kim, asked) == let
    assert not allowed(course, OPERATOR, course.name, asked) & let  # nobody has let it there


def test_dry_runs_are_asked_with_a_learners_rights(course: Course) -> None:
    nobody = f"system:serviceaccount:{course.kim}:labgrader-dry-run"
    assert allowed(course, nobody, course.kim, WORK | POWER) == WORK
    assert allowed(course, nobody, course.lee, WORK | POWER) == set()


def test_a_learner_writes_rules_where_that_was_let(course: Course) -> None:
    rules = {
        "create roles.rbac.authorization.k8s.io",
        "create rolebindings.rbac.authorization.k8s.io",
        "update resourcequotas",
    }
    no = {"bind roles.rbac.authorization.k8s.io", "escalate roles.rbac.authorization.k8s.io"}
    writer = f"system:serviceaccount:{course.lee}:lee"
    assert allowed(course, writer, course.lee, rules | no) == rules
    assert allowed(course, course.learner, course.kim, rules | no) == set()


def test_the_operator_keeps_its_own_things_at_home(course: Course) -> None:
    asked = KEEPING | MEDDLING
    # It may end the pods of its own Jobs there.
    assert allowed(course, OPERATOR, "labgrader-system", asked) == KEEPING | {"delete pods"}


def test_an_instructor_of_a_course_has_that_course(course: Course) -> None:
    asked = {
        "teach courses.labgrader.dev",
        "create labexercises.labgrader.dev",
        "create submissions.labgrader.dev",
    }
    no = {"update submissions.labgrader.dev/status", "write submissions.labgrader.dev/verdict"}
    assert allowed(course, course.instructor, course.name, asked | no) == asked
    assert allowed(course, course.instructor, course.kim, asked | no) == set()


def allowed(course: Course, user: str, namespace: str, asked: Iterable[str]) -> set[str]:
    """Which of ``verb resource.group/subresource`` the user may do; also what no API serves."""
    actions = sorted(asked)
    reviews = [json.dumps(review(user, namespace, action)) for action in actions]
    answer = course.cluster.kubectl(
        *("create", "-f", "-", "-o", 'jsonpath={.status.allowed}{"\\n"}'),
        input="\n---\n".join(reviews),
    )
    answers = zip(actions, answer.stdout.splitlines(), strict=True)
    return {action for action, said in answers if said == "true"}


def review(user: str, namespace: str, action: str) -> Json:
    verb, _, thing = action.partition(" ")
    full, _, subresource = thing.partition("/")
    plural, _, group = full.partition(".")
    asked = {"verb": verb, "group": group, "resource": plural, "subresource": subresource}
    return {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {"user": user, "resourceAttributes": {**asked, "namespace": namespace}},
    }
