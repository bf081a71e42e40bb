"""Answers as evidence: no cluster is asked for them, and what was found by looking stands."""

import json
from typing import Any

from labgrader.checks.finding import Finding, Outcome, failed, passed, skipped, unknown
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Admitted, Answer, NotThere, Refused, Reviewed
from labgrader.evidence.requests import DryRun, Request, ReviewAccess
from labgrader.grading.answers import judged_again
from labgrader.grading.plan import plan
from labgrader.grading.run import grade
from tests.unit.grading.worlds import JumpingClock, World, config_map, exercise, exists, found


def asks(name: str, word: str = "yes", **more: Any) -> dict[str, Any]:
    question = {"name": name, "question": {"en": "?"}, "pattern": word}
    return {"name": name, "points": 10, "asks": question, **more}


async def outcomes(
    checks: list[dict[str, Any]],
    answers: dict[str, str],
    script: dict[Request, list[Answer]] | None = None,
) -> tuple[dict[str, str], World]:
    clock = JumpingClock()
    world = World(clock, script or {})
    planned = plan(exercise(*checks, settle="30s"))
    result = await grade(planned, Scope("kim"), world, clock, answers=answers)
    return {name: finding.outcome.value for name, finding in result.items()}, world


async def test_answers_are_judged_without_a_cluster_and_without_waiting() -> None:
    seen, world = await outcomes([asks("a"), asks("b"), asks("c")], {"a": "yes", "b": "no"})
    assert seen == {"a": "Passed", "b": "Failed", "c": "Failed"}
    assert world.gathered == []
    assert world.clock.now == 0, "answers stay as they are, so there is nothing to wait for"


async def test_only_what_may_change_is_looked_at_again() -> None:
    late: dict[Request, list[Answer]] = {config_map("x"): [NotThere(), NotThere(), found("x")]}
    checks = [asks("a"), exists("x"), asks("b", needs=["x"])]
    seen, world = await outcomes(checks, {"b": "yes"}, late)
    assert seen == {"a": "Failed", "x": "Passed", "b": "Passed"}
    assert world.clock.now < 30_000


async def test_a_check_after_a_wrong_answer_is_skipped_and_not_waited_for() -> None:
    seen, world = await outcomes([asks("a"), exists("x", needs=["a"])], {"a": "no"})
    assert seen == {"a": "Failed", "x": "Skipped"}
    assert world.clock.now == 0


JANE = {"kind": "User", "name": "jane"}
ROW = {"verbs": ["get"], "resources": ["pods"], "allowed": True}
REVIEW = ReviewAccess("jane", ("system:authenticated",), "kim", "get", "", "pods")
POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}}


async def settled(kind: dict[str, Any], script: dict[Request, list[Answer]], after_ms: int) -> int:
    """When the check passed."""
    clock = JumpingClock()
    world = World(clock, script, change_after_ms=after_ms)
    planned = plan(exercise({"name": "c", "points": 10, **kind}, settle="30s"))
    result = await grade(planned, Scope("kim"), world, clock)
    assert result["c"].outcome is Outcome.PASSED
    return clock.now


async def test_rights_are_asked_again_when_a_role_changes() -> None:
    """``World.changed`` insists that there is something to watch."""
    kind = {"allows": {"subject": JANE, "access": [ROW]}}
    script: dict[Request, list[Answer]] = {
        REVIEW: [Reviewed(allowed=False), Reviewed(allowed=False), Reviewed(allowed=True)]
    }
    assert await settled(kind, script, after_ms=1000) < 5_000


async def test_a_dry_run_is_tried_again_though_nothing_that_is_watched_changes() -> None:
    kind = {"rejects": {"refused": POD, "by": {"kind": "ResourceQuota"}}}
    user = "system:serviceaccount:kim:labgrader-dry-run"
    tried = DryRun("kim", "v1", "Pod", json.dumps(POD, sort_keys=True), user)
    said = Refused(403, "Forbidden", 'pods "x" is forbidden: exceeded quota: q, requested: pods=1')
    script: dict[Request, list[Answer]] = {tried: [Admitted(), Admitted(), said]}
    assert await settled(kind, script, after_ms=100_000) < 10_000


GOOD = passed("ObjectThere", kind="ConfigMap", name="x")
BAD = failed("NotFound", kind="ConfigMap", name="x", namespace="kim")
SKIPPED = skipped("NeedsFailed", check="a")


def again(
    checks: list[dict[str, Any]], before: dict[str, Finding], answers: dict[str, str]
) -> dict[str, str] | None:
    result = judged_again(plan(exercise(*checks)), Scope("kim"), before, answers)
    return None if result is None else {n: f"{f.outcome} {f.reason}" for n, f in result.items()}


def test_what_was_found_by_looking_stands_and_answers_are_judged_anew() -> None:
    checks = [exists("x"), exists("y"), asks("a"), asks("b")]
    before = {"x": GOOD, "y": BAD, "a": failed("AnswerMissing"), "b": passed("AnswerRight")}
    assert again(checks, before, {"a": "yes", "b": "no"}) == {
        "x": "Passed ObjectThere",
        "y": "Failed NotFound",
        "a": "Passed AnswerRight",
        "b": "Failed AnswerWrong",
    }


def test_what_could_not_be_looked_at_stays_open() -> None:
    before = {"x": unknown("ApiUnreachable", transient=True, detail="x"), "a": BAD, "b": BAD}
    checks = [exists("x"), asks("a"), asks("b", needs=["x"])]
    assert again(checks, before, {"a": "yes", "b": "yes"}) == {
        "x": "Unknown ApiUnreachable",
        "a": "Passed AnswerRight",
        "b": "Skipped NeedsOpen",
    }


def test_a_check_that_waited_for_an_answer_must_be_looked_at_now() -> None:
    checks = [asks("a"), exists("x", needs=["a"])]
    before = {"a": failed("AnswerWrong"), "x": SKIPPED}
    assert again(checks, before, {"a": "yes"}) is None
    assert again(checks, before, {"a": "never"}) == {
        "a": "Failed AnswerWrong",
        "x": "Skipped NeedsFailed",
    }


def test_a_check_that_passed_after_an_answer_is_not_taken_back() -> None:
    checks = [asks("a"), exists("x", needs=["a"])]
    before = {"a": passed("AnswerRight"), "x": GOOD}
    seen = again(checks, before, {"a": "no"})
    assert seen == {"a": "Failed AnswerWrong", "x": "Passed ObjectThere"}


def test_a_check_that_the_status_does_not_know_must_be_looked_at() -> None:
    assert again([exists("x"), asks("a")], {"a": BAD}, {"a": "yes"}) is None


def test_a_share_that_was_needed_holds_a_check_back_as_in_a_grading() -> None:
    share = {"needsAtLeast": [{"check": "x", "percent": "50"}]}
    checks = [exists("x"), asks("a") | share, exists("y") | share]
    least = failed("NotFound", credit=49_999, kind="ConfigMap", name="x", namespace="kim")
    before = {"x": least, "a": SKIPPED, "y": SKIPPED}
    assert again(checks, before, {"a": "yes"}) == {
        "x": "Failed NotFound",
        "a": "Skipped NeedsMore",
        "y": "Skipped NeedsMore",
    }
    enough = failed("NotFound", credit=50_000, kind="ConfigMap", name="x", namespace="kim")
    assert again(checks[:2], {"x": enough, "a": SKIPPED}, {"a": "yes"}) == {
        "x": "Failed NotFound",
        "a": "Passed AnswerRight",
    }


HALF = [{"check": "m", "percent": "50"}]
MATCHES = {
    "name": "m",
    "points": 10,
    "matches": {"object": {"kind": "ConfigMap", "name": "m"}, "expect": {"data": {"a": "1"}}},
}


def test_a_question_that_needs_a_share_earns_nothing_by_a_changed_answer() -> None:
    checks = [MATCHES, asks("a", needsAtLeast=HALF)]
    skip = skipped("NeedsMore", check="m", percent="50", seen="20")
    before = {"m": failed("Differs", credit=20_000), "a": skip}
    seen = again(checks, before, {"a": "yes"})
    assert seen == {"m": "Failed Differs", "a": "Skipped NeedsMore"}
    enough = before | {"m": failed("Differs", credit=50_000)}
    seen = again(checks, enough, {"a": "yes"})
    assert seen == {"m": "Failed Differs", "a": "Passed AnswerRight"}


def test_a_check_that_lacks_a_share_is_not_freed_by_an_answer() -> None:
    checks = [MATCHES, exists("x", needsAtLeast=HALF), asks("a")]
    skip = skipped("NeedsMore", check="m", percent="50", seen="20")
    before = {"m": failed("Differs", credit=20_000), "x": skip, "a": failed("AnswerWrong")}
    assert again(checks, before, {"a": "yes"}) == {
        "m": "Failed Differs",
        "x": "Skipped NeedsMore",
        "a": "Passed AnswerRight",
    }


def test_a_check_that_needs_a_share_of_an_answer_waits_for_it() -> None:
    share = [{"check": "a", "percent": "100"}]
    checks = [asks("a"), exists("x", needsAtLeast=share)]
    skip = skipped("NeedsMore", check="a", percent="100", seen="0")
    before = {"a": failed("AnswerWrong"), "x": skip}
    assert again(checks, before, {"a": "yes"}) is None
    assert again(checks, before, {"a": "never"}) == {
        "a": "Failed AnswerWrong",
        "x": "Skipped NeedsMore",
    }
