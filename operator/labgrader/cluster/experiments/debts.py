"""What an experiment must put back: written into its record before it is changed, paid at its end.

``Debts`` is used by the experiments through ``site``, ``pay`` by ``restore``, also for what a
crashed grader left. Each payment may be repeated, and leaves alone what somebody else has changed
meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from labgrader.cluster.client import Client
from labgrader.cluster.errors import ApiError
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.change import Change, clear_away, put_back, read
from labgrader.cluster.experiments.copies.removal import remove
from labgrader.cluster.experiments.faults.nodes import NODES, is_back
from labgrader.cluster.experiments.mirror import Mirror
from labgrader.cluster.experiments.pods import delete
from labgrader.cluster.experiments.switch import NodeSwitch, NotSwitched
from labgrader.cluster.experiments.undo import undo_job, undo_resize
from labgrader.cluster.experiments.workload import restarts
from labgrader.cluster.records import Record, Records

Json = Mapping[str, Any]
_GONE = (404, 410)
_READY_MS = 120_000


@dataclass
class Debts:
    """The record of one experiment, which grows."""

    records: Records
    record: Record

    async def uncordon(self, node: str) -> None:
        """The node will have to be open for pods again."""
        await self._owe({"what": "uncordon", "node": node})

    async def switch_on(self, node: str) -> None:
        """The node will have to be switched on again."""
        await self._owe({"what": "switch-on", "node": node})

    async def cure(self, pods: Sequence[Json], container: str) -> None:
        """These pods will have to go, unless the kubelet starts the container again."""
        listed = [
            {
                "namespace": pod["metadata"]["namespace"],
                "name": pod["metadata"]["name"],
                "uid": pod["metadata"]["uid"],
                "restarts": restarts(pod, container),
            }
            for pod in pods
        ]
        await self._owe({"what": "cure", "container": container, "pods": listed})

    async def change(self, change: Change, room: Change) -> None:
        """These fields will have to be what they were; those that made room for them afterwards."""
        await self._owe({"what": "change", "change": change.written(), "room": room.written()})

    async def lower(self, change: Change) -> None:
        """This number will have to be what it was, as ``change`` would, with no version caused."""
        await self._owe({"what": "lower", "change": change.written()})

    async def resize(self, change: Change, container: str) -> None:
        """This container will have to have the resources that it had."""
        await self._owe({"what": "resize", "container": container, "change": change.written()})

    async def run_job(self, path: str, changes: Sequence[Change]) -> None:
        """This Job will have to go, and what it changes will have to be what it was."""
        listed = [change.written() for change in changes]
        left: list[list[Any]] = [[] for _ in changes]
        await self._owe({"what": "run-job", "job": path, "changes": listed, "left": left})

    async def job_left(self, path: str, value: Any) -> None:
        """The Job has ended, and the field of this object had this value then."""
        owes = [
            debt
            if debt["what"] != "run-job"
            else {
                **debt,
                "left": [
                    [value] if change["path"] == path else known
                    for change, known in zip(debt["changes"], debt["left"], strict=True)
                ],
            }
            for debt in self.record.owes
        ]
        self.record = replace(self.record, owes=tuple(owes))
        await self.records.rewrite(self.record)

    async def remove_copy(self, namespace: str) -> None:
        """The namespace, which is made for this record, will have to go."""
        await self._owe({"what": "remove-copy", "namespace": namespace, "record": self.record.name})

    async def _owe(self, debt: Json) -> None:
        self.record = replace(self.record, owes=(*self.record.owes, debt))
        await self.records.rewrite(self.record)


async def pay(client: Client, debt: Json, switch: NodeSwitch | None) -> None:
    """Put one thing back. Raises ApiError, ApiUnreachable, NotSwitched."""
    match debt["what"]:
        case "uncordon":
            await _uncordon(client, debt["node"])
        case "switch-on":
            await _switch_on(client, debt["node"], switch)
        case "cure":
            for pod in debt["pods"]:
                await _cure(client, pod, debt["container"])
        case "remove-copy":
            await remove(client, debt["namespace"], debt["record"])
        case "change":
            await _undo(client, read(debt["change"]), read(debt["room"]))
        case "lower":
            await put_back(client, read(debt["change"]))
        case "resize":
            await undo_resize(client, read(debt["change"]), debt["container"])
        case "run-job":
            changes = [read(change) for change in debt["changes"]]
            await undo_job(client, debt["job"], changes, debt["left"])


async def _undo(client: Client, change: Change, room: Change) -> None:
    await put_back(client, change)
    await clear_away(client, change)
    if room.fields:
        await put_back(client, room)


async def _uncordon(client: Client, name: str) -> None:
    try:
        node = await client.get(f"{NODES}/{name}")
    except ApiError as error:
        if error.status in _GONE:
            return
        raise
    if (node.get("spec") or {}).get("unschedulable"):
        await client.patch(f"{NODES}/{name}", {"spec": {"unschedulable": None}})


async def _switch_on(client: Client, name: str, switch: NodeSwitch | None) -> None:
    """Also wait until the node works: whoever is graded next may need it."""
    if switch is None:
        raise NotSwitched(f"node {name} is off; start it, or run labgrader with --node-command")
    await switch.on(name)
    bell = Bell()
    nodes = Mirror(client, NODES, {"fieldSelector": f"metadata.name={name}"}, bell)
    async with nodes.following():
        await bell.until(lambda: any(map(is_back, nodes.objects.values())), _READY_MS)


async def _cure(client: Client, pod: Json, container: str) -> None:
    """A pod that is still what it was when it was made sick is replaced by its controller."""
    try:
        now = await client.get(f"/api/v1/namespaces/{pod['namespace']}/pods/{pod['name']}")
    except ApiError as error:
        if error.status in _GONE:
            return
        raise
    same = now["metadata"]["uid"] == pod["uid"] and "deletionTimestamp" not in now["metadata"]
    if same and restarts(now, container) <= pod["restarts"]:
        await delete(client, now)
