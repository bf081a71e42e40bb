"""What the grader does about changed answers: judge them, look at nothing, write once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

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


async def worked(server: Server, plan: Plan) -> list[Request]:
    """What was looked at."""
    known = Known()
    for name, learner in (("course", ""), ("kim", "kim")):
        labels = {"labgrader.dev/course": "course", "labgrader.dev/learner": learner}
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
