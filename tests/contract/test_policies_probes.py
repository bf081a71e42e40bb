"""The policy that keeps everybody but the grader from probe pods, on a real API server.

A real probe Job stands in a learner's namespace; its pod need not even run to be kept away from.
"""

import copy
import json
from collections.abc import Iterator

import pytest

from labgrader.cluster.outposts.manifest import OutpostJob
from tests.support.admission import refusal, until
from tests.support.course import OPERATOR, Course, open_course, probe_pod
from tests.support.live import LiveCluster
from tests.support.specimens import Json

pytestmark = pytest.mark.cluster

KEPT = "probe pods, their names"
LABELS = {"labgrader.dev/probe": "true"}


@pytest.fixture(scope="module")
def course(cluster: LiveCluster) -> Course:
    return open_course(cluster)


def job(name: str = "labgrader-probe-test") -> Json:
    made = OutpostJob(name, "kim", (), "busybox:1", ("errands",), 300, labels=(("role", "front"),))
    return json.loads(json.dumps(made.manifest()))  # type: ignore[no-any-return]  # JSON


@pytest.fixture(scope="module")
def probe(course: Course) -> Iterator[str]:
    """The name of a probe pod, made as the operator makes it."""
    body = job()
    body["spec"]["template"]["spec"]["containers"][0]["command"] = ["sleep", "300"]
    body["spec"]["template"]["spec"]["containers"][0].pop("args")
    where = ("-n", course.kim)
    course.cluster.kubectl("create", *where, "-f", "-", input=json.dumps(body), as_user=OPERATOR)
    chosen = (*where, "-l", "labgrader.dev/probe", "-o", "name")

    def pods() -> list[str]:
        return course.cluster.kubectl("get", "pods", *chosen).stdout.split()

    until(lambda: bool(pods()), "the Job controller makes no pod")
    yield pods()[0].partition("/")[2]
    name = body["metadata"]["name"]
    course.cluster.kubectl("delete", "job", name, *where, "--wait=false", as_user=OPERATOR)
    until(lambda: not pods(), "the pod does not go with its Job")


@pytest.mark.parametrize(
    "verb",
    [
        ("delete", "pod", "PROBE"),
        ("delete", "pods", "--all"),
        ("label", "pod", "PROBE", "a=b"),
        ("label", "pod", "PROBE", "labgrader.dev/probe-"),
        ("annotate", "pod", "PROBE", "a=b"),
        ("exec", "PROBE", "--", "true"),
        ("attach", "PROBE"),
        ("debug", "PROBE", "--image=busybox:1", "--profile=baseline"),
        ("delete", "job", "labgrader-probe-test"),
        ("label", "job", "labgrader-probe-test", "a=b"),
        ("patch", "job", "labgrader-probe-test", "-p", '{"spec": {"suspend": true}}'),
    ],
    ids=" ".join,
)
def test_learners_keep_off_probe_pods(course: Course, probe: str, verb: tuple[str, ...]) -> None:
    called = [word.replace("PROBE", probe) for word in verb]
    for user in (course.learner, course.admin):
        assert KEPT in course.said("-n", course.kim, *called, as_user=user)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("eviction", {"apiVersion": "policy/v1", "kind": "Eviction"}),
        ("binding", {"apiVersion": "v1", "kind": "Binding", "target": {"name": "node1"}}),
    ],
)
def test_no_side_door_to_a_probe_pod(course: Course, probe: str, path: str, body: Json) -> None:
    named = {**body, "metadata": {"name": probe, "namespace": course.kim}}
    where = f"/api/v1/namespaces/{course.kim}/pods/{probe}/{path}"
    said = course.said(
        "create", "--raw", where, "-f", "-", as_user=course.admin, input=json.dumps(named)
    )
    assert KEPT in said


def test_port_forwarding_to_a_probe_pod_is_refused(course: Course, probe: str) -> None:
    running = "--for=jsonpath={.status.phase}=Running"  # of others kubectl itself says no
    course.cluster.kubectl("-n", course.kim, "wait", f"pod/{probe}", running, "--timeout=60s")
    said = course.said("-n", course.kim, "port-forward", probe, "8080", as_user=course.admin)
    assert KEPT in said


def workload(kind: str, template: Json) -> Json:
    spec: Json = {"template": {**template, "spec": {**template["spec"], "restartPolicy": "Never"}}}
    return {
        "apiVersion": "batch/v1",
        "kind": kind,
        "metadata": {"name": "mine"},
        "spec": spec,
    }


TEMPLATE = {"metadata": {"labels": LABELS}, "spec": probe_pod("")["spec"]}


@pytest.mark.parametrize("user", ["learner", "admin"])
def test_nobody_else_makes_what_looks_like_a_probe(course: Course, user: str) -> None:
    as_user = getattr(course, user)
    labelled_job = workload("Job", TEMPLATE)
    named_job = workload("Job", {"metadata": {}, "spec": TEMPLATE["spec"]})
    named_job["metadata"]["name"] = "labgrader-probe-mine"
    owned = probe_pod(course.kim)
    owner = {"apiVersion": "batch/v1", "kind": "Job", "name": "labgrader-probe-x", "uid": "u"}
    owned["metadata"]["ownerReferences"] = [{**owner, "controller": True}]
    for body in (
        probe_pod(course.kim),
        probe_pod(course.kim, "labgrader-probe-mine", app="web"),
        owned,
        labelled_job,
        named_job,
        job(),
    ):
        body["metadata"]["namespace"] = course.kim
        assert KEPT in refusal(course.cluster, body, as_user=as_user)


def test_a_deployment_cannot_have_its_controller_make_them(course: Course) -> None:
    labels = {**LABELS, "app": "sham"}
    body = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "sham", "namespace": course.kim},
        "spec": {
            "selector": {"matchLabels": {"app": "sham"}},
            "template": {"metadata": {"labels": labels}, "spec": TEMPLATE["spec"]},
        },
    }
    course.cluster.kubectl("create", "-f", "-", input=json.dumps(body), as_user=course.learner)

    def told() -> bool:
        chosen = ("-n", course.kim, "-l", "app=sham", "-o", "json")
        sets = json.loads(course.cluster.kubectl("get", "replicasets", *chosen).stdout)["items"]
        conditions = [c for one in sets for c in one.get("status", {}).get("conditions", ())]
        return any(KEPT in c.get("message", "") for c in conditions)

    until(told, "the ReplicaSet does not say that its pods are refused")
    pods = course.cluster.kubectl("get", "pods", "-n", course.kim, "-l", "app=sham", "-o", "name")
    assert pods.stdout == ""
    course.cluster.kubectl("delete", "deployment", "sham", "-n", course.kim)


def test_other_pods_are_free(course: Course) -> None:
    plain = probe_pod(course.kim, app="web")
    assert refusal(course.cluster, plain, as_user=course.learner) == ""
    named = copy.deepcopy(plain)
    named["metadata"]["name"] = "labgrader-prober"
    assert refusal(course.cluster, named, as_user=course.learner) == ""


def test_the_operator_makes_them_where_it_was_let(course: Course) -> None:
    body = job("labgrader-probe-other")
    body["metadata"]["namespace"] = course.kim
    assert refusal(course.cluster, body, as_user=OPERATOR) == ""
    body["metadata"]["namespace"] = course.name
    assert 'cannot create resource "jobs"' in refusal(course.cluster, body, as_user=OPERATOR)
