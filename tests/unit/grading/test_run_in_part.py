"""The engine, where a part is enough: needs by share, and alternatives in groups."""

from typing import Any

import pytest

from labgrader.api.status import Result
from labgrader.evidence.answers import Answer, Found, NotThere
from labgrader.evidence.requests import Request
from tests.unit.grading.test_run import FORBIDDEN, graded, outcomes
from tests.unit.grading.worlds import config_map, exists, found


def fields(name: str, **more: Any) -> dict[str, Any]:
    """A check that is fulfilled by a quarter for each of four fields that are there."""
    clauses = [{"expect": {"data": {key: "(present)"}}} for key in "abcd"]
    kind = {"matches": {"object": {"kind": "ConfigMap", "name": name}, "clauses": clauses}}
    return {"name": name, "points": 10, **kind, **more}


def with_fields(name: str, count: int) -> Found:
    body: dict[str, Any] = {"kind": "ConfigMap", "metadata": {"name": name, "uid": name}}
    return Found(body | {"data": dict.fromkeys("abcd"[:count], "x")})


def share(check: str, percent: str) -> dict[str, Any]:
    return {"needsAtLeast": [{"check": check, "percent": percent}]}


@pytest.mark.parametrize(
    ("percent", "outcome"), [("50", "Passed"), ("50.001", "Skipped"), ("100", "Skipped")]
)
async def test_a_check_may_need_a_share_of_another(percent: str, outcome: str) -> None:
    checks = [fields("a"), exists("b", **share("a", percent))]
    script: dict[Request, list[Answer]] = {
        config_map("a"): [with_fields("a", 2)],
        config_map("b"): [found("b")],
    }
    result, _ = await graded(checks, script, settle="0s")
    assert outcomes(result) == {"a": "Failed", "b": outcome}
    assert result.score.low == (15 if outcome == "Passed" else 5)
    assert result.result in {Result.PASSED, Result.FAILED}, "both are conclusive"
    if outcome == "Skipped":
        params = dict(result.checks[1].finding.params)
        assert result.checks[1].finding.reason == "NeedsMore"
        assert params == {"check": "a", "percent": percent, "seen": "50"}


async def test_a_share_of_what_is_open_is_open() -> None:
    checks = [fields("a"), exists("b", **share("a", "25"))]
    script: dict[Request, list[Answer]] = {
        config_map("a"): [FORBIDDEN],
        config_map("b"): [found("b")],
    }
    result, _ = await graded(checks, script, settle="0s")
    assert [check.finding.reason for check in result.checks] == ["Forbidden", "NeedsOpen"]
    assert (result.score.low, result.score.high) == (0, 20)


async def test_a_share_that_comes_while_it_settles_counts() -> None:
    checks = [fields("a"), exists("b", **share("a", "75"))]
    script: dict[Request, list[Answer]] = {
        config_map("a"): [with_fields("a", 1), with_fields("a", 3)],
        config_map("b"): [found("b")],
    }
    result, _ = await graded(checks, script)
    assert outcomes(result) == {"a": "Failed", "b": "Passed"}


async def test_a_share_that_is_lost_while_it_settles_counts_no_more() -> None:
    checks = [fields("a"), exists("b", **share("a", "75")), exists("c", needs=["b"])]
    script: dict[Request, list[Answer]] = {
        config_map("a"): [with_fields("a", 3), with_fields("a", 1)],
        config_map("b"): [found("b")],
        config_map("c"): [found("c")],
    }
    result, _ = await graded(checks, script)
    assert outcomes(result) == {"a": "Failed", "b": "Skipped", "c": "Skipped"}
    assert [check.finding.reason for check in result.checks[1:]] == ["NeedsMore", "NeedsFailed"]
    assert result.score.low == 2


async def test_nobody_waits_for_an_alternative_that_is_not_needed() -> None:
    groups = [{"name": "either", "rule": "any"}]
    checks = [exists("a", group="either"), exists("b", group="either")]
    result, world = await graded(checks, {config_map("a"): [found("a")]}, groups=groups)
    assert outcomes(result) == {"a": "Passed", "b": "Failed"}
    assert world.clock.now == 0


@pytest.mark.parametrize(
    "more",
    [
        [exists("b", 20, group="either")],
        [exists("b", group="either", required=True, cap=5)],
        [exists("b", group="either"), exists("c", needs=["b"])],
    ],
)
async def test_an_alternative_that_still_matters_is_waited_for(more: list[dict[str, Any]]) -> None:
    groups = [{"name": "either", "rule": "any"}]
    script: dict[Request, list[Answer]] = {
        config_map("a"): [found("a")],
        config_map("b"): [NotThere(), NotThere(), found("b")],
        config_map("c"): [found("c")],
    }
    result, world = await graded([exists("a", group="either"), *more], script, groups=groups)
    assert set(outcomes(result).values()) == {"Passed"}
    assert world.clock.now > 0


async def test_an_open_alternative_that_cannot_change_the_score_holds_up_nothing() -> None:
    groups = [{"name": "either", "rule": "any"}]
    checks = [exists("a", group="either"), exists("b", group="either")]
    script: dict[Request, list[Answer]] = {
        config_map("a"): [found("a")],
        config_map("b"): [FORBIDDEN],
    }
    result, _ = await graded(checks, script, groups=groups, settle="0s")
    assert outcomes(result) == {"a": "Passed", "b": "Unknown"}
    assert (result.score.low, result.score.high, result.score.max) == (10, 10, 10)
    assert result.result is Result.PASSED
    assert [check.name for check in result.open] == ["b"]
    assert result.holding_up == ()


@pytest.mark.parametrize("more", [{"required": True, "cap": 5}, {"points": 20}])
async def test_an_open_alternative_that_may_change_the_score_holds_it_up(
    more: dict[str, Any],
) -> None:
    groups = [{"name": "either", "rule": "any"}]
    checks = [exists("a", group="either"), exists("b", group="either") | more]
    script: dict[Request, list[Answer]] = {
        config_map("a"): [found("a")],
        config_map("b"): [FORBIDDEN],
    }
    result, _ = await graded(checks, script, groups=groups, settle="0s")
    assert result.result is Result.STALLED
    assert [check.name for check in result.holding_up] == ["b"]
