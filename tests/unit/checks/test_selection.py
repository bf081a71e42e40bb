from dataclasses import fields
from typing import Any

import pytest

from labgrader.api.namespace import LearnerNamespace
from labgrader.checks.finding import Outcome
from labgrader.grading.plan import problems
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import Body, config_map, deployment, pod, replica_set
from tests.unit.checks.rights import role_binding
from tests.unit.grading.worlds import exercise


def judge(objects: list[Body], select: dict[str, Any], **more: Any) -> Judged:
    params = {"select": select, "expression": "object.metadata.name != ''", **more}
    return Namespace(objects).judge(satisfies=params)


def labelled(name: str, **labels: str) -> Body:
    return config_map(name, labels=labels)


def test_all_objects_of_a_kind_are_read_in_one_list() -> None:
    judged = judge([labelled("a"), labelled("b"), deployment()], {"kind": "ConfigMap"})
    assert judged.params["all"] == "2"
    assert [len(asked) for asked in judged.rounds] == [1, 1]


def test_one_object_by_name_is_read_alone() -> None:
    judged = judge([labelled("a"), labelled("b")], {"kind": "ConfigMap", "name": "b"})
    assert judged.params["all"] == "1"
    assert str(judged.rounds[0][0]).startswith("GetObject")


def test_a_name_that_is_not_there_is_told_with_the_nearest() -> None:
    judged = judge([labelled("config")], {"kind": "ConfigMap", "name": "confg"})
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "NotFound")
    assert judged.causes == ("NearestName",)


def test_labels_choose_and_a_name_does_not_excuse_from_them() -> None:
    objects = [labelled("a", tier="web", app="x"), labelled("b", tier="db")]
    judged = judge(objects, {"kind": "ConfigMap", "labels": {"tier": "web"}})
    assert judged.params["all"] == "1"
    judged = judge(objects, {"kind": "ConfigMap", "name": "b", "labels": {"tier": "web"}})
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "TooFewSelected")


def test_nothing_selected_fails_and_names_what_does_not_count() -> None:
    objects = [labelled("a", tier="wep"), labelled("b")]
    judged = judge(objects, {"kind": "ConfigMap", "labels": {"tier": "web"}})
    assert judged.says("en") == (
        "There should be at least 1 object of kind ConfigMap (tier=web) in namespace kim, but 0"
        " were found. Objects of kind ConfigMap that do not count: a, b. "
        "Look: kubectl -n kim get configmap --show-labels"
    )
    assert judged.says("ko") == (
        "네임스페이스 kim에 컨피그맵 오브젝트 (tier=web)가 1개 이상 있어야 하지만 0개 있습니다. "
        "조건에 맞지 않아 세지 않은 컨피그맵: a, b. "
        "확인: kubectl -n kim get configmap --show-labels"
    )


def test_an_empty_namespace_satisfies_nothing_however_it_is_asked() -> None:
    for match in ("all", "any", "none", "count"):
        judged = judge([], {"kind": "Pod"}, match=match, count={"min": 0})
        assert (judged.finding.outcome, judged.finding.reason) == (
            Outcome.FAILED,
            "TooFewSelected",
        )


def test_min_matches_wants_more_than_one() -> None:
    one, two = [labelled("a")], [labelled("a"), labelled("b")]
    assert judge(one, {"kind": "ConfigMap"}, minMatches=2).params["found"] == "1"
    assert judge(two, {"kind": "ConfigMap"}, minMatches=2).finding.outcome is Outcome.PASSED


def test_what_kubernetes_puts_into_every_namespace_does_not_count_unless_named() -> None:
    there = [config_map("kube-root-ca.crt")]
    assert judge(there, {"kind": "ConfigMap"}).finding.reason == "TooFewSelected"
    named = judge(there, {"kind": "ConfigMap", "name": "kube-root-ca.crt"})
    assert named.finding.outcome is Outcome.PASSED


def test_what_is_being_deleted_does_not_count() -> None:
    going = config_map("a", deletionTimestamp="2026-03-02T10:00:00Z")
    assert judge([going], {"kind": "ConfigMap"}).finding.reason == "TooFewSelected"
    named = judge([going], {"kind": "ConfigMap", "name": "a"})
    assert (named.finding.outcome, named.finding.reason) == (Outcome.FAILED, "BeingDeleted")


WEB, OTHER = deployment(), deployment("other")
OF_WEB = {"kind": "Pod", "owner": {"kind": "Deployment", "name": "web"}}


def test_the_pods_of_a_deployment_are_found_through_its_replica_sets() -> None:
    owner = replica_set(WEB)
    objects = [WEB, OTHER, owner, pod("web-1", owner), pod("other-1", replica_set(OTHER))]
    judged = judge(objects, OF_WEB, match="any")
    assert (judged.params["all"], judged.params["names"]) == ("1", "web-1")


def test_a_direct_owner_is_told_by_its_uid_and_not_by_its_name() -> None:
    select = {"kind": "ReplicaSet", "owner": {"kind": "Deployment", "name": "web"}}
    owned = replica_set(WEB)
    assert judge([WEB, owned], select).params["all"] == "1"
    owned["metadata"]["ownerReferences"][0]["uid"] = "of-an-earlier-web"
    judged = judge([WEB, owned], select)
    assert judged.finding.reason == "TooFewSelected"
    assert "(owner=Deployment/web)" in judged.says("en")


def test_an_owner_that_is_not_there_is_the_reason() -> None:
    judged = judge([pod()], OF_WEB)
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "NotFound")
    assert judged.params["name"] == "web"


@pytest.mark.parametrize("metadata", [{"labels": None}, {"ownerReferences": None}, {}])
def test_odd_metadata_is_no_error(metadata: dict[str, Any]) -> None:
    odd = config_map("a", **metadata)
    select = {"kind": "ConfigMap", "owner": {"kind": "Deployment", "name": "web"}}
    assert judge([odd, WEB], select).finding.reason == "TooFewSelected"


def test_a_kind_that_is_not_built_in_needs_its_api_version_everywhere() -> None:
    def check(**where: Any) -> dict[str, Any]:
        params = {"select": {"kind": "Pod"}, "expression": "object.a == 1", **where}
        return {"name": "c", "points": 1, "satisfies": params}

    widget = {"kind": "Widget"}
    for where in (
        {"select": widget},
        {"select": {"kind": "Pod", "owner": {**widget, "name": "w"}}},
        {"beside": [{**widget, "variable": "w"}]},
    ):
        (problem,) = problems(exercise(check(**where)))
        assert problem.text == "check c: kind Widget needs its apiVersion"
    assert problems(exercise(check(select={**widget, "apiVersion": "example.com/v1"}))) == ()


def opened(**more: Any) -> list[Body]:
    """What is in a namespace that is open for everything, whatever may be asked for."""
    everything: dict[str, Any] = {
        f.name: True for f in fields(LearnerNamespace) if f.default is False
    }
    wanted = LearnerNamespace("kim", "course", "kim", **everything, **more)
    assert wanted.unwanted == ()
    inside = (dict(body) for body in wanted.objects() if body["kind"] != "Namespace")
    return [{**body, "metadata": {**body["metadata"], "uid": "u"}} for body in inside]


@pytest.mark.parametrize("user", [None, "kim@example.com"])
def test_nothing_that_opens_a_namespace_is_work_of_its_learner(user: str | None) -> None:
    made = opened(user=user)
    kinds = {body["kind"] for body in made}
    assert kinds == {"RoleBinding"} | ({"ServiceAccount"} if user is None else set())
    for kind in kinds:
        empty = judge(made, {"kind": kind}, match="any")
        assert (empty.finding.outcome, empty.finding.reason) == (Outcome.FAILED, "TooFewSelected")
        assert judge(made, {"kind": kind, "labels": {"a": "b"}}).causes == ()


def test_a_binding_of_the_learner_counts_beside_those_that_open_a_namespace() -> None:
    own = judge([*opened(), role_binding()], {"kind": "RoleBinding"})
    assert (own.finding.outcome, own.params["all"]) == (Outcome.PASSED, "1")


def account(name: str) -> Body:
    metadata = {"name": name, "namespace": "kim", "uid": name}
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}


def test_only_the_account_as_which_a_learner_works_does_not_count() -> None:
    judged = judge([*opened(), account("app")], {"kind": "ServiceAccount"}, match="any")
    assert judged.params["names"] == "app"
    named = judge(opened(), {"kind": "ServiceAccount", "name": "kim"})
    assert named.finding.outcome is Outcome.PASSED
    alone = judge([account("kim")], {"kind": "ServiceAccount"})
    assert alone.params["all"] == "1"


@pytest.mark.parametrize(
    "subjects",
    [None, [None], [{"kind": "User", "name": "app"}], [{"kind": "ServiceAccount", "name": "app"}]],
)
def test_an_account_that_nothing_binds_as_the_learner_counts(subjects: Any) -> None:
    login = role_binding(to="labgrader-learner", kind="ClusterRole", name="labgrader-learner")
    login["subjects"] = subjects
    judged = judge([login, account("app")], {"kind": "ServiceAccount"})
    assert judged.params["all"] == "1"


def test_a_binding_to_something_else_is_no_login() -> None:
    odd = role_binding(to="labgrader-learner", kind="Role", name="labgrader-learner")
    odd["subjects"] = [{"kind": "ServiceAccount", "name": "app", "namespace": "kim"}]
    assert judge([odd, account("app")], {"kind": "ServiceAccount"}).params["all"] == "1"


@pytest.mark.parametrize(("to", "kind"), [("labgrader-learner", "Role"), ("view", "ClusterRole")])
def test_a_binding_that_only_has_the_name_of_one_counts(to: str, kind: str) -> None:
    other = role_binding(to=to, kind=kind, name="labgrader-learner")
    assert judge([other], {"kind": "RoleBinding"}).params["all"] == "1"
