"""`persists` by commands, and on a drained node: what is asked for, and what is told, word by word."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.checks.finding import Outcome
from labgrader.evidence.experiments import Commands, KeepData
from labgrader.evidence.keeping import Exchange, Kept, Member
from labgrader.evidence.timeline import Action, PodsSeen, Timeline
from tests.unit.checks.namespaces import Judged
from tests.unit.checks.objects import container
from tests.unit.checks.test_persists import TEMPLATES, Written, judged, kept, workload

WRITE = ("sh", "-c", "echo {value} > /data/{key}")
READ = ("cat", "/data/{key}")
CLAIMED = workload(volumeClaimTemplates=TEMPLATES)
STUCK = "db-1 0/3 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity."


def by_commands(**more: Any) -> dict[str, Any]:
    return {"store": {"exec": {"write": list(WRITE), "read": list(READ), **more}}}


def ran(pod: str, code: int, said: str = "", *, held: bool = False) -> Exchange:
    return Exchange(500, pod, "k-1", 0, held, said, code)


@pytest.mark.parametrize(("named", "used"), [({}, "db"), ({"container": "backup"}, "backup")])
def test_the_experiment_is_told_the_commands(named: dict[str, str], used: str) -> None:
    body = workload()
    body["spec"]["template"]["spec"]["containers"].append(container("backup"))
    namespace = Written([body])
    namespace.record = kept()
    db = {"object": {"kind": "StatefulSet", "name": "db"}, "within": "60s"}
    namespace.judge(persists={**db, **by_commands(**named)})
    about = ("kim", "apps/v1", "StatefulSet", "db", "uid-of-db", 60_000)
    assert namespace.asked == KeepData(
        *about, 0, "", "", every=True, commands=Commands(used, WRITE, READ)
    )


def test_the_experiment_is_told_to_drain() -> None:
    namespace = Written([workload()])
    namespace.record = kept()
    db = {"object": {"kind": "StatefulSet", "name": "db"}, "within": "60s", "delete": "DrainNode"}
    namespace.judge(persists={**db, "store": {"port": 8080, "path": "/data/{key}"}})
    about = ("kim", "apps/v1", "StatefulSet", "db", "uid-of-db", 60_000)
    assert namespace.asked == KeepData(*about, 8080, "PUT", "/data/{key}", every=False, drains=True)


def test_a_container_that_is_not_there_is_told_before_anything_is_done() -> None:
    found = judged(kept(), CLAIMED, **by_commands(container="sidecar"))
    assert (found.finding.outcome, found.finding.reason) == (
        Outcome.FAILED,
        "FaultContainerMissing",
    )
    assert "container sidecar of StatefulSet db" in found.says("en")
    asked = [one for round_ in found.rounds for one in round_]
    assert not any(isinstance(one, KeepData) for one in asked)


def test_a_command_that_cannot_write_is_told_with_what_it_said() -> None:
    said = "exit code 1: sh: can't create /data/k-1: Read-only file system"
    record = kept(written=(ran("old-db-1", 1, said),), read_first=())
    found = judged(record, CLAIMED, **by_commands())
    assert found.finding.reason == "WriteFailed"
    assert found.says("en") == (
        "Pod db-1 of StatefulSet db should keep what `sh -c 'echo VALUE > /data/k-1'` writes in"
        f" container db, but the command came to: {said}. It must be the program that the exercise"
        " asks for. Nothing was deleted. Look: kubectl -n kim exec db-1 -c db -- sh -c 'echo VALUE >"
        " /data/k-1'"
    )
    assert f"명령의 결과가 다음과 같습니다: {said}. 실습에서 요구한 프로그램이어야" in found.says(
        "ko"
    )


@pytest.mark.parametrize(
    ("said", "code"),
    [("exit code 0: (0 rows)", 0), ("exit code 2: no such table", 2), ("timeout (10 s)", -1)],
)
def test_a_command_that_prints_something_else_at_once_is_told(said: str, code: int) -> None:
    written = (ran("old-db-0", 0, held=True), ran("old-db-1", 0, held=True))
    found = judged(
        kept(written=written, read_first=(ran("old-db-1", code, said),)), CLAIMED, **by_commands()
    )
    assert found.finding.reason == "NotPrinted"
    assert found.says("en") == (
        "What was written into pod db-1 of StatefulSet db should be printed at once by `cat"
        f" /data/k-1` in container db, but the command came to: {said}. Nothing was deleted. Look:"
        " kubectl -n kim exec db-1 -c db -- cat /data/k-1"
    )


def test_lost_data_is_told_with_how_the_command_ended() -> None:
    written = (ran("old-db-0", 0, held=True), ran("old-db-1", 0, held=True))
    read = (ran("new-db-0", 0, held=True), ran("new-db-1", 1, "exit code 1: no such file"))
    found = judged(
        kept(written=written, read_first=written, read=read),
        workload(volumes=[{"name": "data", "emptyDir": {}}]),
        **by_commands(),
    )
    assert (found.finding.reason, found.causes) == (
        "DataLost",
        ("ReadEnded", "OnEmptyDir", "NoClaimAtAll"),
    )
    assert "In pod db-1 `cat /data/k-1` came to: exit code 1: no such file." in found.says("en")
    assert "파드 db-1에서 `cat /data/k-1` 명령의 결과: exit code 1: no such file." in found.says(
        "ko"
    )


def drained(*more: Action, back: bool = False, node: str = "node3") -> Kept:
    """The record of two pods, of which the second was on the node that was drained."""
    chosen = (Action(1_000, "node-chosen", "node2"), Action(1_000, "pod-disturbed", "old-db-1"))
    after = PodsSeen(9_400, ("new-db-1", "old-db-0") if back else ("old-db-0",), (), 2)
    first = Member("db-0", "old-db-0", (("data-db-0", "c-db-0"),), node="node1")
    second = Member("db-1", "new-db-1", (("data-db-1", "c-db-1"),), 2_000, 9_400, node)
    return replace(
        kept(),
        timeline=Timeline((*chosen, *more), (kept().timeline.pods[0], after), ended_ms=61_000),
        after=(first, second) if back else (first,),
        read=(Exchange(9_500, "old-db-0", "k-db-0", 200, held=True),),
    )


def on_drain(record: Kept, **params: Any) -> Judged:
    return judged(record, CLAIMED, delete="DrainNode", **params)


def test_what_was_done_to_the_node_is_told() -> None:
    found = on_drain(drained(back=True), identity=True)
    assert found.finding.outcome is Outcome.PASSED
    assert found.says("en") == (
        "What was written into the pods of StatefulSet db was still there after 1 pod was deleted; all"
        " were back after 8.4 s (allowed: 60 s). What was done: node node2 was cordoned, and 1 pod was"
        " evicted from it."
    )


def test_a_pod_that_comes_back_on_the_drained_node_has_not_left_it() -> None:
    found = on_drain(drained(back=True, node="node2"))
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "BackOnDrainedNode")
    assert (
        "should come back on other nodes while node2 is drained, but db-1 came back on it"
        in found.says("en")
    )
    assert "그 노드에 다시 생겼습니다. 통제(cordon)된 노드를 용인하거나" in found.says("ko")
    deleted = kept(after=(Member("db-0", "new-db-0", (), node="-"),))  # nobody drained anything
    assert judged(deleted, CLAIMED).finding.reason == "DataKept"


@pytest.mark.parametrize(
    "said", [STUCK, "db-1 0/2 nodes are available: 1 node(s) had volume node affinity conflict."]
)
def test_a_volume_that_keeps_a_pod_on_its_node_is_the_cause(said: str) -> None:
    found = on_drain(drained(Action(61_000, "pod-unplaced", said)))
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "NotBackInTime")
    assert found.causes[:2] == ("NodeDrained", "VolumeOnNode")
    assert "Of StatefulSet db 1 pod was deleted. 2 should have been Ready again" in found.says("en")
    detail = said.partition(" ")[2]
    assert (
        "Pod db-1 could not leave node node2, because its volume cannot be used on every node. The"
        f" scheduler said: {detail}" in found.says("en")
    )
    assert "파드 db-1이 노드 node2를 떠나지 못했습니다." in found.says("ko")


def test_where_there_is_no_other_storage_the_learner_is_not_to_blame() -> None:
    only = Action(61_001, "no-other-storage", "standard: rancher.io/local-path")
    found = on_drain(drained(Action(61_000, "pod-unplaced", STUCK), only))
    assert (found.finding.outcome, found.finding.reason, found.finding.transient) == (
        *(Outcome.UNKNOWN, "StorageOnNodesOnly"),
        False,
    )
    assert (
        "its volume cannot be used on every node, and the cluster offers no others (standard:"
        " rancher.io/local-path)" in found.says("en")
    )
    assert "학습자의 잘못이 아닙니다" in found.says("ko")


def test_another_reason_to_have_no_node_is_not_blamed_on_storage() -> None:
    full = Action(61_000, "pod-unplaced", "db-1 0/3 nodes are available: 2 Insufficient cpu.")
    only = Action(61_001, "no-other-storage", "standard: rancher.io/local-path")
    found = on_drain(drained(full, only))
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "NotBackInTime")
    assert found.causes[:2] == ("NodeDrained", "Unschedulable")


def test_a_budget_that_keeps_pods_on_their_node_is_named() -> None:
    held = Action(16_000, "budget-held", "pod db-1: Cannot evict pod")
    record = replace(
        drained(), timeline=Timeline((Action(1, "node-chosen", "node2"), held)), after=(), read=()
    )
    found = on_drain(record)
    assert found.finding.reason == "EvictionForbidden"
    assert "pods of StatefulSet db on node node2 should be able to leave it" in found.says("en")
