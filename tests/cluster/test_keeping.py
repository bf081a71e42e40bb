"""Data kept through commands, and through the drain of a node, on a real cluster of three nodes."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from labgrader.evidence.answers import Answer, Trouble
from labgrader.evidence.experiments import Commands, KeepData
from labgrader.evidence.keeping import Kept
from tests.support.bench import IMAGE, OPEN, Bench
from tests.support.classroom import Json, deployment
from tests.support.faults import node_names
from tests.support.live import LiveCluster

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]
BUSYBOX = "docker.io/library/busybox:1"
RUNS = "trap 'exit 0' TERM; while true; do sleep 0.2; done"
COMMANDS = Commands("web", ("sh", "-c", "echo {value} > /data/{key}"), ("cat", "/data/{key}"))
CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "16Mi"}}}
OTHER_CLASS: Json = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {"name": "labgrader-tests-shared"},
    "provisioner": "labgrader.dev/nobody",
}
ANYWHERE = [{"operator": "Exists"}]


@dataclass
class Shelf(Bench):
    """A learner's namespace with the StatefulSet `notes`."""

    def put(self, body: Json) -> None:
        self.apply(body)
        what = ("rollout", "status", "statefulset/notes", "--timeout=120s")
        self.cluster.kubectl("-n", self.target, *what)

    def keep(
        self,
        commands: Commands = COMMANDS,
        within_ms: int = 60_000,
        *,
        every: bool = True,
        drains: bool = False,
    ) -> KeepData:
        uid = self.get("statefulset", "notes")["metadata"]["uid"]
        about = (self.target, "apps/v1", "StatefulSet", "notes", uid, within_ms)
        return KeepData(*about, 0, "", "", every, commands, drains)

    def pods(self) -> dict[str, str]:
        """Their uids and nodes."""
        found = self.get("pods")["items"]
        return {one["metadata"]["uid"]: one["spec"]["nodeName"] for one in found}

    def cordoned(self) -> list[str]:
        nodes = self.get("nodes")["items"]
        return [one["metadata"]["name"] for one in nodes if one["spec"].get("unschedulable")]

    async def drained(self, within_ms: int = 60_000, **settings: Any) -> Answer:
        of = self.keep(within_ms=within_ms, every=False, drains=True)
        return await self.run(of, **{"own_cluster": True, **settings})


@pytest.fixture
def shelf(nodes: LiveCluster) -> Shelf:
    return Shelf(nodes, nodes.fresh_namespace(OPEN), nodes.fresh_namespace(), IMAGE)


@pytest.fixture
def shared(shelf: Shelf) -> Iterator[Json]:
    """Claims of two pods whose volumes are folders of the machine, which all nodes have."""
    folder = Path(__file__).parents[2] / "build" / shelf.target
    volumes: list[Json] = [
        {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": f"{shelf.target}-{n}"},
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "capacity": {"storage": "16Mi"},
                "storageClassName": "by-hand",
                "claimRef": {"namespace": shelf.target, "name": f"data-notes-{n}"},
                "hostPath": {"path": str(folder / str(n)), "type": "DirectoryOrCreate"},
            },
        }
        for n in (0, 1)
    ]
    shelf.apply(*volumes)
    try:
        yield {**CLAIM, "storageClassName": "by-hand"}
    finally:
        shelf.cluster.kubectl("delete", "namespace", shelf.target)
        names = [one["metadata"]["name"] for one in volumes]
        shelf.cluster.kubectl("delete", "persistentvolumes", *names)
        shutil.rmtree(folder, ignore_errors=True)


def notes(claim: Json | None = None, **pod: Any) -> Json:
    """A StatefulSet of a shell; without a claim its folder is an emptyDir."""
    runs = ["sh", "-c", RUNS]
    body = deployment("notes", image=BUSYBOX, command=runs, readinessProbe=None)
    spec = body["spec"]["template"]["spec"]
    spec["containers"][0]["volumeMounts"] = [{"name": "data", "mountPath": "/data"}]
    spec |= {"volumes": [] if claim else [{"name": "data", "emptyDir": {}}], **pod}
    claims = [{"metadata": {"name": "data"}, "spec": claim}] if claim else []
    body["spec"] |= {"serviceName": "notes", "volumeClaimTemplates": claims}
    return {**body, "kind": "StatefulSet"}


def record(answer: Answer) -> Kept:
    assert isinstance(answer, Kept), answer
    return answer


def did(kept: Kept, what: str) -> list[str]:
    return [one.subject for one in kept.timeline.actions if one.what == what]


async def test_what_a_command_writes_outlives_the_pods(shelf: Shelf) -> None:
    shelf.put(notes(CLAIM))
    before = set(shelf.pods())
    kept = record(await shelf.run(shelf.keep()))
    assert {one.pod for one in kept.written} == before
    assert [one.exit_code for one in (*kept.written, *kept.read_first, *kept.read)] == [0] * 6
    assert [one.held for one in kept.read] == [True, True]
    assert not {member.uid for member in kept.after} & before
    assert [m.claims for m in kept.after] == [m.claims for m in kept.before]
    assert shelf.left() == []


async def test_what_lies_in_the_pod_goes_with_it(shelf: Shelf) -> None:
    shelf.put(notes())
    kept = record(await shelf.run(shelf.keep()))
    assert [one.held for one in kept.read_first] == [True, True]
    assert [(one.held, one.exit_code) for one in kept.read] == [(False, 1), (False, 1)]
    assert "can't open '/data/" in kept.read[0].error
    assert shelf.left() == []


@pytest.mark.parametrize(
    ("read", "code", "said"),
    [
        (("cat", "/nowhere/{key}"), 1, "No such file or directory"),
        (("sqlite3", "/data/{key}"), 127, "no such program in the container"),
        (("echo", "{key}"), 0, "exit code 0: "),
        (("tail", "-f", "/data/{key}"), -1, "timeout (10 s)"),
    ],
    ids=["fails", "is not there", "prints something else", "does not end"],
)
async def test_a_read_that_gives_nothing_ends_it_before_anything_is_deleted(
    shelf: Shelf, read: tuple[str, ...], code: int, said: str
) -> None:
    shelf.put(notes(CLAIM))
    before = shelf.pods()
    kept = record(await shelf.run(shelf.keep(Commands("web", COMMANDS.write, read))))
    assert all(one.went_well for one in kept.written)
    assert [(one.held, one.exit_code) for one in kept.read_first] == [(False, code)] * 2
    assert said in kept.read_first[0].error
    assert did(kept, "not-stored") == [""]
    assert shelf.pods() == before


async def test_a_write_that_fails_ends_it_before_anything_is_deleted(shelf: Shelf) -> None:
    shelf.put(notes(CLAIM))
    before = shelf.pods()
    nowhere = Commands("web", ("sh", "-c", "echo {value} > /nowhere/{key}"), COMMANDS.read)
    kept = record(await shelf.run(shelf.keep(nowhere)))
    [one] = kept.written
    assert (one.went_well, one.exit_code) == (False, 1)
    assert "nonexistent directory" in one.error
    assert (kept.read_first, shelf.pods()) == ((), before)


async def test_data_goes_with_its_pod_to_another_node(shelf: Shelf, shared: Json) -> None:
    shelf.put(notes(shared))
    places = shelf.pods()
    kept = record(await shelf.drained())
    [node] = did(kept, "node-chosen")
    went = did(kept, "pod-disturbed")
    assert set(went) == {uid for uid, place in places.items() if place == node}
    assert [one.held for one in kept.read] == [True, True]
    new = [member for member in kept.after if member.uid not in places]
    assert len(new) == len(went)
    assert node not in {member.node for member in new}
    assert (shelf.cordoned(), shelf.left()) == ([], [])


async def test_a_volume_of_one_node_keeps_its_pod(shelf: Shelf) -> None:
    shelf.put(notes(CLAIM))
    kept = record(await shelf.drained(15_000))
    [node] = did(kept, "node-chosen")
    [unplaced, *_] = did(kept, "pod-unplaced")
    assert "PersistentVolume's node affinity" in unplaced
    assert did(kept, "no-other-storage") == ["standard: rancher.io/local-path"]
    assert node not in {member.node for member in kept.after}
    assert (shelf.cordoned(), shelf.left()) == ([], [])
    shelf.put(notes(CLAIM))  # the node is open again, and its pods come back to their volumes
    assert node in shelf.pods().values()
    shelf.cluster.kubectl("create", "-f", "-", input=json.dumps(OTHER_CLASS))
    try:
        again = record(await shelf.drained(15_000))
    finally:
        shelf.cluster.kubectl("delete", "storageclass", OTHER_CLASS["metadata"]["name"])
    assert did(again, "pod-unplaced")
    assert did(again, "no-other-storage") == []


async def test_a_pod_that_passes_over_the_cordon_is_seen_on_its_node(shelf: Shelf) -> None:
    shelf.put(notes(CLAIM, tolerations=ANYWHERE))
    kept = record(await shelf.drained())
    before = {member.uid for member in kept.before}
    back = {member.node for member in kept.after if member.uid not in before}
    assert back == set(did(kept, "node-chosen"))


async def test_a_budget_keeps_pods_on_their_node(shelf: Shelf) -> None:
    shelf.put(notes(CLAIM))
    shelf.apply(
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": {"name": "notes"},
            "spec": {"minAvailable": 2, "selector": {"matchLabels": {"app": "notes"}}},
        }
    )
    before = shelf.pods()
    kept = record(await shelf.drained())
    assert "disruption budget" in did(kept, "budget-held")[0]
    assert (kept.after, kept.read) == ((), ())
    assert (shelf.pods(), shelf.cordoned(), shelf.left()) == (before, [], [])


async def test_nothing_is_written_where_no_node_may_go(shelf: Shelf) -> None:
    shelf.put(notes(CLAIM))
    refused = await shelf.drained(own_cluster=False)
    assert isinstance(refused, Trouble)
    assert (refused.reason, refused.transient) == ("OwnClusterOnly", False)
    spare = node_names(shelf)[1:]
    try:
        shelf.cluster.kubectl("cordon", *spare)
        alone = await shelf.drained()
    finally:
        shelf.cluster.kubectl("uncordon", *spare)
    assert isinstance(alone, Trouble)
    assert (alone.reason, alone.transient) == ("NeedsMoreNodes", False)
    assert alone.detail == "1 of 3 nodes can take pods, 2 are needed"
    for name in ("notes-0", "notes-1"):
        listed = shelf.cluster.kubectl("-n", shelf.target, "exec", name, "--", "ls", "/data")
        assert listed.stdout == ""
