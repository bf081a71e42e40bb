"""What people see of a grading that has to wait for others, write by write."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from labgrader.grading.plan import plan
from labgrader.handlers import turns as module
from labgrader.handlers.turns import Turn
from labgrader.reporting.queued import Queued, queued
from labgrader.reporting.status import language
from tests.unit.grading.worlds import exercise
from tests.unit.handlers.test_evidence_of_gradings import KEY, Desk
from tests.unit.reporting.test_status import conditions, planned, submission

HEALS = {
    "name": "heals",
    "points": 10,
    "heals": {
        "object": {"kind": "Deployment", "name": "web"},
        "fault": "DeletePod",
        "within": "9s",
    },
}
NOW, LATER = "2026-11-02T00:00:00Z", "2026-11-02T01:02:03Z"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CALM_SECONDS", 0.001)


def disturbing(folder: Path) -> Desk:
    return Desk(folder, plan(exercise(HEALS, settle="0s", lang="en")))


def seen(desk: Desk) -> list[tuple[Any, ...]]:
    return [
        (status["result"], (status.get("queue") or {}).get("position"), status["summary"])
        for status in desk.courses.written
    ]


async def test_the_place_is_shown_until_the_grading_goes_on(tmp_path: Path) -> None:
    desk = disturbing(tmp_path)
    grader = desk.grader({}, keeps=False)
    long = asyncio.Event()
    async with grader.gate.disturbing(Turn("lee", "course/lab")):
        task = asyncio.create_task(grader.work_on(KEY, long.set, again=False))
        async with asyncio.timeout(10):
            await long.wait()
            while not desk.courses.written:  # noqa: ASYNC110 (the server says nothing)
                await asyncio.sleep(0.001)
        assert not task.done()
    await task
    assert seen(desk) == [
        ("Grading", 1, "Number 1 in the queue."),
        ("Grading", None, "Grading is under way."),
        ("Failed", None, "0 of 1 checks passed"),
    ]
    waits, goes_on, graded = desk.courses.written
    assert "startedAt" not in waits, "it has not begun"
    assert goes_on["startedAt"] == graded["startedAt"]
    assert conditions(waits)["Reconciling"] == ("True", "Queued")


async def test_who_need_not_wait_is_told_of_no_queue(tmp_path: Path) -> None:
    desk = disturbing(tmp_path)
    await desk.grader({}, keeps=False).work_on(KEY, lambda: None, again=False)
    assert [entry[:2] for entry in seen(desk)] == [("Grading", None), ("Failed", None)]


async def test_who_is_deleted_while_waiting_leaves_the_queue(tmp_path: Path) -> None:
    desk = disturbing(tmp_path)
    grader = desk.grader({}, keeps=False)

    async def gone(*_: Any) -> None:
        return None

    desk.courses.write_status = gone  # type: ignore[assignment, method-assign]  # the object is gone
    async with grader.gate.disturbing(Turn("lee", "course/lab")), asyncio.timeout(10):
        assert await grader.work_on(KEY, lambda: None, again=False) is None
        assert not grader.gate.turns._behind
        assert not grader.gate.turns._at_the_door


@pytest.mark.parametrize(
    ("lang", "expected", "said"),
    [
        ("en", None, "Number 17 in the queue."),
        ("en", LATER, "Number 17 in the queue; its turn is expected at 01:02 UTC."),
        ("ko", None, "대기 순서 17번입니다."),
        ("ko", LATER, "대기 순서 17번입니다. 채점 시작 예상 시각은 01:02(UTC)입니다."),
    ],
)
def test_a_place_reads_well_in_both_languages(lang: str, expected: str | None, said: str) -> None:
    asked = submission(lang=lang)
    assert language(asked, planned()) == lang
    status = queued(asked, planned(), Queued(17, NOW, expected))
    assert status["summary"] == said
    assert {c["message"] for c in status["conditions"]} == {said}
    time = {} if expected is None else {"expectedAt": expected}
    assert status["queue"] == {"position": 17, "observedAt": NOW} | time
    assert "startedAt" not in status
