"""A course with learners, as tests of roles and policies need it.

The identities are those whom the rules are for: a learner as `labgrader namespace` makes
one, a learner who was made admin of the own namespace, an instructor of this course alone.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from labgrader.api.namespace import LearnerNamespace
from tests.support.admission import install_admission, refusal, until
from tests.support.live import LiveCluster
from tests.support.specimens import SUBMISSION, SUBMISSION_STATUS, Json

KOPF = "kopf.zalando.org/last-handled-configuration"
OPERATOR = "system:serviceaccount:labgrader-system:labgrader"


@dataclass(frozen=True)
class Course:
    """A course with two learners: kim as `labgrader namespace` makes it, and lee."""

    cluster: LiveCluster
    name: str
    kim: str
    lee: str

    @property
    def learner(self) -> str:
        return f"system:serviceaccount:{self.kim}:kim"

    @property
    def admin(self) -> str:
        """A learner who was made admin of the own namespace, as people do."""
        return f"{self.kim}-admin"

    @property
    def instructor(self) -> str:
        return f"{self.name}-instructor"

    def submission(self, namespace: str, **spec: Any) -> Json:
        made = {"exerciseRef": {"name": "web"}, "learner": "kim", "targetNamespace": self.kim}
        return {
            **SUBMISSION,
            "metadata": {"name": "web", "namespace": namespace},
            "spec": made | spec,
        }

    def create(self, body: Json) -> None:
        self.cluster.kubectl("create", "-f", "-", input=json.dumps(body))

    def said(self, *arguments: str, as_user: str, **options: Any) -> str:
        done = self.cluster.kubectl(*arguments, as_user=as_user, check=False, **options)
        return done.stderr if done.returncode else ""


def binding(namespace: str, role: str, user: str) -> Json:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": user, "namespace": namespace},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}],
    }


def open_course(cluster: LiveCluster) -> Course:
    """Install what the API server enforces, make a course, and wait until each policy holds."""
    install_admission(cluster)
    name = cluster.fresh_namespace()
    cluster.kubectl("label", "namespace", name, f"labgrader.dev/course={name}")
    made = Course(cluster, name, kim=cluster.fresh_namespace(), lee=cluster.fresh_namespace())
    for learner, namespace in (("kim", made.kim), ("lee", made.lee)):
        rules = learner == "lee"
        opened = LearnerNamespace(
            learner, name, namespace, disruption=True, dry_run=True, rules=rules, probe=not rules
        )
        for body in opened.objects():
            applied = ("apply", "--server-side", "-f", "-")
            cluster.kubectl(*applied, input=json.dumps(body))
    made.create(binding(made.kim, "cluster-admin", made.admin))
    made.create(binding(made.name, "labgrader-instructor", made.instructor))
    made.create(made.submission(made.kim))
    until_held(made)
    return made


def until_held(course: Course) -> None:
    """Each policy refuses what it must; a new policy takes about a second to do so."""
    elsewhere = course.submission(course.kim, targetNamespace=course.lee)
    elsewhere["metadata"]["name"] = "elsewhere"
    marked = course.submission(course.kim)
    marked["metadata"] |= {"name": "marked", "annotations": {KOPF: "{}"}}
    attempts: dict[str, Callable[[], str]] = {
        "labgrader-submissions": lambda: refusal(course.cluster, elsewhere, as_user=course.admin),
        "labgrader-marks": lambda: refusal(course.cluster, marked, as_user=course.admin),
        "labgrader-courses": lambda: relabel(course, "labgrader.dev/learner=lee"),
        "labgrader-verdicts": lambda: write_status(course, course.admin),
        "labgrader-probes": lambda: refusal(
            course.cluster, probe_pod(course.kim), as_user=course.admin
        ),
    }
    for policy, attempt in attempts.items():
        until(lambda p=policy, a=attempt: p in a(), f"{policy} does not refuse")


def probe_pod(namespace: str, name: str = "mine", **labels: str) -> Json:
    """A pod that looks as if it were the grader's."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": labels or {"labgrader.dev/probe": "true"},
        },
        "spec": {"containers": [{"name": "web", "image": "web:1"}]},
    }


def relabel(course: Course, label: str, *, as_user: str | None = None) -> str:
    return course.said(
        "label",
        "--dry-run=server",
        "--overwrite",
        "namespace",
        course.kim,
        label,
        as_user=as_user or course.admin,
    )


def write_status(course: Course, as_user: str) -> str:
    patch = json.dumps({"status": SUBMISSION_STATUS})
    return course.said(
        *("patch", "submission", "web", "-n", course.kim, "--subresource=status"),
        *("--type=merge", "--dry-run=server", "-p", patch),
        as_user=as_user,
    )
