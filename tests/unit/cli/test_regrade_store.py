"""Regrading from the operator's store, writing back, and forgetting, as an instructor does it."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from labgrader.api.exercise import LabExercise
from labgrader.api.submission import Submission
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer
from labgrader.evidence.bundle import Handed, written
from labgrader.evidence.requests import Request
from labgrader.evidence.store import ref_of
from labgrader.grading.plan import for_learner, plan
from labgrader.grading.recording import bundle
from labgrader.grading.report import report
from labgrader.grading.run import grade_on_record
from labgrader.reporting import status as render
from labgrader.store.files import open_store
from labgrader.store.spool import Spool
from tests.unit.cli.desk import Desk, Done
from tests.unit.grading.worlds import JumpingClock, World, config_map, exists, found
from tests.unit.servers import serving

pytestmark = pytest.mark.slow  # each starts the command

GROUP = "/apis/labgrader.dev/v1alpha1/namespaces/course"
BEFORE = "2026-11-26T17:00:00Z"


@dataclass
class School:
    """A store with evidence of submissions, and an API server that has them."""

    desk: Desk
    objects: dict[str, Any] = field(default_factory=dict)
    spec: dict[str, Any] = field(default_factory=dict)
    """What the exercise has besides its checks."""
    answers: dict[str, str] = field(default_factory=dict)
    """What learners answer when they are graded."""

    @property
    def store(self) -> str:
        return f"file://{self.desk.folder}/store"

    def exercise(self, *checks: dict[str, Any]) -> Path:
        """The exercise in a file, and in the course."""
        file = self.desk.exercise("lab", *checks, **self.spec)
        body = json.loads(file.read_text("utf-8"))
        body["metadata"] |= {"namespace": "course", "uid": "e", "generation": len(checks)}
        self.objects[f"{GROUP}/labexercises/lab"] = body
        return file

    async def graded(self, learner: str, attempt: int, *checks: dict[str, Any]) -> str:
        """Grade a learner who made the ConfigMap a, as the operator does; where evidence is."""
        self.exercise(*checks)
        exercise = LabExercise.parse(self.objects[f"{GROUP}/labexercises/lab"])
        planned = for_learner(plan(exercise), learner)
        script: dict[Request, list[Answer]] = {config_map("a"): [found("a")]}
        clock = JumpingClock()
        graded = await grade_on_record(
            planned, Scope("kim"), World(clock, script), clock, answers=self.answers
        )
        result = report(planned, graded.findings)
        handed = Handed("course", learner, f"uid-{learner}", attempt)
        about = {"namespace": "kim", "started": BEFORE, "ended": BEFORE, "learner": learner}
        kept, packed = written(bundle(result, graded.record, submission=handed, **about))  # type: ignore[arg-type]  # texts
        ref = str(ref_of(kept, packed.digest))
        await open_store(self.store).put(ref, packed.file)
        spec = {"exerciseRef": {"name": "lab"}, "learner": learner, "targetNamespace": "kim"}
        metadata = {"name": learner, "namespace": "course", "uid": f"uid-{learner}"}
        body: dict[str, Any] = {
            "apiVersion": "labgrader.dev/v1alpha1",
            "kind": "Submission",
            "metadata": metadata | {"generation": 1, "resourceVersion": "1"},
            "spec": spec | {"attempt": attempt} | self.given(**self.answers),
        }
        evidence = {"state": "Kept", "digest": packed.digest, "ref": ref}
        status = render.graded(
            result,
            Submission.parse(body),
            started=BEFORE,
            now=BEFORE,
            outdated=False,
            evidence=evidence,
        )
        self.objects[f"{GROUP}/submissions/{learner}"] = body | {"status": status}
        return ref

    @staticmethod
    def given(**answers: str) -> dict[str, Any]:
        return {"answers": [{"name": name, "value": said} for name, said in answers.items()]}

    def change_answers(self, learner: str, **answers: str) -> None:
        body = self.objects[f"{GROUP}/submissions/{learner}"]
        body["spec"] |= self.given(**answers)
        body["metadata"]["generation"] += 1

    def status(self, learner: str) -> dict[str, Any]:
        found: dict[str, Any] = self.objects[f"{GROUP}/submissions/{learner}"]["status"]
        return found

    async def answer(self, request: web.Request) -> web.StreamResponse:
        place = request.path.removesuffix("/status")
        if place not in self.objects:
            return web.json_response({"message": "not found"}, status=404)
        if request.method == "PUT":
            self.objects[place] |= {"status": (await request.json())["status"]}
        return web.json_response(self.objects[place])

    async def regrade(self, *arguments: str | Path) -> Done:
        async with serving(self.answer) as address:
            config = self.desk.kubeconfig(address)
            call = ("regrade", *arguments, "--store", self.store, "--kubeconfig", config)
            return await self.desk.run(*call)


@pytest.fixture
def school(tmp_path: Path) -> School:
    return School(Desk(tmp_path))


A, B = exists("a", 10), exists("b", 30)
EASIER = exists("b", 30) | {"exists": {"object": {"kind": "ConfigMap", "name": "a"}}}


async def test_one_the_latest_of_each_and_all(school: School) -> None:
    await school.graded("kim", 1, A, B)
    await school.graded("kim", 2, A, B)
    await school.graded("lee", 1, A, B)
    file = school.exercise(A, B)
    counts = {}
    for choice in (("--submission", "course/kim"), ("--latest",), ("--all",)):
        done = await school.regrade(file, *choice, "-o", "json")
        assert done.code == 1, done.err
        documents = json.loads(done.out)
        counts[choice[0]] = sorted(d["evidence"]["learner"] for d in documents)
        assert {d["score"] for d in documents} == {10}
        assert not any(d["evidence"]["selfReported"] for d in documents)
    assert counts == {
        "--submission": ["kim"],
        "--latest": ["kim", "lee"],
        "--all": ["kim", "kim", "lee"],
    }


async def test_an_edited_exercise_is_written_back_with_the_old_score_kept(school: School) -> None:
    await school.graded("kim", 1, A, B)
    before = school.status("kim")
    file = school.exercise(A, EASIER)
    done = await school.regrade(file, "--latest", "--write")
    assert done.code == 0, done.err
    assert "Before: 10 of 40 points. Judged again: 40 of 40 points." in done.out
    after = school.status("kim")
    assert (after["result"], after["score"], after["attempt"]) == ("Passed", 40, 1)
    assert after["exercise"]["hash"] != before["exercise"]["hash"]
    assert after["evidence"] == before["evidence"]
    assert (after["startedAt"], after["observedAt"]) == (BEFORE, BEFORE)
    assert after["history"] == [
        {
            "attempt": 1,
            "score": 10,
            "maxScore": 40,
            "finishedAt": BEFORE,
            "exerciseHash": before["exercise"]["hash"],
            "evidence": before["evidence"],
        }
    ]
    again = await school.regrade(file, "--latest", "--write")
    assert again.code == 0
    assert school.status("kim") == after, "what is written once is not written twice"


ASKS = {
    "name": "word",
    "points": 20,
    "asks": {"name": "word", "question": {"en": "?", "ko": "?"}, "pattern": "canary"},
}


async def test_answers_that_changed_since_are_written_as_they_are_now(school: School) -> None:
    school.answers = {"word": "blue"}
    await school.graded("kim", 1, A, ASKS)
    await school.graded("lee", 1, A, ASKS)
    assert school.status("kim")["score"] == 10
    school.change_answers("kim", word="canary")
    file = school.exercise(exists("a", 30), ASKS)
    done = await school.regrade(file, "--latest", "--write")
    assert done.err.count(".lab: written\n") == 1, "the other one's are as they were"
    assert "written, with the present answers: 50 of 50 points" in done.err
    after = school.status("kim")
    assert (after["score"], after["observedGeneration"]) == (50, 2)
    assert after["evidence"]["state"] == "Kept"
    assert school.status("lee")["score"] == 30


async def test_an_answer_that_opens_a_check_takes_another_look(school: School) -> None:
    school.answers = {"word": "blue"}
    await school.graded("kim", 1, ASKS, A | {"needs": ["word"]})
    before = school.status("kim")
    school.change_answers("kim", word="canary")
    file = school.exercise(ASKS, exists("a", 30) | {"needs": ["word"]})
    done = await school.regrade(file, "--latest", "--write")
    assert "not written: with the present answers more is to be looked at" in done.err
    assert school.status("kim") == before


async def test_scores_are_written_with_the_learners_own_parameters(school: School) -> None:
    school.spec = {"seed": "s", "parameters": [{"name": "app", "oneOf": ["a", "b"]}]}
    school.spec |= {"task": {"en": "Make ${app}.", "ko": "Make ${app}."}}
    own = exists("own", 30) | {"exists": {"object": {"kind": "ConfigMap", "name": "${app}"}}}
    learners = ("kim", "lee", "park", "choi", "jung", "kang")
    for learner in learners:
        await school.graded(learner, 1, own)
    before = {learner: school.status(learner)["score"] for learner in learners}
    assert set(before.values()) == {0, 30}
    done = await school.regrade(school.exercise(own | {"points": 60}), "--latest", "--write")
    assert "not written" not in done.err
    for learner in learners:
        made = "a" if before[learner] else "b"
        assert f"Make {made}." in school.status(learner)["task"]
    after = {learner: school.status(learner)["score"] for learner in learners}
    assert after == {learner: score * 2 for learner, score in before.items()}


async def test_a_final_score_is_not_replaced_by_a_range(school: School) -> None:
    await school.graded("kim", 1, A)
    before = school.status("kim")
    done = await school.regrade(school.exercise(A, exists("new", 5)), "--latest", "--write")
    assert done.code == 3
    assert "not written: new cannot be decided from this evidence" in done.err
    assert school.status("kim") == before


async def test_a_submission_that_went_on_is_left_alone(school: School) -> None:
    await school.graded("kim", 1, A, B)
    file = school.exercise(A, EASIER)
    body = school.objects[f"{GROUP}/submissions/kim"]
    body["spec"]["attempt"] = 2
    done = await school.regrade(file, "--latest", "--write")
    assert (done.code, "rests on other evidence by now" in done.err) == (2, True)
    del school.objects[f"{GROUP}/submissions/kim"]
    done = await school.regrade(file, "--latest", "--write")
    assert (done.code, "the Submission is gone" in done.err) == (2, True)


async def test_the_course_must_have_the_exercise(school: School) -> None:
    await school.graded("kim", 1, A, B)
    before = school.status("kim")
    file = school.desk.exercise("lab", A, EASIER)
    done = await school.regrade(file, "--latest", "--write")
    assert (done.code, "has another exercise; apply it first" in done.err) == (2, True)
    assert school.status("kim") == before


async def test_what_was_replaced_in_the_store_is_not_taken(school: School) -> None:
    kim = await school.graded("kim", 1, A, B)
    lee = await school.graded("lee", 1, A, B)
    root = school.desk.folder / "store"
    (root / kim).write_bytes((root / lee).read_bytes())
    done = await school.regrade(school.exercise(A, B), "--latest", "-o", "json")
    assert done.code == 2
    assert f"{kim}: it was replaced" in done.err
    assert [d["evidence"]["learner"] for d in json.loads(done.out)] == ["lee"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name BUNDLES, or one of --submission, --latest, --all"),
        (("x.lab", "--all"), "name BUNDLES, or one of"),
        (("--all", "--write"), "--write goes with --submission or --latest"),
        (("--latest",), "no such evidence of lab is kept there"),
        (("--submission", "course/nobody"), "no such evidence"),
    ],
)
async def test_what_cannot_be_meant(school: School, arguments: tuple[str, ...], said: str) -> None:
    done = await school.regrade(school.exercise(A), *arguments)
    assert done.code in {1, 2}
    assert said in done.err


async def test_a_store_that_is_away_is_told(school: School) -> None:
    (school.desk.folder / "store").write_text("no folder")
    done = await school.regrade(school.exercise(A), "--latest")
    assert done.code == 1
    assert "the evidence store: NotADirectoryError" in done.err


async def test_a_learner_is_forgotten_and_nobody_else(school: School) -> None:
    for attempt in (1, 2):
        await school.graded("kim", attempt, A)
    await school.graded("kimmy", 1, A)
    spool = Spool(school.desk.folder / "spool", 10**6)
    for learner in ("kim", "kimmy"):
        ref = await school.graded(learner, 3, A)
        content = (school.desk.folder / "store" / ref).read_bytes()
        spool.add(f"sha256:{ref[-68:-4]}", content)
    call = ("forget", "kim", "--store", school.store, "--spool", spool.folder)
    refused = await school.desk.run(*call)
    assert (refused.code, "Erase 4 bundle(s)" in refused.out) == (1, True)
    done = await school.desk.run(*call, "--yes")
    assert (done.code, done.out) == (0, "Erased 4 bundle(s) of evidence of kim.\n")
    left = await open_store(school.store).refs()
    assert {ref.split("/")[1] for ref in left} == {"kimmy"}
    assert len(left) == 2
    assert len(spool.waiting()) == 1
    assert "Nothing is kept" in (await school.desk.run(*call, "--yes")).out
