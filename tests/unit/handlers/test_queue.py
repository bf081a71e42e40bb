"""The work queue: no duplicates, turns between lanes, never one key at two workers."""

import asyncio

import pytest

from labgrader.handlers.queue import FairQueue, Key


def key(name: str, namespace: str = "course") -> Key:
    return Key(namespace, name)


async def test_a_key_waits_once() -> None:
    queue = FairQueue(10)
    assert queue.add(key("a"), "kim")
    assert queue.add(key("a"), "kim")
    assert len(queue) == 1


async def test_lanes_take_turns() -> None:
    queue = FairQueue(10)
    for name in ("k1", "k2", "k3"):
        queue.add(key(name), "kim")
    queue.add(key("l1"), "lee")
    assert [(await queue.take()).name for _ in range(4)] == ["k1", "l1", "k2", "k3"]


async def test_a_key_that_comes_again_while_worked_on_is_handed_out_afterwards() -> None:
    queue = FairQueue(10)
    queue.add(key("a"), "kim")
    taken = await queue.take()
    queue.add(key("a"), "kim")
    assert len(queue) == 0
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(queue.take(), 0.02)
    queue.done(taken)
    assert await asyncio.wait_for(queue.take(), 1) == taken


async def test_a_full_queue_says_so() -> None:
    queue = FairQueue(1)
    assert queue.add(key("a"), "kim")
    assert not queue.add(key("b"), "kim")


async def test_a_timer_brings_a_key_back_and_an_earlier_event_replaces_it() -> None:
    queue = FairQueue(10)
    queue.add_later(key("a"), "kim", 0.01)
    assert await asyncio.wait_for(queue.take(), 1) == key("a")
    queue.done(key("a"))
    queue.add_later(key("a"), "kim", 0.01)
    queue.add(key("a"), "kim")
    await queue.take()
    queue.done(key("a"))
    await asyncio.sleep(0.03)
    assert len(queue) == 0


async def test_who_waits_is_woken() -> None:
    queue = FairQueue(10)
    waiting = asyncio.create_task(queue.take())
    await asyncio.sleep(0)
    queue.add(key("a"), "kim")
    assert await asyncio.wait_for(waiting, 1) == key("a")
