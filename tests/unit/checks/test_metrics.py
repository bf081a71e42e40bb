"""What an autoscaler reads, of every sort of metric, as the API server writes it."""

from typing import Any

import orjson
import pytest

from labgrader.checks.metrics import metrics_of, seen, utilization
from labgrader.evidence.timeline import MetricSeen

Json = dict[str, Any]


def autoscaler(target: Json, current: Json | None, name: str = "cpu") -> Json:
    return of("Resource", {"name": name}, target, current)


def of(sort: str, about: Json, target: Json, current: Json | None) -> Json:
    member = sort[0].lower() + sort[1:]

    def metric(**more: Any) -> Json:
        return {"type": sort, member: {**about, **more}}

    read = [] if current is None else [metric(current=current)]
    return {"spec": {"metrics": [metric(target=target)]}, "status": {"currentMetrics": read}}


@pytest.mark.parametrize(
    ("wanted", "used", "percent"),
    [
        ("100m", "250m", 250),
        ("2", "1500m", 75),
        ("1k", "250m", 0),
        ("50Mi", "1m", 0),
        ("1e-1", "700u", 1),
        ("much", "250m", -1),
        ("0", "250m", -1),
        ("100m", "much", -1),
        ("64Mi", "96Mi", 150),
    ],
)
@pytest.mark.parametrize("name", ["cpu", "memory"])
def test_is_the_percentage_of_an_average_value(
    wanted: str, used: str, percent: int, name: str
) -> None:
    hpa = autoscaler({"type": "AverageValue", "averageValue": wanted}, {"averageValue": used}, name)
    assert utilization(hpa) == percent
    assert seen(hpa) == (MetricSeen(name, used, percent),)


@pytest.mark.parametrize("name", ["cpu", "memory"])
def test_is_the_percentage_of_requests_where_it_is_told(name: str) -> None:
    target = {"type": "Utilization", "averageUtilization": 50}
    current = {"averageUtilization": 62, "averageValue": "31m"}
    hpa = autoscaler(target, current, name)
    assert utilization(hpa) == 62
    assert seen(hpa) == (MetricSeen(name, "62 %", 124),)
    [metric] = metrics_of(hpa)
    assert (metric.bar, metric.shares, metric.api) == ("50 %", True, "metrics.k8s.io")


@pytest.mark.parametrize("used", [100_001, 100_499])
def test_what_is_a_little_above_the_target_is_above_it(used: int) -> None:
    hpa = autoscaler({"type": "AverageValue", "averageValue": "100"}, {"averageValue": f"{used}m"})
    assert seen(hpa)[0].percent == 101


def test_of_next_to_nothing_it_is_no_more_than_a_record_can_hold() -> None:
    hpa = autoscaler({"averageValue": "1n"}, {"averageValue": "10Gi"}, "memory")
    assert seen(hpa)[0].percent == 1_000_000
    orjson.dumps(utilization(hpa))


SELECTOR = {"matchLabels": {"queue": "orders"}}


@pytest.mark.parametrize(
    ("hpa", "label", "value", "percent", "api"),
    [
        pytest.param(
            of(
                "ContainerResource",
                {"name": "cpu", "container": "web"},
                {"type": "Utilization", "averageUtilization": 60},
                {"averageUtilization": 90, "averageValue": "45m"},
            ),
            *("web/cpu", "90 %", 150, "metrics.k8s.io"),
            id="of one container",
        ),
        pytest.param(
            of(
                "Pods",
                {"metric": {"name": "requests_per_second"}},
                {"type": "AverageValue", "averageValue": "10"},
                {"averageValue": "12500m"},
            ),
            *("requests_per_second", "12500m", 125, "custom.metrics.k8s.io"),
            id="of pods",
        ),
        pytest.param(
            of(
                "Object",
                {
                    "describedObject": {"apiVersion": "v1", "kind": "Service", "name": "web"},
                    "metric": {"name": "hits"},
                },
                {"type": "Value", "value": "2k"},
                {"value": "500"},
            ),
            *("Service/web/hits", "500", 25, "custom.metrics.k8s.io"),
            id="of an object",
        ),
        pytest.param(
            of(
                "External",
                {"metric": {"name": "queue_length", "selector": SELECTOR}},
                {"type": "AverageValue", "averageValue": "30"},
                {"averageValue": "0"},
            ),
            *("queue_length", "0", 0, "external.metrics.k8s.io"),
            id="of something outside",
        ),
    ],
)
def test_every_sort_is_read(hpa: Json, label: str, value: str, percent: int, api: str) -> None:
    assert seen(hpa) == (MetricSeen(label, value, percent),)
    assert metrics_of(hpa)[0].api == api
    assert utilization(hpa) == (90 if label == "web/cpu" else percent)


def test_what_is_not_read_is_told_as_such() -> None:
    """Kubernetes writes an empty status for a metric that it could not get."""
    hpa = autoscaler({"type": "Utilization", "averageUtilization": 50}, {"averageUtilization": 9})
    queue = of("External", {"metric": {"name": "queue"}}, {"type": "Value", "value": "3"}, None)
    hpa["spec"]["metrics"] += queue["spec"]["metrics"]
    hpa["status"]["currentMetrics"].append({"type": ""})
    assert seen(hpa) == (MetricSeen("cpu", "9 %", 18), MetricSeen("queue", "", -1))
    assert utilization(hpa) == 9
    assert seen({"spec": hpa["spec"]})[0].percent == -1


def test_two_of_one_name_are_told_apart_by_their_selectors() -> None:
    target = {"type": "Value", "value": "10"}
    one = of("External", {"metric": {"name": "queue"}}, target, {"value": "1"})
    other = of(
        "External", {"metric": {"name": "queue", "selector": SELECTOR}}, target, {"value": "9"}
    )
    both = {
        "spec": {"metrics": one["spec"]["metrics"] + other["spec"]["metrics"]},
        "status": {
            "currentMetrics": other["status"]["currentMetrics"] + one["status"]["currentMetrics"]
        },
    }
    assert [one.percent for one in seen(both)] == [10, 90]


@pytest.mark.parametrize(
    "metrics",
    [None, "cpu", [None], [{"type": "Sideways"}], [{"type": "Resource"}], [{"type": ["Pods"]}]],
)
def test_what_no_api_server_should_say_is_no_metric_that_is_read(metrics: Any) -> None:
    hpa = {"spec": {"metrics": metrics}, "status": {"currentMetrics": metrics}}
    assert utilization(hpa) == -1
    assert all(one.percent == -1 for one in seen(hpa))
