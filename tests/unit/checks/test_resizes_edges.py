"""`resizes` and `resolves` at each of their limits, with everything that is told."""

from typing import Any

import pytest

from labgrader.checks.finding import Finding, cause, failed, passed, unknown
from labgrader.checks.resizing import conditions, is_resizing, status_of
from labgrader.checks.scope import Scope
from labgrader.evidence.experiments import ResizePod
from labgrader.evidence.requests import LookUp, Origin
from labgrader.evidence.timeline import Action
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import Body, service
from tests.unit.checks.test_connects import policy
from tests.unit.checks.test_resizes import DONE, NEW, OLD, PARAMS, SET, SICK, judged, pod, tried
from tests.unit.checks.test_resolves import BOTH, DB, FIRST, HEADLESS, SECOND, SLICE, judge

WEB: dict[str, Any] = {
    "kind": "ReplicaSet",
    "name": "web",
    "namespace": "kim",
    "container": "web",
    "limits": "cpu=300m",
    "within": "30",
}
RESIZED: dict[str, Any] = WEB | {"pod": "web-old"}
BOTH_LIMITS = {"cpu": "300m", "memory": "128Mi"}


def found(*actions: Action, objects: tuple[Body, ...] = (SET, OLD), **params: Any) -> Finding:
    return judged(*actions, objects=objects, **params).finding


def test_the_experiment_is_told_everything() -> None:
    namespace = tried(*DONE)
    namespace.judge(resizes=PARAMS | {"limits": BOTH_LIMITS})
    assert namespace.ran == ResizePod(
        namespace="kim",
        api_version="apps/v1",
        kind="ReplicaSet",
        name="web",
        pod="web-old",
        pod_uid="uid-of-web-old",
        container="web",
        cpu="300m",
        memory="128Mi",
        before='{"limits":{"cpu":"200m","memory":"64Mi"},"requests":{"cpu":"50m"}}',
        within_ms=30_000,
    )
    namespace = tried(*DONE, objects=(SET, pod("web-1", "2026", resources={"b": 1, "a": 2})))
    namespace.judge(resizes=PARAMS | {"limits": {"memory": "1Gi"}})
    assert namespace.ran is not None
    assert (namespace.ran.cpu, namespace.ran.memory) == ("", "1Gi")
    assert namespace.ran.before == '{"a":2,"b":1}'


def test_everything_is_asked_for_at_once() -> None:
    rounds = tried(*DONE).judge(resizes=PARAMS).rounds
    scope = Scope("kim")
    assert rounds[0] == (scope.named("ReplicaSet", "web"), scope.all("Pod"))


def test_a_resize_is_told_with_every_number() -> None:
    limits = {"limits": "cpu=300m, memory=128Mi"}
    assert found(*DONE) == passed("Resized", **RESIZED, restarts=0, took="1.3")
    both = found(*DONE, limits=BOTH_LIMITS)
    assert both == passed("Resized", **RESIZED | limits, restarts=0, took="1.3")
    once = found(Action(500, "restarted"), *DONE, restart=True)
    assert once == passed("Resized", **RESIZED, restarts=1, took="1.3")


@pytest.mark.parametrize(
    ("actions", "told"),
    [
        ((Action(30_100, "resize-done"), Action(30_100, "ready-again")), None),
        (
            (Action(30_101, "resize-done"), Action(30_101, "ready-again")),
            failed("NotResized", **RESIZED, said="-"),
        ),
        ((), failed("NotResized", **RESIZED, said="-")),
        (
            (Action(5, "other", "x"), Action(9, "resize-fails", "no room")),
            failed("NotResized", **RESIZED, said="no room"),
        ),
        (
            (Action(9, "resize-waits", "Deferred"),),
            unknown("ResizeWaits", transient=True, **RESIZED, said="Deferred"),
        ),
        ((Action(9, "resize-waits", "Deferred"), *DONE), None),
        (
            (Action(900, "resize-done"), Action(30_101, "ready-again")),
            failed("ResizedButNotReady", **RESIZED, restarts=0),
        ),
        ((Action(900, "resize-done"),), failed("ResizedButNotReady", **RESIZED, restarts=0)),
    ],
)
def test_it_must_be_done_and_ready_in_time(
    actions: tuple[Action, ...], told: Finding | None
) -> None:
    finding = found(*actions)
    assert finding.reason == "Resized" if told is None else finding == told


def test_a_restart_is_told_with_the_policies_of_what_changed() -> None:
    restarts: Body = {"restartPolicy": "RestartContainer"}
    policies = [
        {"resourceName": "cpu", **restarts},
        {"resourceName": "memory", **restarts},
        {"resourceName": "cpu", "restartPolicy": "NotRequired"},
    ]
    own = pod("web-old", "2026-03-01T00:00:00Z", resizePolicy=policies)
    twice = (Action(500, "restarted"), Action(600, "restarted"), *DONE)
    told = failed("ResizedByRestart", **RESIZED, restarts=2)
    assert found(*twice, objects=(SET, own)) == told.because(
        cause("ResizePolicyRestarts", resource="cpu")
    )
    assert found(*DONE, restart=True) == failed("ResizedWithoutRestart", **RESIZED, restarts=0)


def test_a_pod_and_its_container_must_be_there() -> None:
    gone = pod("web-gone", "2026-01-01T00:00:00Z")
    gone["metadata"]["deletionTimestamp"] = "2026-03-02T09:30:00Z"
    nobody = found(objects=(SET, SICK, gone))
    assert nobody.because() == failed("NoPodToResize", **WEB)
    absent = found(container="db")
    assert absent == failed("ResizeContainerAbsent", **WEB | {"container": "db"}, there="web")
    two = pod("web-1", "2026")
    two["spec"]["containers"].append({"name": "side"})
    both = found(objects=(SET, two), container="db")
    assert dict(both.params)["there"] == "web, side"


def test_limits_that_hold_already_prove_nothing() -> None:
    there = pod("web-1", "2026")
    there["status"]["containerStatuses"][0]["resources"] = {"limits": {"cpu": "0.3"}}
    assert found(objects=(SET, there)) == failed("LimitsAreThose", **WEB)


def test_the_oldest_ready_pod_is_taken_and_of_two_the_first_by_uid() -> None:
    twin = pod("web-a", "2026-03-01T00:00:00Z")
    finding = found(*DONE, objects=(SET, NEW, OLD, twin))
    assert dict(finding.params)["pod"] == "web-a"


@pytest.mark.parametrize(
    ("kinds", "resizing"),
    [
        (["Ready"], False),
        (["Ready", "PodResizePending"], True),
        (["PodResizeInProgress"], True),
        ([], False),
    ],
)
def test_a_pod_that_is_being_resized(kinds: list[str], *, resizing: bool) -> None:
    body = {"status": {"conditions": [{"type": kind} for kind in kinds]}}
    assert is_resizing(body) is resizing
    assert [one["type"] for one in conditions(body)] == kinds
    assert conditions({}) == ()
    assert status_of(OLD, "web") == {"name": "web", "ready": True}
    assert status_of(OLD, "x") == status_of({}, "web") == {}


NAME: dict[str, Any] = {"dns": "db", "namespace": "kim"}


def resolved(*objects: Body, dns: Any = None, **params: Any) -> Finding:
    return judge(*objects, dns=dns, **params).finding


def test_a_name_is_told_with_all_that_it_leads_to() -> None:
    there = (DB, FIRST, SECOND, HEADLESS, SLICE)
    seen = "10.244.0.5, 10.244.0.6"
    right = resolved(*there, dns={"db": BOTH})
    assert right == passed("NameResolves", dns="db.kim.svc.cluster.local", seen=seen)
    told = NAME | {"service": "db", "expected": seen}
    assert resolved(*there, dns={"db": {"addresses": ["10.0.0.1"]}}) == failed(
        "NameLeadsElsewhere", **told, seen="10.0.0.1"
    )
    assert resolved(*there, dns={"db": {"addresses": []}}) == failed(
        "NameLeadsElsewhere", **told, seen="-"
    )
    for count, more in ((6, ""), (7, ", …")):
        many = [f"10.0.0.{n}" for n in range(count)]
        listed = ", ".join(many[:6]) + more
        assert resolved(*there, dns={"db": {"addresses": many}}) == failed(
            "NameLeadsElsewhere", **told, seen=listed
        )
    assert resolved(*there) == failed("NameNotFound", **NAME, service="db")


@pytest.mark.parametrize("params", [{}, {"found": False}])
@pytest.mark.parametrize("status", ["timeout", "failed"])
def test_a_name_server_that_says_nothing_leaves_it_open(params: Body, status: str) -> None:
    silent = unknown("NameServerSilent", transient=True, detail=f"db: {status}")
    assert resolved(service("db"), dns={"db": status}, **params) == silent


@pytest.mark.parametrize("found", [True, False])
def test_policies_that_keep_a_pod_from_asking_are_told(found: bool) -> None:  # noqa: FBT001
    deny = policy("deny", podSelector={}, policyTypes=["Egress"])
    asks = {"from": {"labels": {"role": "front"}}, "found": found}
    finding = resolved(service("db"), deny, dns={"role=front > db": "timeout"}, **asks)
    told = failed("NameServerOutOfReach", dns="db", labelskind="role=front", namespace="kim")
    assert finding.because() == told
    assert len(finding.causes) == 1
    assert dict(finding.causes[0].params)["names"] == "deny"


def test_a_name_that_must_not_be_there() -> None:
    assert resolved(found=False) == passed("NameNotThere", dns="db")
    is_there = {"dns": "db.kim.svc.cluster.local", "namespace": "kim"}
    there = resolved(dns={"db": {"addresses": ["10.0.0.1"]}}, found=False)
    assert there == failed("NameIsThere", **is_there, seen="10.0.0.1")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("params", "name", "record"),
    [
        ({}, "db", "address"),
        ({"host": "db-0"}, "db-0.db", "address"),
        ({"portName": "http"}, "_http._tcp.db", "srv"),
    ],
)
def test_what_must_not_be_there_is_looked_up_by_its_record(
    params: Body, name: str, record: str
) -> None:
    judged = Namespace([]).judge(resolves={"service": "db", "found": False, **params})
    assert judged.rounds == ((LookUp(Origin(), "kim", name, record),),)


def test_ports_are_listed_where_a_port_is_asked_for() -> None:
    dns = {"_http._tcp.db": {"services": [("db.kim", 80), ("db.kim", 81)]}}
    there = judge(dns=dns, portName="http", found=False)
    assert there.params["seen"] == "80, 81"
