"""What those who wait for their turn are told: the truth, soon, and not too often."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from labgrader.handlers import turns as module
from labgrader.handlers.forecast import Course, Start, forecast
from labgrader.handlers.gate import Gate
from labgrader.handlers.turns import Place, Turn, Turns, misleads


def starts(running: str, waiting: str, at_once: int = 2) -> list[tuple[int, float]]:
    """``a30 b10``: the gradings in namespaces a and b, and how long they take."""
    read = [[Course(one[0], float(one[1:])) for one in text.split()] for text in (running, waiting)]
    return [(start.number, start.seconds) for start in forecast(read[0], read[1], at_once)]


def test_who_comes_first_begins_first_and_as_many_at_once_as_may() -> None:
    assert starts("a10 b30", "c50 d50 e50") == [(1, 10), (2, 30), (3, 60)]
    assert starts("", "a10 b30 c50") == [(1, 0), (2, 0), (3, 10)]
    assert starts("a10", "b20 c30", at_once=1) == [(1, 10), (2, 30)]


def test_one_namespace_has_one_at_a_time_and_keeps_no_other_waiting() -> None:
    assert starts("a10", "a10 a10 b50 c50") == [(3, 50), (4, 60), (1, 0), (2, 10)]
    assert starts("", "a10 a20 b50") == [(1, 0), (3, 10), (2, 0)]


def test_nobody_is_forgotten() -> None:
    waiting = [Course(str(number % 7), 1.0 + number % 3) for number in range(200)]
    found = forecast([Course("0", 5.0), Course("1", 3.0)], waiting, 2)
    assert sorted(start.number for start in found) == list(range(1, 201))
    by_number = sorted(found, key=lambda start: start.number)
    assert [s.seconds for s in by_number] == sorted(s.seconds for s in found)
    assert isinstance(found[0], Start)


@pytest.mark.parametrize(
    ("told", "now", "is_wrong"),
    [
        (Place(8, 0, 100), Place(5, 30, 100), False),
        (Place(8, 0, 100), Place(4, 30, 100), True),
        (Place(8, 0, None), Place(8, 1, 100), True),
        (Place(8, 0, None), Place(8, 500, None), False),
        (Place(8, 0, 100), Place(8, 50, 400), False),  # told so a moment ago
        (Place(8, 0, 100), Place(8, 60, 161), True),
        (Place(8, 0, 100), Place(8, 60, 159), False),
        (Place(8, 0, 1000), Place(8, 60, 1300), False),  # a quarter of what is left
        (Place(8, 0, 1000), Place(8, 60, 1400), True),
    ],
)
def test_a_place_is_told_again_where_what_was_told_misleads(
    told: Place, now: Place, *, is_wrong: bool
) -> None:
    assert misleads(told, now) is is_wrong


@dataclass
class Hands:
    """A gate for one at a time, a clock that is set by hand, and gradings that end when told."""

    now: float = 0.0
    told: dict[str, list[Place]] = field(default_factory=dict)
    _ends: dict[str, asyncio.Event] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.gate = Gate(1)
        self.gate.turns = Turns(1, lambda: self.now)

    async def grade(self, name: str, exercise: str = "lab") -> None:
        turn, self.told[name] = Turn(name.partition("/")[0], exercise), []
        self._ends[name] = asyncio.Event()
        listening = asyncio.create_task(self._listen(name, turn))
        try:
            async with self.gate.disturbing(turn):
                await self._ends[name].wait()
        finally:
            if not turn.begun.is_set():
                listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def _listen(self, name: str, turn: Turn) -> None:
        async for place in self.gate.turns.news(turn):
            self.told[name].append(place)

    async def end(self, name: str, at: float) -> None:
        self.now = at
        self._ends[name].set()
        await asyncio.sleep(0.02)

    @asynccontextmanager
    async def queue(self, *names: str) -> AsyncIterator[dict[str, "asyncio.Task[None]"]]:
        async with AsyncExitStack() as stack:
            tasks = {}
            for name in names:
                tasks[name] = asyncio.create_task(self.grade(name))
                await asyncio.sleep(0)
            stack.push_async_callback(_ended, list(tasks.values()))
            await asyncio.sleep(0.02)
            yield tasks

    def numbers(self, name: str) -> list[tuple[int, float | None]]:
        return [(place.number, place.at) for place in self.told[name]]


async def _ended(tasks: list["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CALM_SECONDS", 0.001)


async def test_places_are_told_at_first_and_when_they_have_halved() -> None:
    hands = Hands()
    names = [f"n{number}" for number in range(10)]
    async with hands.queue(*names):
        assert hands.told["n0"] == [], "who need not wait is told nothing"
        assert hands.numbers("n1")[-1] == (1, None)
        assert hands.numbers("n9")[-1] == (9, None)
        await hands.end("n0", 40)
        assert hands.numbers("n9")[-1] == (8, 40 + 8 * 40), "now it is known how long one takes"
        for number in range(1, 9):
            await hands.end(f"n{number}", 40 + 40 * number)
        assert [number for number, _ in hands.numbers("n9")] == [9, 8, 4, 2, 1]
        assert {at for _, at in hands.numbers("n9")[1:]} == {360}
        assert hands.now == 360, "and that came true"


async def test_who_waited_for_its_own_namespace_comes_after_those_at_the_door() -> None:
    hands = Hands()
    async with hands.queue("kim/1", "kim/2", "lee", "park"):
        assert [hands.numbers(name)[-1][0] for name in ("lee", "park", "kim/2")] == [1, 2, 3]
        await hands.end("kim/1", 10)
        assert hands.numbers("park")[-1] == (1, 20)
        assert hands.numbers("kim/2")[-1] == (2, 30)
        await hands.end("lee", 20)
        assert [turn.namespace for turn in hands.gate.turns._running] == ["park"], "so it came"


async def test_what_was_wrong_is_told_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.005)
    hands = Hands()
    async with hands.queue("a", "b", "c", "d", "e"):
        await hands.end("a", 10)
        assert hands.numbers("e")[-1] == (3, 40)
        hands.now = 200  # the second one takes far longer than the first
        await asyncio.sleep(0.05)
        assert hands.numbers("e")[-1] == (3, 220)


async def test_who_gives_up_makes_room() -> None:
    hands = Hands()
    async with hands.queue("a", "b", "c", "d", "e") as tasks:
        assert hands.numbers("e")[-1] == (4, None)
        for name in ("b", "c"):
            tasks[name].cancel()
        await asyncio.gather(tasks["b"], tasks["c"], return_exceptions=True)
        await asyncio.sleep(0.02)
        assert hands.numbers("e")[-1] == (2, None)
    assert (hands.gate.turns._running, hands.gate.turns._behind) == ({}, {})


async def test_what_is_broken_off_says_nothing_of_how_long_others_take() -> None:
    hands = Hands()
    async with hands.queue("a", "b", "c") as tasks:
        hands.now = 500
        tasks["a"].cancel()
        await asyncio.gather(tasks["a"], return_exceptions=True)
        await asyncio.sleep(0.02)
        assert hands.numbers("c")[-1] == (1, None)


async def test_each_exercise_takes_its_own_time() -> None:
    hands = Hands()
    async with hands.queue("a"):
        await hands.end("a", 10)
    long = asyncio.create_task(hands.grade("b", "other"))
    await asyncio.sleep(0)
    await hands.end("b", 110)
    await long
    async with hands.queue("c", "d", "e"):
        assert hands.numbers("e")[-1] == (2, 130)
        other = asyncio.create_task(hands.grade("f", "other"))
        last = asyncio.create_task(hands.grade("g", "unheard-of"))
        await asyncio.sleep(0.02)
        assert hands.numbers("f")[-1] == (3, 140)
        assert hands.numbers("g")[-1] == (4, 240)
        await _ended([other, last])
