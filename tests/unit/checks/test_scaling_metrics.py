"""`scales` where the autoscaler does not, or not only, scale on CPU."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.api.kinds import Scales
from labgrader.checks.finding import Finding, Outcome
from labgrader.checks.scales import judge
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Found, Items, Trouble
from labgrader.evidence.experiments import LoadAutoscaler
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import CouldNotLook, Snapshot
from labgrader.evidence.timeline import Action, AutoscalerSeen, MetricSeen, Timeline
from labgrader.reporting.messages import message, text
from tests.support.sentences import told_whole
from tests.unit.checks.scaled import EXPERIMENT, PARAMS, SERVICE, STARTED_MS, deployment, hpa

Json = dict[str, Any]
SCOPE = Scope("kim")
DOWN = {"within": "90s"}


def share(name: str, percent: int = 60, container: str = "") -> Json:
    target = {"type": "Utilization", "averageUtilization": percent}
    if container:
        source = {"name": name, "container": container, "target": target}
        return {"type": "ContainerResource", "containerResource": source}
    return {"type": "Resource", "resource": {"name": name, "target": target}}


AMOUNT = {
    "type": "Resource",
    "resource": {"name": "memory", "target": {"type": "AverageValue", "averageValue": "32Mi"}},
}
PODS = {
    "type": "Pods",
    "pods": {"metric": {"name": "hits"}, "target": {"type": "AverageValue", "averageValue": "10"}},
}
QUEUE = {
    "type": "External",
    "external": {"metric": {"name": "queue"}, "target": {"type": "Value", "value": "5"}},
}


def found(
    *metrics: Json,
    timeline: Timeline | Trouble | None = None,
    resources: Json | None = None,
    **params: Any,
) -> Finding:
    wanted = Scales.model_validate(PARAMS.model_dump(mode="json", by_alias=True) | SPANS | params)
    target = deployment(resources)
    answers: dict[Request, Answer] = {
        SCOPE.named("HorizontalPodAutoscaler", "web"): Found(
            hpa(metrics=list(metrics), behavior=QUICK)
        ),
        SCOPE.named("Service", "web"): Found(SERVICE),
        SCOPE.named("Deployment", "web"): Found(target),
        SCOPE.all("EndpointSlice", {"kubernetes.io/service-name": "web"}): Items(()),
    }
    for kind in ("Pod", "ReplicaSet", "Event", "NetworkPolicy", "HorizontalPodAutoscaler"):
        answers[SCOPE.all(kind)] = Items(())
    if timeline is not None:
        down_ms = wanted.down.within if wanted.down else 0
        asked: LoadAutoscaler = replace(EXPERIMENT, down_within_ms=down_ms)
        answers[asked] = timeline
    return told_whole(judge(wanted, SCOPE, Snapshot(answers)))


SPANS = {"up": {"to": 3, "within": "180s"}}
QUICK = {"scaleDown": {"stabilizationWindowSeconds": 0}}


def moment(at_ms: int, current: int, wanted: int, *read: MetricSeen, **more: Any) -> AutoscalerSeen:
    highest = max((one.percent for one in read), default=-1)
    return AutoscalerSeen(at_ms, current, wanted, 1, current, highest, metrics=read, **more)


def loaded(*seen: AutoscalerSeen, also: tuple[Action, ...] = ()) -> Timeline:
    actions = (
        *also,
        Action(STARTED_MS, "load-started"),
        Action(100_000, "load-ended"),
        Action(100_000, "requests-answered", "900"),
        Action(100_000, "requests-failed", "0"),
    )
    return Timeline(actions=actions, autoscaler=seen, ended_ms=190_000)


def memory(value: str, percent: int) -> MetricSeen:
    return MetricSeen("memory", value, percent)


def told(finding: Finding, lang: str = "en") -> list[str]:
    return [text(one.reason, dict(one.params), lang) for one in finding.causes]


@pytest.mark.parametrize("metric", [None, "memory"])
def test_an_autoscaler_may_scale_on_memory(metric: str | None) -> None:
    timeline = loaded(
        moment(0, 1, 1, memory("8Mi", 25)),
        moment(30_000, 1, 4, memory("120Mi", 375)),
        moment(40_000, 4, 4, memory("40Mi", 125)),
    )
    asked: Json = {} if metric is None else {"metric": metric}
    finding = found(AMOUNT, timeline=timeline, **asked)
    assert (finding.outcome, finding.reason) == (Outcome.PASSED, "ScaledUp")


def test_memory_that_stays_below_its_target_is_told_as_memory() -> None:
    timeline = loaded(moment(0, 1, 1, memory("8Mi", 25)), moment(30_000, 1, 1, memory("30Mi", 94)))
    finding = found(AMOUNT, timeline=timeline)
    assert finding.reason == "NotScaledUp"
    assert told(finding) == ["memory rose to 30Mi, which is not above the target of 32Mi."]
    assert told(finding, "ko") == ["memory 값이 30Mi까지만 올라 목표(32Mi)를 넘지 않았습니다."]
    assert "CPU" not in message(finding, "en")


def test_cpu_below_its_target_is_told_as_ever() -> None:
    timeline = loaded(
        moment(0, 1, 1, MetricSeen("cpu", "3 %", 5)),
        moment(30_000, 1, 1, MetricSeen("cpu", "41 %", 69)),
        moment(60_000, 1, 1, MetricSeen("cpu", "12 %", 20)),
    )
    assert told(found(share("cpu"), timeline=timeline)) == [
        "The CPU use rose to 41 % of the requests, which is not above the target of 60 %."
    ]


def test_nothing_is_below_its_target_where_one_metric_is_above_it() -> None:
    read = (MetricSeen("hits", "8", 80), MetricSeen("queue", "6", 120))
    finding = found(
        PODS, QUEUE, timeline=loaded(moment(0, 1, 1, *read), moment(9_000, 1, 2, *read))
    )
    assert (finding.reason, finding.causes) == ("NotScaledUp", ())


@pytest.mark.parametrize(
    ("metrics", "resources", "lacking"),
    [
        ((share("cpu"),), {"requests": {"memory": "1Mi"}}, ["cpu"]),
        ((share("memory"),), {"requests": {"cpu": "1m"}}, ["memory"]),
        ((share("memory"), share("cpu")), {}, ["memory", "cpu"]),
        ((share("cpu", container="web"),), {}, ["cpu"]),
    ],
)
def test_a_share_needs_a_request_of_the_same_resource(
    metrics: tuple[Json, ...], resources: Json, lacking: list[str]
) -> None:
    finding = found(*metrics, resources=resources)
    assert finding.reason == "AutoscalerCannotRead"
    assert told(finding) == [
        f"Container web of Deployment web requests no {one} (resources.requests.{one}), so its use"
        " cannot be given as a percentage."
        for one in lacking
    ]


@pytest.mark.parametrize(
    "metrics",
    [(AMOUNT,), (PODS,), (QUEUE,), (share("cpu"), QUEUE), (share("cpu", container="side"),)],
    ids=["an amount", "of pods", "external", "a share, and another", "of another container"],
)
def test_where_no_share_is_computed_no_request_is_needed(metrics: tuple[Json, ...]) -> None:
    timeline = loaded(
        moment(0, 1, 1, MetricSeen("m", "1", 10)),
        moment(30_000, 1, 3, MetricSeen("m", "30", 300)),
        moment(40_000, 3, 3, MetricSeen("m", "9", 90)),
    )
    assert found(*metrics, timeline=timeline, resources={}).reason == "ScaledUp"


@pytest.mark.parametrize("metric", ["cpu", "hits_per_second"])
def test_an_exercise_may_say_what_it_must_scale_on(metric: str) -> None:
    finding = found(QUEUE, PODS, metric=metric)
    assert (finding.outcome, finding.reason) == (Outcome.FAILED, "ScalesOnOther")
    assert message(finding, "en").startswith(
        f"The HorizontalPodAutoscaler web should scale Deployment web on {metric}, but scales on"
        " queue, hits."
    )
    assert f"{metric}" in message(finding, "ko")


def test_a_cluster_without_such_metrics_is_not_the_learners_fault() -> None:
    detail = "APIService v1beta1.external.metrics.k8s.io does not answer"
    with pytest.raises(CouldNotLook, match="APIService"):
        found(QUEUE, timeline=Trouble("MetricsNotServed", detail, transient=False))
    finding = found(
        QUEUE, metric="cpu", timeline=Trouble("MetricsNotServed", detail, transient=False)
    )
    assert finding.reason == "ScalesOnOther", "unless the exercise asks for another"


def silent(*metrics: Json, inactive: str, why: str = "", missing: str = "") -> Finding:
    also = (Action(0, "metrics-missing", missing),) if missing else ()
    seen = moment(0, 1, 1, inactive=inactive, why=why)
    return found(*metrics, timeline=Timeline(actions=also, autoscaler=(seen,), ended_ms=180_000))


def test_a_metric_that_the_adapter_does_not_know_is_named() -> None:
    why = "unable to get external metric kim/queue: no metrics returned"
    finding = silent(QUEUE, inactive="FailedGetExternalMetric", why=why)
    assert finding.reason == "AutoscalerReadsNothing"
    assert told(finding) == [
        "The API external.metrics.k8s.io gives no value of queue.",
        f"It says: {why}",
    ]
    said = message(finding, "en")
    assert "its metrics (queue)" in said
    assert "CPU" not in said


def test_an_api_that_is_missing_beside_another_is_named() -> None:
    finding = silent(
        share("cpu"), PODS, inactive="FailedGetPodsMetric", missing="custom.metrics.k8s.io"
    )
    assert [one.reason for one in finding.causes] == ["MetricsApiMissing"]
    assert told(finding, "ko") == ["hits 값을 줄 API custom.metrics.k8s.io가 클러스터에 없습니다."]


def test_a_metric_that_is_read_beside_another_is_not_called_unknown() -> None:
    seen = moment(
        *(0, 1, 1, MetricSeen("hits", "1", 10), MetricSeen("queue", "", -1)),
        inactive="FailedGetExternalMetric",
    )
    hits: Json = {"metric": {"name": "hits"}, "target": {"type": "Value", "value": "5"}}
    finding = found(
        *({"type": "External", "external": hits}, QUEUE),
        timeline=Timeline(actions=(), autoscaler=(seen,), ended_ms=180_000),
    )
    assert [dict(one.params)["metric"] for one in finding.causes] == ["queue"]


@pytest.mark.parametrize(
    ("hits", "inactive", "reason"),
    [
        (MetricSeen("hits", "1", 10), "FailedGetExternalMetric", "NotScaledUp"),
        (MetricSeen("hits", "", -1), "FailedGetPodsMetric", "MetricsLost"),
        (MetricSeen("hits", "1", 10), "FailedGetScale", "MetricsLost"),
    ],
    ids=["one of two", "none", "what is left of an earlier look"],
)
def test_metrics_are_lost_where_none_is_read_any_more(
    hits: MetricSeen, inactive: str, reason: str
) -> None:
    """While one metric is not read, an autoscaler calls itself inactive where it would not add."""
    queue = MetricSeen("queue", "", -1)
    before = moment(0, 1, 1, MetricSeen("hits", "1", 10), queue)
    timeline = loaded(before, moment(30_000, 1, 1, hits, queue, inactive=inactive))
    assert found(PODS, QUEUE, timeline=timeline).reason == reason


def test_a_metric_that_cannot_be_read_keeps_it_from_coming_back() -> None:
    read = (MetricSeen("hits", "30", 300), MetricSeen("queue", "", -1))
    few = (MetricSeen("hits", "1", 10), MetricSeen("queue", "", -1))
    finding = found(
        PODS,
        QUEUE,
        down=DOWN,
        timeline=loaded(
            moment(0, 1, 1, *few),
            moment(20_000, 1, 3, *read),
            moment(40_000, 3, 3, *read),
            moment(120_000, 3, 3, *few),
        ),
    )
    assert finding.reason == "NotScaledDown"
    assert told(finding)[0].startswith("It could not read queue;")


@pytest.mark.parametrize("name", ["", "a b", "-queue", "queue-", "x" * 254])
def test_what_can_be_no_name_of_a_metric_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="metric"):
        found(PODS, metric=name)
