from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.api.kinds import Allows
from labgrader.checks.allows import hollow, problems
from labgrader.checks.finding import Outcome
from labgrader.evidence.requests import ListObjects, ReviewAccess
from tests.unit.checks.namespaces import FORBIDDEN, Judged, Namespace
from tests.unit.checks.objects import Body
from tests.unit.checks.rights import (
    authorizer,
    role,
    role_binding,
    rule,
    service_account,
    to_account,
)

READS = {"verbs": ["get", "list"], "resources": ["pods", "pods/log"], "allowed": True}
NO_SECRETS = {"verbs": ["get"], "resources": ["secrets"], "allowed": False}
READER = {"kind": "ServiceAccount", "name": "reader"}
GIVEN = rule(["get", "list"], ["pods", "pods/log"])
DONE = [service_account(), role(GIVEN), role_binding()]


def check(*access: dict[str, Any], subject: Any = READER, beyond: bool = False) -> dict[str, Any]:
    matrix = list(access or (READS, NO_SECRETS))
    return {"allows": {"subject": subject, "access": matrix, "nothingBeyond": beyond}}


def judged(objects: list[Body], checked: dict[str, Any], *, cluster: Any = ()) -> Judged:
    return Namespace(objects, access=authorizer(objects, cluster)).judge(**checked)


def test_rights_as_expected_pass_in_one_round() -> None:
    found = judged(DONE, check())
    assert found.finding.outcome is Outcome.PASSED
    assert len(found.rounds) == 1
    assert found.says("en") == (
        "ServiceAccount reader may do what it should in namespace kim (4 of the questions asked), "
        "and nothing that it should not (1)."
    )
    assert found.says("ko") == (
        "서비스어카운트 reader는 네임스페이스 kim에서 필요한 권한을 모두 가지고 있고(질문 4개), "
        "가져서는 안 되는 권한은 없습니다(질문 1개)."
    )


def test_the_authorizer_is_asked_as_kubernetes_sets_identities() -> None:
    found = judged(DONE, check({**READS, "name": "web"}))
    reviews = [r for r in found.rounds[0] if isinstance(r, ReviewAccess)]
    assert reviews[1] == ReviewAccess(
        user="system:serviceaccount:kim:reader",
        groups=("system:serviceaccounts", "system:serviceaccounts:kim", "system:authenticated"),
        namespace="kim",
        verb="get",
        group="",
        resource="pods",
        subresource="log",
        name="web",
    )


@pytest.mark.parametrize(
    ("subject", "user", "groups"),
    [
        ({"kind": "User", "name": "jane"}, "jane", ("system:authenticated",)),
        ({"kind": "Group", "name": "devs"}, "", ("devs", "system:authenticated")),
    ],
)
def test_users_and_groups_need_no_account(subject: Any, user: str, groups: tuple[str, ...]) -> None:
    bound = {"kind": subject["kind"], "name": subject["name"]}
    found = judged([role(GIVEN), role_binding(bound)], check(subject=subject))
    assert found.finding.outcome is Outcome.PASSED
    asked = {(r.user, r.groups) for r in found.rounds[0] if isinstance(r, ReviewAccess)}
    assert asked == {(user, groups)}


def test_without_the_account_nothing_passes() -> None:
    found = judged([role(GIVEN), role_binding()], check())
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "NotFound")


@pytest.mark.parametrize(
    ("objects", "cause", "words"),
    [
        (
            [role(GIVEN)],
            "NoBinding",
            "No RoleBinding of the namespace names ServiceAccount reader.",
        ),
        (
            [role(GIVEN), role_binding(to_account(namespace="default"))],
            "BindingElsewhere",
            "names a ServiceAccount reader, but in namespace default instead of kim.",
        ),
        (
            [role(GIVEN, name="raeder"), role_binding()],
            "BoundRoleMissing",
            "RoleBinding reader refers to Role reader, which is not there.",
        ),
        (
            [role(rule(["get"], ["pods"])), role_binding()],
            "RoleLacks",
            "Role reader is bound, but does not give: get pods/log.",
        ),
        (
            [role_binding(kind="ClusterRole", to="edit")],
            "BoundClusterRole",
            "RoleBinding reader gives the rights of ClusterRole edit.",
        ),
    ],
)
def test_what_is_denied_is_explained(objects: list[Body], cause: str, words: str) -> None:
    found = judged([service_account(), *objects], check())
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "AccessDenied")
    assert found.causes == (cause,)
    assert words in found.says("en")
    assert "Look: kubectl -n kim describe rolebindings,roles" in found.says("en")
    assert "다음 권한이 있어야 하지만 없습니다: get pods" in found.says("ko")


def test_what_the_authorizer_adds_is_told() -> None:
    note = 'RBAC: clusterrole.rbac.authorization.k8s.io "veiw" not found'
    objects = [service_account(), role_binding(kind="ClusterRole", to="veiw")]
    found = Namespace(objects, access=authorizer(objects), note=note).judge(**check())
    assert found.causes == ("BoundClusterRole", "AuthorizerSays")
    assert f"The API server says: {note}." in found.says("en")
    assert f"API 서버의 설명: {note}." in found.says("ko")


def test_what_is_too_much_is_explained_by_the_role() -> None:
    wide = role(GIVEN, rule(["get"], ["secrets"]))
    found = judged([service_account(), wide, role_binding()], check())
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "AccessTooWide")
    assert found.says("en") == (
        "ServiceAccount reader should not be allowed in namespace kim, but is: get secrets. "
        "Role reader gives: get secrets. Look: kubectl -n kim describe rolebindings,roles"
    )
    assert "다음 권한이 없어야 하지만 있습니다: get secrets." in found.says("ko")


def test_rights_that_come_from_elsewhere_are_no_role_of_the_namespace() -> None:
    found = judged(DONE, check(), cluster=[rule(["*"], ["secrets"])])
    assert found.causes == ("GivenFromElsewhere",)


def test_rights_in_the_whole_cluster_are_asked_without_a_namespace() -> None:
    nowhere = {**NO_SECRETS, "resources": ["nodes"], "verbs": ["list"], "where": "Cluster"}
    assert judged(DONE, check(READS, nowhere)).finding.outcome is Outcome.PASSED
    found = judged(DONE, check(READS, nowhere), cluster=[rule(["list"], ["nodes"])])
    assert found.finding.reason == "AccessEverywhere"
    assert "allowed in the whole cluster: list nodes." in found.says("en")
    assert "클러스터 전체에 다음 권한이 있습니다: list nodes." in found.says("ko")
    asked = [r for r in found.rounds[0] if isinstance(r, ReviewAccess) and r.resource == "nodes"]
    assert [r.namespace for r in asked] == [""]


def test_what_the_grader_may_not_ask_is_unknown() -> None:
    from labgrader.evidence.snapshot import CouldNotLook  # noqa: PLC0415 (here only)

    denied = Namespace(DONE, trouble={"Access": FORBIDDEN})
    with pytest.raises(CouldNotLook):
        denied.judge(**check())


def test_roles_that_cannot_be_read_do_not_hide_what_is_denied() -> None:
    objects = [service_account()]
    trouble = {"Role": FORBIDDEN, "RoleBinding": FORBIDDEN}
    found = Namespace(objects, access=authorizer(objects), trouble=trouble).judge(**check())
    assert found.finding.reason == "AccessDenied"


def parsed(*access: dict[str, Any], subject: Any = READER, beyond: bool = False) -> Allows:
    return Allows.model_validate(check(*access, subject=subject, beyond=beyond)["allows"])


def test_only_denials_are_hollow() -> None:
    assert hollow(parsed(NO_SECRETS, beyond=True))
    assert not hollow(parsed(NO_SECRETS, READS))


@pytest.mark.parametrize(
    ("allows", "words"),
    [
        (parsed(READS, subject={**READER, "name": "../../secrets/x"}), "is no name of a Service"),
        (parsed(READS, subject={"kind": "User", "name": "a\r\nb"}), "cannot be printed"),
        (parsed({**READS, "where": "Cluster"}), "can only be expected not to be allowed"),
        (parsed(READS, {**READS, "allowed": False}), "says both yes and no to get pods"),
        (
            parsed(*({**READS, "group": f"g{n}"} for n in range(20)), beyond=True),
            "questions; 300 are possible",
        ),
    ],
)
def test_a_matrix_that_cannot_be_asked_is_a_problem(allows: Allows, words: str) -> None:
    assert [words in problem.text for problem in problems(allows)][:1] == [True]


def test_a_sound_matrix_is_no_problem() -> None:
    assert problems(parsed(beyond=True)) == ()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
_TEXTS = st.lists(st.sampled_from(["*", "get", "pods", "pods/log", "", "a/b/c"]), max_size=3)
_RULES = st.lists(
    st.fixed_dictionaries(
        {"verbs": _TEXTS},
        optional={"resources": _TEXTS, "apiGroups": _TEXTS, "resourceNames": _TEXTS | st.none()},
    ),
    max_size=3,
)


@given(rules=_RULES | st.none(), junk=_JSON)
def test_no_role_makes_it_raise(rules: Any, junk: Any) -> None:
    strange = [role(), role_binding()]
    strange[0]["rules"] = rules
    strange[0]["extra"] = junk
    strange[1]["subjects"] = None if rules is None else [to_account()]
    lists = Namespace([service_account(), *strange], access=lambda r: r.verb != "delete")
    for asked in (check(beyond=True), check(READS)):
        assert lists.judge(**asked).finding.outcome in {Outcome.PASSED, Outcome.FAILED}


def test_both_lists_are_watched_while_it_fails() -> None:
    """So that it is looked at again when the learner mends a Role."""
    found = judged([service_account()], check())
    kinds = {r.kind for asked in found.rounds for r in asked if isinstance(r, ListObjects)}
    assert {"Role", "RoleBinding"} <= kinds
