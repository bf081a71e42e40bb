"""The workers: one submission's trouble is no other's, and nothing is tried for ever."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.handlers import workers as module
from labgrader.handlers.queue import FairQueue, Key, Work
from labgrader.handlers.workers import Workers
from labgrader.handlers.writing import Verdict
from labgrader.reporting.metrics import Metrics

BAD, GOOD = Key("course", "bad"), Key("course", "good")


@dataclass
class ScriptedGrader:
    """Raises or returns by script; the last entry stays."""

    script: dict[Key, list[Any]]
    worked: Counter[Key] = field(default_factory=Counter)
    given_up: dict[Key, str] = field(default_factory=dict)
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def work_on(
        self,
        key: Key,
        takes_long: Callable[[], None],
        *,
        again: bool,  # noqa: ARG002
        given: Any = None,  # noqa: ARG002
    ) -> Verdict | None:
        self.worked[key] += 1
        self.begun.set()
        entries = self.script.get(key, [None])
        entry = entries.pop(0) if len(entries) > 1 else entries[0]
        if isinstance(entry, Exception):
            raise entry
        if entry == "hang":
            takes_long()
            await asyncio.sleep(60)
        return None if entry is None else Verdict({}, entry, transition=True)

    async def give_up(self, key: Key, detail: str) -> None:
        self.given_up[key] = detail


class Deaf:
    """Announces nothing."""

    def announce(self, _: Verdict) -> None:
        pass


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSES", (0.001,))
    monkeypatch.setattr(module, "_RETRY_PAUSES", (0.001, 0.001, 0.001))


async def worked(script: dict[Key, list[Any]]) -> ScriptedGrader:
    """Work until nothing waits, is worked on, or is to come back."""
    grader = ScriptedGrader(script)
    crew = Workers(FairQueue(10), grader, Deaf(), Metrics())  # type: ignore[arg-type]  # scripted
    for key in (BAD, GOOD):
        crew.add(Work(key, key.name, again=False))
    running = asyncio.create_task(crew.run(1))
    queue = crew.queue
    async with asyncio.timeout(20):
        while queue._waiting or queue._working or queue._timers:  # noqa: ASYNC110 (three sets)
            await asyncio.sleep(0.002)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return grader


async def test_a_crash_is_tried_again_then_given_up_and_others_are_graded() -> None:
    grader = await worked({BAD: [KeyError("spec")]})
    assert grader.worked == {BAD: 4, GOOD: 1}
    assert grader.given_up == {BAD: "KeyError: 'spec'"}


async def test_a_status_that_the_server_refuses_is_not_graded_for_ever() -> None:
    grader = await worked({BAD: [ApiError(422, "Invalid", "too long")]})
    assert grader.worked[BAD] == 4
    assert grader.given_up == {BAD: "ApiError: 422 Invalid: too long"}


@pytest.mark.parametrize("away", [ApiUnreachable("refused"), ApiError(503, "", "starting")])
async def test_an_api_server_that_is_away_is_waited_for(away: Exception) -> None:
    grader = await worked({BAD: [away] * 8 + [None]})
    assert grader.worked == {BAD: 9, GOOD: 1}
    assert grader.given_up == {}


async def test_what_is_inconclusive_is_tried_again_a_few_times() -> None:
    grader = await worked({BAD: [{"result": "Inconclusive", "conditions": []}]})
    assert grader.worked == {BAD: 4, GOOD: 1}


async def test_a_missing_right_is_tried_again_because_no_watch_tells_when_it_comes() -> None:
    stalled = [{"type": "Stalled", "reason": "Forbidden"}]
    forbidden = {"result": "Stalled", "conditions": stalled}
    closed = {"result": "Stalled", "conditions": [stalled[0] | {"reason": "TargetMissing"}]}
    grader = await worked({BAD: [forbidden], GOOD: [closed]})
    assert grader.worked == {BAD: 4, GOOD: 1}


async def test_a_submission_that_is_deleted_ends_its_grading() -> None:
    grader = ScriptedGrader({BAD: ["hang"]})
    crew = Workers(FairQueue(10), grader, Deaf(), Metrics())  # type: ignore[arg-type]  # scripted
    crew.add(Work(BAD, "kim", again=False))
    running = asyncio.create_task(crew.run(1))
    await grader.begun.wait()
    grader.begun.clear()
    task = crew._under_way[BAD]
    crew.gone(BAD)
    await asyncio.wait([task])
    assert task.cancelled()
    crew.add(Work(GOOD, "lee", again=False))
    async with asyncio.timeout(20):
        await grader.begun.wait()
    assert grader.worked == {BAD: 1, GOOD: 1}
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_long_grading_keeps_no_worker_from_others() -> None:
    grader = ScriptedGrader({BAD: ["hang"]})
    crew = Workers(FairQueue(10), grader, Deaf(), Metrics())  # type: ignore[arg-type]  # scripted
    crew.add(Work(BAD, "kim", again=False))
    running = asyncio.create_task(crew.run(1))
    await grader.begun.wait()
    grader.begun.clear()
    crew.add(Work(GOOD, "lee", again=False))
    async with asyncio.timeout(20):
        await grader.begun.wait()
    assert crew.queue.is_worked_on(BAD)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert not crew._under_way, "what was under way is ended with the workers"


async def test_the_echo_of_our_own_write_is_no_work() -> None:
    grader = ScriptedGrader({BAD: ["hang"]})
    crew = Workers(FairQueue(10), grader, Deaf(), Metrics())  # type: ignore[arg-type]  # scripted
    crew.add(Work(BAD, "kim", again=False))
    running = asyncio.create_task(crew.run(1))
    await grader.begun.wait()
    metadata = {"namespace": BAD.namespace, "name": BAD.name, "generation": 1}
    status = {"attempt": 1, "result": "Grading", "observedGeneration": 1}
    body = {"metadata": metadata, "spec": {"targetNamespace": "kim"}, "status": status}
    crew.see(body, again=False)
    assert not crew.queue._once_more
    crew.see(body | {"spec": {"targetNamespace": "kim", "attempt": 2}}, again=False)
    assert list(crew.queue._once_more) == [BAD]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
