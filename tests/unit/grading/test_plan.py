"""What is wrong with an exercise that the API server could not see."""

from typing import Any

import pytest

from labgrader.grading.plan import content_hash, plan, problems
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


ASKS = {"name": "payback", "question": {"en": "?"}, "pattern": "x"}
REFUSED = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}}
DENIED = {"verbs": ["get"], "resources": ["secrets"], "allowed": False}
NO_SECRETS = {"subject": {"kind": "User", "name": "jane"}, "access": [DENIED]}


@pytest.mark.parametrize("hollow", [{"allows": NO_SECRETS}, {"rejects": {"refused": REFUSED}}])
def test_what_may_be_true_before_any_work_needs_a_positive_check(hollow: dict[str, Any]) -> None:
    check = {"name": "h", "points": 5, **hollow}
    assert [reason for reason, _ in reasons(exists("a"), check)] == ["HollowCheck"]
    gone = {"name": "gone", "absent": ABSENT}
    assert [r for r, _ in reasons(exists("a"), gone, {**check, "needs": ["gone"]})] == [
        "HollowCheck"
    ]
    assert reasons(exists("a"), {**check, "needs": ["a"]}) == []
    assert reasons(exists("a"), {**check, "points": 0}) == []


def test_two_questions_need_two_names() -> None:
    two = [{"name": name, "points": 5, "asks": ASKS} for name in ("a", "b")]
    assert [text for _, text in reasons(*two)] == [
        "check a: another question is called payback, too",
        "check b: another question is called payback, too",
    ]


def test_questions_must_fit_into_what_learners_read() -> None:
    long = {"ko": "가" * 4100, "en": "short"}
    check = {"name": "a", "points": 5, "asks": {**ASKS, "question": long}}
    assert [text for _, text in reasons(check)] == ["the questions are over 12,288 bytes long"]


def test_absent_may_count_where_it_needs_a_positive_check() -> None:
    gone = {"name": "gone", "points": 5, "needs": ["a"], "absent": ABSENT}
    assert reasons(exists("a"), gone) == []


def test_the_hash_follows_what_is_asked_and_nothing_else() -> None:
    one, same = exercise(exists("a")), exercise(exists("a"))
    assert content_hash(one) == content_hash(same.model_copy(update={"uid": "other"}))
    assert content_hash(one) != content_hash(exercise(exists("a", points=11)))


@pytest.mark.parametrize(
    ("isolations", "in_place"),
    [((), False), (("Clone",), False), (("InPlace",), True), (("Clone", "InPlace"), True)],
)
def test_only_what_is_tried_in_place_must_be_allowed(
    isolations: tuple[str, ...], *, in_place: bool
) -> None:
    web = {"object": {"kind": "Deployment", "name": "web"}, "fault": "DeletePod", "within": "9s"}
    checks = [{"name": i.lower(), "heals": {**web, "isolation": i}} for i in isolations]
    planned = plan(exercise(exists("web"), *checks))
    assert planned.disturbs == bool(isolations)
    assert planned.disturbs_in_place == in_place


def test_what_is_tried_on_a_copy_is_another_exercise() -> None:
    web = {"object": {"kind": "Deployment", "name": "web"}, "fault": "DeletePod", "within": "9s"}
    said, unsaid, copied = (
        content_hash(exercise({"name": "heals", "points": 1, "heals": {**web, **more}}))
        for more in ({"isolation": "InPlace"}, {}, {"isolation": "Clone"})
    )
    assert said == unsaid != copied
