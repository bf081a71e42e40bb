"""Who looks shares a namespace, who disturbs has it alone."""

import asyncio

import pytest

from labgrader.handlers.gate import Gate
from labgrader.handlers.turns import Turn


async def test_lookers_share_a_namespace() -> None:
    gate = Gate(1)
    async with gate.looking("kim"), gate.looking("kim"):
        assert True


async def test_who_disturbs_waits_for_lookers_and_keeps_new_ones_out() -> None:
    gate, order = Gate(1), []

    async def disturb() -> None:
        async with gate.disturbing(Turn("kim", "lab")):
            order.append("disturbing")

    async def look() -> None:
        async with gate.looking("kim"):
            order.append("looking")

    async with gate.looking("kim"):
        first = asyncio.create_task(disturb())
        await asyncio.sleep(0)
        second = asyncio.create_task(look())
        await asyncio.sleep(0.01)
        assert order == []
    await asyncio.gather(first, second)
    assert order == ["disturbing", "looking"]


async def test_other_namespaces_are_not_kept_waiting() -> None:
    gate = Gate(2)
    async with (
        gate.disturbing(Turn("kim", "lab")),
        gate.looking("lee"),
        gate.disturbing(Turn("park", "lab")),
    ):
        assert True


async def test_experiments_at_once_are_limited() -> None:
    gate = Gate(1)
    async with gate.disturbing(Turn("kim", "lab")):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02), gate.disturbing(Turn("lee", "lab")):
                pytest.fail("two experiments at once")
    async with asyncio.timeout(1), gate.disturbing(Turn("lee", "lab")):
        assert True


async def test_who_gave_up_waiting_leaves_the_door_open() -> None:
    gate = Gate(1)
    async with gate.looking("kim"):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01), gate.disturbing(Turn("kim", "lab")):
                pytest.fail("disturbed while somebody looked")
        async with asyncio.timeout(1), gate.looking("kim"):
            assert True


async def test_who_waited_while_another_left_is_still_seen() -> None:
    """A looker that waits behind an experiment must keep the next experiment out."""
    gate, looking, go = Gate(2), asyncio.Event(), asyncio.Event()

    async def look() -> None:
        async with gate.looking("kim"):
            looking.set()
            await go.wait()

    async with gate.disturbing(Turn("kim", "lab")):
        looker = asyncio.create_task(look())
        await asyncio.sleep(0)
        assert not gate.is_open("kim")
    await asyncio.wait_for(looking.wait(), 1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05), gate.disturbing(Turn("kim", "lab")):
            pytest.fail("disturbed while somebody looked")
    go.set()
    await looker
    assert gate.is_open("kim")


async def test_a_looker_goes_on_when_the_experiment_before_it_gives_up_waiting() -> None:
    gate, looked = Gate(1), asyncio.Event()

    async def disturb() -> None:
        async with gate.disturbing(Turn("kim", "lab")):
            pytest.fail("somebody looks")

    async def look() -> None:
        async with gate.looking("kim"):
            looked.set()

    async with gate.looking("kim"):
        first = asyncio.create_task(disturb())
        await asyncio.sleep(0)
        second = asyncio.create_task(look())
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait_for(looked.wait(), 1)
    await asyncio.gather(first, second, return_exceptions=True)
