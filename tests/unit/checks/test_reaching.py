"""Where connections go, who keeps probes out, and which slowness is excused."""

from typing import Any

import pytest

from labgrader.api.kinds.connects import Destination
from labgrader.checks.connects import egress_policies
from labgrader.checks.diagnosis.endpoints import slices_of
from labgrader.checks.finding import Finding, cause, failed, unknown
from labgrader.checks.reaching import Place, looks, place_of
from labgrader.checks.scope import Scope
from labgrader.checks.sources import kept_out
from labgrader.evidence.answers import Answer, Found, Items, KeptOut
from labgrader.evidence.requests import Origin, Request
from labgrader.evidence.snapshot import MissingEvidence, Snapshot
from labgrader.evidence.timeline import LoadSeen
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import (
    Body,
    deployment,
    endpoint,
    endpoint_slice,
    meta,
    pod,
    replica_set,
    service,
    unready,
)
from tests.unit.checks.test_connects import policy
from tests.unit.checks.test_scaling_down import ADDS, IDLE, THERE, UP, found, loaded
from tests.unit.checks.test_scaling_under_load import UNDER, busy

SCOPE = Scope("kim")
WEB = deployment()
OWNER = replica_set(WEB)
FIRST, SECOND = pod("web-1", OWNER), pod("web-2", OWNER, ip="10.244.0.6")
HERE: dict[str, Any] = {"service": "web", "namespace": "kim"}
TO = Destination(service="web", port=80)
PODS = Destination.model_validate({"object": {"kind": "Deployment", "name": "web"}, "port": 8080})


def reached(to: Destination, *objects: Body, of: Body | None = None) -> Place | Finding:
    listed: dict[str, list[Body]] = {
        kind: [] for kind in ("Pod", "ReplicaSet", "EndpointSlice", "Event")
    }
    for one in objects:
        listed[one["kind"]].append(one)
    slices = Items(tuple(listed.pop("EndpointSlice")))
    answers: dict[Request, Answer] = {
        SCOPE.named("Service", "web"): Found(of or service()),
        SCOPE.named("Deployment", "web"): Found(WEB),
        slices_of(SCOPE, "web"): slices,
        **{SCOPE.all(kind): Items(tuple(bodies)) for kind, bodies in listed.items()},
    }
    return place_of(to, SCOPE, Snapshot(answers))


BEHIND = endpoint_slice("web", endpoint(FIRST), endpoint(SECOND))
ENTRY = service()["spec"]["ports"][0]


def test_a_service_is_reached_at_its_own_address() -> None:
    place = Place("Service web:80", (("10.96.0.20", 80),), (FIRST, SECOND), ENTRY)
    assert reached(TO, BEHIND, FIRST, SECOND) == place


@pytest.mark.parametrize("address", ["None", ""])
def test_a_headless_service_is_reached_at_its_pods(address: str) -> None:
    headless = service(clusterIP=address)
    place = reached(TO, BEHIND, FIRST, SECOND, of=headless)
    assert isinstance(place, Place)
    assert place.addresses == (("10.244.0.5", 8080), ("10.244.0.6", 8080))


def test_a_service_that_leads_nowhere_is_told_with_why() -> None:
    nothing = failed("NoEndpoints", **HERE, port=80)
    empty = endpoint_slice("web")
    assert reached(TO, empty) == nothing.because(cause("NoPods", namespace="kim"))
    bare = reached(TO, empty, FIRST, of=service(selector={}))
    assert bare == nothing.because(cause("NoSelector", service="web"))
    away = reached(TO, endpoint_slice("web", {"addresses": ["10.9.9.9"]}))
    told = {"address": "10.9.9.9", "target": "10.9.9.9"}
    assert away == failed("EndpointElsewhere", **HERE, **told)  # type: ignore[arg-type]


def test_a_workload_is_reached_at_its_ready_pods() -> None:
    sick = pod("web-3", OWNER, ip="10.244.0.7", statuses=[unready()])
    homeless = pod("web-4", OWNER, ip="")
    stranger = pod("x", ip="10.244.0.8")
    place = reached(PODS, FIRST, sick, homeless, stranger, SECOND, OWNER)
    addresses = (("10.244.0.5", 8080), ("10.244.0.6", 8080))
    assert place == Place("Deployment web:8080", addresses, (FIRST, SECOND))
    nobody = reached(PODS, sick, OWNER)
    told = {"kind": "Deployment", "name": "web", "namespace": "kim"}
    assert nobody == failed("NoReadyPodToReach", **told).because(  # type: ignore[arg-type]
        cause("PodNotReadyYet", pod="web-3", namespace="kim")
    )


def test_what_a_place_is_found_by_is_asked_for_at_once() -> None:
    pods = (SCOPE.named("Deployment", "web"), SCOPE.all("Pod"), SCOPE.all("ReplicaSet"))
    assert looks(PODS, SCOPE) == pods
    named = (SCOPE.named("Service", "web"), slices_of(SCOPE, "web"), SCOPE.all("Pod"))
    assert looks(TO, SCOPE) == named
    assert looks(Destination(port=1), SCOPE) == ()
    with pytest.raises(MissingEvidence) as missing:
        place_of(PODS, SCOPE, Snapshot())
    assert missing.value.requests == pods
    job = Destination.model_validate({"object": {"kind": "Job", "name": "j"}, "port": 1})
    for odd in (Destination(port=1), job):
        with pytest.raises(TypeError, match="without a destination"):
            place_of(odd, SCOPE, Snapshot())


QUOTA = 'pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1'


def binding(role: str) -> Body:
    return {"metadata": meta("b"), "roleRef": {"kind": "ClusterRole", "name": role}}


def out(namespace: str, message: str, *bindings: Body) -> Finding:
    snapshot = Snapshot({SCOPE.all("RoleBinding"): Items(bindings)})
    return kept_out(SCOPE, snapshot, KeptOut(namespace, message))


def test_a_probe_is_kept_out_by_learners_only_where_they_write_rules() -> None:
    theirs = out("kim", QUOTA, binding("labgrader-learner-rules"))
    assert theirs.because() == failed("ProbeKeptOut", namespace="kim")
    assert [one.reason for one in theirs.causes] == ["QuotaExceeded"]
    graders = unknown("ProbeNotAdmitted", detail=f"kim: {QUOTA}")
    assert out("kim", QUOTA) == out("kim", QUOTA, binding("view")) == graders
    elsewhere = out("shop", QUOTA, binding("labgrader-learner-rules"))
    assert elsewhere == unknown("ProbeNotAdmitted", detail=f"shop: {QUOTA}")
    odd = out("kim", "odd", binding("labgrader-learner-rules"))
    assert odd == unknown("ProbeNotAdmitted", detail="kim: odd")


@pytest.mark.parametrize("found_", [True, False])
def test_a_name_is_not_looked_up_where_no_probe_may_stand(found_: bool) -> None:  # noqa: FBT001
    asks = {"from": {"labels": {"role": "front"}}, "found": found_}
    namespace = Namespace([service("db")], kept_out="odd")
    finding = namespace.judge(resolves={"service": "db", **asks}).finding
    assert finding == unknown("ProbeNotAdmitted", detail="kim: odd")


FRONT = Origin("kim", (("role", "front"),))


@pytest.mark.parametrize(
    ("spec", "holds"),
    [
        ({"policyTypes": ["Egress"]}, True),
        ({"policyTypes": ["Ingress", "Egress"]}, True),
        ({"policyTypes": ["Ingress"]}, False),
        ({"policyTypes": None, "egress": []}, True),
        ({"policyTypes": None}, False),
        ({"policyTypes": None, "egress": [], "podSelector": {"matchLabels": {"a": "b"}}}, False),
    ],
)
def test_policies_hold_back_what_they_choose(spec: Body, *, holds: bool) -> None:
    chosen = (
        policy("b", **({"podSelector": {}} | spec)),
        policy("a", **({"podSelector": {}} | spec)),
    )
    told = (cause("PoliciesHoldBack", names="a, b"),) if holds else ()
    assert egress_policies(chosen, FRONT) == told


ERRORS = {"of": "errorShare", "points": [{"at": "0", "percent": 100}, {"at": "5", "percent": 0}]}
TIMES = {"of": "scaleUpTime", "points": [{"at": "1s", "percent": 100}, {"at": "99s", "percent": 0}]}
LOST: dict[str, Any] = {"failed": 31, "answered": 1_173}


@pytest.mark.parametrize(
    ("seen", "params", "lost", "reason"),
    [
        ((IDLE, UNDER), {}, {}, "NotScaledUp"),
        ((IDLE, ADDS, THERE), {"maxErrorShare": "1"}, LOST, "LoadLost"),
        ((IDLE, ADDS, THERE), {"curve": TIMES}, {}, "ScaledSlowly"),
        ((IDLE, ADDS, THERE), {"curve": ERRORS}, LOST, "ScaledPartly"),
        ((IDLE, ADDS, THERE), {}, {"failed": 9, "answered": 0}, "LoadNotServed"),
    ],
)
def test_what_a_cluster_without_cpu_brings_about_is_excused(
    seen: Any, params: Body, lost: Any, reason: str
) -> None:
    assert found(loaded(*seen, **lost), UP | params).reason == reason
    short = found(loaded(*seen, cpu=busy(), **lost), UP | params)
    about = {"node": "97", "pod": "43 %", "unplaced": "0"}
    assert (short.reason, short.transient) == ("ClusterShort", True)
    assert dict(short.params).items() >= about.items()
    late = tuple(LoadSeen(at, 10, 0, late_ms=900) for at in range(6_000, 30_000, 1_000))
    starved = found(loaded(*seen, load=late, **lost), UP | params)
    assert (starved.reason, starved.transient) == ("LoadBehind", True)
    assert dict(starved.params)["url"] == "http://web:80/"


@pytest.mark.parametrize(("pod_", "told"), [(-1, "-"), (0, "0 %"), (1, "1 %")])
def test_a_pod_that_is_not_measured_is_a_hyphen(pod_: int, told: str) -> None:
    finding = found(loaded(IDLE, UNDER, cpu=busy(pod=pod_)), UP)
    assert dict(finding.params)["pod"] == told
