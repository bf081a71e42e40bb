from typing import Any

import pytest

from labgrader.api.kinds import Resolves
from labgrader.checks.finding import Outcome
from labgrader.checks.registry import KINDS
from labgrader.checks.scope import Scope
from labgrader.evidence.requests import LookUp, Origin
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import (
    NAMESPACE,
    Body,
    endpoint,
    endpoint_slice,
    pod,
    service,
    stateful_set,
    unready,
)
from tests.unit.checks.test_connects import policy

DB = stateful_set("db")
FIRST = pod("db-0", DB, hostname="db-0", subdomain="db")
SECOND = pod("db-1", DB, ip="10.244.0.6", hostname="db-1", subdomain="db")
HEADLESS = service("db", clusterIP="None")
SLICE = endpoint_slice("db", endpoint(FIRST), endpoint(SECOND))
SET = {"kind": "StatefulSet", "name": "db"}
BOTH = {"addresses": ["10.244.0.5", "10.244.0.6"]}


def judge(*objects: Body, dns: Any = None, **params: Any) -> Judged:
    return Namespace(list(objects), dns=dns or {}).judge(resolves={"service": "db", **params})


def test_a_services_name_leads_to_its_address() -> None:
    judged = judge(service("db"), dns={"db": {"addresses": ["10.96.0.20"]}})
    assert judged.finding.outcome is Outcome.PASSED
    assert judged.says("en") == (
        "The name db.kim.svc.cluster.local is found and leads to 10.96.0.20, as expected."
    )
    assert judged.says("ko") == (
        "이름 db.kim.svc.cluster.local을 찾을 수 있고, 기대한 대로 10.96.0.20을 가리킵니다."
    )


def test_the_grader_asks_itself_unless_the_pod_matters() -> None:
    judged = judge(service("db"), dns={"db": {"addresses": ["10.96.0.20"]}})
    assert judged.rounds[-1] == (LookUp(Origin(), NAMESPACE, "db"),)
    seen_by = {"from": {"labels": {"role": "front"}}}
    judged = judge(service("db"), dns={"db": {"addresses": ["10.96.0.20"]}}, **seen_by)
    front = Origin(NAMESPACE, (("role", "front"),))
    assert judged.rounds[-1] == (LookUp(front, NAMESPACE, "db"),)


def test_a_headless_services_name_leads_to_all_ready_pods() -> None:
    there = (DB, FIRST, SECOND, HEADLESS, SLICE)
    judged = judge(*there, dns={"db": BOTH}, pods=SET)
    assert judged.finding.outcome is Outcome.PASSED
    assert judged.params["seen"] == "10.244.0.5, 10.244.0.6"


def test_another_pod_behind_the_name_is_told() -> None:
    stray = pod("other", ip="10.244.0.7")
    slices = endpoint_slice("db", endpoint(FIRST), endpoint(SECOND), endpoint(stray))
    judged = judge(DB, FIRST, SECOND, stray, HEADLESS, slices, dns={"db": BOTH}, pods=SET)
    assert judged.finding.reason == "EndpointNotOfWorkload"
    assert judged.params["target"] == "10.244.0.7 (Pod other)"


def test_pods_that_are_not_ready_have_no_name() -> None:
    sick = pod("db-0", DB, statuses=[unready()])
    slices = endpoint_slice("db", endpoint(sick, ready=False))
    judged = judge(DB, sick, HEADLESS, slices, pods=SET)
    assert judged.finding.reason == "NoReadyPodToReach"
    assert judged.causes == ("PodNotReadyYet",)


def test_a_name_that_leads_elsewhere_says_both() -> None:
    judged = judge(service("db"), dns={"db": {"addresses": ["10.96.0.99"]}})
    assert judged.says("en").startswith(
        "The name db must lead pods in kim to 10.96.0.20, but it leads to 10.96.0.99."
    )
    assert judged.says("ko").startswith(
        "kim의 파드에게 이름 db는 10.96.0.20을 가리켜야 하지만, 실제로는 10.96.0.99를 가리킵니다."
    )


def test_a_pods_own_name_needs_hostname_and_subdomain() -> None:
    dns = {"db-0.db": {"addresses": ["10.244.0.5"]}}
    assert judge(FIRST, HEADLESS, dns=dns, host="db-0").finding.outcome is Outcome.PASSED
    plain = pod("db-0", DB)
    judged = judge(plain, HEADLESS, dns=dns, host="db-0")
    assert judged.finding.reason == "NoPodOfThatName"
    assert "serviceName" in judged.says("ko")


def test_a_port_is_found_by_its_name() -> None:
    named = service("db", entry={"name": "sql"}, port=5432)
    dns = {"_sql._tcp.db": {"services": [("db.kim.svc.cluster.local", 5432)]}}
    assert judge(named, dns=dns, portName="sql").finding.outcome is Outcome.PASSED
    dns = {"_sql._tcp.db": {"services": [("db.kim.svc.cluster.local", 3306)]}}
    assert judge(named, dns=dns, portName="sql").finding.reason == "NameLeadsElsewhere"


def test_a_headless_services_port_is_the_pods() -> None:
    named = service("db", clusterIP="None", entry={"name": "sql", "targetPort": 5432}, port=80)
    dns = {"_sql._tcp.db": {"services": [("a", 5432), ("b", 5432)]}}
    judged = judge(FIRST, SECOND, named, SLICE, dns=dns, portName="sql")
    assert judged.finding.outcome is Outcome.PASSED


def test_silence_is_the_learners_doing_only_behind_the_own_policy() -> None:
    front = {"from": {"labels": {"role": "front"}}}
    shut = policy("shut", podSelector={}, policyTypes=["Egress"])
    held = {"db": {"addresses": ["10.96.0.20"]}, "role=front > db": "timeout"}
    judged = judge(service("db"), shut, dns=held, **front)
    assert judged.finding.reason == "NameServerOutOfReach"
    assert set(judged.rounds[-1]) == {
        Scope(NAMESPACE).all("NetworkPolicy"),
        LookUp(Origin(), NAMESPACE, "db"),
    }
    assert judged.causes == ("PoliciesHoldBack",)
    assert "port 53, UDP and TCP" in judged.says("en")
    assert "53번 포트(UDP와 TCP)" in judged.says("ko")
    for params, said in (
        ({}, {"db": "timeout"}),
        (front, held | {"role=front > db": "failed"}),
        (front, held | {"db": "timeout"}),
        (front, held | {"db": "failed"}),
    ):
        judged = judge(service("db"), shut, dns=said, **params)
        assert judged.finding.outcome is Outcome.UNKNOWN
        assert judged.finding.transient


def test_a_policy_keeps_the_pod_from_dns_also_where_the_name_must_not_be_there() -> None:
    shut = policy("shut", podSelector={}, policyTypes=["Egress"])
    asked: dict[str, Any] = {"from": {"labels": {"role": "front"}}, "found": False}
    judged = judge(shut, dns={"role=front > db": "timeout"}, **asked)
    assert judged.finding.reason == "NameServerOutOfReach"


def test_a_name_that_must_not_be_there_proves_nothing_by_itself() -> None:
    absent = Resolves(service="old", found=False)
    assert KINDS["resolves"].hollow(absent)
    assert not KINDS["resolves"].hollow(Resolves(service="db"))
    assert judge(found=False).finding.reason == "NameNotThere"
    assert judge(found=False, dns={"db": BOTH}).finding.reason == "NameIsThere"


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"pods": SET, "external": "a.b"}, "set one of pods, external, host, portName"),
        ({"host": "db-0", "portName": "sql"}, "not host and portName"),
        ({"found": False, "external": "a.b"}, "a name that must not be found stands for nothing"),
        ({"pods": {"kind": "Job", "name": "j"}}, "resolves knows Deployment"),
        ({"from": {"labels": {"labgrader.dev/x": "y"}}}, "is the grader's own"),
    ],
)
def test_params_that_ask_for_nonsense_are_refused(params: Any, complaint: str) -> None:
    asked = Resolves.model_validate({"service": "db", **params})
    told = [problem.text for problem in KINDS["resolves"].problems(asked)]
    assert any(complaint in text for text in told), told
