"""What is told of each way to differ, in both languages, and what clauses share."""

from typing import Any

import pytest

from labgrader.api.kinds import Matches
from labgrader.checks.finding import Outcome
from labgrader.checks.registry import KINDS
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import Body, container, deployment

WEB = {"kind": "Deployment", "name": "web"}
LOOK = {
    "en": " Look: kubectl -n kim get deployment web -o yaml",
    "ko": " 확인: kubectl -n kim get deployment web -o yaml",
}
AT = "spec.template.spec.containers[web]"


def web() -> Body:
    body = deployment()
    seen = container(ports=[{"containerPort": 80, "protocol": "TCP"}], args=["a", "b"])
    body["spec"]["template"]["spec"]["containers"] = [seen]
    return body


@pytest.mark.parametrize(
    ("fields", "en", "ko"),
    [
        (
            {"image": "(absent)"},
            f"Deployment web should not have {AT}.image, but it is set: web:1.",
            f"디플로이먼트 web에 {AT}.image 필드가 없어야 하지만 있습니다. 실제 값: web:1.",
        ),
        (
            {"tty": True},
            f"Deployment web should have {AT}.tty: expected true, but it is not set.",
            (
                f"디플로이먼트 web에 {AT}.tty 필드가 있어야 하지만 설정되어 있지 않습니다. "
                "기대한 값: true."
            ),
        ),
        (
            {"ports": [{"containerPort": 80}, {"containerPort": 81}]},
            (
                f"Deployment web has no item {AT}.ports[containerPort=81] as expected: expected "
                '{"containerPort": 81}, found 80.'
            ),
            (
                f"디플로이먼트 web의 {AT}.ports[containerPort=81]에 기대한 항목이 없습니다. "
                '기대한 항목: {"containerPort": 81}, 실제 항목: 80.'
            ),
        ),
        (
            {"ports": [{"protocol": "TCP"}, {"containerPort": 80}]},
            (
                f"Deployment web has too few items in {AT}.ports: one more must be "
                '{"containerPort": 80}. Found [{"containerPort": 80, "protocol": "TCP"}].'
            ),
            (
                f"디플로이먼트 web의 {AT}.ports에 항목이 모자랍니다. 더 필요한 항목: "
                '{"containerPort": 80}, 실제 항목: [{"containerPort": 80, "protocol": "TCP"}].'
            ),
        ),
        (
            {"args": ["b", "a"]},
            (
                f'Deployment web differs at {AT}.args: expected ["b", "a"] in this order, '
                'found ["a", "b"].'
            ),
            (
                f"디플로이먼트 web의 {AT}.args 필드가 다릅니다. 기대한 순서: "
                '["b", "a"], 실제 값: ["a", "b"].'
            ),
        ),
    ],
)
def test_each_way_to_differ_is_told(fields: dict[str, Any], en: str, ko: str) -> None:
    expect = {"spec": {"template": {"spec": {"containers": [{"name": "web", **fields}]}}}}
    judged = Namespace([web()]).judge(matches={"object": WEB, "expect": expect})
    assert judged.finding.outcome is Outcome.FAILED
    assert judged.says("en") == en + LOOK["en"]
    assert judged.says("ko") == ko + LOOK["ko"]


@pytest.mark.slow
def test_an_object_that_is_too_large_is_told() -> None:
    body = web()
    body["spec"]["template"]["spec"]["volumes"] = [{"name": f"v{n}"} for n in range(30_000)]
    wanted = [{"name": f"~=^w{n}$"} for n in range(40)]
    expect = {"spec": {"template": {"spec": {"volumes": wanted}}}}
    for check in ({"expect": expect}, {"clauses": [{"expect": expect}, {"expect": {"a": 1}}]}):
        judged = Namespace([body]).judge(matches={"object": WEB, **check})
        assert judged.says("en") == (
            "Deployment web has too many fields to be compared with what is expected. "
            "Keep only what the exercise asks for." + LOOK["en"]
        )
        assert judged.says("ko") == (
            "디플로이먼트 web에 필드가 너무 많아 기대한 내용과 비교할 수 없습니다. "
            "연습 문제에서 요구하는 내용만 남기세요." + LOOK["ko"]
        )


def test_what_fits_is_told_of_the_object() -> None:
    judged = Namespace([web()]).judge(matches={"object": WEB, "expect": {"spec": "(present)"}})
    assert judged.says("en") == "Deployment web has all the expected fields."


def test_an_expectation_beside_one_clause_is_a_rule_of_its_own() -> None:
    expect = {"spec": {"replicas": 2}}
    params = Matches.model_validate(
        {"object": WEB, "expect": expect, "clauses": [{"expect": expect}]}
    )
    assert KINDS["matches"].problems(params) == ()
    both = Matches.model_validate({"object": WEB, "clauses": [{"expect": expect}] * 2})
    assert KINDS["matches"].problems(both) == ()


def test_problems_of_a_lone_clause_are_told_with_its_pointlessness() -> None:
    params = Matches.model_validate({"object": WEB, "clauses": [{"expect": {"a": None}}]})
    found = KINDS["matches"].problems(params)
    assert [problem.reason for problem in found] == ["Invalid", "PointlessRule"]
