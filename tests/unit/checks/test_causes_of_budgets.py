"""Which budgets keep a workload's pods, with everything that their sentences need."""

from typing import Any

import pytest

from labgrader.checks.diagnosis.budgets import budget_causes, chooses
from labgrader.checks.finding import Cause, cause
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Items
from labgrader.evidence.snapshot import Snapshot
from tests.unit.checks.objects import Body, deployment, meta

SCOPE = Scope("kim")
WEB = {"matchLabels": {"app": "web"}}


def budget(name: str = "b", status: Any = None, **spec: Any) -> Body:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": meta(name),
        "spec": {"selector": WEB, **spec},
        "status": {"disruptionsAllowed": 0, "expectedPods": 3, **(status or {})},
    }


def found(*budgets: Body, **more: Any) -> tuple[Cause, ...]:
    snapshot = Snapshot({SCOPE.all("PodDisruptionBudget"): Items(budgets)})
    return budget_causes(SCOPE, snapshot, deployment("web"), **more)


@pytest.mark.parametrize(
    ("spec", "rule"),
    [
        ({"minAvailable": 2}, "minAvailable: 2"),
        ({"minAvailable": "100%"}, "minAvailable: 100%"),
        ({"maxUnavailable": 0}, "maxUnavailable: 0"),
        ({"minAvailable": None, "maxUnavailable": "0%"}, "maxUnavailable: 0%"),
        ({}, "maxUnavailable: -"),
    ],
)
def test_a_budget_that_allows_nothing_is_told_by_its_rule(spec: Body, rule: str) -> None:
    told = {"budget": "b", "namespace": "kim", "rule": rule}
    assert found(budget(**spec)) == (cause("BudgetForbids", **told, pods=3),)


@pytest.mark.parametrize(
    ("status", "forbids"),
    [
        ({"disruptionsAllowed": 1}, False),
        ({"disruptionsAllowed": True}, True),
        ({"disruptionsAllowed": "1"}, True),
        ({"disruptionsAllowed": None}, True),
    ],
)
def test_what_it_allows_is_a_number(status: Body, *, forbids: bool) -> None:
    assert bool(found(budget(status=status))) is forbids


def test_a_number_of_pods_that_is_none_is_zero() -> None:
    (told,) = found(budget(status={"expectedPods": "x"}))
    assert dict(told.params)["pods"] == "0"


def test_budgets_over_the_same_pods_are_told_in_order() -> None:
    away = budget("away", selector={"matchLabels": {"app": "db"}})
    several = found(budget("b"), away, budget("a"), only_forbidding=False)
    assert several == (cause("BudgetsOver", names="a, b", namespace="kim"),)
    assert found(away, only_forbidding=False) == ()


@pytest.mark.parametrize(
    ("operator", "values", "chosen"),
    [
        ("In", ["web", "x"], True),
        ("In", ["x"], False),
        ("NotIn", ["x"], True),
        ("NotIn", ["web"], False),
        ("Exists", [], True),
        ("DoesNotExist", [], False),
        ("Odd", ["web"], False),
    ],
)
def test_expressions_choose_pods(operator: str, values: list[str], *, chosen: bool) -> None:
    one = {"key": "app", "operator": operator, "values": values}
    assert chooses({"matchExpressions": [one]}, {"app": "web"}) is chosen
    assert not chooses({**WEB, "matchExpressions": [one]}, {"app": "db"})
