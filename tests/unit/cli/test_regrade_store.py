"""Regrading from the operator's store, writing back, and forgetting, as an instructor does it."""

import json
import os
from pathlib import Path

import pytest

from labgrader.store.files import open_store
from labgrader.store.spool import Spool
from tests.unit.cli.desk import Desk
from tests.unit.cli.school import BEFORE, EASIER, GROUP, A, B, School
from tests.unit.grading.worlds import exists

pytestmark = pytest.mark.slow  # each starts the command


@pytest.fixture
def school(tmp_path: Path) -> School:
    return School(Desk(tmp_path))


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
    (school.desk.folder / "store").mkdir()
    done = await school.regrade(school.exercise(A), *arguments)
    assert done.code in {1, 2}
    assert said in done.err


async def test_a_store_that_is_away_is_told(school: School) -> None:
    (school.desk.folder / "store").write_text("no folder")
    done = await school.regrade(school.exercise(A), "--latest")
    assert done.code == 1
    assert "the evidence store: NotADirectoryError" in done.err


async def test_a_store_that_is_not_there_is_not_an_empty_one(school: School) -> None:
    nope = f"file://{school.desk.folder}/nope"
    forgotten = await school.desk.run("forget", "kim", "--store", nope, "--yes")
    again = await school.desk.run("regrade", school.exercise(A), "--store", nope, "--latest")
    for done in (forgotten, again):
        assert (done.code, done.out) == (1, "")
        assert f"the evidence store: there is no folder {school.desk.folder}/nope" in done.err
    (school.desk.folder / "nope").mkdir()
    done = await school.desk.run("forget", "kim", "--store", nope, "--yes")
    told = f"Nothing is kept of kim. {nope} holds nothing of anybody.\n"
    assert (done.code, done.out) == (0, told)


async def test_what_waits_for_a_store_that_is_not_there_is_forgotten(school: School) -> None:
    ref = await school.graded("kim", 1, A)
    spool = Spool(school.desk.folder / "spool", 10**6)
    content = (school.desk.folder / "store" / ref).read_bytes()
    spool.add(f"sha256:{ref[-68:-4]}", content)
    (spool.folder / "aa.part").write_bytes(b"ha")
    os.utime(spool.folder / "aa.part", (0, 0))
    nope = f"file://{school.desk.folder}/nope"
    call = ("forget", "kim", "--store", nope, "--spool", spool.folder)
    refused = await school.desk.run(*call)
    assert (refused.code, "Erase 1 bundle(s)" in refused.out) == (1, True)
    assert len(list(spool.folder.iterdir())) == 2, "who says no erases nothing"
    done = await school.desk.run(*call, "--yes")
    assert done.code == 1
    assert "Erased 1 bundle(s) of kim that waited for the store." in done.out
    assert f"the evidence store: there is no folder {school.desk.folder}/nope" in done.err
    assert list(spool.folder.iterdir()) == []


async def test_what_was_left_unfinished_of_a_learner_is_forgotten_too(school: School) -> None:
    ref = await school.graded("kim", 1, A)
    whole, spool = school.desk.folder / "store" / ref, school.desk.folder / "spool"
    whole.rename(whole.with_name(f"{whole.name}.part"))
    spool.mkdir()
    (spool / "aa.part").write_bytes(b"ha")
    os.utime(spool / "aa.part", (0, 0))
    call = ("forget", "kim", "--store", school.store, "--spool", spool, "--yes")
    done = await school.desk.run(*call)
    assert done.code == 0, done.err
    assert "Erased 1 unfinished file(s) of the spool" in done.out
    assert "Erased 1 bundle(s) of evidence of kim." in done.out
    assert list((school.desk.folder / "store").rglob("*")) == list(spool.iterdir()) == []


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
    assert not (school.desk.folder / "store/course/kim").exists()
    left = await open_store(school.store).refs()
    assert {ref.split("/")[1] for ref in left} == {"kimmy"}
    assert len(left) == 2
    assert len(spool.waiting()) == 1
    assert (await school.desk.run(*call, "--yes")).out == "Nothing is kept of kim.\n"
