from typing import Any

import pytest

from labgrader.api.kinds import Matches
from labgrader.checks.finding import Outcome
from labgrader.checks.registry import KINDS
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import Body, container, deployment

WEB = {"kind": "Deployment", "name": "web"}


def matches(expect: Any) -> dict[str, Any]:
    return {"matches": {"object": WEB, "expect": expect}}


def of_container(**fields: Any) -> dict[str, Any]:
    return matches({"spec": {"template": {"spec": {"containers": [{"name": "web", **fields}]}}}})


def with_containers(*containers: Body) -> Namespace:
    body = deployment()
    body["spec"]["template"]["spec"]["containers"] = list(containers)
    return Namespace([body])


def test_an_object_with_all_that_is_expected_passes_on_one_request() -> None:
    limited = container(resources={"limits": {"memory": "200Mi"}})
    judged = with_containers(container("log"), limited).judge(
        **of_container(image="~=^web:", resources={"limits": {"memory": "<=256Mi"}})
    )
    assert judged.finding.outcome is Outcome.PASSED
    assert [len(requests) for requests in judged.rounds] == [1]
    assert judged.says("ko") == "디플로이먼트 web의 필드가 모두 기대한 대로입니다."


def test_another_value_is_told_with_its_path() -> None:
    limited = container(resources={"limits": {"memory": "512Mi"}})
    judged = with_containers(limited).judge(
        **of_container(resources={"limits": {"memory": "<=256Mi"}})
    )
    assert judged.finding.outcome is Outcome.FAILED
    assert judged.says("en") == (
        "Deployment web differs at spec.template.spec.containers[web].resources.limits.memory: "
        "expected <=256Mi, found 512Mi. Look: kubectl -n kim get deployment web -o yaml"
    )
    assert judged.says("ko") == (
        "디플로이먼트 web의 spec.template.spec.containers[web].resources.limits.memory 필드가 "
        "다릅니다. 기대한 값: <=256Mi, 실제 값: 512Mi. "
        "확인: kubectl -n kim get deployment web -o yaml"
    )


def test_a_field_that_is_not_set_is_told_with_its_path() -> None:
    judged = with_containers(container()).judge(**of_container(livenessProbe="(present)"))
    assert judged.says("en").startswith(
        "Deployment web should have spec.template.spec.containers[web].livenessProbe: "
        "expected (present), but it is not set."
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"image": "(absent)"}, "FieldUnwanted"),
        ({"ports": [{"containerPort": 80}, {"containerPort": 81}]}, "ItemMissing"),
        ({"ports": [{"protocol": "TCP"}, {"containerPort": 80}]}, "TooFewItems"),
        ({"args": ["b", "a"]}, "OrderDiffers"),
    ],
)
def test_each_way_to_differ_has_its_reason(fields: dict[str, Any], reason: str) -> None:
    seen = container(ports=[{"containerPort": 80, "protocol": "TCP"}], args=["a", "b"])
    judged = with_containers(seen).judge(**of_container(**fields))
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, reason)


def test_odd_but_valid_values_are_taken_as_they_are() -> None:
    body = deployment()
    body["metadata"]["labels"] = {f"label-{n}": str(n) for n in range(200)}
    odd = container(resources={"limits": {"cpu": "1"}}, somethingNew={"deep": [1, None, {}]})
    body["spec"]["template"]["spec"]["containers"] = [odd]
    expect = {
        "metadata": {"labels": {"label-199": "199"}},
        "spec": {
            "template": {"spec": {"containers": [{"resources": {"limits": {"cpu": 1}}}]}},
        },
    }
    assert Namespace([body]).judge(**matches(expect)).finding.outcome is Outcome.PASSED


def test_an_object_that_is_not_there_matches_nothing() -> None:
    judged = Namespace().judge(**matches({"spec": {"paused": "(absent)"}}))
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "NotFound")


def test_unusable_expectations_are_problems() -> None:
    params = Matches.model_validate({"object": WEB, "expect": {"a": "~=[", "b": None}})
    assert [problem.reason for problem in KINDS["matches"].problems(params)] == [
        "BadPattern",
        "Invalid",
    ]


def test_a_flood_of_items_costs_a_message_and_not_minutes() -> None:
    body = deployment()
    body["spec"]["template"]["spec"]["volumes"] = [{"name": f"v{n}"} for n in range(30_000)]
    wanted = [{"name": f"~=^w{n}$"} for n in range(40)]
    expect = {"spec": {"template": {"spec": {"volumes": wanted}}}}
    judged = Namespace([body]).judge(**matches(expect))
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "ObjectTooLarge")
    assert "too many fields" in judged.says("en")


def clauses(*weighted: tuple[Any, int], **more: Any) -> dict[str, Any]:
    written = [{"expect": expect, "weight": weight} for expect, weight in weighted]
    return {"matches": {"object": WEB, "clauses": written, **more}}


REPLICAS = {"spec": {"replicas": ">=1"}}
PAUSED = {"spec": {"paused": "(present)"}}
MINIMUM = {"spec": {"minReadySeconds": 5}}


def test_each_clause_earns_its_share() -> None:
    judged = Namespace([deployment()]).judge(**clauses((REPLICAS, 3), (PAUSED, 1), (MINIMUM, 2)))
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "FieldMissing")
    assert judged.finding.credit == 50_000
    assert judged.says("en") == (
        "Deployment web should have spec.paused: expected (present), but it is not set. "
        "Fulfilled: 1 of 3 parts, each of which earns its share. "
        "This check earns 50 % of its points. "
        "Look: kubectl -n kim get deployment web -o yaml"
    )
    assert judged.says("ko") == (
        "디플로이먼트 web에 spec.paused 필드가 있어야 하지만 설정되어 있지 않습니다. 기대한 값: "
        "(present). 항목 3개 중 1개를 만족했으며, 항목마다 점수의 일부를 얻습니다. "
        "이 점검 점수의 50%를 받습니다. 확인: kubectl -n kim get deployment web -o yaml"
    )


@pytest.mark.parametrize(
    ("weighted", "credit"),
    [
        ([(REPLICAS, 1), (PAUSED, 1), (MINIMUM, 1)], 33_333),
        ([(REPLICAS, 100), (PAUSED, 1)], 99_009),
        ([(PAUSED, 1), (MINIMUM, 1)], 0),
    ],
)
def test_shares_are_rounded_down(weighted: list[tuple[Any, int]], credit: int) -> None:
    judged = Namespace([deployment()]).judge(**clauses(*weighted))
    assert (judged.finding.outcome, judged.finding.credit) == (Outcome.FAILED, credit)


def test_all_clauses_pass_on_one_request() -> None:
    judged = Namespace([deployment()]).judge(**clauses((REPLICAS, 1), (REPLICAS, 2)))
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.PASSED, "FieldsMatch")
    assert [len(requests) for requests in judged.rounds] == [1]


def test_without_what_is_expected_of_all_no_clause_earns() -> None:
    judged = Namespace([deployment()]).judge(**clauses((REPLICAS, 1), (PAUSED, 1), expect=MINIMUM))
    assert (judged.finding.outcome, judged.finding.credit) == (Outcome.FAILED, 0)
    assert "spec.minReadySeconds" in judged.says("en")
    assert "share" not in judged.says("en")


def test_clauses_of_an_object_that_is_not_there_earn_nothing() -> None:
    absent = {"spec": {"paused": "(absent)"}}
    judged = Namespace().judge(**clauses((absent, 1), (PAUSED, 1)))
    assert (judged.finding.reason, judged.finding.credit) == ("NotFound", 0)


def test_unusable_clauses_are_problems() -> None:
    tree = {"a": "~=[", "b": None}
    written = {"object": WEB, "expect": tree, "clauses": [{"expect": tree}]}
    params = Matches.model_validate(written)
    found = KINDS["matches"].problems(params)
    assert [problem.reason for problem in found] == ["BadPattern", "Invalid"] * 2
    alone = Matches.model_validate({"object": WEB, "clauses": [{"expect": {"a": 1}}]})
    assert [problem.text for problem in KINDS["matches"].problems(alone)] == [
        "one clause alone earns all or nothing; write it as expect"
    ]


def test_clauses_together_may_not_be_larger_than_one_expectation() -> None:
    tree = {"list": list(range(1100))}
    written = {"object": WEB, "expect": tree, "clauses": [{"expect": tree}]}
    found = KINDS["matches"].problems(Matches.model_validate(written))
    assert [problem.reason for problem in found] == ["ExpectTooLarge"]


@pytest.mark.slow
def test_a_flood_of_items_costs_clauses_no_more() -> None:
    body = deployment()
    body["spec"]["template"]["spec"]["volumes"] = [{"name": f"v{n}"} for n in range(30_000)]
    wanted = [
        ({"spec": {"template": {"spec": {"volumes": [{"name": f"w{n}"}]}}}}, 1) for n in range(20)
    ]
    judged = Namespace([body]).judge(**clauses(*wanted))
    assert judged.finding.reason == "ObjectTooLarge"
