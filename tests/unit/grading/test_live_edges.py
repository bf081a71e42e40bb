"""What a live view shows, and what its findings hang on."""

from dataclasses import replace
from typing import Any

import pytest

from labgrader.api.check import Check
from labgrader.checks.finding import Finding, passed, skipped, unknown
from labgrader.evidence.answers import Answer, LogLines, NotThere, Trouble
from labgrader.evidence.requests import (
    DryRun,
    GetObject,
    ListObjects,
    ReadLog,
    Request,
    ReviewAccess,
)
from labgrader.grading.answers import asks, without_answers
from labgrader.grading.live import LiveView, _kinds, live_checks, look_now
from labgrader.grading.plan import plan
from tests.unit.grading.worlds import JumpingClock, World, config_map, exercise, exists, found

POD, SECRET = ("v1", "Pod"), ("v1", "Secret")
LOG = ReadLog("kim", "web", "web")
SOON = Trouble("ApiUnreachable", "refused", transient=True)
NEVER = Trouble("Forbidden", "no", transient=False)
QUESTION: dict[str, Any] = {
    "name": "why",
    "points": 5,
    "asks": {"name": "why", "question": {"en": "?"}, "pattern": "x"},
}
PLANNED = plan(exercise(exists("a"), QUESTION))
THERE = passed("ObjectThere", kind="ConfigMap", name="a")


def view(**fields: Any) -> LiveView:
    plain: dict[str, Any] = {"plan": PLANNED, "findings": {}, "answers": {}}
    return LiveView(**(plain | {"asked": {}, "kinds": {}} | fields))


@pytest.mark.parametrize(
    ("fields", "unsettled", "troubled"),
    [
        ({}, False, False),
        ({"asked": {"a": {config_map("a")}}}, False, False),
        ({"asked": {"a": {config_map("a")}, "b": {LOG}}}, True, False),
        ({"answers": {LOG: SOON}}, True, True),
        ({"answers": {LOG: NEVER, config_map("a"): NotThere()}}, False, False),
    ],
)
def test_a_view_may_change_by_itself(
    fields: dict[str, Any], *, unsettled: bool, troubled: bool
) -> None:
    assert (view(**fields).unsettled, view(**fields).troubled) == (unsettled, troubled)


def test_what_hangs_on_what_cannot_be_followed_is_unknown() -> None:
    findings: dict[str, Finding] = {
        "a": THERE,
        "b": THERE,
        "c": skipped("NeedsFailed", check="a"),
    }
    kinds = {"a": frozenset({POD, SECRET}), "b": frozenset({POD}), "c": frozenset({SECRET})}
    whole = view(findings=findings, kinds=kinds)

    def refused(kind: tuple[str, str]) -> str | None:
        return "forbidden" if kind == SECRET else None

    lost = unknown("CannotWatch", kind="Secret", detail="forbidden")
    assert whole.without(refused) == replace(whole, findings=findings | {"a": lost})
    assert whole.findings == findings
    assert whole.without(lambda _: None) == whole
    last = whole.without(lambda kind: f"no {kind[1]}").findings["a"]
    assert last == unknown("CannotWatch", kind="Secret", detail="no Secret")


def test_questions_are_left_out() -> None:
    assert [check.name for check in live_checks(PLANNED)] == ["a"]
    assert asks(PLANNED)
    assert not asks(plan(exercise(exists("a"))))
    findings = {"a": THERE, "why": THERE, "other": THERE}
    assert without_answers(PLANNED, findings) == {"a": THERE, "other": THERE}


async def test_a_view_is_made_of_what_is_there() -> None:
    world = World(JumpingClock(), {config_map("a"): [found("a")]})
    seen = await look_now(PLANNED, "kim", world, {})
    assert seen.plan is PLANNED
    assert {name: one.reason for name, one in seen.findings.items()} == {"a": "ObjectThere"}
    assert seen.asked == {"a": frozenset({config_map("a")})}


async def test_what_needs_an_answer_is_not_decided_now() -> None:
    after = exists("b", needs=["why"])
    seen = await look_now(plan(exercise(QUESTION, after)), "kim", World(JumpingClock(), {}), {})
    assert seen.asked == {"b": frozenset()}
    assert seen.findings["b"].reason != "ObjectThere"
    assert "why" in dict(seen.findings["b"].params).values()


def check(**kind: Any) -> Check:
    return Check.model_validate({"name": "check", **kind})


EXISTS = check(exists={"object": {"kind": "ConfigMap", "name": "a"}})
EMITTED = check(emitted={"object": {"kind": "Pod", "name": "a"}, "reason": "x"})
RBAC = "rbac.authorization.k8s.io/v1"


@pytest.mark.parametrize(
    ("of", "request_", "kinds"),
    [
        (EXISTS, GetObject("kim", "v1", "Pod", "a"), [POD]),
        (EXISTS, ListObjects("kim", "v1", "Pod"), [POD]),
        (EXISTS, ListObjects("kim", "v1", "Event"), []),
        (EMITTED, ListObjects("kim", "v1", "Event"), [("v1", "Event")]),
        (EXISTS, GetObject("kim", "labgrader.dev/v1alpha1", "Submission", "s"), []),
        (
            EXISTS,
            ReviewAccess("kim", (), "u", "get", "", "pods"),
            [(RBAC, "Role"), (RBAC, "RoleBinding")],
        ),
        (
            EXISTS,
            DryRun("kim", "v1", "Pod", "{}", "u"),
            [("v1", "LimitRange"), ("v1", "ResourceQuota")],
        ),
        (EXISTS, LOG, []),
    ],
)
def test_a_finding_hangs_on_kinds(of: Check, request_: Request, kinds: list[Any]) -> None:
    assert list(_kinds(of, [request_])) == kinds


async def test_what_a_log_said_is_part_of_the_view() -> None:
    kept: dict[Request, Answer] = {LOG: LogLines(("x",)), config_map("a"): found("a")}
    seen = await look_now(PLANNED, "kim", World(JumpingClock(), {}), kept)
    assert seen.answers == {config_map("a"): found("a")}
