from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from labgrader.api.namespace import LearnerNamespace
from labgrader.cli.namespace import namespace
from labgrader.cluster.errors import ApiError
from labgrader.cluster.namespaces import open_namespace


def printed(*arguments: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(namespace, arguments)
    assert done.exit_code == 0, done.output
    return list(yaml.safe_load_all(done.stdout))


def test_prints_what_a_learner_gets() -> None:
    space, account, bound = printed("kim", "--course", "spring")
    assert space["kind"] == "Namespace"
    assert space["metadata"] == {
        "name": "kim",
        "labels": {
            "labgrader.dev/course": "spring",
            "labgrader.dev/learner": "kim",
            "pod-security.kubernetes.io/enforce": "baseline",
        },
    }
    assert account["metadata"] == {"name": "kim", "namespace": "kim"}
    assert bound["roleRef"]["name"] == "labgrader-learner"
    assert bound["subjects"] == [{"kind": "ServiceAccount", "name": "kim", "namespace": "kim"}]


def test_disruption_opens_the_namespace_to_the_operator_alone() -> None:
    space, _, _, bound = printed("kim", "--course", "spring", "--disruption")
    assert space["metadata"]["labels"]["labgrader.dev/disruption"] == "allowed"
    assert bound["metadata"] == {"name": "labgrader-disturb", "namespace": "kim"}
    assert bound["subjects"] == [
        {"kind": "ServiceAccount", "name": "labgrader", "namespace": "labgrader-system"}
    ]


def test_dry_runs_let_the_operator_ask_as_somebody_with_a_learners_rights() -> None:
    _, _, _, operators, stand_in = printed("kim", "--course", "spring", "--dry-run")
    assert operators["metadata"] == {"name": "labgrader-dry-run", "namespace": "kim"}
    assert operators["roleRef"]["name"] == "labgrader-dry-run"
    assert operators["subjects"] == [
        {"kind": "ServiceAccount", "name": "labgrader", "namespace": "labgrader-system"}
    ]
    assert stand_in["metadata"]["name"] == "labgrader-dry-run-as-learner"
    assert stand_in["roleRef"]["name"] == "labgrader-learner"
    assert stand_in["subjects"] == [
        {"kind": "ServiceAccount", "name": "labgrader-dry-run", "namespace": "kim"}
    ]


def test_a_learner_who_writes_rules_is_bound_once_more() -> None:
    _, _, work, rules = printed("kim", "--course", "spring", "--rules")
    assert rules["roleRef"]["name"] == "labgrader-learner-rules"
    assert rules["subjects"] == work["subjects"]


@pytest.mark.parametrize(
    "options", [{}, {"disruption": True}, {"dry_run": True}, {"rules": True}, {"probe": True}]
)
def test_every_binding_is_either_made_or_removed(options: dict[str, bool]) -> None:
    every = dict.fromkeys(("disruption", "dry_run", "rules", "probe"), True)
    everything = LearnerNamespace("kim", "spring", "kim", None, **every)
    made = LearnerNamespace("kim", "spring", "kim", None, **options)
    bound = [b["metadata"]["name"] for b in made.objects() if b["kind"] == "RoleBinding"]
    all_ = {b["metadata"]["name"] for b in everything.objects() if b["kind"] == "RoleBinding"}
    assert {*bound, *made.unwanted} == all_
    assert not set(bound) & set(made.unwanted)


def test_probe_pods_are_the_operators_right_alone() -> None:
    *_, bound = printed("kim", "--course", "spring", "--probe")
    assert bound["metadata"] == {"name": "labgrader-probe", "namespace": "kim"}
    assert bound["roleRef"]["name"] == "labgrader-probe"
    operator = {"kind": "ServiceAccount", "name": "labgrader", "namespace": "labgrader-system"}
    assert bound["subjects"] == [operator]


def test_a_user_of_the_cluster_needs_no_account() -> None:
    space, bound = printed(
        *("kim", "--course", "spring", "--name", "spring-kim", "--user", "kim@example.test")
    )
    assert space["metadata"]["name"] == "spring-kim"
    assert bound["metadata"]["namespace"] == "spring-kim"
    assert bound["subjects"] == [
        {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "kim@example.test"}
    ]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("kim",), "Missing option '--course'"),
        (("Kim", "--course", "spring"), "'Kim' is no name for a namespace"),
        (("k" * 64, "--course", "spring"), "at most 63 lower-case letters"),
        (("kim", "--course", "a.b"), "'a.b' is no name for a namespace"),
        (("spring", "--course", "spring"), "spring is the course's own namespace"),
        (("kim", "--course", "spring", "--name", "kube-system"), "belongs to the cluster"),
        (("kim", "--course", "spring", "--name", "labgrader-system"), "belongs to the cluster"),
        (("default", "--course", "spring"), "belongs to the cluster"),
    ],
)
def test_refuses_with_a_reason(arguments: tuple[str, ...], complaint: str) -> None:
    done = CliRunner().invoke(namespace, arguments)
    assert done.exit_code == 2
    assert complaint in " ".join(done.output.split())


def test_objects_come_in_an_order_that_applies() -> None:
    made = LearnerNamespace("kim", "spring", "kim", disruption=True).objects()
    kinds = [body["kind"] for body in made]
    assert kinds == ["Namespace", "ServiceAccount", "RoleBinding", "RoleBinding"]


class Wire:
    """A client that keeps what is deleted, of a cluster in which nothing is there."""

    def __init__(self) -> None:
        self.deleted: list[str] = []

    async def get(self, _: str) -> Any:
        raise ApiError(404, "NotFound", "no")

    async def apply(self, *_: Any, **__: Any) -> None:
        return

    async def delete(self, path: str) -> None:
        self.deleted.append(path.rpartition("/")[2])
        raise ApiError(404, "NotFound", "no")


async def test_what_is_not_wanted_any_more_is_unbound() -> None:
    wire: Any = Wire()
    await open_namespace(wire, LearnerNamespace("kim", "spring", "kim", dry_run=True))
    assert wire.deleted == ["labgrader-disturb", "labgrader-learner-rules", "labgrader-probe"]
