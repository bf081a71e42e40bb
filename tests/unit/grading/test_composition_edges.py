"""Rules of points at their edges: what just can, and just cannot, change a score."""

from typing import Any

import pytest

from labgrader.grading.composition import composition_problems, is_hollow
from tests.unit.grading.worlds import exercise, exists

OLD = {"object": {"kind": "Pod", "name": "old"}}
ANY = {"name": "g", "rule": "any"}
BEST = {"name": "g", "rule": "bestOf", "count": 2}


def told(*checks: dict[str, Any], **spec: Any) -> list[tuple[str, str]]:
    written = exercise(*checks, **spec).spec
    return [(problem.reason, problem.text) for problem in composition_problems(written)]


def absent(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "points": 0, "absent": OLD, **more}


@pytest.mark.parametrize(
    ("checks", "spec"),
    [
        ([exists("a", group="g"), exists("b", group="g")], {"groups": [BEST]}),
        (
            [absent("gone", group="g"), exists("b", 0, group="g"), exists("c", 0, group="g")],
            {"groups": [BEST | {"points": 5}]},
        ),
        ([exists("a", required=True, cap=9)], {}),
        (
            [exists("a", required=True, cap=11), exists("b", 2, extra=True)],
            {"aboveMax": 2},
        ),
        ([exists("a", required=True, cap=5)], {"passPercent": "0"}),
        ([exists("a"), exists("b", 3, extra=True)], {"aboveMax": 3}),
        ([exists("a", group="g"), exists("b", 0, group="g")], {"groups": [ANY | {"rule": "all"}]}),
    ],
)
def test_what_can_change_a_score_is_no_problem(
    checks: list[dict[str, Any]], spec: dict[str, Any]
) -> None:
    assert told(*checks, **spec) == []


@pytest.mark.parametrize(
    ("checks", "spec", "text"),
    [
        (
            [exists("a", required=True, cap=12), exists("b", 2, extra=True)],
            {"aboveMax": 2},
            "check a has a cap of 12, but the score cannot exceed 12 anyway",
        ),
        (
            [absent("gone", group="g"), absent("away", group="g"), exists("c", 0, group="g")],
            {"groups": [BEST | {"points": 5}]},
            ("group g is earned before any work, by check gone; let it need a check that is not"),
        ),
        (
            [exists("a"), exists("b", 0, group="g", extra=True)],
            {"groups": [ANY | {"points": 5}]},
            "check b is in group g; what counts there is extra credit if the group says so",
        ),
    ],
)
def test_what_just_cannot_is_named(
    checks: list[dict[str, Any]], spec: dict[str, Any], text: str
) -> None:
    assert [said for _, said in told(*checks, **spec)] == [text]


def test_each_check_whose_points_do_not_count_is_named() -> None:
    checks = [exists(name, points, group="g") for name, points in (("a", 5), ("b", 0), ("c", 7))]
    said = [text for _, text in told(*checks, groups=[ANY | {"points": 20}])]
    assert [text.split("points of ")[1][:7] for text in said] == ["check a", "check c"]


def test_every_group_and_check_is_looked_at() -> None:
    groups = [{"name": name, "rule": "all"} for name in "xy"]
    reasons = [text[:7] for _, text in told(exists("a"), groups=groups)]
    assert reasons == ["group x", "group y"]
    caps = [exists(name, required=True, cap=20) for name in "ab"]
    assert [text[:7] for _, text in told(*caps)] == ["check a", "check b"]


def test_a_cap_of_no_points_at_all_is_told_once() -> None:
    assert told(exists("a", 0, required=True, cap=5)) == [
        ("NoPoints", "no check is worth any points")
    ]


def test_hollow_is_what_is_true_of_nothing_and_needs_nothing_that_is_not() -> None:
    """`last` needs `later`, which is true of an empty namespace, but is skipped there."""
    checks = [
        exists("made"),
        absent("gone"),
        absent("later", needs=["made"]),
        absent("after", needs=["gone"]),
        absent("last", needs=["gone", "later"]),
    ]
    spec = exercise(*checks).spec
    assert [is_hollow(check, spec) for check in spec.checks] == [False, True, False, True, False]


def test_what_is_given_is_there_before_any_work_and_what_is_not_is_not() -> None:
    given = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "old"}, "spec": {}}
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "made"}}
    checks = [exists("made"), absent("gone")]

    def hollow(*objects: dict[str, Any]) -> list[bool]:
        spec = exercise(*checks, given=list(objects)).spec
        return [is_hollow(check, spec) for check in spec.checks]

    assert hollow() == [False, True]
    assert hollow(config) == [True, True]
    assert hollow(given) == [False, False]
    assert hollow(given, config) == [True, False]


@pytest.mark.parametrize("allowed", [True, False])
def test_what_is_asked_decides_whether_it_is_true_of_nothing(*, allowed: bool) -> None:
    asked = [{"verbs": ["get"], "resources": ["pods"], "allowed": allowed}]
    params = {"subject": {"kind": "ServiceAccount", "name": "reader"}, "access": asked}
    spec = exercise({"name": "a", "points": 1, "allows": params}).spec
    assert is_hollow(spec.checks[0], spec) is not allowed
