"""``rolledOut``: the strategy and its numbers, rounded as Kubernetes rounds them."""

from typing import Any

import pytest

from labgrader.checks.finding import Outcome
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import Body, daemon_set, deployment, stateful_set


def rolled(kind: str = "Deployment", **strategy: str) -> dict[str, Any]:
    return {"rolledOut": {"object": {"kind": kind, "name": "web"}, "strategy": strategy}}


def numbers(surge: Any, unavailable: Any, replicas: int) -> list[Body]:
    rolling = {"maxSurge": surge, "maxUnavailable": unavailable}
    strategy = {"type": "RollingUpdate", "rollingUpdate": rolling}
    body = deployment("web", replicas, strategy=strategy)
    return [body]


@pytest.mark.parametrize(
    ("objects", "asked", "holds"),
    [
        (numbers("25%", "25%", 4), {"maxSurge": "1", "maxUnavailable": "1"}, True),
        (numbers("25%", "25%", 5), {"maxSurge": "2"}, True),  # up
        (numbers("25%", "25%", 5), {"maxUnavailable": "1"}, True),  # down
        (numbers("25%", "25%", 3), {"maxSurge": "1", "maxUnavailable": "0"}, True),
        (numbers("0%", "25%", 3), {"maxSurge": "0", "maxUnavailable": "1"}, True),  # never both 0
        (numbers(0, 1, 3), {"maxSurge": "0", "maxUnavailable": "<=1"}, True),
        (numbers(2, 0, 3), {"maxSurge": ">=1", "maxUnavailable": "<1"}, True),
        (numbers(1, 0, 4), {"maxSurge": "25%", "maxUnavailable": "0%"}, True),
        (numbers("100%", 0, 4), {"maxSurge": "4"}, True),
        (numbers("9" * 5000 + "%", 0, 3), {"maxSurge": "1"}, False),
        (numbers(2, 0, 3), {"maxSurge": "1"}, False),
        (numbers(2, 0, 3), {"maxSurge": "<2"}, False),
        (numbers(2, 0, 3), {"maxSurge": ">2"}, False),
        (numbers(1, 1, 3), {"maxUnavailable": "0"}, False),
        (numbers(1, 1, 3), {"type": "Recreate"}, False),
        (numbers(1, 1, 3), {"type": "RollingUpdate"}, True),
        ([deployment("web", strategy={"type": "Recreate"})], {"type": "Recreate"}, True),
        ([deployment("web", strategy={"type": "Recreate"})], {"maxUnavailable": "0"}, False),
        ([deployment("web", 4, strategy=None)], {"maxSurge": "1", "type": "RollingUpdate"}, True),
    ],
)
def test_numbers_are_compared_in_pods_as_kubernetes_rounds(
    objects: list[Body], asked: Any, *, holds: bool
) -> None:
    finding = Namespace(objects).judge(**rolled(**asked)).finding
    assert finding.outcome is (Outcome.PASSED if holds else Outcome.FAILED), finding


def test_numbers_are_told_in_both_languages() -> None:
    judged = Namespace(numbers("25%", "50%", 4)).judge(**rolled(maxUnavailable="0"))
    assert judged.says("en") == (
        "Deployment web should have maxUnavailable 0, but it has 50%, which comes to 2 pods of 4."
        " Look: kubectl -n kim get deployment web -o yaml"
    )
    assert "maxUnavailable은 0이어야 하지만 50%입니다. 레플리카 4개를 기준으로 파드 2개" in (
        judged.says("ko")
    )
    judged = Namespace(numbers(1, 1, 4)).judge(**rolled(type="Recreate"))
    assert "by the strategy Recreate, but its strategy is RollingUpdate." in judged.says("en")
    assert "Recreate 전략으로 파드를 교체해야 하지만" in judged.says("ko")


def test_daemon_sets_round_up() -> None:
    body = daemon_set("web", 3)
    body["spec"]["updateStrategy"] = {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxSurge": 0, "maxUnavailable": "40%"},
    }
    assert (
        Namespace([body])
        .judge(**rolled("DaemonSet", maxUnavailable="2", maxSurge="0"))
        .finding.outcome
        is Outcome.PASSED
    )


@pytest.mark.parametrize(
    ("written", "asked", "holds"),
    [
        ({"maxUnavailable": "50%"}, {"maxUnavailable": "1"}, True),  # of 3, down
        ({"maxUnavailable": "50%"}, {"maxUnavailable": "2"}, False),
        ({"partition": 0}, {"maxUnavailable": "1", "type": "RollingUpdate"}, True),
    ],
)
def test_stateful_sets_round_down(written: Any, asked: Any, *, holds: bool) -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": written}
    body = stateful_set("web", 3, updateStrategy=strategy)
    finding = Namespace([body]).judge(**rolled("StatefulSet", **asked)).finding
    assert (finding.outcome is Outcome.PASSED) == holds
