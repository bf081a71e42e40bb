"""What an experiment owes: written first, paid at its end, and only where it is still owed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from aiohttp import web

from labgrader.cluster.experiments import debts
from labgrader.cluster.experiments.change import Change, left_to_a_job, planned
from labgrader.cluster.experiments.debts import Debts, pay
from labgrader.cluster.experiments.faults.nodes import is_back
from labgrader.cluster.experiments.fields import field as field_of
from labgrader.cluster.experiments.switch import NotSwitched
from labgrader.cluster.records import Record
from tests.unit.servers import serving
from tests.unit.test_client import talking_to
from tests.unit.test_records import RECORD

STEPS = field_of("spec", "replicas")
POD: dict[str, Any] = {
    "metadata": {"name": "web-1", "namespace": "kim", "uid": "p"},
    "status": {"containerStatuses": [{"name": "web", "restartCount": 2}]},
}
CURE = {
    "what": "cure",
    "container": "web",
    "pods": [{"namespace": "kim", "name": "web-1", "uid": "p", "restarts": 2}],
}


@dataclass
class Kept:
    """Records that are only counted."""

    written: list[Record] = field(default_factory=list)

    async def write(self, record: Record) -> Sequence[Any]:
        self.written.append(record)
        return ()

    async def rewrite(self, record: Record) -> None:
        self.written.append(record)

    async def remove(self, record: Record) -> None:
        raise AssertionError(record)

    async def left(self) -> Sequence[Record]:
        return ()


async def paid(debt: dict[str, Any], body: dict[str, Any] | None) -> list[str]:
    """The requests that change something, where the object is as it is given."""
    changes: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.method != "GET":
            changes.append(f"{request.method} {request.path} {await request.text()}")
            return web.json_response({})
        if body is None:
            return web.json_response({"kind": "Status", "reason": "NotFound"}, status=404)
        return web.json_response(body)

    async with serving(answer) as address, talking_to(address) as client:
        await pay(client, debt, None)
    return changes


async def test_debts_are_written_before_anything_is_changed() -> None:
    kept = Kept()
    debts = Debts(kept, RECORD)
    await debts.uncordon("node1")
    await debts.cure([POD], "web")
    await debts.switch_on("node2")
    assert debts.record == kept.written[-1]
    assert [len(one.owes) for one in kept.written] == [1, 2, 3]
    assert debts.record.owes[1] == CURE
    assert debts.record.doing == RECORD.doing


async def test_what_a_job_left_is_written_beside_its_change() -> None:
    kept = Kept()
    debts = Debts(kept, RECORD)
    body = {"metadata": {"uid": "d"}, "spec": {"replicas": 2}}
    changes = [left_to_a_job(body, path, field_of("spec", "replicas")) for path in ("/hpa", "/web")]
    await debts.uncordon("node1")
    await debts.run_job("/jobs/one", changes)
    assert debts.record.owes[1]["left"] == [[], []]
    await debts.job_left("/web", 4)
    assert debts.record == kept.written[-1]
    assert debts.record.owes[0] == {"what": "uncordon", "node": "node1"}
    assert debts.record.owes[1]["left"] == [[], [4]]


async def test_a_cordoned_node_is_opened_again() -> None:
    debt = {"what": "uncordon", "node": "node1"}
    changes = await paid(debt, {"spec": {"unschedulable": True}})
    assert changes == ['PATCH /api/v1/nodes/node1 {"spec":{"unschedulable":null}}']


@pytest.mark.parametrize("body", [None, {"spec": {}}, {}])
async def test_an_open_node_is_left_alone(body: dict[str, Any] | None) -> None:
    assert await paid({"what": "uncordon", "node": "node1"}, body) == []


async def test_a_pod_that_stays_sick_is_deleted_and_no_other() -> None:
    [change] = await paid(CURE, POD)
    assert change == ('DELETE /api/v1/namespaces/kim/pods/web-1 {"preconditions":{"uid":"p"}}')


@pytest.mark.parametrize(
    "body",
    [
        None,
        {**POD, "metadata": {**POD["metadata"], "uid": "other"}},
        {**POD, "metadata": {**POD["metadata"], "deletionTimestamp": "2026-01-01T00:00:00Z"}},
        {**POD, "status": {"containerStatuses": [{"name": "web", "restartCount": 3}]}},
    ],
    ids=["gone", "replaced", "going", "restarted"],
)
async def test_a_pod_that_was_cured_is_left_alone(body: dict[str, Any] | None) -> None:
    assert await paid(CURE, body) == []


async def test_without_a_switch_a_node_stays_owed() -> None:
    with pytest.raises(NotSwitched, match="node1 is off"):
        await paid({"what": "switch-on", "node": "node1"}, {})


@pytest.mark.parametrize(
    ("status", "taint", "back"),
    [
        ("True", None, True),
        ("True", "example.com/gpu", True),
        ("True", "node.kubernetes.io/unreachable", False),
        ("True", "node.kubernetes.io/not-ready", False),
        ("Unknown", None, False),
    ],
)
def test_a_node_is_back_when_pods_may_come_again(
    status: str, taint: str | None, *, back: bool
) -> None:
    taints = [{"key": taint, "effect": "NoSchedule"}] if taint else None
    conditions = [{"type": "Ready", "status": status}]
    node = {"spec": {"taints": taints}, "status": {"conditions": conditions}}
    assert is_back(node) == back


@pytest.mark.parametrize(("fields", "last"), [({STEPS: 11}, ["/room"]), ({}, [])])
async def test_room_goes_when_nothing_of_the_change_is_left(
    monkeypatch: pytest.MonkeyPatch, fields: dict[Any, Any], last: list[str]
) -> None:
    done: list[str] = []

    async def note(_: Any, change: Change) -> None:
        done.append(change.path)

    monkeypatch.setattr(debts, "put_back", note)
    monkeypatch.setattr(debts, "clear_away", note)
    body = {"metadata": {"uid": "d"}, "spec": {}}
    change, room = planned(body, "/web", {STEPS: 1}), planned(body, "/room", fields)
    kept = Kept()
    await Debts(kept, RECORD).change(change, room)
    await pay(cast("Any", None), kept.written[-1].owes[0], None)
    assert done == ["/web", "/web", *last]
