"""The experiment that keeps data: who is written to, who goes, how long is asked, what is noted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from labgrader.cluster.experiments import keep_data
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.hopeless import Hopeless
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.keep_data import DataKeeping
from labgrader.evidence.answers import Trouble
from labgrader.evidence.experiments import Commands, KeepData
from labgrader.evidence.keeping import Exchange, Kept
from labgrader.evidence.timeline import PodsSeen
from tests.unit.clocks import Time

COMMANDS = Commands("db", ("put", "{key}", "{value}"), ("get", "{key}"))
STUCK = "0/3 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity."
PATIENCE_MS = 15_000


def pod(name: str, uid: str, node: str = "node1") -> dict[str, Any]:
    metadata = {"name": name, "namespace": "kim", "uid": uid, "creationTimestamp": uid}
    claim = {"persistentVolumeClaim": {"claimName": f"data-{name}"}}
    return {"metadata": metadata, "spec": {"nodeName": node, "volumes": [claim]}}


@dataclass
class Workload:
    """Pods that are replaced when they are told to go; ``stuck`` says why that cannot be."""

    there: dict[str, dict[str, Any]]
    stuck: str = ""

    def ready(self) -> list[dict[str, Any]]:
        return list(self.there.values())

    def pods(self) -> list[dict[str, Any]]:
        waiting = [pod("db-1", "z-new", "")] if self.stuck else []
        return [*self.there.values(), *waiting]

    def unplaced(self) -> Iterator[str]:
        if self.stuck:
            yield f"db-1 {self.stuck}"

    def seen(self, at_ms: int) -> PodsSeen:
        return PodsSeen(at_ms, tuple(sorted(self.there)), (), 2)

    def replace(self, uid: str) -> None:
        old = self.there.pop(uid)
        if not self.stuck:
            self.there[f"z-{uid}"] = pod(old["metadata"]["name"], f"z-{uid}", "node3")


@dataclass
class Store:
    """A program that keeps what it is given, by the name of the pod; it may fail for a while."""

    clock: Time
    writes: Callable[[int], int] = lambda _: 0
    """The exit code at a moment."""
    reads: Callable[[int], int] = lambda _: 0
    values: dict[tuple[str, str], str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    rights: tuple[Any, ...] = ()

    async def write(self, pod: Any, key: str, value: str) -> Exchange:
        code = self.writes(self.clock.now)
        if code == 0:
            self.values[pod["metadata"]["name"], key] = value
        return self._said("write", pod, key, code, held=code == 0)

    async def read(self, pod: Any, key: str, value: str) -> Exchange:
        code = self.reads(self.clock.now)
        held = code == 0 and self.values.get((pod["metadata"]["name"], key)) == value
        return self._said("read", pod, key, code, held=held)

    def _said(self, what: str, pod: Any, key: str, code: int, *, held: bool) -> Exchange:
        self.asked.append(f"{what} {pod['metadata']['name']}")
        self.clock.now += 1_000
        uid = pod["metadata"]["uid"]
        return Exchange(self.clock.now, uid, key, 0, held, exit_code=code)


@dataclass
class Run:
    """One run of the experiment on two pods."""

    drains: bool = False
    every: bool = True
    workload: Workload = field(
        default_factory=lambda: Workload({"a": pod("db-0", "a"), "b": pod("db-1", "b", "node2")})
    )
    clock: Time = field(default_factory=Time)
    deleted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = Store(self.clock)
        about = ("kim", "apps/v1", "StatefulSet", "db", "d", 0, 0, "", "")
        of = KeepData(*about, self.every, COMMANDS, self.drains)
        unused: Any = None
        client: Any = self
        self.trial = DataKeeping(client, unused, Journal(self.clock, 0), Bell(), of)
        self.trial._store = self.store
        self.evicts = True

    async def get(self, path: str) -> Any:
        assert path.endswith(("/persistentvolumeclaims", "/storageclasses"))
        named = {"name": "data-db-1" if "claims" in path else "standard", "uid": "c"}
        spec = {"storageClassName": "standard"}
        return {"items": [{"metadata": named, "spec": spec, "provisioner": "local"}]}

    async def delete(self, path: str, options: Any) -> None:
        self.deleted.append(path.rpartition("/")[2])
        self.workload.replace(options["preconditions"]["uid"])

    def pods(self, workload: Any) -> list[Any]:
        return [one for one in workload.ready() if one["spec"]["nodeName"] == "node2"]

    async def strike(self, _: Any, pods: list[Any], at_ms: int) -> bool:
        for one in pods if self.evicts else ():
            uid = one["metadata"]["uid"]
            self.trial.journal.did("pod-disturbed", uid, at_ms=at_ms)
            self.workload.replace(uid)
        return self.evicts

    async def kept(self) -> Kept:
        if self.drains:
            drain: Any = self
            self.trial._drain = drain
        site: Any = SimpleNamespace(
            nonce="unheard0of", record=SimpleNamespace(name="experiment-abc")
        )
        workload: Any = self.workload
        return await self.trial._kept(site, workload, self.workload.ready())


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep_data, "_BETWEEN_SECONDS", 0)


def did(record: Kept) -> list[tuple[str, str]]:
    return [(one.what, one.subject) for one in record.timeline.actions]


async def test_every_pod_gets_a_value_that_no_key_tells() -> None:
    run = Run()
    record = await run.kept()
    assert [one.key for one in record.written] == ["abc-0", "abc-1"]
    assert sorted(run.store.values.values()) == ["labgrader-unheard0of-0", "labgrader-unheard0of-1"]
    assert run.deleted == ["db-0", "db-1"]
    assert [(one.key, one.held) for one in record.read] == [("abc-0", True), ("abc-1", True)]
    assert [(m.name, m.node) for m in record.before] == [("db-0", "node1"), ("db-1", "node2")]
    assert [(m.name, m.node) for m in record.after] == [("db-0", "node3"), ("db-1", "node3")]


async def test_the_oldest_alone_goes() -> None:
    run = Run(every=False)
    record = await run.kept()
    assert run.deleted == ["db-0"]
    assert len(record.read) == 2


async def test_a_program_that_starts_slowly_is_asked_again() -> None:
    run = Run()
    run.store.writes = lambda now: 1 if now < 4_000 else 0
    run.store.reads = lambda now: 2 if 12_000 < now < 20_000 else 0
    record = await run.kept()
    assert all(one.went_well for one in record.written)
    assert [one.held for one in record.read] == [True, True]


async def test_a_program_that_takes_nothing_is_asked_for_so_long_and_no_other() -> None:
    run = Run()
    run.store.writes = lambda _: 1
    record = await run.kept()
    assert run.store.asked == ["write db-0"] * (PATIENCE_MS // 1_000)
    assert (len(record.written), record.read_first) == (1, ())
    assert did(record) == [("not-stored", "")]
    assert run.deleted == []


async def test_a_program_that_is_not_there_is_asked_once() -> None:
    run = Run()
    run.store.writes = lambda _: 127
    await run.kept()
    assert run.store.asked == ["write db-0"]


async def test_what_is_not_there_at_once_ends_it() -> None:
    run = Run()
    run.store.values = Forgetful()
    record = await run.kept()
    assert [one.held for one in record.read_first] == [False, False]
    assert did(record) == [("not-stored", "")]
    assert run.deleted == []


class Forgetful(dict[tuple[str, str], str]):
    def __setitem__(self, _: Any, __: Any) -> None:
        pass


async def test_all_reads_together_are_waited_for_so_long() -> None:
    run = Run()
    begun = 4_000  # two written, two read
    run.store.reads = lambda now: 0 if now < begun else 1
    record = await run.kept()
    assert [one.held for one in record.read] == [False, False]
    assert run.clock.now == begun + PATIENCE_MS + 1_000


async def test_the_pods_of_the_node_go() -> None:
    run = Run(drains=True)
    record = await run.kept()
    assert did(record) == [("pod-disturbed", "b")]
    assert [(m.name, m.node) for m in record.after] == [("db-0", "node1"), ("db-1", "node3")]
    assert all(one.held for one in record.read)
    assert run.deleted == []


async def test_a_budget_that_keeps_them_ends_it() -> None:
    run = Run(drains=True)
    run.evicts = False
    record = await run.kept()
    assert (len(record.read_first), record.after, record.read) == (2, (), ())


@pytest.mark.parametrize("evicted", [False, True])
async def test_pods_that_have_moved_by_themselves_prove_nothing(evicted: bool) -> None:  # noqa: FBT001 (both ways)
    run = Run(drains=True)
    if evicted:  # they were gone when they were to be evicted
        run.strike = lambda *_: _true()  # type: ignore[method-assign]
    else:
        run.workload.there["b"]["spec"]["nodeName"] = "node3"
    with pytest.raises(Hopeless) as raised:
        await run.kept()
    detail = "its pods have moved meanwhile"
    assert raised.value.answer == Trouble("ObjectReplaced", detail, transient=True)


async def _true() -> bool:
    return True


async def test_what_keeps_a_pod_from_other_nodes_is_noted() -> None:
    run = Run(drains=True)
    run.workload.stuck = STUCK
    record = await run.kept()
    assert did(record) == [
        ("pod-disturbed", "b"),
        ("pod-unplaced", f"db-1 {STUCK}"),
        ("no-other-storage", "standard: local"),
    ]
    assert ([member.name for member in record.after], record.read) == (["db-0"], ())


async def test_it_is_noted_only_where_a_node_was_drained() -> None:
    run = Run()
    run.workload.stuck = STUCK
    assert "pod-unplaced" not in dict(did(await run.kept()))
