"""What a plan knows of its exercise, and what its hash depends on."""

from typing import Any

import pytest

from labgrader.grading.plan import Plan, content_hash, for_learner, plan, problems
from tests.unit.grading.worlds import exercise, exists

WEB = {"kind": "Deployment", "name": "web"}
STOP = {"object": WEB, "fault": "StopNode", "within": "9s"}


def planned(kind: str, **params: Any) -> Plan:
    return plan(exercise(exists("a"), {"name": "b", "points": 5, kind: params}))


def flows(*, allowed: bool, outside: bool = False) -> dict[str, Any]:
    source = {"outside": True} if outside else {"labels": {"a": "b"}}
    return {"flows": [{"from": source, "to": {"service": "web", "port": 80}, "allowed": allowed}]}


PLAIN = plan(exercise(exists("a")))
KEPT = {"object": WEB, "store": {"port": 80, "path": "/{key}"}, "within": "9s"}
VPA = {"autoscaler": "v", "object": WEB, "container": "c", "requestsFit": True}


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        ("takes_nodes", planned("heals", **STOP)),
        ("takes_nodes", planned("persists", **KEPT, delete="DrainNode")),
        ("needs_policies", planned("connects", **flows(allowed=False))),
        ("needs_recommender", planned("recommends", **VPA)),
        ("stands_beside", planned("connects", **flows(allowed=True))),
        ("stands_beside", planned("resolves", service="web", **{"from": {"labels": {"a": "b"}}})),
        ("disturbs", planned("heals", **STOP)),
        ("disturbs_in_place", planned("heals", **STOP)),
    ],
)
def test_a_plan_knows_what_it_needs(asked: str, holds: Plan) -> None:
    assert getattr(holds, asked)
    assert not getattr(PLAIN, asked)


def test_what_is_not_needed_is_not_asked_for() -> None:
    outside = planned("connects", **flows(allowed=True, outside=True))
    assert not outside.stands_beside
    assert not outside.needs_policies
    deletes = STOP | {"fault": "DeletePod"}
    assert not planned("heals", **deletes).takes_nodes
    assert not planned("persists", **KEPT).takes_nodes
    copied = planned("heals", **deletes, isolation="Clone")
    assert (copied.disturbs, copied.disturbs_in_place) == (True, False)


def test_a_plan_has_the_points_of_its_exercise() -> None:
    assert PLAIN.max_score == 10
    assert PLAIN.hash == content_hash(PLAIN.exercise)


def test_a_learner_has_a_plan_of_their_own_under_the_same_hash() -> None:
    assert for_learner(PLAIN, "kim") is PLAIN
    parameters = [{"name": "app", "oneOf": ["maple", "cedar"]}]
    whole = plan(exercise(exists("${app}") | {"name": "a"}, parameters=parameters, seed="s"))
    names = set()
    for learner in ("kim", "lee", "park", "choi"):
        own = for_learner(whole, learner)
        assert own.hash == whole.hash
        assert own.exercise.values == whole.exercise.for_learner(learner).values
        names.add(own.exercise.values["app"])
    assert names == {"maple", "cedar"}


def test_the_hash_does_not_depend_on_the_order_of_keys() -> None:
    ref = {"object": {"kind": "ConfigMap", "name": "a"}}
    one, other = (
        exercise({"name": "m", "points": 1, "matches": {**ref, "expect": {"data": data}}})
        for data in ({"a": "1", "b": "2"}, {"b": "2", "a": "1"})
    )
    assert content_hash(one) == content_hash(other)


def test_what_is_shown_while_learners_work_is_no_part_of_the_hash() -> None:
    for more in ({"mode": "Continuous"}, {"latch": True}):
        assert content_hash(exercise(exists("a"), **more)) == PLAIN.hash


def test_what_is_written_as_the_default_is_the_same_exercise() -> None:
    assert content_hash(exercise(exists("a", required=False))) == PLAIN.hash
    bare = exercise(exists("a")).model_copy(update={"written": {}})
    assert len(content_hash(bare)) == len(PLAIN.hash) == 16


@pytest.mark.parametrize(
    ("spec", "same"),
    [({}, True), ({"passPercent": 51}, False), ({"title": {"en": "t", "ko": "제목"}}, False)],
)
def test_the_hash_follows_what_is_asked(spec: dict[str, Any], *, same: bool) -> None:
    other = content_hash(exercise(exists("a"), **spec))
    assert (other == PLAIN.hash) is same


def told(*checks: dict[str, Any], **spec: Any) -> list[tuple[str, str]]:
    return [(one.reason, one.text) for one in problems(exercise(*checks, **spec))]


def test_a_check_that_is_true_before_any_work_is_told() -> None:
    gone = {"name": "gone", "points": 5, "absent": {"object": {"kind": "Pod", "name": "old"}}}
    text = (
        "check gone is true before any work; let it need a check that is not, or carry no points"
        " and be required"
    )
    assert told(gone) == [("HollowCheck", text)]


def test_namespaces_of_probe_pods_are_named_by_the_exercise() -> None:
    source = {"from": {"namespace": "shop"}, "to": {"service": "web", "port": 80}, "allowed": True}
    check = {"name": "c", "points": 5, "connects": {"flows": [source]}}
    text = "check c: from names the namespace shop, which is not in spec.alsoReads"
    assert told(check) == [("Invalid", text)]
    assert told(check, alsoReads=["shop"]) == []


def question(name: str, called: str, text: str = "?") -> dict[str, Any]:
    asks = {"name": called, "question": {"en": text}, "pattern": "x"}
    return {"name": name, "points": 5, "asks": asks}


def test_questions_have_names_of_their_own() -> None:
    assert told(question("a", "why"), question("b", "why"), question("c", "how")) == [
        ("Invalid", f"check {name}: another question is called why, too") for name in "ab"
    ]


@pytest.mark.parametrize(("more", "fits"), [(0, True), (1, False)])
def test_questions_fit_into_what_learners_read(more: int, *, fits: bool) -> None:
    checks = [question(f"q{n}", f"q{n}", "x" * 2_048) for n in range(6)]
    if more:
        checks.append(question("last", "last", "x"))
    text = "the questions are over 12,288 bytes long"
    assert told(*checks) == ([] if fits else [("Invalid", text)])
