"""The experiment that updates a Deployment: when it was undone, and who else changed it."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from labgrader.checks.rollout import TEMPLATE_CHANGED, UNDONE, UPDATED
from labgrader.cluster.experiments import update
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.hopeless import Hopeless
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.subject import Subject
from labgrader.cluster.experiments.update import DeploymentUpdate
from labgrader.cluster.experiments.workload import Workload
from labgrader.evidence.answers import Hindered
from labgrader.evidence.experiments import HttpTarget, Update
from tests.unit.clocks import Time

PUTTING_BACK_MS = 700


def deployment(image: str, **annotations: str) -> dict[str, Any]:
    return {
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "kim", "uid": "d"},
        "spec": {
            "replicas": 1,
            "template": {
                "metadata": {"annotations": annotations},
                "spec": {"containers": [{"name": "web", "image": image}]},
            },
        },
    }


@dataclass
class Stage:
    """A Deployment that changes when it is told to, and the experiment that updates it."""

    experiment: DeploymentUpdate
    workload: Workload

    def shows(self, body: dict[str, Any]) -> None:
        self.workload.itself.objects["d"] = body
        self.experiment._note(self.workload)

    @property
    def did(self) -> dict[str, int]:
        return {one.what: one.at_ms for one in self.experiment.journal.actions}


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    clock, unused = Time(), None
    about = ("kim", "apps/v1", "Deployment", "web", "d", 1_000, HttpTarget("kim", "web", 80, "/"))
    asked = Update(*about, "web", "web:2", then="undo")
    anything: Any = unused
    mirrors: Any = [SimpleNamespace(objects={}) for _ in range(3)]
    made = Stage(
        DeploymentUpdate(anything, anything, Journal(clock, 0), Bell(), asked),
        Workload("d", *mirrors),
    )
    made.workload.itself.objects["d"] = deployment("web:1")

    async def put_back(*_: Any) -> None:
        clock.now += PUTTING_BACK_MS
        made.shows(deployment("web:1"))

    async def of(*_: Any) -> Any:
        return SimpleNamespace(body=deployment("web:1"), path="/web")

    async def no_revisions(_: Any) -> list[Any]:
        return []

    async def until(*_: Any) -> bool:
        clock.now += 100
        return True

    monkeypatch.setattr(update, "put_back", put_back)
    monkeypatch.setattr(Subject, "of", of)
    monkeypatch.setattr(DeploymentUpdate, "_revisions", no_revisions)
    monkeypatch.setattr(DeploymentUpdate, "_until", until)
    return made


async def updated(stage: Stage, *then: dict[str, Any]) -> dict[str, int]:
    async def change(*_: Any) -> None:
        for body in then:
            stage.shows(body)

    site: Any = SimpleNamespace(change=change, nonce="n")
    await stage.experiment._update(site, stage.workload)
    return stage.did


async def test_the_undo_counts_from_its_beginning(stage: Stage) -> None:
    did = await updated(stage, deployment("web:2"))
    assert did == {UPDATED: 0, UNDONE: 100}
    assert stage.experiment.journal.now_ms() >= 100 + PUTTING_BACK_MS


@pytest.mark.parametrize(
    "other", [deployment("web:3"), deployment("web:1"), deployment("web:2", restarted="now")]
)
async def test_who_changes_the_template_meanwhile_is_seen(
    stage: Stage, other: dict[str, Any]
) -> None:
    did = await updated(stage, deployment("web:1"), deployment("web:2"), other)
    assert TEMPLATE_CHANGED in did


def replica_set(replicas: int) -> dict[str, Any]:
    return {"spec": {"replicas": replicas}}


@pytest.mark.parametrize(
    ("limit", "old", "room"),
    [
        ({}, 9, {}),
        ({}, 10, 11),
        ({"revisionHistoryLimit": 1}, 0, {}),
        ({"revisionHistoryLimit": 1}, 3, 4),
    ],
)
def test_a_full_history_gets_room_for_one_more(limit: dict[str, Any], old: int, room: Any) -> None:
    body = deployment("web:1")
    body["spec"] |= limit
    sets: list[Any] = [replica_set(2), *(replica_set(0) for _ in range(old))]
    made = update._room(body, sets)
    assert list(made.values()) == ([room] if room else [])
    assert {steps[-1] for steps in made} <= {"f:revisionHistoryLimit"}


def test_who_keeps_no_version_has_the_update_refused() -> None:
    body = deployment("web:1")
    body["spec"]["revisionHistoryLimit"] = 0
    with pytest.raises(Hopeless) as error:
        update._room(body, [replica_set(1)])
    assert isinstance(error.value.answer, Hindered)
    assert error.value.answer.reason == "HistoryWouldBePruned"
    assert dict(error.value.answer.params)["needed"] == "1"
