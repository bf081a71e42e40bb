"""The command line from end to end: grade on record, then judge again.

A small server on the loopback stands for the API server: it knows one namespace.
"""

import json
from pathlib import Path

import pytest
from aiohttp import web

from tests.unit.cli.desk import Desk, Done
from tests.unit.servers import serving

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
