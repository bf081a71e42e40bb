"""What stands behind a Service, and why nothing does, with everything that is told."""

from typing import Any

import pytest

from labgrader.checks.diagnosis.behind import Behind, behind, outside
from labgrader.checks.diagnosis.endpoints import (
    Endpoint,
    receiving,
    selects,
    service_port,
    slices_of,
    target_port,
)
from labgrader.checks.diagnosis.service import (
    declared,
    labels_text,
    refusing,
    without_endpoints,
)
from labgrader.checks.finding import Cause, Finding, cause, failed
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Found, Items
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import MissingEvidence, Snapshot
from tests.unit.checks.objects import (
    Body,
    container,
    endpoint,
    endpoint_slice,
    event,
    pod,
    service,
    unready,
)

SCOPE = Scope("kim")
POD = pod(containers=[container(ports=[{"name": "http", "containerPort": 8080}])])
ENTRY = service()["spec"]["ports"][0]
EVENTS: dict[Request, Answer] = {SCOPE.all("Event"): Items(())}


def ported(*ports: Body, **more: Any) -> Body:
    return pod(containers=[container(ports=list(ports))], **more)


def lacking(pods: list[Body], of: Body | None = None, *around: Body) -> tuple[Cause, ...]:
    there = of or service()
    seen = Behind(there, there["spec"]["ports"][0], (), (*pods, *around))
    return without_endpoints(SCOPE, Snapshot(EVENTS), seen, pods)


def leaving(name: str = "web-9") -> Body:
    body = pod(name)
    body["metadata"]["deletionTimestamp"] = "2026-03-02T09:30:00Z"
    return body


def test_no_pods_at_all() -> None:
    assert lacking([]) == lacking([leaving()]) == (cause("NoPods", namespace="kim"),)


def test_the_pod_most_alike_is_told_where_the_selector_matches_nothing() -> None:
    other = service(selector={"app": "web", "tier": "front"})
    pods = [
        pod("web-1", labels={"app": "db", "tier": "back"}),
        pod("web-2", labels={"app": "web", "tier": "from"}),
        pod("web-3", labels={"app": "wab"}),
    ]
    told = {"service": "web", "namespace": "kim", "selector": "app=web, tier=front"}
    near = {"pod": "web-2", "labels": "app=web, tier=from"}
    assert lacking(pods, other) == (cause("SelectorMatchesNothing", **told, **near),)
    alike = [pod(n, labels={"tier": tier}) for n, tier in (("a", "x"), ("b", "fronts"), ("c", "y"))]
    assert dict(lacking(alike, other)[0].params)["pod"] == "b"
    equal = [pod("a", labels={"app": "webb", "tier": "fron"}), pod("b", labels={"app": "web"})]
    assert dict(lacking(equal, other)[0].params)["pod"] == "b"
    bare = [pod("web-4", labels={})]
    assert lacking(bare, other) == (
        cause("SelectorMatchesNothing", **told, pod="web-4", labels="-"),
    )


def test_another_workloads_pods_that_are_chosen_are_told() -> None:
    mine = [pod("db-1", labels={"app": "db"})]
    told = {"service": "web", "namespace": "kim", "selector": "app=web", "other": "web-1"}
    assert lacking(mine, None, pod("web-1"), pod("web-2")) == (
        cause("SelectorMatchesOthers", **told, pod="db-1", labels="app=db"),
    )


def test_a_named_port_that_a_pod_lacks_is_told() -> None:
    named = service(entry={"targetPort": "web"})
    pods = [ported({"name": "web", "containerPort": 1}), ported({"containerPort": 9}, name="web-2")]
    assert lacking(pods, named) == (
        cause("TargetPortNotNamed", service="web", port="web", pod="web-2", ports="9"),
    )


def test_pods_that_are_not_ready_are_told_by_their_own_causes() -> None:
    waits = pod(statuses=[unready()])
    assert lacking([waits]) == (cause("PodNotReadyYet", pod="web-1", namespace="kim"),)
    assert lacking([POD]) == ()
    assert lacking([waits, pod("db", labels={})]) == lacking([waits])
    said = event(waits, "FailedMount", "no volume")
    seen = Behind(service(), ENTRY, (), (waits,))
    snapshot = Snapshot({SCOPE.all("Event"): Items((said,))})
    assert without_endpoints(SCOPE, snapshot, seen, [waits]) == (
        cause("VolumeFails", pod="web-1", namespace="kim", detail="no volume"),
    )


def test_where_nothing_listens_the_declared_ports_are_told() -> None:
    body = ported({"name": "http", "containerPort": 8080}, {"containerPort": 9090})
    told = {"pod": "web-1", "namespace": "kim", "port": 8080}
    assert refusing(ENTRY, body) == cause("NothingListens", **told, ports="8080 (http), 9090")
    assert refusing(ENTRY, pod()) == cause("NothingListens", **told, ports="-")
    named = refusing({"port": 80, "targetPort": "http"}, body)
    assert named == cause("NothingListens", **told, ports="8080 (http), 9090")


def test_ports_of_containers_that_stay_are_declared() -> None:
    stays = container("proxy", restartPolicy="Always", ports=[{"containerPort": 1}])
    ends = container("init", ports=[{"containerPort": 2}])
    body = pod(initContainers=[ends, stays], containers=[container(ports=[{"containerPort": 3}])])
    assert declared(body) == "3, 1"
    assert (labels_text({"b": "2", "a": "1"}), labels_text({})) == ("a=1, b=2", "-")


def test_a_services_port_is_one_of_tcp() -> None:
    ports = [{"port": 80, "protocol": "UDP"}, {"port": 80, "name": "a"}, {"port": 81}]
    of = {"spec": {"ports": ports}}
    assert service_port(of, 80) == ports[1]
    assert service_port(of, 81) == ports[2]
    assert service_port(of, 82) is service_port({"spec": {"ports": None}}, 80) is None


@pytest.mark.parametrize(
    ("target", "ports", "number"),
    [
        ({"targetPort": 9}, [], 9),
        ({}, [], 80),
        (
            {"targetPort": "a"},
            [{"name": "b", "containerPort": 1}, {"name": "a", "containerPort": 2}],
            2,
        ),
        ({"targetPort": "a"}, [{"name": "a", "containerPort": 1, "protocol": "UDP"}], None),
        ({"targetPort": "a"}, [{"containerPort": 1}], None),
    ],
)
def test_a_target_port_is_a_number_in_the_end(
    target: Body, ports: list[Body], number: int | None
) -> None:
    assert target_port({"port": 80, **target}, ported(*ports)) == number


def test_a_selector_chooses_by_all_its_labels() -> None:
    assert selects(service(), pod())
    assert not selects(service(selector={"app": "web", "x": "y"}), pod())
    assert not selects(service(selector={}), pod())
    assert not selects(service(), {"metadata": {"labels": None}})


def received(piece: Body, *pods: Body, **entry: Any) -> tuple[Endpoint, ...]:
    return receiving([piece], {"port": 80, **entry}, pods)


def test_an_endpoint_is_a_pod_by_uid_and_address() -> None:
    mine = Endpoint("10.244.0.5", 8080, "10.244.0.5 (Pod web-1)", POD)
    assert received(endpoint_slice("web", endpoint(POD)), POD) == (mine,)
    nobody = Endpoint("10.244.0.5", 8080, "10.244.0.5 (Pod web-1)", None)
    assert received(endpoint_slice("web", endpoint(POD))) == (nobody,)
    elsewhere = Endpoint("10.9.9.9", 8080, "10.9.9.9 (Pod web-1)", None)
    assert received(endpoint_slice("web", endpoint(POD, address="10.9.9.9")), POD) == (elsewhere,)
    unsaid = {"addresses": ["10.244.0.5"]}
    assert received(endpoint_slice("web", unsaid), POD) == (
        Endpoint("10.244.0.5", 8080, "10.244.0.5", None),
    )
    of_node = endpoint(POD)
    of_node["targetRef"]["kind"] = "Node"
    assert received(endpoint_slice("web", of_node), POD)[0].pod is None


def test_an_address_counts_by_either_way_it_is_written() -> None:
    for gone in ("podIPs", "podIP"):
        body = pod()
        del body["status"][gone]
        assert received(endpoint_slice("web", endpoint(POD)), body)[0].pod == body


def test_only_endpoints_of_this_port_that_get_traffic_count() -> None:
    assert received(endpoint_slice("web", endpoint(POD, ready=False)), POD) == ()
    for unsaid in ({}, {"conditions": None}, {"conditions": {"ready": None}}):
        piece = endpoint_slice("web", {"addresses": ["10.0.0.1"], **unsaid})
        assert len(received(piece)) == 1
    named = endpoint_slice("web", endpoint(POD), name="http")
    assert received(named, POD) == ()
    assert len(received(named, POD, name="http")) == 1
    going = endpoint_slice("web", endpoint(POD))
    going["metadata"]["deletionTimestamp"] = "2026-03-02T09:30:00Z"
    assert received(going, POD) == ()


def found(*objects: Body, there: Body | None = None, port: int = 80) -> Behind | Finding:
    pods = tuple(one for one in objects if one["kind"] == "Pod")
    slices = tuple(one for one in objects if one["kind"] == "EndpointSlice")
    answers: dict[Request, Answer] = {
        SCOPE.named("Service", "web"): Found(there or service()),
        slices_of(SCOPE, "web"): Items(slices),
        SCOPE.all("Pod"): Items(pods),
    }
    return behind(SCOPE, Snapshot(answers), "web", port)


def test_what_is_behind_is_asked_for_at_once() -> None:
    also = SCOPE.all("Event")
    with pytest.raises(MissingEvidence) as missing:
        behind(SCOPE, Snapshot(), "web", 80, also)
    asked = (SCOPE.named("Service", "web"), slices_of(SCOPE, "web"), SCOPE.all("Pod"), also)
    assert missing.value.requests == asked
    assert slices_of(SCOPE, "web").labels == (("kubernetes.io/service-name", "web"),)


def test_a_service_that_leads_elsewhere_is_told() -> None:
    alias = service(type="ExternalName", externalName="example.com")
    told: dict[str, Any] = {"service": "web", "namespace": "kim"}
    assert found(there=alias) == failed("ServiceExternalName", **told, target="example.com")
    seen = found(endpoint_slice("web", endpoint(POD), {"addresses": ["10.9.9.9"]}), POD)
    assert isinstance(seen, Behind)
    assert outside(SCOPE, seen) == failed(
        "EndpointElsewhere", service="web", namespace="kim", address="10.9.9.9", target="10.9.9.9"
    )
    mine = found(endpoint_slice("web", endpoint(POD)), POD)
    assert isinstance(mine, Behind)
    assert outside(SCOPE, mine) is None
    assert (mine.entry, mine.pods) == (ENTRY, (POD,))


def test_a_port_that_is_not_offered_is_told_with_those_that_are() -> None:
    told: dict[str, Any] = {"service": "web", "namespace": "kim", "port": 81}
    assert found(port=81) == failed("ServicePortMissing", **told, ports="80")
    many = service()
    many["spec"]["ports"] = [{"port": 81, "protocol": "UDP"}, {"port": 82}]
    assert found(port=81, there=many) == failed("ServicePortMissing", **told, ports="81/UDP, 82")
    many["spec"]["ports"] = None
    assert found(port=81, there=many) == failed("ServicePortMissing", **told, ports="-")
