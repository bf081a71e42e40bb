"""`allows` with nothingBeyond: rights that roles give, and that the matrix does not name."""

from dataclasses import replace

import pytest

from labgrader.checks.finding import Outcome
from labgrader.checks.grants import Right
from labgrader.evidence.requests import ReviewAccess
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import Body
from tests.unit.checks.rights import (
    authorizer,
    role,
    role_binding,
    rule,
    service_account,
    to_account,
)
from tests.unit.checks.test_allows import DONE, GIVEN, READER, READS, check, judged

BEYOND = check(READS, beyond=True)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ([], "AccessAsExpected"),
        ([rule(["watch"], ["pods"])], "AccessTooWide"),
        ([rule(["*"], ["pods"])], "AccessTooWide"),
        ([rule(["get"], ["*"])], "AccessTooWide"),
        ([rule(["*"], ["*"], "*")], "AccessTooWide"),
        ([rule(["get"], ["services"])], "RoleGivesMore"),
        ([rule(["get"], ["deployments"], "apps")], "RoleGivesMore"),
        ([rule(["get"], ["pods/exec"])], "RoleGivesMore"),
        ([rule(["get"], ["pods/*"])], "RoleGivesMore"),
        ([rule(["get"], ["pods"], resourceNames=["web"])], "AccessAsExpected"),
        ([rule(["delete"], ["pods"], resourceNames=["web"])], "RoleGivesMore"),
        ([rule(["list", "watch", "deletecollection"], ["pods/log"])], "AccessAsExpected"),
        ([rule(["list"], ["*/log"])], "AccessAsExpected"),
        ([rule(["update"], ["pods/log"])], "AccessTooWide"),
        ([rule(["get"], ["deployments", "jobs", "roles"])], "AccessAsExpected"),
        ([rule(["get"], ["pods", "events", "ingresses"], "extensions")], "AccessAsExpected"),
        ([rule(["get"], ["pods"], "apps")], "AccessAsExpected"),
        ([rule(["get"], ["pods/log"], "batch")], "AccessAsExpected"),
        ([rule(["get"], ["pods"], "metrics.k8s.io")], "RoleGivesMore"),
        ([rule(["get"], ["deployments"], "example.com")], "RoleGivesMore"),
        ([rule(["get"], ["events"])], "RoleGivesMore"),
        ([rule(["get"], ["events"], "events.k8s.io")], "RoleGivesMore"),
        ([rule(["get"], ["deployments"], "*")], "RoleGivesMore"),
        ([rule(["get"], ["*"], "apps")], "RoleGivesMore"),
        ([rule(["get"], ["widgets"])], "RoleGivesMore"),
        ([rule(["impersonate"], ["users"])], "RoleGivesMore"),
    ],
)
def test_nothing_may_lie_beyond_the_matrix(more: list[Body], reason: str) -> None:
    found = judged([service_account(), role(GIVEN, *more), role_binding()], BEYOND)
    assert found.finding.reason == reason
    assert len(found.rounds) == 1


def test_rights_on_lists_of_a_subresource_are_not_asked_about() -> None:
    pods = {"verbs": ["get", "list", "watch"], "resources": ["pods"], "allowed": True}
    logs = {"verbs": ["get"], "resources": ["pods/log"], "allowed": True}
    gives = rule(["get", "list", "watch"], ["pods", "pods/log"])
    found = judged([service_account(), role(gives), role_binding()], check(pods, logs, beyond=True))
    assert found.finding.outcome is Outcome.PASSED
    asked = {
        (one.verb, one.subresource) for one in found.rounds[0] if isinstance(one, ReviewAccess)
    }
    assert {verb for verb, sub in asked if sub == "log"}.isdisjoint(
        {"list", "watch", "deletecollection"}
    )
    assert {("create", "log"), ("deletecollection", "")} <= asked


@pytest.mark.parametrize(
    ("right", "told"),
    [
        (Right("get", "", "pods/log"), "get pods/log"),
        (Right("get", "apps", "deployments/scale", "web"), "get deployments.apps/scale web"),
        (Right("get", "apps", "pods"), "get pods.apps"),
        (Right("get", "", "deployments/scale"), 'get deployments/scale (apiGroup "")'),
        (Right("get", "", "widgets"), "get widgets"),
        (Right("get", "", "*"), "get *"),
    ],
)
def test_the_group_is_told_where_the_plural_does_not_say_it(right: Right, told: str) -> None:
    assert str(right) == told


def test_a_clusterrole_that_gives_what_is_asked_and_more_is_found() -> None:
    """``view`` passed where the matrix lets pods be read, since no Role of the namespace gives it."""
    objects = [service_account(), role_binding(kind="ClusterRole", to="view", name="views")]
    reads = {"verbs": ["get", "list", "watch"], "resources": ["pods", "pods/log"], "allowed": True}
    found = judged(objects, check(reads, beyond=True))
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "AccessTooWide")
    assert found.says("en").startswith(
        "ServiceAccount reader should not be allowed in namespace kim, but is: list configmaps, "
        "list services. RoleBinding views gives the rights of ClusterRole view."
    )
    assert found.says("ko").startswith(
        "서비스어카운트 reader에 네임스페이스 kim의 다음 권한이 없어야 하지만 있습니다: list configmaps, "
        "list services. 롤바인딩 views가 클러스터롤 view의 권한을 줍니다."
    )
    whole = {**reads, "resources": ["pods", "pods/log", "configmaps", "services"]}
    assert judged(objects, check(whole, beyond=True)).finding.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "right",
    [
        rule(["get"], ["secrets"]),
        rule(["list"], ["secrets"]),
        rule(["create"], ["pods/exec"]),
        rule(["create"], ["pods"]),
        rule(["delete"], ["deployments"], "apps"),
        rule(["create"], ["rolebindings"], "rbac.authorization.k8s.io"),
        rule(["create"], ["serviceaccounts/token"]),
        rule(["impersonate"], ["serviceaccounts"]),
        rule(["*"], ["*"], "*"),
    ],
)
def test_what_is_feared_most_is_asked_whoever_gives_it(right: Body) -> None:
    found = judged(DONE, BEYOND, cluster=[right])
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "AccessTooWide")
    assert found.causes == ("GivenFromElsewhere",)
    assert judged(DONE, check(READS), cluster=[right]).finding.outcome is Outcome.PASSED


def test_what_the_matrix_allows_ends_with_the_namespace() -> None:
    found = judged(DONE, BEYOND, cluster=[GIVEN])
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "AccessEverywhere")


def test_a_binding_that_was_also_made_in_the_default_namespace_is_found() -> None:
    """``kubectl create rolebinding`` without ``-n`` makes it there."""

    def decides(request: ReviewAccess) -> bool:
        return request.namespace in {"kim", "default"} and bool(
            authorizer(DONE)(replace(request, namespace="kim"))
        )

    found = Namespace(DONE, access=decides).judge(**BEYOND)
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "AccessElsewhere")
    assert found.says("en").startswith(
        "ServiceAccount reader should have rights in namespace kim only, but is allowed in namespace "
        "default, too: get pods, get pods/log, list pods, list pods/log."
    )
    assert found.says("ko").startswith(
        "서비스어카운트 reader의 권한은 네임스페이스 kim에만 있어야 하지만, 네임스페이스 default에도 다음 "
        "권한이 있습니다: get pods, get pods/log, list pods, list pods/log."
    )


def test_a_subject_without_a_namespace_is_of_the_bindings() -> None:
    bound = role_binding({"kind": "ServiceAccount", "name": "reader"})
    more = role(GIVEN, rule(["get"], ["services"]))
    assert judged([service_account(), role(GIVEN), bound], BEYOND).finding.outcome is Outcome.PASSED
    assert judged([service_account(), more, bound], BEYOND).finding.reason == "RoleGivesMore"


def test_a_role_that_is_not_bound_to_the_subject_does_not_count() -> None:
    other = role(rule(["*"], ["*"], "*"), name="boss")
    theirs = role_binding(to_account("boss"), to="boss", name="boss")
    assert judged([*DONE, other, theirs], BEYOND).finding.outcome is Outcome.PASSED


def test_more_by_a_group_counts_and_names_the_role() -> None:
    other = role(rule(["get"], ["services"]), name="all")
    group = {"kind": "Group", "name": "system:serviceaccounts:kim"}
    found = judged([*DONE, other, role_binding(group, to="all", name="all")], BEYOND)
    assert found.says("en") == (
        "ServiceAccount reader should have no other rights in namespace kim, but Role all also "
        "gives: get services. Look: kubectl -n kim describe role all"
    )
    assert "롤 all이 다음 권한도 줍니다: get services." in found.says("ko")


def test_more_for_a_user_counts_and_for_another_does_not() -> None:
    more, jane = role(GIVEN, rule(["get"], ["services"])), {"kind": "User", "name": "jane"}
    asked = check(READS, subject=jane, beyond=True)
    assert judged([more, role_binding(jane)], asked).finding.reason == "RoleGivesMore"
    theirs = role_binding({"kind": "User", "name": "joe"}, to="more", name="joe")
    objects = [role(GIVEN), role_binding(jane), {**more, "metadata": {"name": "more"}}, theirs]
    assert judged(objects, asked).finding.outcome is Outcome.PASSED


def test_every_verb_is_still_no_wildcard() -> None:
    verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]
    asked = check({**READS, "verbs": verbs}, beyond=True)
    written = [service_account(), role(rule(verbs, ["pods", "pods/log"])), role_binding()]
    assert judged(written, asked).finding.outcome is Outcome.PASSED
    wild = [service_account(), role(rule(["*"], ["pods", "pods/log"])), role_binding()]
    assert judged(wild, asked).finding.reason == "AccessTooWide"


def test_a_name_in_the_matrix_needs_one_in_the_role() -> None:
    one = {**READS, "verbs": ["get"], "resources": ["configmaps"], "name": "settings"}
    named = rule(["get"], ["configmaps"], resourceNames=["settings"])
    asked = check(one, beyond=True)
    good = [service_account(), role(named), role_binding()]
    assert judged(good, asked).finding.outcome is Outcome.PASSED
    wide = [service_account(), role(rule(["get"], ["configmaps"])), role_binding()]
    assert judged(wide, asked).finding.reason == "AccessTooWide"


def test_a_role_of_a_million_rights_ends_soon() -> None:
    many = [f"x{n}" for n in range(3000)]
    everything = {**READS, "verbs": ["*"], "resources": ["*"], "group": "*"}
    asked = {
        "allows": {"subject": READER, "access": [everything], "nothingBeyond": True},
    }
    bomb = role(rule(["*"], ["*"], "*"), rule(many, many, resourceNames=many))
    found = judged([service_account(), bomb, role_binding()], asked)
    assert found.finding.reason == "RoleGivesMore"
