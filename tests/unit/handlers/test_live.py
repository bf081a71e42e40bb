"""Live grading from the learner's change to the status, against an API server on the loopback."""

import asyncio

import pytest

from labgrader.handlers.due import Due, due
from labgrader.handlers.turns import Turn
from tests.unit.grading.worlds import exists
from tests.unit.handlers.classroom import HANDED, MAPS, classroom

SECRET = {"name": "hidden", "points": 1, "exists": {"object": {"kind": "Secret", "name": "h"}}}
ASKED = {"choice": {"options": [{"name": n, "text": {"en": n}} for n in "ab"], "right": "a"}}
QUESTION = {"name": "q", "points": 1, "asks": {"name": "q", "question": {"en": "?"}} | ASKED}


async def test_a_fix_is_shown_soon_and_nothing_else_of_the_status_changes() -> None:
    async with classroom(exists("a"), exists("b")) as room:
        before = dict((await room.submit(task="# t"))["status"])
        await room.until(lambda r: r.outcomes() == {"a": "Failed", "b": "Failed"})
        await room.settled()
        begun = asyncio.get_running_loop().time()
        await room.server.put(f"{MAPS}/a", {})
        await room.until(lambda r: r.outcomes() == {"a": "Passed", "b": "Failed"})
        assert asyncio.get_running_loop().time() - begun < 0.5
        await room.server.delete(f"{MAPS}/a")
        await room.until(lambda r: r.outcomes()["a"] == "Failed")
        status = dict(room.server.objects[HANDED]["status"])
        live = status.pop("live")
        assert status == before
    assert live["summary"] == "now 0 of 2 checks pass"
    assert "There should be a ConfigMap named a" in live["checks"][0]["message"]


async def test_only_what_changed_is_asked_again() -> None:
    async with classroom(exists("a"), exists("b")) as room:
        await room.submit()
        await room.until(lambda r: len(r.outcomes()) == 2)
        await room.settled()
        room.server.asked.clear()
        await room.server.put(f"{MAPS}/b", {})
        await room.until(lambda r: r.outcomes()["b"] == "Passed")
        await room.settled()
    assert room.server.asked[f"GET {MAPS}/a"] == 0
    assert room.server.asked[f"GET {MAPS}/b"] == 1
    assert room.server.asked[f"PUT {HANDED}/status"] == 1


async def test_nothing_is_asked_while_nothing_changes_nor_for_what_concerns_nobody() -> None:
    async with classroom(exists("a")) as room:
        made = await room.submit()
        await room.until(lambda r: r.outcomes() == {"a": "Failed"})
        await room.settled()
        room.server.asked.clear()
        await room.server.put("/api/v1/namespaces/lee/configmaps/a", {})
        await room.server.put("/api/v1/namespaces/kim/services/other", {})
        room.live.see(room.server.objects[HANDED])  # the echo of our own write
        room.live.see(made)  # as old as the re-scan may bring it
        room.live.refresh()
        await asyncio.sleep(1)
    assert +room.server.asked == {}


async def test_kinds_are_watched_once_for_all_and_only_while_somebody_needs_them() -> None:
    async with classroom(exists("a")) as room:
        await room.submit()
        await room.until(lambda r: r.outcomes() == {"a": "Failed"})
        await room.settled()
        watches = [asked for asked in room.server.asked if asked.startswith("WATCH")]
        assert "WATCH /api/v1/configmaps" in watches
        assert all(room.server.asked[asked] == 1 for asked in watches)
        assert room.metric("watches") == len(watches)
        checks = [{"name": "a", "outcome": "Passed"}]
        status = {"attempt": 1, "result": "Passed", "observedGeneration": 1, "checks": checks}
        spec = {**room.server.objects[HANDED]["spec"], "attempt": 1}
        await room.change(spec=spec, status=status)
        assert room.metric("watches") == 0
        assert room.metric("submissions") == 0


async def test_a_kind_that_may_not_be_watched_is_unknown_and_the_others_go_on() -> None:
    async with classroom(exists("a"), SECRET) as room:
        room.server.forbidden.add("secrets")
        await room.server.put("/api/v1/namespaces/kim/secrets/h", {"data": {}})
        await room.submit()
        await room.until(lambda r: r.outcomes() == {"a": "Failed", "hidden": "Unknown"})
        await room.server.put(f"{MAPS}/a", {})
        await room.until(lambda r: r.outcomes() == {"a": "Passed", "hidden": "Unknown"})
        hidden = (room.shown() or {})["checks"][1]
    assert hidden["reason"] == "CannotWatch"
    assert "cannot follow changes of the kind Secret" in hidden["message"]
    assert "ClusterRole labgrader grants" in hidden["message"]


async def test_what_happened_while_nobody_could_watch_is_seen_afterwards() -> None:
    async with classroom(exists("a")) as room:
        await room.submit()
        await room.until(lambda r: r.outcomes() == {"a": "Failed"})
        await room.settled()
        room.server.away = True
        await room.server.cut(forget=True)
        await room.server.put(f"{MAPS}/a", {})
        room.server.oldest = room.server.version  # the change itself is told to nobody
        await asyncio.sleep(0.2)
        room.server.away = False
        await room.until(lambda r: r.outcomes() == {"a": "Passed"})


async def test_a_learner_who_hands_in_meanwhile_is_not_overwritten() -> None:
    async with classroom(exists("a")) as room:
        await room.submit()
        await room.until(lambda r: r.outcomes() == {"a": "Failed"})
        await room.settled()

        async def hands_in() -> None:
            body = room.server.objects[HANDED]
            metadata = {**body["metadata"], "generation": 2}
            spec = {**body["spec"], "attempt": 1}
            await room.server.put(HANDED, {**body, "metadata": metadata, "spec": spec})

        room.server.conflicts.append(hands_in)
        await room.server.put(f"{MAPS}/a", {})
        await room.until(lambda r: r.server.asked[f"GET {HANDED}"] == 1)
        await room.settled()
        body = room.server.objects[HANDED]
        assert (body["spec"]["attempt"], room.outcomes()) == (1, {"a": "Failed"})
        assert due(body, again=False) is Due.GRADE


async def test_a_status_that_another_wrote_meanwhile_is_kept() -> None:
    async with classroom(exists("a")) as room:
        await room.submit()

        async def tells() -> None:
            body = room.server.objects[HANDED]
            await room.server.put(HANDED, {**body, "status": body["status"] | {"task": "# new"}})

        room.server.conflicts.append(tells)
        await room.until(lambda r: r.outcomes() == {"a": "Failed"})
        assert room.server.objects[HANDED]["status"]["task"] == "# new"


async def test_live_goes_on_after_a_verdict_that_left_something() -> None:
    async with classroom(exists("a")) as room:
        checks = [{"name": "a", "outcome": "Failed"}]
        await room.submit()
        await room.until(lambda r: r.outcomes() == {"a": "Failed"})
        spec = {**room.server.objects[HANDED]["spec"], "attempt": 1}
        graded = {"attempt": 1, "result": "Failed", "checks": checks}
        await room.change(spec=spec, status=graded)
        await room.server.put(f"{MAPS}/a", {})
        await room.until(lambda r: r.outcomes() == {"a": "Passed"})
        status = room.server.objects[HANDED]["status"]
    assert (status["result"], status["checks"]) == ("Failed", checks), "the grade stays"


async def test_nothing_is_looked_at_while_it_is_graded_or_disturbed() -> None:
    async with classroom(exists("a")) as room:
        await room.submit(attempt=0, result="Grading")
        await room.settled()
        assert room.shown() is None
        async with room.gate.disturbing(Turn("kim", "lab")):
            await room.change(status={"attempt": 0, "result": "Pending"})
            await asyncio.sleep(0.3)
            assert room.shown() is None
        await room.until(lambda r: r.outcomes() == {"a": "Failed"})


@pytest.mark.parametrize(("latch", "after"), [(True, "Passed"), (False, "Failed")])
async def test_the_exercise_says_whether_it_stays_passed(latch: bool, after: str) -> None:  # noqa: FBT001 (a case)
    async with classroom(exists("a"), exists("b"), latch=latch) as room:
        await room.submit()
        await room.server.put(f"{MAPS}/a", {})
        await room.until(lambda r: r.outcomes() == {"a": "Passed", "b": "Failed"})
        await room.server.delete(f"{MAPS}/a")
        await room.server.put(f"{MAPS}/b", {})
        await room.until(lambda r: r.outcomes() == {"a": after, "b": "Passed"})
        first, second = (room.shown() or {})["checks"]
        assert (first.get("latched"), second.get("latched")) == (latch or None, None)
        if latch:
            assert first["message"].startswith("It passed before, and that stays shown here. Now: ")
            assert first["reason"] == "NotFound"
            room.exercise(exists("a"), exists("b", points=20), latch=True)  # other ones now
            await room.until(lambda r: r.outcomes() == {"a": "Failed", "b": "Passed"})


async def test_questions_are_not_told() -> None:
    needs = exists("a") | {"needs": ["q"]}
    async with classroom(QUESTION, needs, exists("b")) as room:
        await room.submit()
        await room.until(lambda r: r.outcomes() == {"a": "Skipped", "b": "Failed"})


async def test_it_ends_with_the_mode_and_begins_with_it() -> None:
    async with classroom(exists("a")) as room:
        await room.submit()
        await room.until(lambda r: r.outcomes() == {"a": "Failed"})
        room.exercise(exists("a"), mode="OnAttempt")
        await room.until(lambda r: r.shown() is None and r.metric("submissions") == 0)
        room.exercise(exists("a"))
        await room.until(lambda r: r.outcomes() == {"a": "Failed"})


async def test_a_mode_that_ends_while_it_is_written_leaves_nothing_shown() -> None:
    async with classroom(exists("a")) as room:
        await room.submit()
        while room.outcomes() != {"a": "Failed"}:  # noqa: ASYNC110 (nothing tells it)
            await asyncio.sleep(0)  # before the writer has heard that it is written
        room.exercise(exists("a"), mode="OnAttempt")
        await room.until(lambda r: r.shown() is None and r.metric("submissions") == 0)


async def test_who_may_not_be_graded_there_is_not_followed() -> None:
    async with classroom(exists("a")) as room:
        labels = {"labgrader.dev/course": "other", "labgrader.dev/learner": "kim"}
        room.known.see_namespace({"metadata": {"name": "kim", "labels": labels}})
        await room.submit()
        await room.settled()
        assert room.server.asked == {"GET /apis/labgrader.dev/v1alpha1/submissions": 1}


async def test_a_deleted_submission_is_forgotten() -> None:
    async with classroom(exists("a")) as room:
        await room.submit()
        await room.until(lambda r: r.outcomes() == {"a": "Failed"})
        await room.server.delete(HANDED)  # before the watch tells it
        await room.server.put(f"{MAPS}/a", {})
        await room.until(lambda r: r.metric("submissions") == 0)
        assert room.metric("watches") == 0


async def test_so_many_submissions_and_no_more() -> None:
    async with classroom(exists("a")) as room:
        made = await room.submit()
        for number in range(30):
            metadata = {**made["metadata"], "name": f"s{number}", "uid": str(number)}
            room.live.see({**made, "metadata": metadata})
        assert room.metric("submissions") == 20
        assert room.metric("left_out_total") == 11
