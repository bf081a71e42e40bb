"""`heals` after other faults than a deleted pod: what each asks for, and what it is refused with."""

from typing import Any

import pytest

from labgrader.api.kinds import Heals
from labgrader.checks.heals import judge, problems, takes_nodes
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Found
from labgrader.evidence.experiments import DeletePod, Disturb, Means
from labgrader.evidence.snapshot import MissingEvidence, Snapshot
from tests.support.corpus import shared_objects
from tests.unit.checks.faulted import SICK, heals, judged, told


@pytest.mark.parametrize(
    ("params", "said"),
    [
        (heals("DeletePod", by=SICK), "by belongs to FailLiveness and KillProcess"),
        (heals("FailLiveness"), "FailLiveness needs by"),
        (heals("StopNode", share="50"), "every pod on one node"),
        (heals("DeletePod", share="0"), "a share of 0"),
        (heals("DrainNode", object={"kind": "DaemonSet", "name": "web"}), "of a DaemonSet"),
        (heals("KillProcess", object={"kind": "Pod", "name": "web"}), "not Pod"),
    ],
)
def test_what_does_not_go_with_a_fault_is_refused(params: dict[str, Any], said: str) -> None:
    [problem] = problems(Heals.model_validate(params))
    assert said in problem.text


@pytest.mark.parametrize(
    "params",
    [
        heals("KillProcess"),
        heals("KillProcess", share="100"),
        heals("FailLiveness", by=SICK),
        heals("EvictFromNode", object={"kind": "DaemonSet", "name": "web"}),
        heals("StopNode"),
    ],
)
def test_what_goes_with_a_fault_is_taken(params: dict[str, Any]) -> None:
    assert problems(Heals.model_validate(params)) == ()


@pytest.mark.parametrize("by", [{"path": "/x"}, {"port": 1}, {"command": ["x"], **SICK}, {}])
def test_means_are_a_command_or_a_path_with_its_port(by: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="path"):
        Heals.model_validate(heals("KillProcess", by=by))


def asked(params: dict[str, Any]) -> DeletePod | Disturb:
    """The experiment that the check asks for."""
    scope = Scope("kim")
    snapshot = Snapshot({scope.named("Deployment", "web"): Found(shared_objects()["web"])})
    with pytest.raises(MissingEvidence) as missing:
        judge(Heals.model_validate(params), scope, snapshot)
    [request] = missing.value.requests
    assert isinstance(request, DeletePod | Disturb)
    return request


def test_one_deleted_pod_is_asked_for_as_it_always_was() -> None:
    wanted = DeletePod("kim", "apps/v1", "Deployment", "web", "d-web", 30_000, None)
    assert asked(heals("DeletePod")) == wanted


@pytest.mark.parametrize(
    ("params", "share", "means"),
    [
        (heals("DeletePod", share="50"), 50_000, None),
        (heals("KillProcess"), 0, Means("web", ("kill", "-TERM", "1"))),
        (heals("FailLiveness", by=SICK), 0, Means("web", (), 8080, "/sick")),
        (
            heals("KillProcess", by={"container": "web", "command": ["stop"]}),
            0,
            Means("web", ("stop",)),
        ),
        (heals("EvictFromNode"), 0, None),
    ],
)
def test_an_experiment_is_told_what_to_do(
    params: dict[str, Any], share: int, means: Means | None
) -> None:
    experiment = asked(params)
    assert isinstance(experiment, Disturb)
    assert (experiment.fault, experiment.share, experiment.means) == (params["fault"], share, means)


def test_a_container_that_is_not_there_is_told_before_anything_is_disturbed() -> None:
    found = judged(heals("KillProcess", by={"container": "db", "command": ["kill", "1"]}), None)
    assert found.finding.reason == "FaultContainerMissing"
    assert "container db" in told(found)
    assert "there is: web" in told(found)


def test_faults_of_a_node_are_known_to_need_another_one() -> None:
    taking = {"EvictFromNode", "DrainNode", "StopNode"}
    for fault in ("DeletePod", "KillProcess", *taking):
        assert takes_nodes(Heals.model_validate(heals(fault))) is (fault in taking)
