"""`scales` judges timelines as values: real scaling, impossible autoscalers, and cheats."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.api.kinds import Scales
from labgrader.checks.finding import Finding, Outcome
from labgrader.checks.scales import judge
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Found, Items, NotThere, Trouble
from labgrader.evidence.requests import GetObject, HttpTarget, LoadAutoscaler, Request
from labgrader.evidence.snapshot import CouldNotLook, Snapshot
from labgrader.evidence.timeline import Action, AutoscalerSeen, Timeline
from labgrader.reporting.messages import message

SCOPE = Scope("kim")
PARAMS = Scales.model_validate(
    {
        "autoscaler": "web",
        "load": {"service": "web", "port": 80, "path": "/burn"},
        "up": {"to": 3, "within": "180s"},
    }
)
EXPERIMENT = LoadAutoscaler(
    "kim", "web", "h", HttpTarget("kim", "web", 80, "/burn"), 8, replicas=3, within_ms=180_000
)
SERVICE = {
    "metadata": {"name": "web", "namespace": "kim", "uid": "s"},
    "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]},
}
UTILIZATION = {
    "type": "Resource",
    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}},
}
STARTED_MS = 5_000


def hpa(**spec: Any) -> dict[str, Any]:
    return {
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "web", "namespace": "kim", "uid": "h"},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
            "minReplicas": 1,
            "maxReplicas": 5,
            "metrics": [UTILIZATION],
            **spec,
        },
    }


def deployment(resources: dict[str, Any] | None = None) -> dict[str, Any]:
    wanted = {"requests": {"cpu": "50m"}} if resources is None else resources
    return {
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "kim", "uid": "d"},
        "spec": {
            "replicas": 1,
            "template": {"spec": {"containers": [{"name": "web", "resources": wanted}]}},
        },
    }


def found(
    timeline: Timeline | None = None,
    autoscaler: dict[str, Any] | None = None,
    target: dict[str, Any] | None = None,
    **lists: tuple[dict[str, Any], ...],
) -> Finding:
    answers: dict[Request, Answer] = {
        SCOPE.named("HorizontalPodAutoscaler", "web"): Found(autoscaler or hpa()),
        SCOPE.named("Service", "web"): Found(SERVICE),
        SCOPE.named("Deployment", "web"): Found(target or deployment()),
        SCOPE.named("Deployment", "other"): NotThere(),
        GetObject("kim", "apps/v1", "deployment", "web"): Trouble(
            "KindNotServed", "deployment (apps/v1)", transient=False
        ),
        SCOPE.named("StatefulSet", "web"): Trouble("Forbidden", "no right", transient=False),
        SCOPE.all("EndpointSlice", {"kubernetes.io/service-name": "web"}): Items(()),
    }
    for kind in ("Pod", "ReplicaSet", "Event", "NetworkPolicy"):
        answers[SCOPE.all(kind)] = Items(lists.get(kind, ()))
    if timeline is not None:
        answers[EXPERIMENT] = timeline
    return judge(PARAMS, SCOPE, Snapshot(answers))


IDLE = AutoscalerSeen(100, current=1, wanted=1, minimum=1, ready=1, utilization=3)
ADDS = AutoscalerSeen(20_000, current=1, wanted=4, minimum=1, ready=1, utilization=240)
THERE = AutoscalerSeen(31_500, current=4, wanted=4, minimum=1, ready=3, utilization=120)


def loaded(*seen: AutoscalerSeen, answered: int = 900, lost: int = 0) -> Timeline:
    return Timeline(
        actions=(
            Action(STARTED_MS, "load-started"),
            Action(185_000, "requests-answered", str(answered)),
            Action(185_000, "requests-failed", str(lost)),
        ),
        autoscaler=seen,
        ended_ms=185_000,
    )


def test_passes_when_the_autoscaler_reacts_and_the_pods_are_ready() -> None:
    finding = found(loaded(IDLE, ADDS, THERE))
    assert (finding.outcome, finding.reason) == (Outcome.PASSED, "ScaledUp")
    assert dict(finding.params)["took"] == "26.5"


def test_passes_when_it_reacts_in_steps() -> None:
    step = replace(ADDS, at_ms=15_000, wanted=2)
    further = replace(ADDS, current=2, wanted=3, ready=2)
    assert found(loaded(IDLE, step, further, THERE)).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        pytest.param((IDLE, replace(THERE, at_ms=12_000)), "ScaledByHand", id="kubectl scale"),
        pytest.param(
            (IDLE, replace(ADDS, minimum=3), replace(THERE, minimum=3)),
            "MinimumRaised",
            id="minReplicas raised",
        ),
        pytest.param(
            (IDLE, replace(ADDS, at_ms=9_000, minimum=3), ADDS, THERE),
            "MinimumRaised",
            id="minReplicas raised and lowered again",
        ),
        pytest.param(
            (replace(ADDS, at_ms=4_000), replace(THERE, at_ms=6_000)),
            "ScaledByHand",
            id="there before the load",
        ),
        pytest.param(
            (IDLE, replace(ADDS, utilization=-1), replace(THERE, utilization=-1)),
            "ScaledByHand",
            id="without a metric",
        ),
        pytest.param(
            (IDLE, replace(ADDS, inactive="FailedGetResourceMetric"), replace(THERE)),
            "ScaledByHand",
            id="while inactive",
        ),
    ],
)
def test_replicas_that_load_did_not_call_for_do_not_count(
    seen: tuple[AutoscalerSeen, ...], reason: str
) -> None:
    finding = found(loaded(*seen))
    assert (finding.outcome, finding.reason, finding.credit) == (Outcome.FAILED, reason, 0)


def test_fails_when_it_comes_too_late() -> None:
    late = replace(THERE, at_ms=STARTED_MS + 180_001)
    assert found(loaded(IDLE, ADDS, late)).reason == "ScaledButNotReady"


def test_fails_when_the_pods_do_not_become_ready() -> None:
    finding = found(loaded(IDLE, ADDS, replace(THERE, ready=2)))
    assert (finding.reason, dict(finding.params)["ready"]) == ("ScaledButNotReady", "2")


def test_names_a_load_below_the_target() -> None:
    finding = found(loaded(IDLE, replace(IDLE, at_ms=30_000, utilization=41)))
    assert finding.reason == "NotScaledUp"
    assert [(cause.reason, dict(cause.params)) for cause in finding.causes] == [
        ("LoadBelowTarget", {"peak": "41", "target": "60"})
    ]


def test_a_use_that_never_changed_is_told_as_it_was() -> None:
    finding = found(loaded(IDLE))
    assert finding.reason == "NotScaledUp"
    assert dict(finding.params)["wanted"] == "1"
    assert [dict(cause.params)["peak"] for cause in finding.causes] == ["3"]


@pytest.mark.parametrize(
    "lost",
    [
        replace(ADDS, wanted=1, utilization=-1),
        replace(ADDS, wanted=1, inactive="FailedGetResourceMetric"),
    ],
)
def test_metrics_lost_under_the_load_prove_nothing(lost: AutoscalerSeen) -> None:
    finding = found(loaded(IDLE, lost))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, "MetricsLost")
    assert finding.transient


def test_metrics_that_came_back_prove_what_they_show() -> None:
    gap = replace(IDLE, at_ms=20_000, utilization=-1)
    assert found(loaded(IDLE, gap, replace(IDLE, at_ms=30_000))).reason == "NotScaledUp"


def test_load_that_nobody_answered_is_the_learners() -> None:
    assert found(loaded(IDLE, answered=0, lost=300)).reason == "LoadNotServed"


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


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_message_has_every_number(lang: str) -> None:
    for finding in (
        found(loaded(IDLE, replace(IDLE, at_ms=30_000, utilization=41))),
        found(None, hpa(maxReplicas=2)),
        found(loaded(IDLE, ADDS)),
        found(loaded(IDLE, answered=0, lost=300)),
        found(loaded(IDLE, replace(IDLE, at_ms=30_000, utilization=-1))),
    ):
        assert "?" not in message(finding, lang)


def test_an_autoscaler_edited_under_the_load_proves_nothing() -> None:
    idle, adds, there = (replace(one, rules="as before") for one in (IDLE, ADDS, THERE))
    assert found(loaded(idle, adds, there)).outcome is Outcome.PASSED
    finding = found(loaded(idle, replace(adds, rules="target of 1 %"), there))
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "AutoscalerChanged")
    edited_later = replace(there, at_ms=THERE.at_ms + 1, rules="edited after it had scaled")
    assert found(loaded(idle, adds, there, edited_later)).outcome is Outcome.PASSED


def test_replicas_under_a_load_that_nobody_serves_do_not_count() -> None:
    finding = found(loaded(IDLE, ADDS, THERE, answered=0, lost=900))
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "LoadNotServed")
