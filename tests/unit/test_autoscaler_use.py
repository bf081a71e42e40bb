"""The CPU use that an autoscaler reads, in whatever units its owner wrote the target."""

from typing import Any

import pytest

from labgrader.cluster.experiments.load_autoscaler import utilization


def autoscaler(target: dict[str, Any], current: dict[str, Any], name: str = "cpu") -> Any:
    def metric(**more: Any) -> dict[str, Any]:
        return {"type": "Resource", "resource": {"name": name, **more}}

    return {
        "spec": {"metrics": [metric(target=target)]},
        "status": {"currentMetrics": [metric(current=current)]},
    }


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
    ],
)
def test_is_the_percentage_of_an_average_value(wanted: str, used: str, percent: int) -> None:
    target = {"type": "AverageValue", "averageValue": wanted}
    assert utilization(autoscaler(target, {"averageValue": used})) == percent


def test_is_the_percentage_of_requests_where_it_is_told() -> None:
    target = {"type": "Utilization", "averageUtilization": 50}
    current = {"averageUtilization": 62, "averageValue": "31m"}
    assert utilization(autoscaler(target, current)) == 62
    assert utilization(autoscaler(target, current, name="memory")) == -1
