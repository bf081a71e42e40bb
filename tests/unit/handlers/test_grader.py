"""What the grader does about changed answers: judge them, look at nothing, write once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pytest

from labgrader.checks.finding import skipped
from labgrader.cluster.clock import SystemClock
from labgrader.cluster.errors import ApiError
from labgrader.evidence.requests import Request
from labgrader.grading.plan import Plan
from labgrader.handlers.gate import Gate
from labgrader.handlers.grader import Grader
from labgrader.handlers.known import Known, KnownExercise
from labgrader.handlers.queue import Key
from tests.unit.grading.worlds import JumpingClock, World, config_map, found
from tests.unit.handlers.test_again import GATED, PLAN, THERE, WRONG, graded, outcomes

KEY = Key("kim", "s")


@dataclass
class Server:
    """Holds one Submission; refuses the first writes, each time after an edit by the learner."""

    body: dict[str, Any]
    edits: list[dict[str, Any]] = field(default_factory=list)
    written: list[Mapping[str, Any]] = field(default_factory=list)

    async def submission(self, _namespace: str, _name: str) -> Mapping[str, Any]:
        return self.body

    async def write_status(self, body: Any, status: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.edits:
            metadata = {**self.body["metadata"]}
            metadata["generation"] += 1
            self.body = {**self.body, "metadata": metadata, "spec": self.edits.pop(0)}
            raise ApiError(409, "Conflict", "changed")
        self.written.append(status)
        return {**body, "status": status}


def spec(*answers: str) -> dict[str, Any]:
    given = [{"name": "a", "value": answer} for answer in answers]
    asked = {"exerciseRef": {"name": "lab"}, "learner": "kim", "targetNamespace": "kim"}
    return asked | {"attempt": 1, "answers": given}


def submitted(status: dict[str, Any], *answers: str) -> dict[str, Any]:
    metadata = {"name": "s", "namespace": "kim", "uid": "u", "generation": 5}
    return {
        "metadata": metadata | {"resourceVersion": "9"},
        "spec": spec(*answers),
        "status": status,
    }


async def worked(
    server: Server, plan: Plan, shop: str = "course", *, owner: str = "kim"
) -> list[Request]:
    """What was looked at.

    ``shop`` is the course of another namespace; ``owner`` the learner to whom the target belongs.
    """
    known = Known()
    for name, learner in (("course", ""), ("kim", owner), ("shop", "")):
        course = shop if name == "shop" else "course"
        labels = {"labgrader.dev/course": course, "labgrader.dev/learner": learner}
        known.see_namespace({"metadata": {"name": name, "labels": labels}})
    known.exercises["course", "lab"] = KnownExercise("u", 1, plan, ())
    world = World(JumpingClock(), {config_map("x"): [found("x")]})

    async def calm(_: str) -> None:
        return

    evidence = SimpleNamespace(source=world, laboratory=SimpleNamespace(calm=calm))
    parts: Any = (server, known, evidence, Gate(1), SystemClock())
    await Grader(*parts).work_on(KEY, lambda: None, again=False)
    return world.gathered


async def test_a_changed_answer_is_judged_without_a_look() -> None:
    server = Server(submitted(graded(PLAN, x=THERE, a=WRONG), "yes"))
    assert await worked(server, PLAN) == []
    [status] = server.written
    assert outcomes(dict(status)) == {"x": "Passed", "a": "Passed"}
    assert (status["result"], status["observedGeneration"]) == ("Passed", 5)


async def test_only_what_a_right_answer_frees_is_looked_at() -> None:
    before = graded(GATED, a=WRONG, x=skipped("NeedsFailed", check="a"))
    server = Server(submitted(before, "yes"))
    assert await worked(server, GATED) == [config_map("x")]
    [status] = server.written
    assert outcomes(dict(status)) == {"a": "Passed", "x": "Passed"}


async def test_a_verdict_stands_where_the_look_that_an_answer_frees_is_refused() -> None:
    """The score of a finished attempt was gone, because somebody had changed a label since."""
    before = graded(GATED, a=WRONG, x=skipped("NeedsFailed", check="a"))
    server = Server(submitted(before, "yes"))
    server.body["spec"]["lang"] = "en"
    assert await worked(server, GATED, owner="lee") == []
    [status] = server.written
    assert {k: v for k, v in status.items() if k != "conditions"} == {
        k: v for k, v in before.items() if k != "conditions"
    }
    *verdict, stalled = status["conditions"]
    assert verdict == before["conditions"]
    assert (stalled["type"], stalled["status"]) == ("Stalled", "True")
    assert (stalled["reason"], stalled["observedGeneration"]) == ("LearnerMismatch", 5)
    assert stalled["message"] == (
        "The verdict stands as it is. What was changed since counts when this is mended: "
        "The Submission names the learner kim, but the namespace belongs to lee."
    )
    server.body["status"] = dict(status)
    await worked(server, GATED, owner="lee")
    assert len(server.written) == 1, "it is told already"
    known = Known()
    known.see_submission(server.body)
    assert list(known.held) == [KEY], "so that a changed label brings it back at once"
    await worked(server, GATED)
    status = server.written[-1]
    assert outcomes(dict(status)) == {"a": "Passed", "x": "Passed"}
    assert [c["type"] for c in status["conditions"]] == ["Ready", "Passed"]
    assert (status["result"], status["observedGeneration"]) == ("Passed", 5)


async def test_what_is_told_again_no_longer_waits() -> None:
    before = graded(GATED, a=WRONG, x=skipped("NeedsFailed", check="a"))
    server = Server(submitted(before, "yes"))
    await worked(server, GATED, owner="lee")
    server.body["status"] = dict(server.written[-1])
    server.body["spec"]["answers"] = []
    await worked(server, PLAN, owner="lee")  # of another exercise: nothing waits to be judged
    assert [c["type"] for c in server.written[-1]["conditions"]] == ["Ready", "Passed"]


async def test_what_was_never_graded_is_stalled_where_it_is_refused() -> None:
    server = Server(submitted({}, "yes"))
    await worked(server, PLAN, owner="lee")
    [status] = server.written
    assert (status["result"], "score" in status) == ("Stalled", False)


async def test_the_grader_gives_up_without_taking_a_verdict_away() -> None:
    before = graded(PLAN, x=THERE, a=WRONG)
    server = Server(submitted(before, "no"))
    parts: Any = (server, Known(), SimpleNamespace(), Gate(1), SystemClock())
    await Grader(*parts).give_up(KEY, "ZeroDivisionError")
    [status] = server.written
    assert (status["result"], status["score"]) == ("Failed", before["score"])
    assert status["conditions"][-1]["reason"] == "GraderError"


async def test_an_answer_that_changes_while_it_is_written_is_the_one_that_counts() -> None:
    server = Server(submitted(graded(PLAN, x=THERE, a=WRONG), "yes"), edits=[spec("no, yes")])
    await worked(server, PLAN)
    [status] = server.written
    assert outcomes(dict(status)) == {"x": "Passed", "a": "Failed"}
    assert status["observedGeneration"] == 6


async def test_an_answer_that_changes_during_a_grading_is_not_taken_for_judged() -> None:
    before = graded(GATED, a=WRONG, x=skipped("NeedsFailed", check="a"))
    server = Server(submitted(before, "yes"), edits=[spec("no")])
    await worked(server, GATED)
    [status] = server.written
    assert outcomes(dict(status)) == {"a": "Passed", "x": "Passed"}
    assert status["observedGeneration"] == 5, "so that generation 6 is judged next"


async def test_what_is_not_handed_in_is_shown_its_task_and_not_graded() -> None:
    server = Server(submitted({}, "yes"))
    server.body["spec"]["attempt"] = 0
    assert await worked(server, PLAN) == []
    [status] = server.written
    assert (status["result"], status["attempt"], status["observedGeneration"]) == ("Pending", 0, 5)
    assert status["task"].startswith("# t")
    assert status["summary"] == "Nothing is handed in yet. To be graded, set attempt to 1."
    assert "checks" not in status
    assert "score" not in status
    ready = next(c for c in status["conditions"] if c["type"] == "Ready")
    assert (ready["status"], ready["reason"]) == ("False", "NotHandedIn")
    server.body["status"] = dict(status)
    await worked(server, PLAN)
    assert len(server.written) == 1, "it is told already"


async def test_a_verdict_keeps_what_is_shown_live_until_every_check_passed() -> None:
    live = {"summary": "now 1 of 2 checks pass", "checks": []}
    for answer, kept in (("no", live), ("yes", None)):
        server = Server(submitted({"live": live, "attempt": 0}, answer))
        await worked(server, PLAN)
        [status] = server.written
        assert status["result"] in {"Passed", "Failed"}
        assert status.get("live") == kept


@pytest.mark.parametrize(("shop", "stalls"), [("course", False), ("other", True)])
async def test_an_exercise_reads_only_namespaces_of_its_course(shop: str, *, stalls: bool) -> None:
    spec = PLAN.exercise.spec.model_copy(update={"also_reads": ("shop",)})
    plan = replace(PLAN, exercise=PLAN.exercise.model_copy(update={"spec": spec}))
    server = Server(submitted({}))
    await worked(server, plan, shop)
    reasons = {condition["reason"] for condition in server.written[-1]["conditions"]}
    assert ("TargetNotInCourse" in reasons) is stalls
