"""What is wrong with an exercise that the API server could not see."""

from typing import Any

import pytest

from labgrader.grading.plan import content_hash, problems
from tests.unit.grading.worlds import exercise, exists

HEALS = {"object": {"kind": "Deployment", "name": "web"}, "fault": "DeletePod", "within": "60s"}
ABSENT = {"object": {"kind": "Pod", "name": "old"}}


def reasons(*checks: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem.reason, problem.text) for problem in problems(exercise(*checks))]


def test_a_sound_exercise_has_no_problems() -> None:
    assert reasons(exists("a"), {"name": "heals", "points": 5, "heals": HEALS}) == []


@pytest.mark.parametrize(
    ("checks", "reason", "words"),
    [
        ([exists("a", points=0)], "NoPoints", "no check is worth any points"),
        (
            [{"name": "heals", "points": 5, "heals": HEALS}, exists("a", needs=["heals"])],
            "NeedsLaterPhase",
            "check a needs heals, which looks only later (disturb comes after observe)",
        ),
        (
            [{"name": "gone", "points": 5, "absent": ABSENT}],
            "HollowCheck",
            "check gone is true before any work",
        ),
        (
            [{"name": "x", "points": 5, "exists": {"object": {"kind": "Widget", "name": "w"}}}],
            "Invalid",
            "check x: kind Widget needs its apiVersion",
        ),
        (
            [
                {
                    "name": "m",
                    "points": 5,
                    "matches": {
                        "object": {"kind": "Deployment", "name": "web"},
                        "expect": {"metadata": {"name": "~=("}},
                    },
                }
            ],
            "BadPattern",
            "check m: ",
        ),
    ],
)
def test_problems_are_named(checks: list[dict[str, Any]], reason: str, words: str) -> None:
    found = reasons(*checks)
    assert [seen for seen, _ in found] == [reason]
    assert found[0][1].startswith(words)


def test_absent_may_count_where_it_needs_a_positive_check() -> None:
    gone = {"name": "gone", "points": 5, "needs": ["a"], "absent": ABSENT}
    assert reasons(exists("a"), gone) == []


def test_the_hash_follows_what_is_asked_and_nothing_else() -> None:
    one, same = exercise(exists("a")), exercise(exists("a"))
    assert content_hash(one) == content_hash(same.model_copy(update={"uid": "other"}))
    assert content_hash(one) != content_hash(exercise(exists("a", points=11)))
