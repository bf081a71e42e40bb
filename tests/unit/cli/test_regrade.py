"""The command line from end to end: grade on record, then judge again.

A small server on the loopback stands for the API server: it knows one namespace.
"""

import json
from pathlib import Path

import pytest
from aiohttp import web

from tests.unit.cli.desk import Desk, Done
from tests.unit.servers import serving

pytestmark = pytest.mark.slow  # each starts the command

CONFIG = {"kind": "ConfigMap", "name": "web"}
THERE = {"name": "there", "points": 10, "exists": {"object": CONFIG}}
HOLDS = {
    "name": "holds",
    "points": 20,
    "matches": {"object": CONFIG, "expect": {"data": {"a": "2"}}},
}
BODY = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "web", "namespace": "kim", "uid": "u"},
    "data": {"a": "1"},
}


async def api_server(request: web.Request) -> web.StreamResponse:
    if request.path == "/api/v1/namespaces/kim/configmaps/web":
        return web.json_response(BODY)
    if request.path == "/api/v1/namespaces/kim":
        return web.json_response({"metadata": {"name": "kim"}})
    return web.json_response({"kind": "Status", "message": "not found"}, status=404)


async def record(desk: Desk, exercise: Path, file: str, *more: str) -> Done:
    async with serving(api_server) as address:
        config = desk.kubeconfig(address)
        call = ("grade", exercise, "-n", "kim", "--kubeconfig", config, "-o", "json")
        return await desk.run(*call, "--record", str(desk.folder / file), *more)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_what_was_recorded_is_judged_again_everywhere_alike(desk: Desk) -> None:
    exercise = desk.exercise("lab", THERE, HOLDS)
    graded = await record(desk, exercise, "kim.lab", "--learner", "kim")
    assert graded.code == 1, graded.err
    report = json.loads(graded.out)
    evidence = report.pop("evidence")
    assert (evidence["selfReported"], evidence["learner"]) == (True, "kim")
    assert f"Evidence recorded in {desk.folder / 'kim.lab'} ({evidence['digest']})" in graded.err
    elsewhere = desk.folder / "elsewhere"
    elsewhere.mkdir()
    (desk.folder / "kim.lab").rename(elsewhere / "other-name.lab")
    again = [
        await desk.run_elsewhere(
            *("regrade", exercise, elsewhere / "other-name.lab", "-o", "json"),
            PYTHONHASHSEED=seed,
            TZ=zone,
            LC_ALL="C",
        )
        for seed, zone in (("1", "Asia/Seoul"), ("2", "UTC"))
    ]
    assert again[0].out == again[1].out
    assert [done.code for done in again] == [1, 1]
    document = json.loads(again[0].out)
    assert {key: document[key] for key in report} == report
    assert document["evidence"] == {"exercise": "lab", **evidence}
    assert document["before"]["score"] == document["score"] == 10
    assert document["changes"] == []


async def test_an_edited_exercise_shows_before_and_after(desk: Desk) -> None:
    await record(desk, desk.exercise("lab", THERE, HOLDS), "kim.lab")
    now = {**HOLDS, "matches": {"object": CONFIG, "expect": {"data": {"a": "1"}}}}
    new = {"name": "new", "points": 5, "exists": {"object": {"kind": "Secret", "name": "s"}}}
    edited = desk.exercise("lab", now, new, {**THERE, "name": "renamed"})
    done = await desk.run("regrade", edited, desk.folder / "kim.lab", "-o", "json")
    document = json.loads(done.out)
    assert done.code == 3
    assert (document["before"]["score"], document["before"]["maxScore"]) == (10, 30)
    assert (document["scoreMin"], document["scoreMax"], document["maxScore"]) == (30, 35, 35)
    changed = {
        change["name"]: (
            change.get("before", {}).get("reason"),
            change.get("after", {}).get("reason"),
        )
        for change in document["changes"]
    }
    assert changed == {
        "holds": ("FieldDiffers", "FieldsMatch"),
        "new": (None, "EvidenceMissing"),
        "renamed": (None, "ObjectThere"),
        "there": ("ObjectThere", None),
    }


async def test_people_see_what_changed_in_both_languages(desk: Desk) -> None:
    await record(desk, desk.exercise("lab", THERE, HOLDS), "kim.lab")
    fewer = desk.exercise("lab", THERE)
    english = await desk.run("regrade", fewer, desk.folder / "kim.lab")
    assert "Before: 10 of 30 points. Judged again: 10 of 10 points." in english.out
    assert "1 check changed." in english.out
    assert "This evidence is self-reported" in english.out
    korean = await desk.run("regrade", fewer, desk.folder / "kim.lab", "--lang", "ko")
    assert "이전: 30점 만점에 10점. 다시 판정: 10점 만점에 10점." in korean.out
    assert "자가 보고된 것입니다" in korean.out
    same = await desk.run("regrade", desk.exercise("lab", THERE, HOLDS), desk.folder / "kim.lab")
    assert "No check changed." in same.out
    assert "The exercise asks for the same" in same.out


async def test_a_bad_bundle_is_named_and_the_others_are_judged(desk: Desk) -> None:
    exercise = desk.exercise("lab", THERE)
    await record(desk, exercise, "good.lab")
    good, bad = desk.folder / "good.lab", desk.folder / "bad.lab"
    bad.write_bytes(good.read_bytes()[:-10])
    done = await desk.run("regrade", exercise, bad, good, "-o", "json")
    assert done.code == 2
    assert [report["score"] for report in json.loads(done.out)] == [10]
    assert f"{bad}: it is cut off" in done.err
    alone = await desk.run("regrade", exercise, bad)
    assert (alone.code, alone.out) == (2, "")


async def test_evidence_for_another_exercise_is_said_to_be(desk: Desk) -> None:
    await record(desk, desk.exercise("lab", THERE), "kim.lab")
    done = await desk.run("regrade", desk.exercise("other", THERE), desk.folder / "kim.lab")
    assert "recorded for the exercise lab, not for other" in done.err
    assert done.code == 0


async def test_evidence_with_no_place_is_refused_before_anything_is_graded(desk: Desk) -> None:
    done = await record(desk, desk.exercise("lab", THERE), "nowhere/kim.lab")
    assert done.code == 2
    assert "there is no folder" in done.err
    assert done.out == ""


OWN = {"name": "own", "points": 10, "exists": {"object": {"kind": "ConfigMap", "name": "${app}"}}}
APPS = {"seed": "s", "parameters": [{"name": "app", "oneOf": ["web", "shop"]}]}


async def test_each_learner_is_judged_again_with_parameters_of_their_own(desk: Desk) -> None:
    """Only who was given ``web`` has made it; the others looked for ``shop``."""
    exercise = desk.exercise("lab", OWN, **APPS)
    scores = {}
    for learner in ("kim", "lee", "park", "choi", "jung", "kang"):
        graded = json.loads(
            (await record(desk, exercise, f"{learner}.lab", "--learner", learner)).out
        )
        done = await desk.run("regrade", exercise, desk.folder / f"{learner}.lab", "-o", "json")
        again = json.loads(done.out)
        assert again["parameters"] == graded["parameters"]
        assert (again["score"], again["changes"]) == (graded["score"], [])
        scores[again["parameters"]["app"]] = again["score"]
    assert scores == {"web": 10, "shop": 0}


async def test_who_is_not_named_is_called_as_the_namespace(desk: Desk) -> None:
    exercise = desk.exercise("lab", OWN, **APPS)
    graded = json.loads((await record(desk, exercise, "kim.lab")).out)
    assert graded["evidence"]["learner"] == "kim"
    done = await desk.run("regrade", exercise, desk.folder / "kim.lab", "-o", "json")
    assert json.loads(done.out)["parameters"] == graded["parameters"]


SIZE = {
    "name": "size",
    "points": 10,
    "satisfies": {"select": CONFIG, "expression": "object.data.a == '1'"},
}
WORD = {"name": "word", "question": {"en": "?", "ko": "?"}, "pattern": "canary"}


async def test_answers_and_expressions_are_judged_again_without_a_cluster(desk: Desk) -> None:
    exercise = desk.exercise("lab", SIZE, {"name": "word", "points": 5, "asks": WORD})
    answers = desk.folder / "answers.yaml"
    answers.write_text("word: blue", "utf-8")
    graded = await record(desk, exercise, "kim.lab", "--answers", str(answers))
    assert json.loads(graded.out)["score"] == 10, graded.err
    other = {**SIZE, "satisfies": {"select": CONFIG, "expression": "object.data.a == '2'"}}
    edited = desk.exercise(
        "lab", other, {"name": "word", "points": 5, "asks": WORD | {"pattern": "blue"}}
    )
    done = await desk.run("regrade", edited, desk.folder / "kim.lab", "-o", "json")
    document = json.loads(done.out)
    assert (document["before"]["score"], document["score"]) == (10, 5)
    assert [c["after"]["reason"] for c in document["changes"]] == ["NotSatisfied", "AnswerRight"]


async def test_nothing_is_recorded_that_nobody_asked_for(desk: Desk) -> None:
    exercise = desk.exercise("lab", THERE)
    async with serving(api_server) as address:
        config = desk.kubeconfig(address)
        done = await desk.run("grade", exercise, "-n", "kim", "--kubeconfig", config, "-o", "json")
    assert "evidence" not in json.loads(done.out)
    assert "Evidence recorded" not in done.err
