from typing import Any

import pytest

from labgrader.api.kinds import Routes
from labgrader.checks.finding import Outcome
from labgrader.checks.registry import KINDS
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import (
    Body,
    container,
    crashing,
    daemon_set,
    deployment,
    endpoint,
    endpoint_slice,
    pod,
    replica_set,
    service,
    stateful_set,
)

WEB = deployment()
OWNER = replica_set(WEB)


def own(name: str, **more: Any) -> Body:
    """A pod of the Deployment web."""
    return pod(name, OWNER, **more)


FIRST, SECOND = own("web-1"), own("web-2", ip="10.244.0.6")
BOTH = endpoint_slice("web", endpoint(FIRST), endpoint(SECOND))


def judge(*objects: Body, kind: str = "Deployment", name: str = "web", least: int = 2) -> Judged:
    to = {"kind": kind, "name": name}
    check = {"service": "web", "port": 80, "to": to, "endpoints": {"min": least}}
    return Namespace(list(objects)).judge(routes=check)


def test_a_service_that_reaches_the_pods_passes_in_one_round() -> None:
    judged = judge(WEB, OWNER, FIRST, SECOND, service(), BOTH)
    assert judged.finding.outcome is Outcome.PASSED
    assert len(judged.rounds) == 1
    assert judged.says("en") == ("Service web sends its traffic to 2 Ready pods of Deployment web.")
    assert judged.says("ko") == (
        "서비스 web이 디플로이먼트 web의 준비된 파드 2개로 트래픽을 보냅니다."
    )


@pytest.mark.parametrize("workload", [stateful_set("web"), daemon_set("web"), OWNER, WEB])
def test_every_workload_is_followed_by_uids(workload: Body) -> None:
    owner = OWNER if workload is WEB else workload
    mine = pod("mine", owner)
    judged = judge(
        workload,
        OWNER,
        mine,
        service(),
        endpoint_slice("web", endpoint(mine)),
        kind=workload["kind"],
        name=workload["metadata"]["name"],
        least=1,
    )
    assert judged.finding.outcome is Outcome.PASSED


def test_a_named_target_port_may_differ_between_pods() -> None:
    named = container(ports=[{"name": "http", "containerPort": 8080, "protocol": "TCP"}])
    mine = own("web-1", containers=[named])
    judged = judge(
        WEB,
        OWNER,
        mine,
        service(entry={"targetPort": "http", "name": "web"}),
        endpoint_slice("web", endpoint(mine), name="web"),
        least=1,
    )
    assert judged.finding.outcome is Outcome.PASSED


def test_both_address_families_of_a_pod_count_once() -> None:
    dual = own("web-1")
    dual["status"]["podIPs"].append({"ip": "fd00::5"})
    six = endpoint_slice("web", endpoint(dual, address="fd00::5"))
    judged = judge(WEB, OWNER, dual, service(), endpoint_slice("web", endpoint(dual)), six)
    assert (judged.finding.reason, judged.params["ready"]) == ("TooFewEndpoints", "1")


def foreign_owner() -> Body:
    return replica_set(deployment("other"), suffix="1111")


FOREIGN = pod("other-1", foreign_owner(), ip="10.244.0.9")
BARE = pod("bare", ip="10.244.0.9")
CLAIMING = pod("claiming", ip="10.244.0.9", labels={"app": "web", "owner": "web"})
NOBODY = {"addresses": ["10.9.9.9"], "conditions": {"ready": True}}
NO_CONDITIONS = {"addresses": ["10.9.9.9"], "conditions": {}}


@pytest.mark.parametrize(
    ("extra", "stray"),
    [
        ((FOREIGN,), endpoint(FOREIGN)),
        ((BARE,), endpoint(BARE)),
        ((CLAIMING,), endpoint(CLAIMING)),
        ((), NOBODY),
        ((), NO_CONDITIONS),
        ((), endpoint(FIRST, address="10.9.9.9")),
        ((), endpoint(own("gone", ip="10.9.9.9"))),
    ],
)
def test_an_endpoint_that_is_no_pod_of_the_workload_fails(
    extra: tuple[Body, ...], stray: Body
) -> None:
    slices = endpoint_slice("web", endpoint(FIRST), endpoint(SECOND), stray)
    judged = judge(WEB, OWNER, FIRST, SECOND, *extra, service(), slices)
    assert (judged.finding.outcome, judged.finding.reason) == (
        Outcome.FAILED,
        "EndpointNotOfWorkload",
    )


def test_an_owner_that_does_not_control_the_pod_proves_nothing() -> None:
    claimed = pod("claimed", OWNER, ip="10.244.0.9")
    claimed["metadata"]["ownerReferences"][0]["controller"] = False
    judged = judge(WEB, OWNER, claimed, service(), endpoint_slice("web", endpoint(claimed)))
    assert judged.finding.reason == "EndpointNotOfWorkload"


def test_only_the_endpoints_of_the_asked_port_count() -> None:
    both = service(ports=[{"port": 80, "name": "http"}, {"port": 81, "name": "metrics"}])
    metrics = endpoint_slice("web", endpoint(FIRST), endpoint(SECOND), port=81, name="metrics")
    http = endpoint_slice("web", endpoint(FIRST), port=80, name="http")
    judged = judge(WEB, OWNER, FIRST, SECOND, both, metrics, http)
    assert (judged.finding.reason, judged.params["ready"]) == ("TooFewEndpoints", "1")


def test_the_stray_endpoint_is_named() -> None:
    judged = judge(
        WEB, OWNER, FOREIGN, service(), endpoint_slice("web", endpoint(FOREIGN)), least=1
    )
    assert judged.says("en").startswith(
        "Service web should send traffic to pods of Deployment web only, but it also sends it to "
        "10.244.0.9 (Pod other-1). Look: kubectl -n kim get endpointslices"
    )
    assert judged.says("ko").startswith(
        "서비스 web은 디플로이먼트 web의 파드로만 트래픽을 보내야 하지만, "
        "10.244.0.9 (Pod other-1)에도 보냅니다."
    )


def test_a_stray_endpoint_without_a_pod_is_named_by_its_address() -> None:
    bare = endpoint_slice("web", {"addresses": ["10.9.9.9"]})
    judged = judge(WEB, OWNER, service(), bare, least=1)
    assert "it also sends it to 10.9.9.9. Look:" in judged.says("en")
    assert " 10.9.9.9에도 보냅니다." in judged.says("ko")


@pytest.mark.parametrize(
    ("chosen", "port"),
    [(service(selector={"app": "wbe"}), 8080), (service(), 9090)],
)
def test_endpoints_that_the_service_does_not_lead_to_are_written_by_hand(
    chosen: Body, port: int
) -> None:
    slices = endpoint_slice("web", endpoint(FIRST), endpoint(SECOND), port=port)
    judged = judge(WEB, OWNER, FIRST, SECOND, chosen, slices)
    assert judged.finding.reason == "EndpointNotSelected"


def test_a_pod_that_is_not_ready_does_not_count_whatever_the_slice_says() -> None:
    sick = own("web-2", ip="10.244.0.6", statuses=[crashing(3)])
    slices = endpoint_slice("web", endpoint(FIRST), endpoint(sick, ready=True))
    judged = judge(WEB, OWNER, FIRST, sick, service(publishNotReadyAddresses=True), slices)
    assert (judged.finding.reason, judged.params["ready"]) == ("TooFewEndpoints", "1")
    assert judged.causes == ("CrashLoopSilent",)


def test_endpoints_that_are_not_ready_are_nobodys_fault() -> None:
    leaving = endpoint(FOREIGN, ready=False)
    slices = endpoint_slice("web", endpoint(FIRST), endpoint(SECOND), leaving)
    judged = judge(WEB, OWNER, FIRST, SECOND, FOREIGN, service(), slices)
    assert judged.finding.outcome is Outcome.PASSED


def test_a_selector_that_matches_nothing_is_told_with_the_nearest_labels() -> None:
    other = pod("cache-1", labels={"role": "cache"}, ip="10.244.0.8")
    judged = judge(
        WEB,
        OWNER,
        FIRST,
        SECOND,
        other,
        service(selector={"app": "wbe"}),
        endpoint_slice("web"),
    )
    assert judged.says("en") == (
        "Service web should reach at least 2 Ready pods of Deployment web on port 80, "
        "but it reaches 0. The selector of Service web (app=wbe) matches no pod; the nearest, "
        "pod web-1, has the labels app=web. Look: kubectl -n kim get pods --show-labels"
    )
    assert judged.says("ko") == (
        "서비스 web의 포트 80은 디플로이먼트 web의 준비된 파드 2개 이상으로 이어져야 하지만 "
        "0개로 이어집니다. 서비스 web의 셀렉터(app=wbe)에 맞는 파드가 없습니다. 가장 비슷한 파드 "
        "web-1의 레이블은 app=web입니다. 확인: kubectl -n kim get pods --show-labels"
    )


def test_a_selector_that_chooses_other_pods_is_told_with_one_of_them() -> None:
    judged = judge(
        WEB,
        OWNER,
        FIRST,
        service(selector={"app": "web", "tier": "db"}),
        endpoint_slice("web"),
        pod("db-1", labels={"app": "web", "tier": "db"}),
    )
    assert judged.causes == ("SelectorMatchesOthers",)
    assert "db-1" in judged.says("en")


def test_a_port_name_that_no_container_has_is_told_with_the_ports_there_are() -> None:
    named = container(ports=[{"name": "http", "containerPort": 8080}, {"containerPort": 9090}])
    judged = judge(
        WEB,
        OWNER,
        own("web-1", containers=[named]),
        service(entry={"targetPort": "web"}),
        endpoint_slice("web"),
    )
    assert judged.causes == ("TargetPortNotNamed",)
    assert "8080 (http), 9090" in judged.says("ko")


def test_without_pods_the_workload_explains() -> None:
    empty = deployment(replicas=0)
    judged = judge(empty, service(), endpoint_slice("web"))
    assert judged.causes == ("NoReplicas",)


@pytest.mark.parametrize(
    ("objects", "reason", "words"),
    [
        ([WEB], "NotFound", "There should be a Service named web"),
        ([service()], "NotFound", "There should be a Deployment named web"),
        (
            [WEB, service(port=8080)],
            "ServicePortMissing",
            "should offer port 80, but it offers 8080",
        ),
        (
            [WEB, service(entry={"protocol": "UDP"})],
            "ServicePortMissing",
            "but it offers 80/UDP",
        ),
        ([WEB, service(selector={})], "ServiceWithoutSelector", "by a selector"),
        (
            [
                WEB,
                service(type="ExternalName", externalName="web.lee.svc.cluster.local", ports=None),
            ],
            "ServiceExternalName",
            "leads to web.lee.svc.cluster.local",
        ),
    ],
)
def test_what_cannot_route_at_all_fails(objects: list[Body], reason: str, words: str) -> None:
    judged = judge(*objects)
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, reason)
    assert words in judged.says("en")


def test_what_runs_no_pods_is_refused_before_grading() -> None:
    to = {"kind": "Job", "name": "x"}
    params = Routes.model_validate({"service": "web", "port": 80, "to": to})
    assert [problem.reason for problem in KINDS["routes"].problems(params)] == ["Invalid"]
    assert judge(kind="Job", name="x").finding.outcome is Outcome.ERROR
