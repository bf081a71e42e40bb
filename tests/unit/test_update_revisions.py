"""Which ReplicaSets are those of an update: of ours, or of an earlier version just like it."""

from typing import Any

import pytest

from labgrader.cluster.experiments.change import Change, carries, caused, planned
from labgrader.cluster.experiments.fields import field, item


def template(image: str) -> dict[str, Any]:
    return {"spec": {"containers": [{"name": "web", "image": image}]}}


def replica_set(uid: str, image: str, owner: str = "d") -> dict[str, Any]:
    owners = [{"uid": owner, "controller": True}]
    return {
        "metadata": {"uid": uid, "ownerReferences": owners},
        "spec": {"template": template(image)},
    }


@pytest.fixture
def change() -> Change:
    """The Deployment gets web:2, which it had before: its history holds it."""
    body = {
        "metadata": {"name": "web", "namespace": "kim", "uid": "d"},
        "spec": {"template": template("web:1")},
    }
    containers = (*field("spec", "template", "spec", "containers"), item("web"), "f:image")
    return planned(body, "/web", {containers: "web:2"}, ["rs-1", "rs-2"])


@pytest.mark.parametrize(
    ("found", "carried", "ours"),
    [
        (replica_set("rs-3", "web:2"), True, True),
        (replica_set("rs-2", "web:2"), True, False),  # the controller takes it up again
        (replica_set("rs-1", "web:1"), False, False),
        (replica_set("rs-3", "web:2", owner="other"), False, False),
    ],
    ids=["made for it", "of the history", "the present one", "of another"],
)
def test_a_version_that_was_there_before_runs_the_update_and_stays(
    change: Change, found: dict[str, Any], *, carried: bool, ours: bool
) -> None:
    assert (carries(change, found), caused(change, found)) == (carried, ours)
