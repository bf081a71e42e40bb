"""One look: what a check comes to on these answers, and what holds it up."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from labgrader.api.check import Check
from labgrader.checks import registry
from labgrader.checks.finding import Finding, Outcome, error, failed, passed, skipped, unknown
from labgrader.checks.registry import KINDS, Phase
from labgrader.checks.scope import Scope, UnknownKind
from labgrader.evidence.answers import Answer, Hindered, NotThere, Trouble
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import LearnerHindered, MissingEvidence
from labgrader.grading import look as looking
from labgrader.grading.look import Look, blocked, is_conclusive, judge_one
from tests.unit.grading.worlds import JumpingClock, World, config_map, exists, found

SCOPE = Scope("kim")
GOOD, BAD = passed("ObjectThere"), failed("NotFound")
OPEN = unknown("ApiUnreachable", transient=True)


def check(name: str = "a", **more: Any) -> Check:
    return Check.model_validate(exists(name, **more))


HALF = failed("FieldDiffers", credit=50_000)


@pytest.mark.parametrize(
    ("more", "findings", "told"),
    [
        ({}, {}, False),
        ({"needs": ["b"]}, {"b": GOOD}, False),
        ({"needs": ["b"]}, {}, True),
        ({"needs": ["b"]}, {"b": BAD}, skipped("NeedsFailed", check="b")),
        ({"needs": ["b"]}, {"b": OPEN}, skipped("NeedsOpen", check="b")),
        ({"needs": ["b", "c"]}, {"c": GOOD}, True),
        ({"needs": ["b", "c"]}, {"b": GOOD}, True),
        ({"needs": ["b", "c"]}, {"c": BAD}, skipped("NeedsFailed", check="c")),
        ({"needsAtLeast": [{"check": "b", "percent": "50"}]}, {"b": HALF}, False),
        ({"needsAtLeast": [{"check": "b", "percent": "50"}]}, {}, True),
        (
            {"needsAtLeast": [{"check": "b", "percent": "50"}]},
            {"b": OPEN},
            skipped("NeedsOpen", check="b"),
        ),
        (
            {"needsAtLeast": [{"check": "b", "percent": "50.5"}]},
            {"b": HALF},
            skipped("NeedsMore", check="b", percent="50.5", seen="50"),
        ),
    ],
)
def test_a_check_waits_for_what_it_needs(
    more: Any, findings: Mapping[str, Finding], told: object
) -> None:
    assert blocked(check(**more), findings) == told


@pytest.mark.parametrize(
    ("finding", "conclusive"),
    [
        (GOOD, True),
        (BAD, True),
        (OPEN, False),
        (error("CheckBroken"), False),
        (skipped("NeedsFailed"), True),
        (skipped("NeedsMore"), True),
        (skipped("NeedsOpen"), False),
    ],
)
def test_what_settles_the_points(finding: Finding, *, conclusive: bool) -> None:
    assert is_conclusive(finding) is conclusive


def judged(monkeypatch: pytest.MonkeyPatch, raised: Exception) -> Finding:
    def judge(*_: Any) -> Finding:
        raise raised

    broken = {"exists": replace(KINDS["exists"], judge=judge)}
    monkeypatch.setattr(looking, "KINDS", {**registry.KINDS, **broken})
    return judge_one(check(), SCOPE, {}, set(), {})


def test_a_check_that_crashes_is_an_error_and_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        finding = judged(monkeypatch, RuntimeError("odd"))
    assert finding == error("CheckBroken", check="a", why="RuntimeError: odd")
    assert caplog.messages == ["check a (exists) crashed"]


def test_what_hinders_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    hindered = LearnerHindered(Hindered("ProbeRefused", (("why", "quota"),)))
    told = Finding(Outcome.FAILED, "ProbeRefused", (("why", "quota"),))
    assert judged(monkeypatch, hindered) == told
    assert judged(monkeypatch, UnknownKind("Widget")) == error("UnknownKind", kind="Widget")


def test_who_reads_an_answer_is_noted() -> None:
    asked: set[Request] = set()
    with pytest.raises(MissingEvidence):
        judge_one(check(), SCOPE, {}, asked, {})
    answers: dict[Request, Answer] = {config_map("a"): found("a"), config_map("b"): found("b")}
    assert judge_one(check(), SCOPE, answers, asked, {}).reason == "ObjectThere"
    assert asked == {config_map("a")}
    trouble = Trouble("Forbidden", "no", transient=False)
    told = unknown("Forbidden", transient=False, detail="no")
    assert judge_one(check(), SCOPE, {config_map("a"): trouble}, set(), {}) == told


@dataclass
class Forgetful:
    """A source that never answers, and counts how often it was asked."""

    asked: int = 0

    async def gather(self, requests: Collection[Request]) -> Mapping[Request, Answer]:
        assert requests
        self.asked += 1
        return {}

    async def changed(self, _seen: Any, _within_ms: int) -> bool:
        return False

    async def confirm(self, _namespace: str) -> Answer:
        return NotThere()


async def test_a_check_that_asks_forever_is_broken() -> None:
    source = Forgetful()
    look = Look(SCOPE, source)
    await look.judge([check()])
    assert look.findings == {"a": error("CheckBroken", check="a", why="it asks forever")}
    assert source.asked == 12


async def test_a_look_forgets_what_a_check_was_made_of() -> None:
    script: dict[Request, list[Answer]] = {config_map(name): [found(name)] for name in "ab"}
    look = Look(SCOPE, World(JumpingClock(), script), on_record=True)
    await look.judge([check("a"), check("b")])
    look.excused["a"] = Trouble("TargetTerminating", "namespace kim", transient=False)
    look.forget([check("a")])
    assert set(look.findings) == set(look.judged_on) == set(look.asked) == {"b"}
    assert set(look.answers) == {config_map("b")}
    assert look.excused == {}


async def test_trouble_that_may_pass_is_remembered() -> None:
    soon = Trouble("ApiUnreachable", "refused", transient=True)
    never = Trouble("Forbidden", "no", transient=False)
    for said, troubled in ((soon, True), (never, False)):
        world = World(JumpingClock(), {config_map("a"): [said], config_map("b"): [found("b")]})
        look = Look(SCOPE, world)
        await look.judge([check("a")])
        await look.judge([check("b")])
        assert look.troubled is troubled


async def test_only_looks_may_ask_before_their_needs_are_decided() -> None:
    fault = {"object": {"kind": "Deployment", "name": "web"}, "fault": "DeletePod", "within": "9s"}
    heals = Check.model_validate({"name": "h", "needs": ["a"], "heals": fault})
    assert KINDS["heals"].phase is Phase.DISTURB
    world = World(JumpingClock(), {config_map("a"): [NotThere()]})
    look = Look(SCOPE, world)
    await look.judge([check("a"), heals])
    assert look.findings["h"] == skipped("NeedsFailed", check="a")
    assert "h" not in look.asked
