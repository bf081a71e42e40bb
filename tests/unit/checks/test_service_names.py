"""What a Service's name must stand for, by what the objects say, with everything that is told."""

from typing import Any

import pytest

from labgrader.api.kinds import Resolves
from labgrader.checks.diagnosis.endpoints import slices_of
from labgrader.checks.finding import Finding, cause, failed
from labgrader.checks.scope import Scope
from labgrader.checks.service_names import Right, right_answer
from labgrader.evidence.answers import Answer, Found, Items
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import MissingEvidence, Snapshot
from tests.unit.checks.objects import (
    Body,
    container,
    deployment,
    endpoint,
    endpoint_slice,
    pod,
    replica_set,
    service,
    stateful_set,
    unready,
)

SCOPE = Scope("kim")
HERE: dict[str, Any] = {"service": "db", "namespace": "kim"}
DB = stateful_set("db")
SET = {"kind": "StatefulSet", "name": "db"}
OF_SET: dict[str, Any] = HERE | SET
FIRST = pod("db-0", DB, hostname="db-0", subdomain="db")
SECOND = pod("db-1", DB, ip="10.244.0.6", hostname="db-1", subdomain="db")
HEADLESS = service("db", clusterIP="None")


def right(of: Body, *objects: Body, **params: Any) -> Right | Finding:
    """The answer, where all objects of a kind are asked for by its list."""
    listed: dict[str, list[Body]] = {kind: [] for kind in ("Pod", "Event", "ReplicaSet")}
    slices = [one for one in objects if one["kind"] == "EndpointSlice"]
    answers: dict[Request, Answer] = {slices_of(SCOPE, "db"): Items(tuple(slices))}
    for one in objects:
        kind = one["kind"]
        if kind in listed:
            listed[kind].append(one)
        elif kind != "EndpointSlice":
            answers[SCOPE.named(kind, one["metadata"]["name"])] = Found(one)
    answers |= {SCOPE.all(kind): Items(tuple(bodies)) for kind, bodies in listed.items()}
    asked = Resolves.model_validate({"service": "db", **params})
    return right_answer(asked, SCOPE, Snapshot(answers), of)


def addresses(*listed: str) -> Right:
    return Right("address", frozenset(listed))


def test_a_service_stands_for_its_own_addresses() -> None:
    assert right(service("db")) == addresses("10.96.0.20")
    two = service("db", clusterIPs=["10.96.0.20", "fd00::1", ""])
    assert right(two) == addresses("10.96.0.20", "fd00::1")
    assert right(service("db", clusterIPs=[])) == addresses("10.96.0.20")


def alias(name: Any = "Example.com.") -> Body:
    return service("db", type="ExternalName", externalName=name)


def test_an_alias_stands_for_another_name() -> None:
    known = Right("alias", frozenset({"example.com"}))
    assert right(alias(), external="example.com") == known
    told = failed("AliasDiffers", **HERE, expected="x.org", seen="example.com")
    assert right(alias(), external="x.org") == told
    plain = failed("AliasDiffers", **HERE, expected="example.com", seen="-")
    assert right(service("db"), external="example.com") == plain
    assert right(alias("xx.X."), external="xx.x") == Right("alias", frozenset({"xx.x"}))


def test_an_alias_that_nobody_asked_for_is_told() -> None:
    assert right(alias()) == failed("ServiceExternalName", **HERE, target="Example.com.")
    assert right(alias(None)) == failed("ServiceExternalName", **HERE, target="-")


@pytest.mark.parametrize("params", [{"pods": SET}, {"host": "db-0"}])
def test_pods_have_names_behind_a_headless_service_only(params: Body) -> None:
    assert right(service("db"), **params) == failed("ServiceNotHeadless", **HERE)


BOTH = endpoint_slice("db", endpoint(FIRST), endpoint(SECOND))
READY = addresses("10.244.0.5", "10.244.0.6")


def test_a_headless_service_stands_for_its_ready_pods() -> None:
    assert right(HEADLESS, BOTH, FIRST, SECOND) == READY
    assert right(HEADLESS, BOTH, FIRST, SECOND, DB, pods=SET) == READY
    assert right(HEADLESS, FIRST) == failed("NoNameWithoutPods", **HERE)


def test_what_a_headless_service_needs_is_asked_for_at_once() -> None:
    asked = Resolves.model_validate({"service": "db", "pods": SET})
    with pytest.raises(MissingEvidence) as missing:
        right_answer(asked, SCOPE, Snapshot(), HEADLESS)
    every = {slices_of(SCOPE, "db"), SCOPE.all("Pod"), SCOPE.named("StatefulSet", "db")}
    assert set(missing.value.requests) == every
    of_web = Resolves.model_validate(
        {"service": "db", "pods": {"kind": "Deployment", "name": "db"}}
    )
    with pytest.raises(MissingEvidence) as missing:
        right_answer(of_web, SCOPE, Snapshot(), HEADLESS)
    assert SCOPE.all("ReplicaSet") in missing.value.requests


def test_addresses_of_nobody_here_are_told() -> None:
    away = endpoint_slice("db", {"addresses": ["10.9.9.9", "10.9.9.8"]}, endpoint(FIRST))
    told = failed("EndpointElsewhere", **HERE, address="10.9.9.8", target="-")
    assert right(HEADLESS, away, FIRST) == told


@pytest.mark.parametrize(
    ("conditions", "counts"),
    [
        ({}, True),
        ({"conditions": None}, True),
        ({"conditions": {"ready": None}}, True),
        ({"conditions": {"ready": True}}, True),
        ({"conditions": {"ready": False}}, False),
    ],
)
def test_endpoints_count_unless_they_are_not_ready(conditions: Body, *, counts: bool) -> None:
    piece = endpoint_slice("db", {"addresses": ["10.244.0.5"], **conditions})
    expected = addresses("10.244.0.5") if counts else failed("NoNameWithoutPods", **HERE)
    assert right(HEADLESS, piece, FIRST) == expected


def test_slices_that_go_give_nothing_out() -> None:
    going = endpoint_slice("db", endpoint(FIRST))
    going["metadata"]["deletionTimestamp"] = "2026-03-02T09:30:00Z"
    assert right(HEADLESS, going, FIRST) == failed("NoNameWithoutPods", **HERE)


@pytest.mark.parametrize("gone", ["podIPs", "podIP"])
def test_a_pods_address_is_read_where_it_stands(gone: str) -> None:
    body = pod("db-0", DB, hostname="db-0", subdomain="db")
    del body["status"][gone]
    piece = endpoint_slice("db", endpoint(FIRST))
    assert right(HEADLESS, piece, body) == addresses("10.244.0.5")
    assert right(HEADLESS, body, host="db-0") == addresses("10.244.0.5")


def test_pods_of_others_behind_the_name_are_told() -> None:
    stray = pod("x", ip="10.244.0.7")
    piece = endpoint_slice("db", endpoint(stray))
    told = {"address": "10.244.0.7", "target": "10.244.0.7 (Pod x)"}
    finding = right(HEADLESS, piece, stray, FIRST, DB, pods=SET)
    assert isinstance(finding, Finding)
    assert finding.reason == "EndpointNotOfWorkload"
    assert dict(finding.params) == told | OF_SET


def test_pods_without_a_name_are_told() -> None:
    one = endpoint_slice("db", endpoint(FIRST))
    finding = right(HEADLESS, one, FIRST, SECOND, DB, pods=SET)
    assert finding == failed("PodWithoutName", pod="db-1", **OF_SET)
    sick = pod("db-1", DB, ip="10.244.0.6", statuses=[unready()])
    assert right(HEADLESS, one, FIRST, sick, DB, pods=SET) == addresses("10.244.0.5")
    nobody = failed("NoReadyPodToReach", **SET, namespace="kim")  # type: ignore[arg-type]
    assert right(HEADLESS, sick, DB, pods=SET) == nobody.because(
        cause("PodNotReadyYet", pod="db-1", namespace="kim")
    )


def test_pods_of_a_deployment_are_found_through_its_replica_sets() -> None:
    web = deployment("web")
    owner = replica_set(web)
    mine = pod("web-1", owner)
    piece = endpoint_slice("db", endpoint(mine))
    of = {"kind": "Deployment", "name": "web"}
    assert right(HEADLESS, piece, mine, owner, web, pods=of) == addresses("10.244.0.5")


def test_a_pods_own_name_needs_both_of_its_parts() -> None:
    assert right(HEADLESS, FIRST, SECOND, host="db-1") == addresses("10.244.0.6")
    told = failed("NoPodOfThatName", host="db-0", **HERE)
    for fields in (
        {"hostname": "db-0"},
        {"subdomain": "db"},
        {"hostname": "db-0", "subdomain": "x"},
    ):
        assert right(HEADLESS, pod("db-0", DB, **fields), host="db-0") == told  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("families", "given"),
    [
        (["IPv4"], {"10.244.0.5"}),
        (["IPv6"], {"fd00::5"}),
        (["IPv6", "IPv4"], {"10.244.0.5", "fd00::5"}),
        (None, {"10.244.0.5", "fd00::5"}),
    ],
)
def test_a_pods_own_name_gives_out_the_families_of_the_service(
    families: Any, given: set[str]
) -> None:
    body = pod("db-0", DB, hostname="db-0", subdomain="db")
    body["status"]["podIPs"] = [{"ip": "10.244.0.5"}, {"ip": "fd00::5"}]
    headless = service("db", clusterIP="None", ipFamilies=families)
    assert right(headless, body, host="db-0") == addresses(*given)


@pytest.mark.parametrize("lacks", ["address", "readiness"])
def test_a_pod_that_cannot_be_reached_has_no_name_yet(lacks: str) -> None:
    statuses = [unready()] if lacks == "readiness" else None
    body = pod("db-0", DB, hostname="db-0", subdomain="db", statuses=statuses)
    if lacks == "address":
        body["status"] |= {"podIP": "", "podIPs": None}
    told = failed("NoReadyPodToReach", kind="Pod", name="db-0", namespace="kim")
    assert right(HEADLESS, body, host="db-0") == told


def ports(*entries: Body, **more: Any) -> Body:
    body = service("db", **more)
    body["spec"]["ports"] = list(entries)
    return body


def test_a_named_port_has_a_number() -> None:
    many = ports(
        {"port": 1}, {"name": "sql", "port": 2, "protocol": "UDP"}, {"name": "sql", "port": 3}
    )
    assert right(many, portName="sql") == Right("srv", frozenset({"3"}))
    told = failed("PortNotNamed", **HERE, port="web", seen="-, sql, sql")
    assert right(many, portName="web") == told
    assert right(ports(), portName="web") == failed("PortNotNamed", **HERE, port="web", seen="-")


def test_behind_a_headless_service_the_port_is_the_pods() -> None:
    named = ports({"name": "sql", "port": 80, "targetPort": "tcp"}, clusterIP="None")

    def listening(name: str, ip: str, port: int | None) -> Body:
        declared = [{"name": "tcp", "containerPort": port}] if port else []
        return pod(name, DB, ip=ip, containers=[container(ports=declared)])

    one, two = listening("a", "10.244.0.5", 5432), listening("b", "10.244.0.6", 5433)
    lacks = listening("c", "10.244.0.7", None)
    beside = listening("d", "10.244.0.8", 9)
    piece = endpoint_slice("db", endpoint(one), endpoint(two), endpoint(lacks))
    numbers = Right("srv", frozenset({"5432", "5433"}))
    assert right(named, piece, one, two, lacks, beside, portName="sql") == numbers
    assert right(named, beside, portName="sql") == failed("NoNameWithoutPods", **HERE)
