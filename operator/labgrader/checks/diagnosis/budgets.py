"""The PodDisruptionBudgets that keep a workload's pods from being evicted.

Called by ``heals`` where the Eviction API refused. What a budget allows is the disruption
controller's own count, in the budget's status.
"""

from collections.abc import Container

from labgrader.checks.diagnosis import reading
from labgrader.checks.finding import Cause, cause
from labgrader.checks.scope import Scope
from labgrader.checks.tolerant import at, mapping, maps, text, texts
from labgrader.evidence.answers import Json
from labgrader.evidence.snapshot import Snapshot


def budget_causes(
    scope: Scope, snapshot: Snapshot, workload: Json, *, only_forbidding: bool = True
) -> tuple[Cause, ...]:
    """The budgets over its pods; ``only_forbidding`` leaves out those that allow an eviction."""
    budgets = reading.objects(snapshot, scope.all("PodDisruptionBudget"))
    labels = mapping(at(workload, "spec", "template", "metadata", "labels"))
    over = [
        budget for budget in budgets if chooses(mapping(at(budget, "spec", "selector")), labels)
    ]
    if not only_forbidding:
        names = ", ".join(sorted(budget["metadata"]["name"] for budget in over))
        return (cause("BudgetsOver", names=names, namespace=scope.namespace),) if names else ()
    return tuple(
        _forbids(budget)
        for budget in over
        if not _number(at(budget, "status", "disruptionsAllowed"))
    )


def chooses(selector: Json, labels: Json) -> bool:
    """Whether a label selector chooses what carries the labels; an empty one chooses all."""
    plain = mapping(selector.get("matchLabels"))
    return all(labels.get(key) == value for key, value in plain.items()) and all(
        _fits(wanted, labels) for wanted in maps(selector.get("matchExpressions"))
    )


def _fits(wanted: Json, labels: Json) -> bool:
    value = labels.get(text(wanted.get("key")))
    values: Container[object] = texts(wanted.get("values"))
    match wanted.get("operator"):
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
    return False


def _forbids(budget: Json) -> Cause:
    spec = mapping(budget.get("spec"))
    field = "minAvailable" if spec.get("minAvailable") is not None else "maxUnavailable"
    return cause(
        "BudgetForbids",
        budget=budget["metadata"]["name"],
        namespace=budget["metadata"]["namespace"],
        rule=f"{field}: {spec.get(field, '-')}",
        pods=_number(at(budget, "status", "expectedPods")),
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
