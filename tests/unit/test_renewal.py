"""Restarts that the kubelet holds against a pod are not the next experiment's: a new pod is taken."""

from typing import Any

import pytest

from labgrader.cluster.clock import SystemClock
from labgrader.cluster.experiments import disturb, renewal
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.disturb import Disturbance
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.renewal import is_held_against, trial_ms
from labgrader.cluster.resources import Resources
from labgrader.evidence.experiments import Disturb, Means
from labgrader.evidence.timeline import Timeline
from tests.unit.kubelet_server import Cluster, pod
from tests.unit.servers import serving
from tests.unit.test_client import talking_to

EXIT = Means("web", port=8080, path="/exit")
NOW = "2026-01-01T00:20:00Z"
LATELY, LONG_AGO = "2026-01-01T00:12:00Z", "2026-01-01T00:05:00Z"


class Clock(SystemClock):
    """Its hands on the wall stand still."""

    def wall(self, *, later: float = 0.0) -> str:  # noqa: ARG002
        return NOW


@pytest.mark.parametrize(
    ("restarts", "started", "held"),
    [
        (0, LATELY, False),
        (1, LATELY, True),
        (7, LATELY, True),
        (1, LONG_AGO, False),
        (1, "2026-01-01T00:05:01Z", True),
        (1, "2026-01-01T00:21:00Z", True),
    ],
    ids=["never", "once", "often", "forgotten", "not yet", "by a clock that is ahead"],
)
def test_a_restart_is_held_against_a_container_for_a_while(
    restarts: int, started: str, *, held: bool
) -> None:
    assert is_held_against(pod(1, restarts, started), "web", NOW) is held
    assert not is_held_against(pod(1, restarts, started), "other", NOW)


def test_a_container_that_waits_to_be_started_again_is_held_back_now() -> None:
    waiting = pod(1, 1)
    waiting["status"]["containerStatuses"][0]["state"] = {"waiting": {}}
    assert is_held_against(waiting, "web", NOW)


@pytest.mark.parametrize(
    ("restarts", "started", "ran", "trial_ms_"),
    [
        (1, LATELY, 4, 0),
        (2, LATELY, 4, 9_000),
        (2, LATELY, 59, 64_000),
        (2, LATELY, 60, 0),
        (2, LONG_AGO, 4, 0),
        (2, "2026-01-01T00:05:03Z", 4, 0),
        (2, "2026-01-01T00:05:05Z", 4, 9_000),
        (2, LATELY, 0, 5_000),
    ],
)
def test_who_was_restarted_twice_lately_must_outlive_the_run_before(
    restarts: int, started: str, ran: int, trial_ms_: int
) -> None:
    """A fault of ours restarts a pod once."""
    assert trial_ms(pod(1, restarts, started, ran=ran), "web", NOW) == trial_ms_


async def disturbed(cluster: Cluster, share: int = 0, fault: str = "KillProcess") -> Timeline:
    """The experiment without clients, and without its preparation."""
    means = EXIT if fault == "KillProcess" else None
    experiment = Disturb(
        "kim", "apps/v1", "Deployment", "web", "d", 5_000, fault, share=share, means=means
    )
    cluster.now = NOW
    site: Any = None
    async with serving(cluster.answer) as address, talking_to(address) as client:
        clock = Clock()
        parts = (client, Resources(client), Journal(clock, clock.now_ms()), Bell())
        return await Disturbance(*parts, experiment).conduct(site)


def did(timeline: Timeline, what: str) -> list[str]:
    return [action.subject for action in timeline.actions if action.what == what]


async def test_no_process_is_ended_twice_in_a_pod() -> None:
    """One replica, graded again and again within minutes: each time is as the first."""
    cluster = Cluster([pod(1)])
    runs = [await disturbed(cluster) for _ in range(3)]
    assert cluster.struck == [("web-1", 0), ("web-2", 0), ("web-3", 0)]
    assert [did(run, "pod-renewed") for run in runs] == [[], ["web-1"], ["web-2"]]
    assert [len(did(run, "container-restarted")) for run in runs] == [1, 1, 1]


async def test_a_pod_that_nothing_is_held_against_is_taken_first() -> None:
    cluster = Cluster([pod(1, 1, LATELY), pod(2, 3, LONG_AGO), pod(3)])
    await disturbed(cluster)
    assert (cluster.struck, cluster.deleted) == ([("web-2", 3)], [])


async def test_of_a_share_those_make_way_that_something_is_held_against() -> None:
    cluster = Cluster([pod(1, 1, LATELY), pod(2), pod(3, 1, LATELY)])
    timeline = await disturbed(cluster, 66_000)
    assert did(timeline, "pod-renewed") == ["web-1"]
    assert cluster.struck == [("web-2", 0), ("web-4", 0)]


async def test_faults_that_make_new_pods_renew_none() -> None:
    cluster = Cluster([pod(1, 1, LATELY), pod(2, 1, LATELY)])
    assert did(await disturbed(cluster, 100_000, "DeletePod"), "pod-renewed") == []
    assert cluster.deleted == ["web-1", "web-2"]


async def test_what_is_not_whole_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """An app that ends by itself is not excused."""
    monkeypatch.setattr(disturb, "_WHOLE_MS", 20)
    cluster = Cluster([pod(1, 4, LATELY, ready=False), pod(2, 1, LATELY)])
    timeline = await disturbed(cluster)
    assert did(timeline, "not-whole")
    assert (cluster.struck, cluster.deleted) == ([], [])


async def test_without_a_new_pod_there_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewal, "RENEWED_WITHIN_MS", 20)
    cluster = Cluster([pod(1, 1, LATELY)], heals=False)
    timeline = await disturbed(cluster)
    assert [action.what for action in timeline.actions] == ["pod-renewed", "not-renewed"]
    assert timeline.pods[-1].ready == ()
    assert cluster.struck == []


@pytest.mark.parametrize(("frail", "struck"), [(False, [("web-2", 0)]), (True, [])])
async def test_an_app_that_ends_by_itself_is_not_excused(
    monkeypatch: pytest.MonkeyPatch, *, frail: bool, struck: list[Any]
) -> None:
    monkeypatch.setattr(renewal, "_LONGER_MS", -900)
    cluster = Cluster([pod(1, 3, LATELY, ran=1)], frail=frail)
    timeline = await disturbed(cluster)
    assert bool(did(timeline, "ends-by-itself")) is frail
    assert (cluster.struck, cluster.deleted) == (struck, ["web-1"])
