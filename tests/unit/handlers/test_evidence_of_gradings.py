"""From a Submission to its written status, with the evidence behind it: the Grader's own part."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labgrader.cluster.assemble import Evidence
from labgrader.cluster.evaluation.pool import Workers
from labgrader.evidence.answers import Answer, Answered, Trouble
from labgrader.evidence.bundle import Bundle, read
from labgrader.evidence.record import Record
from labgrader.evidence.requests import ReadAnswer, Request
from labgrader.grading.again import judge_again
from labgrader.grading.course import NamespaceSeen
from labgrader.grading.plan import plan
from labgrader.handlers.gate import Gate
from labgrader.handlers.grader import Grader
from labgrader.handlers.keeper import Keeper
from labgrader.handlers.known import Known, KnownExercise
from labgrader.handlers.queue import Key
from labgrader.store.files import open_store
from labgrader.store.spool import Spool
from tests.unit.grading.test_answers import asks
from tests.unit.grading.worlds import (
    Calculator,
    JumpingClock,
    World,
    config_map,
    exercise,
    exists,
    found,
)

KEY = Key("course", "kim-lab")
DOWN = Trouble("ApiUnreachable", "connection refused", transient=True)


@dataclass
class Courses:
    body: dict[str, Any]
    written: list[dict[str, Any]] = field(default_factory=list)

    async def submission(self, _namespace: str, _name: str) -> dict[str, Any]:
        return self.body

    async def write_status(self, body: dict[str, Any], status: dict[str, Any]) -> dict[str, Any]:
        self.written.append(status)
        self.body = {**body, "status": status}
        return self.body


class Clock(JumpingClock):
    def wall(self, *, later: float = 0.0) -> str:  # noqa: ARG002 (it stands still)
        return "2026-11-26T17:00:00Z"


class Calm:
    async def calm(self, _namespace: str) -> None:
        pass


@dataclass
class Desk:
    """A course with one exercise of two checks, and a grader on it."""

    folder: Path
    plan: Any = field(
        default_factory=lambda: plan(exercise(exists("a", 60), exists("b", 40), settle="0s"))
    )

    def __post_init__(self) -> None:
        spec = {"exerciseRef": {"name": "lab"}, "learner": "kim", "targetNamespace": "kim"}
        metadata = {"namespace": "course", "name": "kim-lab", "uid": "s1", "generation": 1}
        body = {"metadata": metadata | {"resourceVersion": "1"}, "spec": spec}
        self.courses = Courses(body)

    def grader(self, script: dict[Request, list[Answer]], *, keeps: bool = True) -> Grader:
        known = Known()
        known.exercises["course", "lab"] = KnownExercise("u", 1, self.plan, ())
        known.namespaces["course"] = NamespaceSeen("course", "course", "")
        known.namespaces["kim"] = NamespaceSeen("kim", "course", "kim")
        store, spool = open_store(f"file://{self.folder}/kept"), Spool(self.folder / "spool", 10**6)
        keeper = Keeper(store, spool, self.courses)  # type: ignore[arg-type]  # scripted
        clock: Any = Clock()
        world: Any = World(clock, script)
        evidence = Evidence(world, Calm(), Workers())  # type: ignore[arg-type]  # scripted
        courses: Any = self.courses
        return Grader(courses, known, evidence, Gate(1), clock, keeper if keeps else None)

    def answer(self, **answers: str) -> None:
        given = [{"name": name, "value": said} for name, said in answers.items()]
        self.courses.body["spec"]["answers"] = given
        self.courses.body["metadata"]["generation"] += 1

    async def grade(self, script: dict[Request, list[Answer]], *, again: bool = False) -> Any:
        await self.grader(script).work_on(KEY, lambda: None, again=again)
        return self.courses.body["status"]

    def kept(self, status: Any) -> Bundle:
        return read((self.folder / "kept" / status["evidence"]["ref"]).read_bytes())


async def test_a_verdict_names_evidence_that_comes_to_the_same(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    status = await desk.grade({config_map("a"): [found("a")]})
    assert (status["result"], status["score"]) == ("Passed", 60)
    assert status["evidence"]["state"] == "Kept"
    bundle = desk.kept(status)
    assert bundle.source == status["evidence"]["digest"]
    assert (bundle.course, bundle.learner, bundle.namespace) == ("course", "kim", "kim")
    assert not bundle.self_reported
    assert bundle.verdict.exercise_hash == status["exercise"]["hash"]
    findings = await judge_again(desk.plan, bundle.namespace, bundle.record, Calculator())
    assert {name: found.outcome for name, found in findings.items()} == {
        check["name"]: check["outcome"] for check in status["checks"]
    }
    assert len(desk.courses.written) == 1, "keeping evidence costs no further write"


async def test_what_an_earlier_try_settled_keeps_its_evidence(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    a, b = config_map("a"), config_map("b")
    first = await desk.grade({a: [found("a")], b: [DOWN]})
    assert first["result"] == "Inconclusive"
    second = await desk.grade({b: [found("b")]}, again=True)
    assert (second["result"], second["score"]) == ("Passed", 100)
    record = desk.kept(second).record
    assert record.own("a") == {a: found("a")}
    assert record.own("b") == {b: found("b")}
    findings = await judge_again(desk.plan, "kim", record, Calculator())
    assert {finding.outcome.value for finding in findings.values()} == {"Passed"}


async def test_without_a_store_the_status_says_nothing_of_evidence(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    grader = desk.grader({config_map("a"): [found("a")]}, keeps=False)
    await grader.work_on(KEY, lambda: None, again=False)
    assert "evidence" not in desk.courses.body["status"]
    remembered = await grader._findings(desk.plan, "kim", {}, {}, None)
    assert remembered.record == Record(), "nor is anything remembered for it"


async def test_answers_are_kept_and_a_changed_one_leaves_the_evidence_named(tmp_path: Path) -> None:
    planned = plan(exercise(exists("a", 60), asks("word"), settle="0s"))
    desk = Desk(tmp_path, planned)
    desk.answer(word="no")
    first = await desk.grade({config_map("a"): [found("a")]})
    record = desk.kept(first).record
    assert record.own("word") == {ReadAnswer("word"): Answered("no")}
    desk.answer(word="yes")
    second = await desk.grade({})
    assert (first["score"], second["score"]) == (60, 70)
    assert second["evidence"] == first["evidence"]


async def test_an_answer_that_opens_a_check_keeps_the_evidence_of_both_looks(
    tmp_path: Path,
) -> None:
    planned = plan(
        exercise(exists("a", 60), asks("word"), exists("b", 5, needs=["word"]), settle="0s")
    )
    desk = Desk(tmp_path, planned)
    desk.answer(word="no")
    await desk.grade({config_map("a"): [found("a")]})
    desk.answer(word="yes")
    status = await desk.grade({config_map("b"): [found("b")]})
    assert status["score"] == 75
    record = desk.kept(status).record
    assert record.own("a") == {config_map("a"): found("a")}
    assert record.own("word") == {ReadAnswer("word"): Answered("yes")}
    findings = await judge_again(planned, "kim", record, Calculator())
    assert {finding.outcome.value for finding in findings.values()} == {"Passed"}


async def test_a_full_disk_takes_no_points(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (tmp_path / "kept").write_text("no folder")
    (tmp_path / "spool").write_text("no folder")
    status = await desk.grade({config_map("a"): [found("a")], config_map("b"): [found("b")]})
    assert (status["result"], status["score"]) == ("Passed", 100)
    assert status["evidence"]["state"] == "Lost"
