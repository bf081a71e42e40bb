"""Services at their edges: which endpoint leads astray, and who explains that there are none."""

import pytest

from labgrader.api.kinds import Routes
from labgrader.checks.finding import Outcome
from labgrader.checks.registry import KINDS
from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import (
    Body,
    deployment,
    endpoint,
    endpoint_slice,
    pod,
    replica_set,
    service,
)

WEB = deployment()
OWNER = replica_set(WEB)
FIRST, SECOND = pod("web-1", OWNER), pod("web-2", OWNER, ip="10.244.0.6")
BOTH = endpoint_slice("web", endpoint(FIRST), endpoint(SECOND))
SLICES = "kubectl -n kim get endpointslices -l kubernetes.io/service-name=web -o wide"


def judge(*objects: Body, kind: str = "Deployment", name: str = "web", least: int = 2) -> Judged:
    to = {"kind": kind, "name": name}
    check = {"service": "web", "port": 80, "to": to, "endpoints": {"min": least}}
    return Namespace(list(objects)).judge(routes=check)


def test_an_endpoint_written_by_hand_is_told_with_its_port() -> None:
    slices = endpoint_slice("web", endpoint(FIRST), endpoint(SECOND), port=9090)
    judged = judge(WEB, OWNER, FIRST, SECOND, service(), slices)
    assert judged.says("en") == (
        "Service web sends traffic to port 9090 of 10.244.0.5 (Pod web-1), where its selector and "
        f"targetPort do not lead. Look: {SLICES}"
    )
    assert judged.says("ko") == (
        "서비스 web이 10.244.0.5 (Pod web-1)의 포트 9090으로 트래픽을 보내지만, 서비스의 셀렉터와 "
        f"targetPort는 그곳을 가리키지 않습니다. 확인: {SLICES}"
    )


@pytest.mark.parametrize(
    ("objects", "en", "ko"),
    [
        (
            [WEB, service(port=8080)],
            "Service web should offer port 80, but it offers 8080.",
            "서비스 web은 포트 80을 열어야 하지만, 열린 포트는 8080입니다.",
        ),
        (
            [WEB, service(selector={})],
            "Service web should choose its pods by a selector, but it has none.",
            "서비스 web은 셀렉터로 파드를 골라야 하지만 셀렉터가 없습니다.",
        ),
        (
            [WEB, service(type="ExternalName", externalName="web.lee", ports=None)],
            (
                "Service web should lead to pods of namespace kim, but it is of type ExternalName "
                "and leads to web.lee."
            ),
            (
                "서비스 web은 네임스페이스 kim의 파드로 이어져야 하지만, ExternalName 유형이라 "
                "web.lee로 이어집니다."
            ),
        ),
    ],
)
def test_what_cannot_route_at_all_is_told(objects: list[Body], en: str, ko: str) -> None:
    judged = judge(*objects)
    assert judged.says("en") == f"{en} Look: kubectl -n kim get service web -o yaml"
    assert judged.says("ko") == f"{ko} 확인: kubectl -n kim get service web -o yaml"


def test_a_kind_without_pods_is_the_fault_of_the_check() -> None:
    to = {"kind": "Job", "name": "x"}
    params = Routes.model_validate({"service": "web", "port": 80, "to": to})
    (problem,) = KINDS["routes"].problems(params)
    assert problem.text == (
        "routes knows Deployment, StatefulSet, DaemonSet, ReplicaSet, Pod, not Job"
    )
    judged = judge(kind="Job", name="x")
    assert judged.says("en") == (
        "The check asks for the pods of a Job, but that kind runs no pods."
    )
    sound = {"service": "web", "port": 80, "to": {"kind": "Deployment", "name": "x"}}
    assert KINDS["routes"].problems(Routes.model_validate(sound)) == ()


@pytest.mark.parametrize(("least", "outcome"), [(1, "Passed"), (2, "Passed"), (3, "Failed")])
def test_enough_is_as_many_as_asked(least: int, outcome: str) -> None:
    judged = judge(WEB, OWNER, FIRST, SECOND, service(), BOTH, least=least)
    assert judged.finding.outcome == outcome
    assert judged.params["ready"] == "2"


def test_one_pod_alone_is_followed_by_its_uid() -> None:
    alone = pod("alone", labels={"app": "web"})
    slices = endpoint_slice("web", endpoint(alone))
    judged = judge(alone, service(), slices, kind="Pod", name="alone", least=1)
    assert judged.finding.outcome is Outcome.PASSED
    other = judge(alone, FIRST, OWNER, service(), slices, kind="Pod", name="web-1", least=1)
    assert other.finding.reason == "EndpointNotOfWorkload"


def test_pods_that_are_leaving_explain_nothing_the_workload_does() -> None:
    leaving = pod("web-1", OWNER)
    leaving["metadata"]["deletionTimestamp"] = "2026-03-02T10:00:00Z"
    empty = deployment(replicas=0)
    chosen = service(selector={"app": "wbe"})
    judged = judge(empty, OWNER, leaving, chosen, endpoint_slice("web"))
    assert judged.causes == ("NoReplicas", "PodTerminating")
    living = judge(empty, OWNER, FIRST, chosen, endpoint_slice("web"))
    assert living.causes == ("SelectorMatchesNothing",)
