"""`satisfies` over several objects: what does not fit, how many there must be, others beside them."""

from typing import Any

import pytest

from labgrader.checks.finding import Outcome
from tests.unit.checks.namespaces import Judged
from tests.unit.checks.objects import Body, config_map, service
from tests.unit.checks.test_satisfies import ODD, judge, web

ABOVE = "int(object.data.port) > 1024"


def ports(*values: str) -> list[Body]:
    return [config_map(f"c{n}") | {"data": {"port": value}} for n, value in enumerate(values)]


def about_ports(values: tuple[str, ...], **how: Any) -> Judged:
    select = {"kind": "ConfigMap"}
    return judge(ports(*values), ABOVE, select=select, **how)


def test_what_does_not_fit_is_no_proof_that_something_does_not_hold() -> None:
    """A learner's ``port: many`` was not above 1024, and so as good as 80."""
    assert about_ports(("80", "443"), match="none").finding.outcome is Outcome.PASSED
    found = about_ports(("80", "many"), match="none")
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, "CannotBeTold")
    assert found.says("en").startswith(
        "Whether ConfigMap c1 matches cannot be told, so it may: `int(object.data.port) > 1024`. "
    )
    assert found.says("ko").startswith(
        "컨피그맵 c1이 다음에 해당하는지 알 수 없으므로 해당하지 않는다고 볼 수 없습니다: "
        "`int(object.data.port) > 1024`. "
    )
    assert "DoesNotFit" in found.causes


def test_what_is_not_there_does_not_hold() -> None:
    objects = [*ports("80"), config_map("b")]
    found = judge(objects, ABOVE, select={"kind": "ConfigMap"}, match="none")
    assert found.finding.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("values", "count", "outcome"),
    [
        (("2000", "many"), {"min": 1}, Outcome.PASSED),
        (("2000", "many"), {"min": 2}, Outcome.FAILED),
        (("2000", "many"), {"max": 2}, Outcome.PASSED),
        (("2000", "many"), {"max": 1}, Outcome.FAILED),
        (("80", "many"), {"max": 0}, Outcome.FAILED),
        (("80", "443"), {"max": 0}, Outcome.PASSED),
    ],
)
def test_a_count_holds_whatever_the_odd_ones_are(
    values: tuple[str, ...], count: dict[str, int], outcome: Outcome
) -> None:
    assert about_ports(values, match="count", count=count).finding.outcome is outcome


@pytest.mark.parametrize(
    ("count", "outcome"),
    [
        ({"min": 2, "max": 2}, Outcome.PASSED),
        ({"min": 1}, Outcome.PASSED),
        ({"max": 2}, Outcome.PASSED),
        ({"min": 3}, Outcome.FAILED),
        ({"max": 1}, Outcome.FAILED),
        ({"max": 0}, Outcome.FAILED),
    ],
)
def test_count_wants_a_number_of_them(count: dict[str, int], outcome: Outcome) -> None:
    objects = [web("a", 1), web("b", 2), web("c", 3)]
    assert judge(objects, ODD, match="count", count=count).finding.outcome is outcome


def test_a_count_that_differs_is_told() -> None:
    judged = judge([web("a", 1), web("b", 2)], ODD, match="count", count={"min": 2})
    assert judged.says("en").startswith(
        "The number of objects of kind Deployment that are as required should be >=2, but of 2 it is"
        " 1: "
        "`object.spec.replicas % 2 == 1`. Objects of kind Deployment that are as required: a. "
        "Found: spec.replicas = 2."
    )
    assert "디플로이먼트는 >=2개여야 하지만 2개 중 1개입니다" in judged.says("ko")
    none = judge([web("b", 2)], ODD, match="count", count={"min": 1, "max": 3})
    assert "should be 1-3, but of 1 it is 0:" in none.says("en")


BESIDE = [{"variable": "services", "kind": "Service"}]
SERVED = "objects.services.exists(s, s.spec.selector.app == object.metadata.labels.app)"


def test_objects_are_compared_with_others_beside_them() -> None:
    objects = [web("a", app="web"), service()]
    judged = judge(objects, SERVED, beside=BESIDE)
    assert judged.finding.outcome is Outcome.PASSED
    assert [len(requests) for requests in judged.rounds] == [2, 1]
    judged = judge([*objects, web("b", app="other")], SERVED, beside=BESIDE)
    assert judged.params["name"] == "b"
    assert "objects.services[*].spec.selector.app = web" in judged.says("en")


def test_nothing_beside_is_no_reason_to_pass() -> None:
    judged = judge([web()], "objects.services.all(s, s.a == object.b)", beside=BESIDE)
    assert (judged.finding.outcome, judged.finding.reason) == (Outcome.FAILED, "TooFewSelected")
    assert judged.params["kind"] == "Service"
