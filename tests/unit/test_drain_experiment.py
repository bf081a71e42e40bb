"""The experiment that stops a pod: when it does not, and how long it watches then."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from labgrader.checks.draining import POD_GONE, TOLD_TO_STOP
from labgrader.checks.recovery import WATCHED_MS
from labgrader.cluster.experiments import drain_pod
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.drain_pod import PodDrain
from labgrader.cluster.experiments.hopeless import Hopeless
from labgrader.cluster.experiments.job import Line
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.scene import Behind
from labgrader.evidence.answers import Trouble
from labgrader.evidence.experiments import DrainPod, HttpTarget
from labgrader.evidence.timeline import Timeline
from labgrader.evidence.traffic import Backend
from tests.unit.clocks import Time

CHOSEN = Behind(Backend("uid-1", "web-1", ready=True), "10.0.0.1:8080")
GOOD = {"at": 0, "late": 0, "took": 4, "now": 4, "status": 200, "error": ""}
ANSWERED = (Line(4, {"slow": 0, **GOOD}), Line(4, {"n": 0, **GOOD}))


@dataclass
class Client:
    """Notes what is deleted."""

    deleted: list[str] = field(default_factory=list)

    async def delete(self, path: str, _: Any) -> None:
        self.deleted.append(path)


def drain(within_ms: int = 60_000) -> PodDrain:
    target = HttpTarget("kim", "web", 80, "/")
    about = ("kim", "apps/v1", "Deployment", "web", "uid-of-web", within_ms, target, "/slow")
    unused: Any = None
    client: Any = Client()
    return PodDrain(client, unused, Journal(Time(), 0), Bell(), DrainPod(*about))


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drain_pod, "_WHOLE_MS", 20)


def places(*, whole: bool = True, ready: str = "uid-1", receiving: str = "uid-1") -> Any:
    pods = [{"metadata": {"uid": ready}}]
    workload = SimpleNamespace(whole=whole, ready=lambda: pods)
    return workload, SimpleNamespace(receiving=lambda: (receiving,))


async def drained(experiment: PodDrain, workload: Any, scene: Any) -> int:
    """Until when clients were to be told of."""
    until: list[int] = []
    probe = SimpleNamespace(lines=ANSWERED, ended=False)

    class Clients:
        def asking(self, *_: Any) -> Any:
            return self

        async def __aenter__(self) -> Any:
            return probe

        async def __aexit__(self, *_: object) -> None:
            pass

        async def steadied(self, _: Any) -> None:
            pass

        async def told(self, _: Any, until_ms: int) -> Timeline:
            until.append(until_ms)
            return Timeline(())

    clients: Any = Clients()
    site: Any = None
    experiment._clients = clients
    await experiment._drained(site, CHOSEN, workload, scene)
    return until[0]


async def test_a_pod_that_serves_is_stopped() -> None:
    experiment = drain(within_ms=20)
    await drained(experiment, *places())
    assert experiment.client.deleted == ["/api/v1/namespaces/kim/pods/web-1"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "meanwhile", [{"whole": False}, {"ready": "uid-2"}, {"receiving": "uid-2"}]
)
async def test_a_pod_that_serves_no_longer_is_not_stopped(meanwhile: dict[str, Any]) -> None:
    experiment = drain()
    with pytest.raises(Hopeless) as told:
        await drained(experiment, *places(**meanwhile))
    assert told.value.answer == Trouble("ObjectReplaced", "pod web-1 serves no longer", True)  # noqa: FBT003
    assert experiment.client.deleted == []  # type: ignore[attr-defined]


async def test_clients_are_watched_however_soon_the_pod_is_to_be_gone() -> None:
    assert await drained(drain(within_ms=1), *places()) == WATCHED_MS


async def test_a_pod_that_went_at_once_is_not_the_end() -> None:
    experiment = drain()
    clock: Any = experiment.journal.clock
    experiment.journal.did(TOLD_TO_STOP, "uid-1")
    experiment.journal.did(POD_GONE, "uid-1")
    probe: Any = SimpleNamespace(lines=ANSWERED, ended=False)
    clock.now = WATCHED_MS - 1
    assert not experiment._has_seen_enough(probe)
    clock.now = WATCHED_MS
    assert experiment._has_seen_enough(probe)
