"""Autoscalers that cannot work, or work on other terms: what they aim at, and its requests."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.checks.finding import Outcome
from labgrader.evidence.snapshot import CouldNotLook
from labgrader.evidence.timeline import Action, Timeline
from tests.unit.checks.scaled import ADDS, IDLE, THERE, deployment, found, hpa, loaded


def test_replicas_there_already_leave_it_open() -> None:
    timeline = Timeline(actions=(Action(180_000, "already-scaled"),), autoscaler=(IDLE,))
    finding = found(timeline)
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, "AlreadyScaled")
    assert finding.transient  # they may be left over from an earlier load


def test_an_autoscaler_that_never_read_a_metric_fails() -> None:
    blind = replace(IDLE, utilization=-1, inactive="FailedGetResourceMetric")
    finding = found(Timeline(actions=(), autoscaler=(blind,)))
    assert finding.reason == "AutoscalerReadsNothing"
    assert dict(finding.params)["said"] == "FailedGetResourceMetric"


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ({"maxReplicas": 2}, "MaximumTooLow"),
        ({"minReplicas": 3}, "MinimumTooHigh"),
        (
            {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "other"}},
            "AutoscalerTargetMissing",
        ),
        (
            {"scaleTargetRef": {"apiVersion": "v1", "kind": "Deployment", "name": "web"}},
            "AutoscalerTargetMissing",
        ),
    ],
)
def test_what_cannot_work_fails_without_load(spec: dict[str, Any], reason: str) -> None:
    finding = found(None, hpa(**spec))
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, reason)


def test_a_kind_that_does_not_exist_is_a_missing_target() -> None:
    ref = {"apiVersion": "apps/v1", "kind": "deployment", "name": "web"}
    finding = found(None, hpa(scaleTargetRef=ref))
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "AutoscalerTargetMissing")
    assert dict(finding.params)["kind"] == "deployment"


def test_trouble_with_reading_the_target_is_the_graders() -> None:
    ref = {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "web"}
    with pytest.raises(CouldNotLook):
        found(None, hpa(scaleTargetRef=ref))


def test_a_share_of_no_request_cannot_be_computed() -> None:
    finding = found(None, target=deployment(resources={}))
    assert finding.reason == "AutoscalerCannotRead"
    assert [dict(cause.params)["container"] for cause in finding.causes] == ["web"]


@pytest.mark.parametrize("resources", [{"limits": {"cpu": "1"}}, {"requests": {"cpu": 1}}])
def test_a_limit_counts_as_a_request(resources: dict[str, Any]) -> None:
    assert found(loaded(IDLE, ADDS, THERE), target=deployment(resources)).reason == "ScaledUp"


def test_a_request_set_by_a_limit_range_counts() -> None:
    def owned(kind: str, uid: str) -> dict[str, Any]:
        return {"ownerReferences": [{"kind": kind, "uid": uid, "controller": True}]}

    pod = {
        "metadata": {"name": "web-1", "uid": "p", **owned("ReplicaSet", "r")},
        "spec": {"containers": [{"name": "web", "resources": {"requests": {"cpu": "50m"}}}]},
    }
    replica_set = {"metadata": {"name": "web", "uid": "r", **owned("Deployment", "d")}}
    finding = found(
        loaded(IDLE, ADDS, THERE),
        target=deployment(resources={}),
        Pod=(pod,),
        ReplicaSet=(replica_set,),
    )
    assert finding.reason == "ScaledUp"


def test_an_absolute_target_needs_no_request() -> None:
    metric = {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "AverageValue", "averageValue": "100m"}},
    }
    finding = found(
        loaded(IDLE, ADDS, THERE), hpa(metrics=[metric]), target=deployment(resources={})
    )
    assert finding.reason == "ScaledUp"
