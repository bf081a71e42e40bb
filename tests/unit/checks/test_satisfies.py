from typing import Any

import pytest

from labgrader.api.check import Check
from labgrader.api.kinds import Satisfies
from labgrader.checks.finding import Outcome
from labgrader.checks.registry import KINDS
from labgrader.checks.satisfies import MOST_BYTES
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Items, NotEvaluated
from labgrader.evidence.requests import Evaluate
from labgrader.evidence.snapshot import MissingEvidence, Snapshot
from labgrader.reporting.check_status import clipped
from labgrader.reporting.messages import message
from tests.unit.checks.namespaces import FORBIDDEN, Judged, Namespace
from tests.unit.checks.objects import Body, config_map, container, deployment

DEPLOYMENTS = {"kind": "Deployment"}
ODD = "object.spec.replicas % 2 == 1"
TEAM = "object.metadata.labels.team != ''"
TAGGED = "object.spec.template.spec.containers.all(c, c.image.matches(':[0-9]+$'))"


def judge(objects: list[Body], expression: str, **more: Any) -> Judged:
    params = {"select": DEPLOYMENTS, "expression": expression, **more}
    return Namespace(objects).judge(satisfies=params)


def web(name: str = "web", replicas: int = 3, **labels: str) -> Body:
    body = deployment(name, replicas)
    return {**body, "metadata": {**body["metadata"], "labels": labels}}


def running(*images: str) -> Body:
    body = deployment()
    body["spec"]["template"]["spec"]["containers"] = [
        container(f"c{index}", image) for index, image in enumerate(images)
    ]
    return body


def test_objects_that_all_satisfy_pass_in_two_rounds() -> None:
    judged = judge([web("a"), web("b", 5)], ODD)
    assert judged.finding.outcome is Outcome.PASSED
    assert [len(requests) for requests in judged.rounds] == [1, 1]
    assert judged.says("en") == "Deployment: 2 of 2 as required: `object.spec.replicas % 2 == 1`."
    assert judged.says("ko") == (
        "디플로이먼트 2개 중 2개가 조건을 만족합니다: `object.spec.replicas % 2 == 1`."
    )


def test_the_object_the_expression_and_what_was_seen_are_told() -> None:
    judged = judge([web("a"), web("b", 2), web("c", 4)], ODD)
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "NotSatisfied")
    assert judged.says("en") == (
        "Deployment b is not as required: `object.spec.replicas % 2 == 1`. Found: spec.replicas = 2."
        " Objects of kind Deployment that are not as required either: c. Look: kubectl -n kim get deployment b -o yaml"
    )
    assert judged.says("ko") == (
        "디플로이먼트 b가 조건을 만족하지 않습니다: `object.spec.replicas % 2 == 1`. "
        "실제 값: spec.replicas = 2. 다음 디플로이먼트도 조건을 만족하지 않습니다: c. "
        "확인: kubectl -n kim get deployment b -o yaml"
    )


def test_the_authors_own_words_stand_for_the_expression_in_each_language() -> None:
    said = {"ko": "레플리카 수는 홀수여야 합니다.", "en": "the number of replicas is odd."}
    judged = judge([web(replicas=2)], ODD, message=said)
    assert judged.says("en").startswith(
        "Deployment web is not as required: the number of replicas is odd. Found: spec.replicas = 2."
    )
    assert judged.says("ko").startswith(
        "디플로이먼트 web이 조건을 만족하지 않습니다: 레플리카 수는 홀수여야 합니다. 실제 값: "
    )
    only_korean = judge([web(replicas=2)], ODD, message={"ko": "홀수"})
    assert "not as required: 홀수." in only_korean.says("en")


def test_a_field_that_is_not_there_is_named_and_no_error() -> None:
    judged = judge([web(tier="x")], TEAM)
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "NotSatisfied")
    assert "metadata.labels.team is not there." in judged.says("en")
    assert "metadata.labels.team 필드가 없습니다." in judged.says("ko")


@pytest.mark.parametrize(
    ("expression", "satisfied"),
    [
        ("has(object.metadata.labels.team)", False),
        ("!has(object.metadata.labels.team)", True),
        ("!has(object.spec.nothing.below)", False),
        ("object.?spec.?nothing.?below.orValue('x') == 'x'", True),
        ("object.spec.nothing == 1 || object.spec.replicas == 3", True),
        ("object.spec.nothing == null", False),
        ("object.spec.replicas == 3.0 && object.spec.replicas < 3.5", True),
        ("object.spec.replicas == '3'", False),
        ("object.spec.replicas < '4'", False),
        ("object.spec.paused && true", False),
        ("object.kind == 'Deployment' && object.apiVersion == 'apps/v1'", True),
        ("object.metadata.labels['별칭'] == '웹'", True),
        ("size(object.metadata.labels['별칭']) == 1", True),
        ("quantity('0.5') == quantity('500m') && quantity('1Gi') > quantity('1G')", None),
        ("object.spec.template.spec.containers.exists(c, c.name == 'web')", True),
        ("size(object.metadata.labels.filter(k, k == '별칭')) == 1", True),
    ],
)
def test_what_an_expression_says_of_an_object(expression: str, satisfied: bool | None) -> None:  # noqa: FBT001
    seen = web(별칭="웹")
    expression = (
        f"{expression} && object.metadata.name == 'web'" if satisfied is None else expression
    )
    outcome = Outcome.FAILED if satisfied is False else Outcome.PASSED
    assert judge([seen], expression).finding.outcome is outcome


def test_a_value_of_another_type_is_told() -> None:
    judged = judge([web()], "object.spec.replicas < 'many'")
    assert "Found: spec.replicas = 3. What is there does not fit the check: " in judged.says("en")
    assert "실제 값이 점검에 맞는 형식이 아닙니다" in judged.says("ko")


def test_items_of_lists_are_shown() -> None:
    judged = judge([running("web:1", "busybox")], TAGGED)
    assert "spec.template.spec.containers[*].image = web:1, busybox." in judged.says("en")
    assert judge([running("web:1", "web:2")], TAGGED).finding.outcome is Outcome.PASSED


def test_any_wants_one_and_shows_the_first_where_there_is_none() -> None:
    judged = judge([web("a", 2), web("b", 3)], ODD, match="any")
    assert (judged.finding.outcome, judged.params["names"]) == (Outcome.PASSED, "b")
    judged = judge([web("a", 2), web("b", 4)], ODD, match="any")
    assert judged.says("en").startswith(
        "At least one Deployment should be as required, but none of 2 is: "
        "`object.spec.replicas % 2 == 1`. For example Deployment a: Found: spec.replicas = 2."
    )
    assert judged.says("ko").startswith(
        "조건을 만족하는 디플로이먼트가 하나 이상 있어야 하지만 2개 중 하나도 없습니다: "
    )


def test_none_wants_objects_and_none_that_satisfies() -> None:
    assert judge([web("a", 2)], ODD, match="none").finding.outcome is Outcome.PASSED
    judged = judge([web("a", 2), web("b", 3)], ODD, match="none")
    assert judged.says("en").startswith("No Deployment should match, but 1 of 2 match (b): ")
    assert judged.says("ko").startswith(
        "다음에 해당하는 디플로이먼트가 없어야 하지만 2개 중 1개(b)가 해당합니다: "
    )


def test_what_may_not_be_read_is_not_the_learners_failure() -> None:
    namespace = Namespace([web()], trouble={"Deployment": FORBIDDEN})
    with pytest.raises(Exception, match="list events in kim"):
        namespace.judge(satisfies={"select": DEPLOYMENTS, "expression": ODD})


def flooded(items: int) -> Body:
    body = deployment()
    body["spec"]["template"]["spec"]["volumes"] = [{"name": f"v{n}"} for n in range(items)]
    return body


PAIRS = (
    "object.spec.template.spec.volumes.all(a, object.spec.template.spec.volumes"
    ".all(b, a.name != b.name || a == b))"
)


@pytest.mark.slow
@pytest.mark.parametrize("match", ["all", "any", "none", "count"])
def test_a_flood_of_items_earns_nothing_however_it_is_asked(match: str) -> None:
    more = {"count": {"max": 0}} if match == "count" else {}
    assert judge([flooded(20)], PAIRS, match="all").finding.outcome is Outcome.PASSED
    judged = judge([flooded(5000)], PAIRS, match=match, **more)
    assert judged.finding.outcome is Outcome.FAILED
    assert "It has too much in it" in judged.says("en")
    assert "내용이 너무 많아" in judged.says("ko")


def nested(levels: int) -> Body:
    value: Any = {}
    for _ in range(levels):
        value = {"a": value}
    return config_map("deep", annotations=value)


@pytest.mark.parametrize(
    "body", [nested(1000), config_map("large", annotations={"a": "x" * MOST_BYTES})]
)
def test_objects_beyond_any_measure_cost_a_message(body: Body) -> None:
    params = {"select": {"kind": "ConfigMap"}, "expression": "object.metadata.name == 'a'"}
    judged = Namespace([body]).judge(satisfies=params)
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "ObjectsTooLarge")
    assert "too large or too deeply nested" in judged.says("en")


def test_managed_fields_are_not_read() -> None:
    body = web()
    body["metadata"]["managedFields"] = [{"manager": "kubectl"}]
    judged = judge([body], "has(object.metadata.managedFields)")
    assert judged.finding.outcome is Outcome.FAILED
    (request,) = judged.rounds[1]
    assert "kubectl" not in str(request)


def test_the_order_of_a_maps_keys_is_the_fault_of_the_check() -> None:
    judged = judge([web(a="1", b="2")], "object.metadata.labels.map(k, k)[0] == 'a'")
    assert judged.finding.outcome is Outcome.ERROR
    assert "order of a map's keys" in judged.says("en")
    assert "학습자의 잘못이 아닙니다" in judged.says("ko")


def test_an_evaluation_that_breaks_is_the_fault_of_the_check() -> None:
    params = Check.model_validate(
        {"name": "c", "satisfies": {"select": DEPLOYMENTS, "expression": ODD}}
    ).params
    listed = Items((web(),))
    answers: dict[Any, Any] = {}
    for _ in range(2):
        with pytest.raises(MissingEvidence) as missing:
            KINDS["satisfies"].judge(params, Scope("kim"), Snapshot(answers))
        (request,) = missing.value.requests
        broken = NotEvaluated("its process was ended by SIGSEGV")
        answers[request] = broken if isinstance(request, Evaluate) else listed
    finding = KINDS["satisfies"].judge(params, Scope("kim"), Snapshot(answers))
    assert finding.outcome is Outcome.ERROR
    assert "SIGSEGV" in message(finding, "en")
    assert f"{ODD}" in message(finding, "ko")


def test_a_status_can_hold_the_longest_texts() -> None:
    said = {"ko": "가" * 500, "en": "a" * 500}
    judged = judge([web(replicas=2)], ODD, message=said)
    assert clipped(judged.finding.params) == dict(judged.finding.params)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"expression": "object.a == 1 &&"}, "expression: line 1, column 17: Syntax error"),
        ({"expression": "a == 1"}, "undeclared reference to 'a'"),
        ({"expression": "object.spec.paused"}, "compare, like object.x == true"),
        ({"expression": "size(object.a)"}, "must be true or false, and this is int"),
        ({"expression": "1 == 1"}, "says nothing about object"),
        ({"expression": "objects.svc.exists(s, s == object)"}, "objects.svc is no variable"),
        ({"match": "count"}, "count goes with match: count"),
        ({"count": {"min": 1}}, "count goes with match: count"),
        ({"match": "count", "count": {"min": 2, "max": 1}}, "min is above max"),
        ({"message": {"en": "x" * 501}}, "message: over 500 letters"),
        ({"beside": [{"variable": "v", "kind": "Pod"}] * 2}, "two selections have one variable"),
    ],
)
def test_what_cannot_be_graded_is_found_before(change: dict[str, Any], text: str) -> None:
    params = {"select": DEPLOYMENTS, "expression": ODD, **change}
    found = KINDS["satisfies"].problems(Satisfies.model_validate(params))
    assert [problem.reason in {"BadExpression", "Invalid"} for problem in found] == [True]
    assert text in found[0].text


def test_what_can_be_graded_has_no_problems() -> None:
    for expression in (ODD, TEAM, TAGGED, PAIRS):
        params = Satisfies.model_validate({"select": DEPLOYMENTS, "expression": expression})
        assert KINDS["satisfies"].problems(params) == ()
