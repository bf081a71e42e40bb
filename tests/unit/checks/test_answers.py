from typing import Any

import pytest

from labgrader.api.kinds import Answers
from labgrader.checks.finding import Outcome
from labgrader.checks.registry import KINDS
from labgrader.evidence.answers import HttpAnswer, NoHttpAnswer
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import (
    Body,
    container,
    crashing,
    endpoint,
    endpoint_slice,
    meta,
    pod,
    service,
)

POD = pod(containers=[container(ports=[{"name": "http", "containerPort": 8080}])])
BEHIND = [service(), POD, endpoint_slice("web", endpoint(POD))]
OK = HttpAnswer(200, "hello from web-1\n")


def judge(http: Any, *objects: Body, logs: Any = None, **more: Any) -> Judged:
    check = {"service": "web", "port": 80, "path": "/hi", **more}
    namespace = Namespace(list(objects or BEHIND), http=http, logs=logs or {})
    return namespace.judge(answers=check)


def test_an_answer_as_expected_passes() -> None:
    judged = judge(OK, status=200, body="~=^hello")
    assert judged.finding.outcome is Outcome.PASSED
    assert [len(requests) for requests in judged.rounds] == [3, 1]
    assert judged.says("ko") == "http://web:80/hi가 기대한 대로 상태 코드 200으로 응답합니다."


@pytest.mark.parametrize(
    ("expected", "text", "passes"),
    [
        ("hello", "hello", True),
        ("hello", "hello\n", True),
        ("hello", "hello!", False),
        (">=2", " 3\n", True),
        (">=2", "1", False),
        ("!=sick", "fine", True),
        ("=>=2", ">=2", True),
        ("~=v[0-9]+", "version v2", True),
    ],
)
def test_bodies_are_compared_as_other_texts_are(expected: str, text: str, *, passes: bool) -> None:
    judged = judge(HttpAnswer(200, text), body=expected)
    assert (judged.finding.outcome is Outcome.PASSED) is passes


def test_another_status_is_told_with_the_answer() -> None:
    judged = judge(HttpAnswer(404, "404 page\nnot found"))
    assert judged.says("en") == (
        "http://web:80/hi should answer with status 200, but it answers with 404: "
        '"404 page not found". Look: kubectl -n kim describe service web'
    )
    assert judged.says("ko") == (
        "http://web:80/hi는 상태 코드 200으로 응답해야 하지만 404로 응답합니다. "
        '응답: "404 page not found". 확인: kubectl -n kim describe service web'
    )


def test_an_expected_error_status_passes() -> None:
    assert judge(HttpAnswer(503, "busy"), status=503).finding.outcome is Outcome.PASSED


def test_a_server_error_is_told_with_what_the_server_logged() -> None:
    judged = judge(HttpAnswer(500, ""), logs={"web-1": ["panic: no database"]})
    assert judged.causes == ("LastLogLine",)
    assert 'The last log line of pod web-1: "panic: no database".' in judged.says("en")


def test_another_body_is_told() -> None:
    judged = judge(OK, body="bye")
    assert judged.finding.reason == "WrongBody"
    assert 'expected bye, found "hello from web-1".' in judged.says("en")


def test_a_port_where_nothing_listens_is_told_with_the_declared_ports() -> None:
    wrong = service(entry={"targetPort": 8081})
    slices = endpoint_slice("web", endpoint(POD), port=8081)
    judged = judge(NoHttpAnswer("refused"), wrong, POD, slices)
    assert judged.says("en") == (
        "http://web:80/hi should answer, but the connection is refused. The Service sends traffic "
        "to port 8081, where nothing in pod web-1 listens; the ports that it declares: "
        "8080 (http). Look: kubectl -n kim describe pod web-1"
    )
    assert judged.says("ko") == (
        "http://web:80/hi가 응답해야 하지만 연결이 거부됩니다. 서비스가 포트 8081로 트래픽을 "
        "보내지만, 파드 web-1에서 그 포트를 열고 있는 프로그램이 없습니다. 파드에 선언된 포트: "
        "8080 (http). 확인: kubectl -n kim describe pod web-1"
    )


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        ("refused", "ConnectionRefused"),
        ("reset", "ConnectionReset"),
        ("not-http", "NotHttp"),
        ("timeout", "NoAnswerInTime"),
        ("unreachable", "NoAnswerInTime"),
    ],
)
def test_each_way_not_to_answer_has_its_reason(why: str, reason: str) -> None:
    judged = judge(NoHttpAnswer(why))
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, reason)


def policy(name: str, selector: Any, *types: str) -> Body:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": meta(name),
        "spec": {"podSelector": selector, "policyTypes": list(types)},
    }


def test_policies_that_may_keep_the_request_out_are_named() -> None:
    policies = [
        policy("deny-all", {}, "Ingress"),
        policy("web-only", {"matchLabels": {"app": "web"}}, "Ingress", "Egress"),
        policy("other-pods", {"matchLabels": {"app": "db"}}, "Ingress"),
        policy("outgoing", {}, "Egress"),
    ]
    judged = judge(NoHttpAnswer("timeout"), *BEHIND, *policies)
    assert judged.causes == ("PoliciesRestrict",)
    assert "keep the request out: deny-all, web-only." in judged.says("en")


SICK = pod(statuses=[crashing(3)])


@pytest.mark.parametrize(
    ("objects", "reason", "causes"),
    [
        ([], "NotFound", ()),
        ([service(port=81)], "ServicePortMissing", ()),
        (
            [service(type="ExternalName", externalName="other.example.com")],
            "ServiceExternalName",
            (),
        ),
        ([service(), endpoint_slice("web")], "NoEndpoints", ("NoPods",)),
        ([service(selector={}), POD], "NoEndpoints", ("NoSelector",)),
        (
            [service(selector={"app": "wbe"}), POD, endpoint_slice("web")],
            "NoEndpoints",
            ("SelectorMatchesNothing",),
        ),
        (
            [service(), SICK, endpoint_slice("web", endpoint(SICK, ready=False))],
            "NoEndpoints",
            ("CrashLoopSilent",),
        ),
        (
            [service(selector={}), POD, endpoint_slice("web", {"addresses": ["10.96.0.5"]})],
            "EndpointElsewhere",
            (),
        ),
        (
            [service(), POD, endpoint_slice("web", endpoint(POD, address="10.96.0.5"))],
            "EndpointElsewhere",
            (),
        ),
    ],
)
def test_a_service_that_leads_to_no_pod_of_the_namespace_fails_unasked(
    objects: list[Body], reason: str, causes: tuple[str, ...]
) -> None:
    there = objects or [POD]
    judged = judge(None, *there)
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, reason)
    assert judged.causes == causes


def test_own_endpoints_of_own_pods_may_answer() -> None:
    judged = judge(OK, service(selector={}), POD, endpoint_slice("web", endpoint(POD)))
    assert judged.finding.outcome is Outcome.PASSED


def test_a_bad_pattern_is_found_before_grading() -> None:
    params = Answers.model_validate({"service": "web", "port": 80, "body": "~=("})
    (problem,) = KINDS["answers"].problems(params)
    assert problem.reason == "BadPattern"
    assert problem.text.startswith("body: ")


def test_a_headless_service_maps_no_port() -> None:
    headless = service(clusterIP="None")
    judged = judge(OK, headless, *BEHIND[1:])
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "HeadlessPort")
    assert "on port 80, but the pods listen on 8080" in judged.says("en")


def test_a_headless_service_on_the_pods_own_port_is_fine() -> None:
    headless = service(clusterIP="None", port=8080)
    check = {"service": "web", "port": 8080, "path": "/"}
    judged = Namespace([headless, *BEHIND[1:]], http=OK).judge(answers=check)
    assert judged.finding.outcome is Outcome.PASSED
