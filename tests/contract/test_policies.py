"""The admission policies on a real API server, as the identities that they are for."""

import copy
import json

import pytest

from labgrader.api.namespace import LearnerNamespace
from tests.support.admission import refusal
from tests.support.course import KOPF, OPERATOR, Course, binding, open_course, relabel, write_status
from tests.support.live import LiveCluster
from tests.support.specimens import EXERCISE, SUBMISSION_STATUS, Json

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def course(cluster: LiveCluster) -> Course:
    return open_course(cluster)


@pytest.mark.parametrize(
    "label",
    [
        "labgrader.dev/learner=lee",
        "labgrader.dev/course=mine",
        "labgrader.dev/course-",
        "labgrader.dev/learner-",
        "labgrader.dev/disruption-",
        "labgrader.dev/disruption=always",
    ],
)
def test_only_instructors_change_a_namespaces_labels(course: Course, label: str) -> None:
    assert "forbidden" in relabel(course, label, as_user=course.learner)
    said = relabel(course, label)
    assert "are the instructors'" in said
    assert "강사만 바꿀 수 있습니다" in said


def test_other_labels_of_a_namespace_are_free(course: Course) -> None:
    assert relabel(course, "team=blue") == ""


@pytest.mark.parametrize("subresource", ["status", "finalize"])
def test_no_side_door_to_a_namespaces_labels(course: Course, subresource: str) -> None:
    body = json.loads(course.cluster.kubectl("get", "namespace", course.kim, "-o", "json").stdout)
    body["metadata"]["labels"]["labgrader.dev/learner"] = "lee"
    path = f"/api/v1/namespaces/{course.kim}/{subresource}"
    said = course.said(
        "replace", "--raw", path, "-f", "-", as_user=course.admin, input=json.dumps(body)
    )
    kept = course.cluster.kubectl("get", "namespace", course.kim, "-o", "json").stdout
    assert json.loads(kept)["metadata"]["labels"]["labgrader.dev/learner"] == "kim"
    assert "are the instructors'" in said


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ({}, ""),
        ({"attempt": 0}, ""),
        ({"exerciseRef": {"name": "web", "namespace": "COURSE"}}, ""),
        ({"targetNamespace": "LEE"}, "set targetNamespace to KIM, not LEE"),
        ({"targetNamespace": "COURSE"}, "set targetNamespace to KIM, not COURSE"),
        ({"learner": "lee"}, "is kim's: set learner to kim, not lee"),
        (
            {"exerciseRef": {"name": "web", "namespace": "elsewhere"}},
            "belongs to the course COURSE: its exercises are there, not in elsewhere",
        ),
    ],
)
def test_a_learner_submits_the_own_work_only(course: Course, spec: Json, complaint: str) -> None:
    body = course.submission(course.kim, **json.loads(named(course, json.dumps(spec))))
    body["metadata"] = {"generateName": "try-", "namespace": course.kim}
    for user in (course.learner, course.admin, None):
        said = refusal(course.cluster, body, as_user=user)
        assert bool(said) == bool(complaint), said
        assert named(course, complaint) in said


def named(course: Course, text: str) -> str:
    for word, name in (("COURSE", course.name), ("KIM", course.kim), ("LEE", course.lee)):
        text = text.replace(word, name)
    return text


def test_only_instructors_submit_in_the_course_namespace(course: Course) -> None:
    body = course.submission(course.name)
    assert "forbidden" in refusal(course.cluster, body, as_user=course.learner)
    assert refusal(course.cluster, body, as_user=course.instructor) == ""
    assert refusal(course.cluster, body) == ""
    writer = f"{course.name}-writer"
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": "writer", "namespace": course.name},
        "rules": [
            {"apiGroups": ["labgrader.dev"], "resources": ["submissions"], "verbs": ["create"]}
        ],
    }
    course.create(role)
    bound = binding(course.name, "writer", writer)
    bound["roleRef"]["kind"] = "Role"
    course.create(bound)
    said = refusal(course.cluster, body, as_user=writer)
    assert "Submissions in a course namespace are the instructors'" in said


def test_a_learner_writes_attempt_answers_and_lang_of_the_own_submission(course: Course) -> None:
    answers = [{"name": "payback", "value": "18 months"}]
    patch = json.dumps({"spec": {"attempt": 2, "lang": "ko", "answers": answers}})
    asked = ("patch", "submission", "web", "-n", course.kim, "--type=merge", "--dry-run=server")
    assert course.said(*asked, "-p", patch, as_user=course.learner) == ""
    patch = json.dumps({"spec": {"learner": "lee"}})
    assert "learner may not change" in course.said(*asked, "-p", patch, as_user=course.learner)


def test_scores_come_from_the_grader_alone(course: Course) -> None:
    assert "forbidden" in write_status(course, course.learner)
    said = write_status(course, course.admin)
    assert "the status is written by the grader alone" in said
    assert "상태는 채점기만 쓸 수 있습니다" in said
    assert write_status(course, OPERATOR) == ""


def test_a_status_given_at_creation_is_dropped(course: Course) -> None:
    body = {**course.submission(course.kim), "status": SUBMISSION_STATUS}
    body["metadata"] = {"generateName": "try-", "namespace": course.kim}
    done = course.cluster.kubectl(
        *("create", "--dry-run=server", "--validate=ignore", "-o", "json", "-f", "-"),
        input=json.dumps(body),
        as_user=course.learner,
    )
    assert "status" not in json.loads(done.stdout)


@pytest.mark.parametrize("field", ["labels", "annotations"])
@pytest.mark.parametrize(
    "key",
    [
        KOPF,
        "labgrader.dev/learner",
        "grader.labgrader.dev/mark",
    ],
)
def test_the_graders_marks_are_its_own(course: Course, field: str, key: str) -> None:
    value = "x"
    body = course.submission(course.kim)
    created = copy.deepcopy(body)
    created["metadata"] = {"generateName": "try-", "namespace": course.kim, field: {key: value}}
    said = refusal(course.cluster, created, as_user=course.learner)
    assert "on a Submission are the grader's" in said
    assert "채점기만 쓸 수 있습니다" in said
    where = ("submission", "web", "-n", course.kim)
    merge = json.dumps({"metadata": {field: {key: value}}})
    said = course.said(
        "patch", *where, "--type=merge", "--dry-run=server", "-p", merge, as_user=course.learner
    )
    assert "on a Submission are the grader's" in said
    applied = {**body, "metadata": {**body["metadata"], field: {key: value}}}
    said = course.said(
        *("apply", "--server-side", "--force-conflicts", "--dry-run=server", "-f", "-"),
        as_user=course.learner,
        input=json.dumps(applied),
    )
    assert "on a Submission are the grader's" in said


def test_a_mark_of_the_grader_cannot_be_removed(course: Course) -> None:
    body = course.submission(course.kim)
    body["metadata"] = {
        "name": "marked",
        "namespace": course.kim,
        "annotations": {"labgrader.dev/mark": "1", "mine": "1"},
    }
    course.create(body)
    for change, refused in (("labgrader.dev/mark-", True), ("mine-", False), ("mine=2", False)):
        said = course.said(
            *("annotate", "submission", "marked", "-n", course.kim, "--dry-run=server"),
            *("--overwrite", change),
            as_user=course.learner,
        )
        assert ("on a Submission are the grader's" in said) == refused, said


def test_instructors_of_the_cluster_open_namespaces(course: Course) -> None:
    user = f"{course.name}-dean"
    cluster_binding = binding(course.name, "labgrader-instructor", user)
    cluster_binding["kind"] = "ClusterRoleBinding"
    del cluster_binding["metadata"]["namespace"]
    course.create(cluster_binding)
    try:
        assert relabel(course, "labgrader.dev/disruption-", as_user=user) == ""
        for body in LearnerNamespace("park", course.name, course.lee, disruption=True).objects():
            said = course.said(
                *("apply", "--server-side", "--force-conflicts", "--dry-run=server", "-f", "-"),
                as_user=user,
                input=json.dumps(body),
            )
            assert said == ""
        too_much = binding(course.lee, "cluster-admin", user)
        assert "is attempting to grant" in refusal(course.cluster, too_much, as_user=user)
    finally:
        course.cluster.kubectl("delete", "clusterrolebinding", user)


def test_an_instructor_of_one_course_cannot_move_namespaces(course: Course) -> None:
    course.create(binding(course.kim, "labgrader-instructor", course.instructor))
    said = relabel(course, "labgrader.dev/learner=lee", as_user=course.instructor)
    assert "are the instructors'" in said
    assert (
        refusal(
            course.cluster,
            {**EXERCISE, "metadata": {"name": "web", "namespace": course.name}},
            as_user=course.instructor,
        )
        == ""
    )
