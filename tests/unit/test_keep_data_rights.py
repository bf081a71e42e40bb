"""What keeping data takes: rights that are asked for before anything is done, and a cluster to drain."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.hopeless import Hopeless
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.experiments.keep_data import DataKeeping
from labgrader.cluster.experiments.laboratory import Laboratory, Permission, Settings
from labgrader.evidence.answers import Trouble
from labgrader.evidence.experiments import Commands, KeepData
from tests.unit.clocks import Time
from tests.unit.test_keep_data import COMMANDS


@dataclass
class Authorizer:
    """Allows everything but one right, written as ``verb resource``."""

    but: str
    reviewed: list[str] = field(default_factory=list)

    async def create(self, _: str, body: dict[str, Any]) -> Any:
        asked = body["spec"]["resourceAttributes"]
        what = "/".join(filter(None, (asked["resource"], asked.get("subresource"))))
        self.reviewed.append(f"{asked['verb']} {what}")
        return {"status": {"allowed": self.reviewed[-1] != self.but}}


async def asked(*, drains: bool, commands: Commands | None, but: str = "") -> list[str]:
    """The rights that are asked for, where one may be missing. Raises Hopeless."""
    client: Any = Authorizer(but)
    about = ("kim", "apps/v1", "StatefulSet", "db", "d", 0, 0, "", "")
    unused: Any = None
    of = KeepData(*about, every=True, commands=commands, drains=drains)
    await DataKeeping(client, unused, Journal(Time(), 0), Bell(), of).check()
    reviewed: list[str] = client.reviewed
    return reviewed


async def test_what_takes_a_right_asks_for_it_and_nothing_else() -> None:
    assert await asked(drains=False, commands=None) == ["delete pods"]
    run = ["create pods/exec", "get pods/exec"]
    assert await asked(drains=False, commands=COMMANDS) == ["delete pods", *run]
    drain = ["create pods/eviction", "list nodes", "patch nodes", "list storageclasses"]
    assert await asked(drains=True, commands=None) == drain


@pytest.mark.parametrize(
    ("but", "role"),
    [
        ("create pods/exec", "RoleBinding there to ClusterRole labgrader-disturb"),
        ("create pods/eviction", "RoleBinding there to ClusterRole labgrader-disturb"),
        ("patch nodes", "ClusterRoleBinding to ClusterRole labgrader-own-cluster"),
        ("list storageclasses", "ClusterRoleBinding to ClusterRole labgrader-own-cluster"),
    ],
)
async def test_a_missing_right_is_named_with_its_role(but: str, role: str) -> None:
    with pytest.raises(Hopeless) as raised:
        await asked(drains=True, commands=COMMANDS, but=but)
    answer = raised.value.answer
    assert isinstance(answer, Trouble)
    assert (answer.reason, answer.transient) == ("Forbidden", False)
    assert answer.detail.startswith(but)
    assert answer.detail.endswith(role)


async def test_a_node_is_drained_only_on_a_learners_own_cluster() -> None:
    settings = Settings("this", "image", "grader", Permission.GIVEN)
    unused: Any = None
    laboratory = Laboratory(
        *(unused, unused, unused, settings, unused), clock=Time(), ids=lambda: "x"
    )
    about = ("kim", "apps/v1", "StatefulSet", "db", "d", 0, 80, "PUT", "/{key}")
    answer = await laboratory.run(KeepData(*about, every=False, drains=True))
    detail = "DrainNode: labgrader runs without --own-cluster"
    assert answer == Trouble("OwnClusterOnly", detail, transient=False)
