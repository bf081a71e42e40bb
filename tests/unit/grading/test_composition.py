"""Whatever is written about points must be able to change a score."""

from typing import Any

import pytest

from labgrader.grading.plan import problems
from tests.unit.grading.worlds import exercise, exists

GONE = {"object": {"kind": "Pod", "name": "old"}}
G = {"name": "g", "rule": "any"}


def found(*checks: dict[str, Any], **spec: Any) -> list[tuple[str, str]]:
    return [(problem.reason, problem.text) for problem in problems(exercise(*checks, **spec))]


def absent(name: str = "gone", points: int = 0, **more: Any) -> dict[str, Any]:
    return {"name": name, "points": points, "absent": GONE, **more}


@pytest.mark.parametrize(
    ("checks", "spec"),
    [
        ([exists("a", group="g"), exists("b", group="g")], {"groups": [G]}),
        ([exists("a", 0, group="g"), exists("b", 0, group="g")], {"groups": [G | {"points": 5}]}),
        ([exists("a"), absent(required=True, cap=5)], {}),
        ([exists("a"), exists("b", extra=True)], {"aboveMax": 10}),
        (
            [exists("a", 0, group="g"), absent(group="g")],
            {"groups": [{"name": "g", "rule": "all", "points": 5}]},
        ),
        (
            [exists("a", 0, group="g"), exists("b", 5), absent(group="g", needs=["b"])],
            {"groups": [G | {"points": 5}]},
        ),
        ([exists("a"), absent(points=5, needsAtLeast=[{"check": "a", "percent": "1"}])], {}),
    ],
)
def test_sensible_points_are_no_problem(checks: list[dict[str, Any]], spec: dict[str, Any]) -> None:
    assert found(*checks, **spec) == []


@pytest.mark.parametrize(
    ("checks", "spec", "reason", "text"),
    [
        (
            [exists("a")],
            {"groups": [G]},
            "PointlessGroup",
            "group g has no checks; checks name it in their group",
        ),
        (
            [exists("a", group="g")],
            {"groups": [{"name": "g", "rule": "bestOf", "count": 2}]},
            "PointlessGroup",
            "group g counts its best 2 checks, but there are only 1 in it",
        ),
        (
            [exists("a"), exists("b", 0, group="g")],
            {"groups": [G]},
            "PointlessGroup",
            "group g is worth no points, and neither are its checks",
        ),
        (
            [exists("a", 5, group="g")],
            {"groups": [G | {"points": 20}]},
            "PointlessGroup",
            (
                "group g is worth 20 as a whole, so the points of check a would not count; leave out "
                "the one or the other"
            ),
        ),
        (
            [exists("a", 5, group="g"), exists("b", 0, group="g")],
            {"groups": [G]},
            "PointlessGroup",
            "check b is worth no points, so it can never be of the best in group g",
        ),
        (
            [exists("a", 0, group="g"), absent(group="g")],
            {"groups": [G | {"points": 5}]},
            "HollowCheck",
            "group g is earned before any work, by check gone; let it need a check that is not",
        ),
        (
            [exists("a", extra=True)],
            {},
            "NoPoints",
            "no check is worth any points",
        ),
        (
            [exists("a"), exists("b", group="g", extra=True)],
            {"groups": [G]},
            "PointlessRule",
            "check b is in group g; what counts there is extra credit if the group says so",
        ),
        (
            [exists("a"), exists("b", 0, extra=True)],
            {},
            "PointlessRule",
            "check b is extra credit of no points",
        ),
        (
            [exists("a"), exists("b", extra=True, required=True)],
            {},
            "PointlessRule",
            "check b is extra credit and required; it can be one of them",
        ),
        (
            [exists("a"), exists("b", extra=True)],
            {"aboveMax": 11},
            "PointlessRule",
            "aboveMax is 11, but all extra credit is worth 10",
        ),
        (
            [exists("a", required=True, cap=10)],
            {},
            "PointlessRule",
            "check a has a cap of 10, but the score cannot exceed 10 anyway",
        ),
        (
            [exists("a", required=True)],
            {"passPercent": "0"},
            "PointlessRule",
            "check a is required, but passPercent 0 passes in any case; set its cap",
        ),
        (
            [exists("a"), exists("b", needsAtLeast=[{"check": "a", "percent": "0"}])],
            {},
            "PointlessRule",
            "check b needs 0 percent of a, which is nothing",
        ),
        (
            [exists("a"), exists("b", needs=["a"], needsAtLeast=[{"check": "a", "percent": "5"}])],
            {},
            "PointlessRule",
            "check b needs a wholly already, so a share of it changes nothing",
        ),
    ],
)
def test_senseless_points_are_named(
    checks: list[dict[str, Any]], spec: dict[str, Any], reason: str, text: str
) -> None:
    assert found(*checks, **spec) == [(reason, text)]


def test_a_share_of_a_later_phase_is_a_problem_too() -> None:
    heals = {"object": {"kind": "Deployment", "name": "web"}, "fault": "DeletePod", "within": "60s"}
    share = [{"check": "heals", "percent": "50"}]
    checks = [{"name": "heals", "points": 5, "heals": heals}, exists("a", needsAtLeast=share)]
    assert [reason for reason, _ in found(*checks)] == ["NeedsLaterPhase"]
