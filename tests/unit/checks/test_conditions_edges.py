"""`conditions` at each of its limits, with everything that is told."""

from typing import Any

import pytest

from labgrader.checks.finding import Finding, cause, failed, passed, unknown
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import Body, meta
from tests.unit.checks.test_conditions import ROUTE, conditions

HERE: dict[str, Any] = {"kind": "HTTPRoute", "name": "web", "namespace": "kim"}
AT: dict[str, Any] = HERE | {"path": "status.conditions"}
READY: Body = {"type": "Ready"}
WAITS = unknown("NotObservedYet", transient=True, **HERE)


def route(*listed: Any, generation: Any = 3, **status: Any) -> Body:
    metadata = meta("web") | ({} if generation is None else {"generation": generation})
    told = {"conditions": list(listed)} if listed else {}
    return {
        "apiVersion": ROUTE["apiVersion"],
        "kind": "HTTPRoute",
        "metadata": metadata,
        "status": {**told, **status},
    }


def says(status: Any = "True", kind: str = "Ready", **more: Any) -> Body:
    return {"type": kind, "status": status, **more}


def found(body: Body, *expect: Body, **more: Any) -> Finding:
    asked = conditions(*(expect or (READY,)), ref=ROUTE, **more)
    return Namespace([body]).judge(**asked).finding


def test_what_holds_is_told() -> None:
    both = found(route(says(), says("False", "Sick")), READY, {"type": "Sick", "status": "False"})
    assert both == passed(
        "ConditionsHold", kind="HTTPRoute", name="web", seen="Ready=True, Sick=False"
    )


@pytest.mark.parametrize(
    ("seen", "expected", "told"),
    [
        (says("False"), READY, ("Ready=True", "Ready=False")),
        (says("False", reason="Odd one"), READY, ("Ready=True", "Ready=False (Odd one)")),
        (says(None), READY, ("Ready=True", "Ready=-")),
        (says(reason="B"), {**READY, "reason": "A"}, ("Ready=True (A)", "Ready=True (B)")),
        (says(), {**READY, "reason": "A"}, ("Ready=True (A)", "Ready=True")),
        (says(), {**READY, "reason": "(present)"}, ("Ready=True ((present))", "Ready=True")),
        (says(reason="A"), {**READY, "reason": "(present)"}, None),
        (says(reason="A"), {**READY, "reason": "A"}, None),
        (says(reason="Abc"), {**READY, "reason": "~=^A"}, None),
    ],
)
def test_what_differs_is_told(seen: Body, expected: Body, told: tuple[str, str] | None) -> None:
    finding = found(route(seen), expected)
    if told is None:
        assert finding.reason == "ConditionsHold"
    else:
        assert finding == failed("ConditionDiffers", **AT, expected=told[0], seen=told[1])


def test_what_the_controller_says_of_it_explains_it() -> None:
    finding = found(route(says("False", message="no\nbackend.")))
    assert finding.causes == (cause("ConditionSays", detail="no backend"),)
    assert found(route(says("False", message=" "))).causes == ()


@pytest.mark.parametrize(
    ("kinds", "seen"),
    [
        ((), "-"),
        (("A", "B", "A"), "A, B"),
        (tuple(f"C{n}" for n in range(8)), ", ".join(f"C{n}" for n in range(8))),
        (tuple(f"C{n}" for n in range(9)), ", ".join(f"C{n}" for n in range(8)) + ", …"),
        (("", "A"), "A"),
    ],
)
def test_what_is_missing_is_told_with_what_is_there(kinds: tuple[str, ...], seen: str) -> None:
    body = route(*(says(kind=kind) for kind in kinds))
    assert found(body) == failed("ConditionMissing", **AT, expected="Ready=True", seen=seen)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (route(says("False", observedGeneration=2)), WAITS),
        (route(says("False", observedGeneration=3)), None),
        (route(says("False"), observedGeneration=2), WAITS),
        (route(says("False", observedGeneration=3), observedGeneration=2), None),
        (route(says(kind="Other"), observedGeneration=2), WAITS),
        (route(says("False", observedGeneration=0), generation=None), None),
        (route(says("False", observedGeneration=-1), generation=None), WAITS),
        (route(says(), says("False", observedGeneration=2)), WAITS),
    ],
)
def test_what_is_about_an_older_generation_says_nothing(body: Body, told: Finding | None) -> None:
    finding = found(body)
    assert finding.reason == "ConditionDiffers" if told is None else finding == told


def test_each_place_is_looked_at() -> None:
    places = [{"conditions": [says()]}, {"conditions": [says("False")]}]
    path = "status.parents[1].conditions"
    told = failed("ConditionDiffers", **HERE, path=path, expected="Ready=True", seen="Ready=False")
    assert found(route(parents=places), each="parents") == told
    assert found(route(parents=places[:1]), each="parents").reason == "ConditionsHold"
    late = [{"conditions": [says("False")]}]
    assert found(route(parents=late, observedGeneration=2), each="parents") == WAITS


def test_places_that_are_not_there_are_told() -> None:
    nothing = failed("NothingListed", **HERE, path="status.parents")
    for body in (
        route(),
        route(parents=[]),
        route(observedGeneration=3),
        route() | {"status": None},
    ):
        assert found(body, each="parents") == nothing
    assert found(route(observedGeneration=2), each="parents") == WAITS
