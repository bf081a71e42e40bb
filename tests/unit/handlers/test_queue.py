"""The work queue: no duplicates, turns between lanes, never one key at two workers."""

import asyncio

import pytest

from labgrader.handlers.queue import FairQueue, Key, Work


def work(name: str, lane: str = "kim", *, again: bool = False) -> Work:
    return Work(Key("course", name), lane, again)


async def test_a_key_waits_once() -> None:
    queue = FairQueue(10)
    assert queue.add(work("a"))
    assert queue.add(work("a"))
    assert len(queue) == 1


async def test_lanes_take_turns() -> None:
    queue = FairQueue(10)
    for name in ("k1", "k2", "k3"):
        queue.add(work(name))
    queue.add(work("l1", "lee"))
    assert [(await queue.take()).key.name for _ in range(4)] == ["k1", "l1", "k2", "k3"]


async def test_a_key_that_comes_again_while_worked_on_is_handed_out_afterwards() -> None:
    queue = FairQueue(10)
    queue.add(work("a"))
    taken = await queue.take()
    assert queue.is_worked_on(taken.key)
    queue.add(work("a"))
    assert len(queue) == 0
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(queue.take(), 0.02)
    queue.done(taken.key)
    assert await asyncio.wait_for(queue.take(), 1) == taken


async def test_a_full_queue_says_so() -> None:
    queue = FairQueue(1)
    assert queue.add(work("a"))
    assert not queue.add(work("b"))


async def test_that_it_may_go_on_is_not_lost_by_a_plain_event() -> None:
    queue = FairQueue(10)
    queue.add(work("a"))
    queue.add(work("a", again=True))
    queue.add(work("a"))
    assert (await queue.take()).again


async def test_a_plain_event_leaves_the_timer_and_a_cure_replaces_it() -> None:
    queue = FairQueue(10)
    queue.add_later(work("a", again=True), 0.05)
    queue.add(work("a"))
    plain = await asyncio.wait_for(queue.take(), 1)
    assert not plain.again
    queue.done(plain.key)
    timed = await asyncio.wait_for(queue.take(), 5)
    assert timed.again
    queue.done(timed.key)
    queue.add_later(work("a", again=True), 0.05)
    queue.add(work("a", again=True))
    queue.done((await queue.take()).key)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(queue.take(), 0.2)


async def test_what_is_gone_does_not_come_back() -> None:
    queue = FairQueue(10)
    queue.add_later(work("a", again=True), 0.01)
    queue.forget(Key("course", "a"))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(queue.take(), 0.05)


async def test_nothing_is_kept_of_what_is_gone_while_it_waits() -> None:
    """A body of some kilobytes stayed in the queue of a namespace that was deleted."""
    queue = FairQueue(10)
    queue.add(told(1))
    queue.add(Work(told(2).key, "another", again=True))  # stays in its lane
    queue.add(work("b"))
    queue.forget(told(1).key)
    assert len(queue) == 1
    assert told(1).key not in queue._waiting
    assert (await asyncio.wait_for(queue.take(), 1)).key.name == "b"
    assert not queue._lanes
    queue.add(told(3))
    queue.forget(told(3).key)
    assert not queue._lanes
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(queue.take(), 0.02)


async def test_who_waits_is_woken() -> None:
    queue = FairQueue(10)
    waiting = asyncio.create_task(queue.take())
    await asyncio.sleep(0)
    queue.add(work("a"))
    assert await asyncio.wait_for(waiting, 1) == work("a")


def told(version: int, *, again: bool = False) -> Work:
    body = {"metadata": {"resourceVersion": str(version)}}
    return Work(Key("course", "a"), "kim", again, body)


async def test_one_object_is_handed_out_as_it_was_told() -> None:
    queue = FairQueue(10)
    queue.add(told(2))
    assert (await queue.take()).body == {"metadata": {"resourceVersion": "2"}}


async def test_an_object_that_the_rescan_tells_again_stays_believed() -> None:
    """Else a re-scan in a burst would have everything that waits read once more."""
    queue = FairQueue(10)
    queue.add(told(2))
    queue.add(told(2, again=True))
    taken = await queue.take()
    assert (taken.body, taken.again) == ({"metadata": {"resourceVersion": "2"}}, True)


async def test_of_two_objects_neither_is_believed() -> None:
    """The re-scan's list may be older than what the watch told before it: an attempt was lost."""
    queue = FairQueue(10)
    queue.add(told(2))
    queue.add(told(1))
    assert (await queue.take()).body is None


async def test_an_object_told_while_its_key_is_worked_on_is_read_anew() -> None:
    queue = FairQueue(10)
    queue.add(told(1))
    taken = await queue.take()
    queue.add(told(2))
    queue.done(taken.key)
    assert (await queue.take()).body is None


async def test_an_object_that_waited_for_a_timer_is_read_anew() -> None:
    queue = FairQueue(10)
    queue.add_later(told(1), 0.001)
    assert (await asyncio.wait_for(queue.take(), 1)).body is None
