"""What live findings hang on, and which answers stay true."""

import pytest

from labgrader.evidence.answers import Answer, Items, LogLines, NotThere, Reviewed, Trouble
from labgrader.evidence.requests import (
    DryRun,
    Evaluate,
    GetObject,
    ListObjects,
    ReadLog,
    Request,
    ReviewAccess,
)
from labgrader.grading.live import can_be_kept, concerns, look_now
from labgrader.grading.plan import plan
from tests.unit.grading.worlds import JumpingClock, World, config_map, exercise, exists, found

POD, ROLE, QUOTA = ("v1", "Pod"), ("rbac.authorization.k8s.io/v1", "Role"), ("v1", "ResourceQuota")
GET = GetObject("kim", "v1", "Pod", "web")
LIST = ListObjects("kim", "v1", "Pod")
EVENTS = ListObjects("kim", "v1", "Event")
OURS = GetObject("kim", "labgrader.dev/v1alpha1", "Submission", "s")
LOG = ReadLog("kim", "web", "web")
REVIEW = ReviewAccess("kim", (), "kim", "get", "", "pods")
DRY_RUN = DryRun("kim", "v1", "Pod", "{}", "kim")


@pytest.mark.parametrize(
    ("request_", "kind", "name", "concerned"),
    [
        (GET, POD, "web", True),
        (GET, POD, "other", False),
        (GET, ("v2", "Pod"), "web", False),
        (LIST, POD, "other", True),
        (LIST, ROLE, "other", False),
        (REVIEW, ROLE, "any", True),
        (REVIEW, POD, "web", False),
        (DRY_RUN, QUOTA, "any", True),
        (DRY_RUN, ROLE, "any", False),
        (LOG, POD, "web", False),
    ],
)
def test_what_a_change_concerns(
    request_: Request,
    kind: tuple[str, str],
    name: str,
    concerned: bool,  # noqa: FBT001 (a case)
) -> None:
    assert concerns(request_, kind, name) is concerned


@pytest.mark.parametrize(
    ("request_", "answer", "kept"),
    [
        (GET, NotThere(), True),
        (LIST, Items(()), True),
        (GET, Trouble("Forbidden", "", transient=False), False),
        (EVENTS, Items(()), False),
        (OURS, NotThere(), False),
        (LOG, LogLines(()), False),
        (REVIEW, Reviewed(allowed=True), False),
        (Evaluate("true", ()), NotThere(), True),
    ],
)
def test_what_is_kept(request_: Request, answer: Answer, kept: bool) -> None:  # noqa: FBT001 (a case)
    assert can_be_kept(request_, answer) is kept


async def test_kept_answers_are_not_asked_again_and_unread_ones_are_dropped() -> None:
    world = World(JumpingClock(), {})
    planned = plan(exercise(exists("a")))
    kept: dict[Request, Answer] = {config_map("a"): found("a"), config_map("z"): found("z")}
    view = await look_now(planned, "kim", world, kept)
    assert world.gathered == []
    assert set(view.answers) == {config_map("a")}
    assert view.findings["a"].outcome.value == "Passed"
    assert view.kinds == {"a": {("v1", "ConfigMap")}}


async def test_what_the_grader_writes_itself_and_events_wake_nobody() -> None:
    own = {"apiVersion": "labgrader.dev/v1alpha1", "kind": "Submission", "name": "s"}
    check = {"name": "own", "points": 1, "exists": {"object": own}}
    emitted = {"object": {"kind": "Pod", "name": "web"}, "reason": "Started"}
    events = {"name": "events", "points": 1, "emitted": emitted}
    world = World(JumpingClock(), {GET: [found("web")]})
    view = await look_now(plan(exercise(check, events)), "kim", world, {})
    assert OURS in view.asked["own"]
    assert view.kinds["own"] == frozenset()
    assert view.kinds["events"] == {POD, ("v1", "Event")}


async def test_logs_and_passing_trouble_may_change_unseen() -> None:
    trouble = Trouble("ApiUnreachable", "", transient=True)
    world = World(JumpingClock(), {config_map("a"): [trouble]})
    view = await look_now(plan(exercise(exists("a"))), "kim", world, {})
    assert (view.unsettled, view.troubled) == (True, True)
    calm = await look_now(plan(exercise(exists("b"))), "kim", World(JumpingClock(), {}), {})
    assert (calm.unsettled, calm.troubled) == (False, False)
