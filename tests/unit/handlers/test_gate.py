"""Who looks shares a namespace, who disturbs has it alone."""

import asyncio

import pytest

from labgrader.handlers.gate import Gate


async def test_lookers_share_a_namespace() -> None:
    gate = Gate(1)
    async with gate.looking("kim"), gate.looking("kim"):
        assert True


async def test_who_disturbs_waits_for_lookers_and_keeps_new_ones_out() -> None:
    gate, order = Gate(1), []

    async def disturb() -> None:
        async with gate.disturbing("kim"):
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
    async with gate.disturbing("kim"), gate.looking("lee"), gate.disturbing("park"):
        assert True


async def test_experiments_at_once_are_limited() -> None:
    gate = Gate(1)
    async with gate.disturbing("kim"):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02), gate.disturbing("lee"):
                pytest.fail("two experiments at once")
    async with asyncio.timeout(1), gate.disturbing("lee"):
        assert True


async def test_who_gave_up_waiting_leaves_the_door_open() -> None:
    gate = Gate(1)
    async with gate.looking("kim"):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01), gate.disturbing("kim"):
                pytest.fail("disturbed while somebody looked")
        async with asyncio.timeout(1), gate.looking("kim"):
            assert True
