"""How often a namespace is looked at, whatever comes in."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from labgrader.handlers.live.pace import Looked, Pace, Rhythm

QUICK = Rhythm(gather=0.01, window=0.2, later=(0.05, 0.1))


@dataclass
class Looks:
    """Notes when each namespace is looked at."""

    looked: Looked = field(default_factory=Looked)
    takes: float = 0.0
    crash: bool = False
    begun: dict[str, list[float]] = field(default_factory=dict)
    at_once: int = 0
    most_at_once: int = 0

    async def look(self, namespace: str) -> Looked:
        self.begun.setdefault(namespace, []).append(time.monotonic())
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.takes)
        self.at_once -= 1
        if self.crash:
            raise ValueError("what a learner wrote")
        return self.looked


async def until(there: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not there():  # noqa: ASYNC110 (looks set no event)
            await asyncio.sleep(0.005)


async def test_what_changes_together_is_seen_in_one_look() -> None:
    looks = Looks()
    pace = Pace(looks.look, QUICK)
    for _ in range(50):
        pace.touch("kim")
    await until(lambda: "kim" in looks.begun)
    await asyncio.sleep(0.1)
    assert len(looks.begun["kim"]) == 1


async def test_never_more_than_two_looks_begin_in_any_second() -> None:
    looks = Looks()
    pace = Pace(looks.look, QUICK)
    ends = time.monotonic() + 1.0
    while time.monotonic() < ends:
        pace.touch("kim")
        await asyncio.sleep(0.003)
    times = looks.begun["kim"]
    assert 7 <= len(times) <= 11
    assert all(third - first >= 0.199 for first, third in zip(times, times[2:], strict=False))
    await pace.close()


async def test_a_change_during_a_look_leads_to_another() -> None:
    looks = Looks(takes=0.05)
    pace = Pace(looks.look, QUICK)
    pace.touch("kim")
    await until(lambda: looks.at_once == 1)
    pace.touch("kim")
    await until(lambda: len(looks.begun["kim"]) == 2)


async def test_few_run_at_a_time_and_a_busy_namespace_holds_up_nobody() -> None:
    looks = Looks(takes=0.02)
    pace = Pace(looks.look, Rhythm(gather=0.01, window=0.01, most=100, at_once=2))
    for _ in range(20):
        pace.touch("busy")
        for number in range(6):
            pace.touch(f"n{number}")
        await asyncio.sleep(0.01)
    await until(lambda: all(len(looks.begun.get(f"n{n}", ())) > 1 for n in range(6)))
    assert looks.most_at_once == 2
    await pace.close()


async def test_what_may_change_unseen_is_looked_at_a_few_times_more_and_then_no_more() -> None:
    looks = Looks(Looked(unsettled=True))
    pace = Pace(looks.look, QUICK)
    pace.touch("kim")
    await until(lambda: len(looks.begun.get("kim", ())) == 3)
    await asyncio.sleep(0.4)
    assert len(looks.begun["kim"]) == 3


def goes_on(looks: Looks) -> bool:
    return len(looks.begun.get("kim", ())) > 4


async def test_after_trouble_and_crashes_it_goes_on() -> None:
    for looks in (Looks(Looked(unsettled=True, troubled=True)), Looks(crash=True)):
        pace = Pace(looks.look, QUICK)
        pace.touch("kim")
        await until(partial(goes_on, looks))
        await pace.close()


async def test_what_is_forgotten_is_not_looked_at_later() -> None:
    looks = Looks(Looked(unsettled=True))
    pace = Pace(looks.look, QUICK)
    pace.touch("kim")
    await until(lambda: "kim" in looks.begun)
    await asyncio.sleep(0.02)
    pace.forget("kim")
    await asyncio.sleep(0.3)
    assert len(looks.begun["kim"]) == 1
