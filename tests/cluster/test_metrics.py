"""Autoscalers on memory and on metrics of an adapter, on a real cluster with a real small adapter."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labgrader.checks.autoscaling import LOAD_STARTED
from labgrader.checks.finding import Outcome
from labgrader.evidence.experiments import HttpTarget, LoadAutoscaler
from labgrader.evidence.timeline import MetricSeen, Timeline
from labgrader.reporting.messages import message
from tests.cluster.test_scaling import QUICK, judged
from tests.support.adapter import adapter
from tests.support.bench import HPA, OPEN, Bench, trouble
from tests.support.classroom import deployment, service
from tests.support.live import LiveCluster

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]
Json = dict[str, Any]
MEMORY = {
    "type": "Resource",
    "resource": {"name": "memory", "target": {"type": "AverageValue", "averageValue": "24Mi"}},
}


def external(name: str) -> Json:
    target = {"type": "AverageValue", "averageValue": "20"}
    return {"type": "External", "external": {"metric": {"name": name}, "target": target}}


OBJECT = {
    "type": "Object",
    "object": {
        "describedObject": {"apiVersion": "v1", "kind": "Service", "name": "web"},
        "metric": {"name": "hits"},
        "target": {"type": "Value", "value": "20"},
    },
}


def scaled(bench: Bench, *metrics: Json) -> None:
    """An autoscaler of the web on these metrics, which is quick to come back."""
    spec: Any = HPA["spec"]
    bench.apply({**HPA, "spec": {**spec, "metrics": list(metrics), "behavior": QUICK}})


def load(bench: Bench, path: str = "/", within_ms: int = 120_000) -> LoadAutoscaler:
    asked = bench.load(replicas=2, within_ms=within_ms)
    target = HttpTarget(bench.target, "web", 80, path)
    return replace(asked, target=target, concurrency=6, down_within_ms=90_000)


def read(timeline: Timeline) -> list[MetricSeen]:
    return [metric for seen in timeline.autoscaler for metric in seen.metrics]


@pytest.fixture(scope="module")
def plain(cluster: LiveCluster, image: str) -> Bench:
    """A web that requests nothing: no metric here is a share of requests."""
    bench = Bench(cluster, cluster.fresh_namespace(OPEN), cluster.fresh_namespace(), image)
    bench.apply(deployment(replicas=1, resources={"limits": {"cpu": "200m"}}), service())
    bench.ready()
    return bench


async def test_an_autoscaler_on_memory_follows_what_is_held(plain: Bench) -> None:
    scaled(plain, MEMORY)
    experiment = load(plain, "/hold?mib=16&ms=500")
    answer = await plain.run(experiment)
    assert isinstance(answer, Timeline), answer
    finding = judged(plain, experiment, answer)
    assert (finding.outcome, finding.reason) == (Outcome.PASSED, "ScaledUpAndDown"), finding
    assert {metric.name for metric in read(answer)} == {"memory"}
    assert max(metric.percent for metric in read(answer)) > 100
    before = [one for one in answer.autoscaler if one.at_ms < (answer.when(LOAD_STARTED) or 0)]
    assert 0 < before[-1].utilization < 100


async def test_where_the_api_is_missing_its_name_is_told(plain: Bench) -> None:
    scaled(plain, external("hits"))
    answer = await plain.run(load(plain))
    assert trouble(answer) == ("MetricsNotServed", False)
    assert "APIService v1beta1.external.metrics.k8s.io" in str(answer)


@pytest.fixture(scope="module")
def adapted(
    cluster: LiveCluster, image: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    bench = Bench(cluster, cluster.fresh_namespace(OPEN), cluster.fresh_namespace(), image)
    bench.apply(deployment(replicas=1, resources={"limits": {"cpu": "200m"}}))
    bench.ready()
    folder: Path = tmp_path_factory.mktemp("adapter")
    with adapter(cluster, bench.target, image, folder):
        yield bench


@pytest.mark.parametrize(
    ("metric", "label"), [(external("hits"), "hits"), (OBJECT, "Service/web/hits")]
)
async def test_requests_may_raise_what_an_adapter_serves(
    adapted: Bench, metric: Json, label: str
) -> None:
    scaled(adapted, metric)
    experiment = load(adapted)
    answer = await adapted.run(experiment)
    assert isinstance(answer, Timeline), answer
    finding = judged(adapted, experiment, answer)
    assert (finding.outcome, finding.reason) == (Outcome.PASSED, "ScaledUpAndDown"), finding
    assert {one.name for one in read(answer)} == {label}
    assert max(one.percent for one in read(answer)) > 100
    assert read(answer)[-1].value == "0"


async def test_a_metric_that_the_adapter_does_not_know_is_told_in_its_words(
    adapted: Bench,
) -> None:
    scaled(adapted, external("kicks"))
    experiment = load(adapted, within_ms=45_000)
    answer = await adapted.run(experiment)
    assert isinstance(answer, Timeline), answer
    assert answer.when(LOAD_STARTED) is None
    finding = judged(adapted, experiment, answer)
    assert finding.reason == "AutoscalerReadsNothing", finding
    assert [one.reason for one in finding.causes] == ["MetricUnknown", "AutoscalerSays"]
    assert "the adapter does not know kicks" in message(finding, "en")


async def test_a_metric_that_is_never_read_lets_it_scale_up_and_not_down(adapted: Bench) -> None:
    scaled(adapted, external("kicks"), external("hits"))
    experiment = load(adapted)
    answer = await adapted.run(experiment)
    assert isinstance(answer, Timeline), answer
    finding = judged(adapted, experiment, answer)
    assert finding.reason == "NotScaledDown", finding
    assert "MetricUnread" in {one.reason for one in finding.causes}
