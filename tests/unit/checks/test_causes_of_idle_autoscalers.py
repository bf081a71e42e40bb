"""Why an autoscaler that could scale did nothing, with everything that is told."""

from dataclasses import replace

import pytest

from labgrader.checks.diagnosis.autoscaler import (
    silent,
    underused,
    unread,
    unready,
)
from labgrader.checks.finding import Cause, cause
from labgrader.evidence.timeline import Action, AutoscalerSeen, MetricSeen, Timeline
from tests.unit.checks.objects import Body, container
from tests.unit.checks.test_causes_of_autoscalers import MEMORY, OF_WEB, PODS, hpa, resource, target

IDLE = AutoscalerSeen(100, current=1, wanted=1, minimum=1, ready=1, utilization=3)


def said(own: Body, seen: AutoscalerSeen | None, *actions: Action) -> list[Cause]:
    return list(silent(own, Timeline(actions, autoscaler=(IDLE, seen) if seen else ())))


@pytest.mark.parametrize(
    ("inactive", "reason"),
    [("AmbiguousSelector", "SelectorAmbiguous"), ("ScalingDisabled", "ScaledToNothing")],
)
def test_what_its_condition_means_is_told(inactive: str, reason: str) -> None:
    seen = replace(IDLE, inactive=inactive, why="no way")
    assert said(hpa(), seen) == [Cause(reason), cause("AutoscalerSays", said="no way")]
    assert said(hpa(), None) == said(hpa(), IDLE) == []


def test_metrics_that_nobody_serves_are_told() -> None:
    own = hpa("web", resource(), PODS)
    gone = (
        Action(1, "metrics-missing", "custom.metrics.k8s.io"),
        Action(1, "other", "metrics.k8s.io"),
    )
    api = cause("MetricsApiMissing", metric="hits", api="custom.metrics.k8s.io")
    assert said(own, IDLE, *gone) == [api]
    unknown = cause("MetricUnknown", metric="hits", api="custom.metrics.k8s.io")
    assert said(own, replace(IDLE, inactive="FailedGetPodsMetric")) == [unknown]
    assert said(own, replace(IDLE, inactive="FailedGetObjectMetric")) == []
    assert said(hpa(), replace(IDLE, inactive="FailedGetResourceMetric")) == []
    read = replace(IDLE, metrics=(MetricSeen("hits", "0", 0),))
    assert said(own, read, *gone) == []
    not_read = replace(IDLE, metrics=(MetricSeen("hits", "", -1),))
    assert said(own, not_read, *gone) == [api]


def test_metrics_that_are_not_read_are_told() -> None:
    seen = replace(IDLE, metrics=(MetricSeen("cpu", "0 %", 0), MetricSeen("memory", "", -1)))
    assert list(unread(seen)) == [cause("MetricUnread", metric="memory")]


def below(own: Body, *seen: AutoscalerSeen) -> list[Cause]:
    return list(underused(own, seen))


def reading(*metrics: tuple[str, str, int]) -> AutoscalerSeen:
    return replace(IDLE, metrics=tuple(MetricSeen(*one) for one in metrics))


def test_metrics_below_their_targets_are_told_by_their_peaks() -> None:
    own = hpa("web", resource(), OF_WEB, MEMORY, PODS)
    low = reading(("cpu", "20 %", 33), ("web/cpu", "9 %", 15), ("memory", "", -1))
    high = reading(("cpu", "60 %", 100), ("web/cpu", "8 %", 14), ("memory", "32Mi", 50))
    assert below(own, low, high, low) == [
        cause("LoadBelowTarget", peak="60", target="60"),
        cause("MetricBelowTarget", metric="web/cpu", peak="9 %", target="60 %"),
        cause("MetricBelowTarget", metric="memory", peak="32Mi", target="64Mi"),
    ]
    assert below(own, high, reading(("cpu", "61 %", 101))) == []


def test_a_metric_that_is_not_read_does_not_hide_the_next() -> None:
    own = hpa("web", MEMORY, resource())
    nothing = reading(("memory", "", -1), ("cpu", "0 %", 0))
    assert below(own, nothing) == [cause("LoadBelowTarget", peak="0", target="60")]


def test_a_record_that_knows_of_cpu_only_is_read_too() -> None:
    peak = replace(IDLE, utilization=60)
    told = [cause("LoadBelowTarget", peak=60, target=60)]
    assert below(hpa("web", MEMORY, resource(), resource()), IDLE, peak, IDLE) == told
    assert below(hpa(), replace(IDLE, utilization=61)) == below(hpa("web", MEMORY), IDLE) == []


def test_containers_that_get_requests_too_early_are_told() -> None:
    ports = [{"containerPort": 80}]
    body = target(
        container(ports=ports), container("a", ports=ports, readinessProbe={}), container("b")
    )
    told = cause("NoReadinessProbe", kind="Deployment", name="web", container="web")
    assert list(unready(body)) == [told]
