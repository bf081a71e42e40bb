"""Evidence is kept, waits, or is lost; the verdict comes in any case and says which."""

import asyncio
import os
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from labgrader.evidence.answers import Found, NotThere
from labgrader.evidence.bundle import read, written
from labgrader.evidence.record import record
from labgrader.evidence.store import ref_of
from labgrader.handlers import keeper as module
from labgrader.handlers.keeper import Keeper
from labgrader.store.spool import Spool
from tests.unit.evidence.bundles import CALL, CONFIG
from tests.unit.handlers.keeping import HANDED, Place, kims


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSES", (0.01,))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


async def test_a_bundle_is_kept_under_the_name_that_the_status_says(place: Place) -> None:
    keeper = place.keeper()
    told = await keeper.keep(kims())
    assert told["state"] == "Kept"
    content = await keeper.store.get(told["ref"])
    assert content is not None
    bundle = read(content)
    assert (bundle.source, bundle) == (told["digest"], kims())
    assert told["ref"].startswith("course/kim/course/kim-web/0000001-20261126T170000Z-")
    assert keeper.spool.waiting() == []


async def test_while_the_store_is_away_evidence_waits_and_is_delivered_later(place: Place) -> None:
    place.take_away()
    keeper = place.keeper()
    told = await keeper.keep(kims())
    assert told["state"] == "Pending"
    place.courses.has({"result": "Passed", "evidence": told})
    place.give_back()
    await place.run_until(keeper, lambda: place.state() == "Kept" and not keeper._away)
    assert keeper.spool.waiting() == []
    assert await keeper.store.refs() == [told["ref"]]
    assert place.courses.bodies["kim-web"]["status"]["result"] == "Passed"
    assert (await keeper.keep(kims()))["state"] == "Kept", "the store is trusted again"


def counted(keeper: Keeper) -> dict[str, float]:
    """The samples as Prometheus reads them."""
    metrics = keeper.metrics
    found = [
        s
        for m in (metrics.pending, metrics.delivered, metrics.failed)
        for f in m.collect()
        for s in f.samples
    ]
    return {s.name: s.value for s in found if not s.name.endswith("_created")}


def counts(pending: int, delivered: int, failed: int) -> dict[str, float]:
    return {
        "labgrader_evidence_pending": pending,
        "labgrader_evidence_delivered_total": delivered,
        "labgrader_evidence_failed_total": failed,
    }


async def test_metrics_tell_what_is_kept_what_waits_and_what_is_lost(place: Place) -> None:
    keeper = place.keeper()
    await keeper.keep(kims())
    assert counted(keeper) == counts(0, 1, 0)
    place.take_away_for_now()
    told = await keeper.keep(kims(ended="2026-11-26T17:00:01Z"))
    assert counted(keeper) == counts(1, 1, 0)
    keeper.spool = Spool(place.folder / "spool", 10)
    await keeper.keep(kims(ended="2026-11-26T17:00:02Z"))
    odd = record({CONFIG: Found({"no JSON": object()})}, {})
    await keeper.keep(kims(kept=odd))
    assert counted(keeper) == counts(1, 1, 2)
    place.courses.has({"evidence": told})
    place.give_back_again()
    await place.run_until(keeper, lambda: place.state() == "Kept" and not keeper.spool.waiting())
    await place.run_until(keeper, lambda: counted(keeper) == counts(0, 2, 2))


async def test_what_a_predecessor_lost_is_counted(place: Place) -> None:
    ref = "course/kim/course/kim-web/0000001-20261126T170000Z-" + "0" * 64 + ".lab"
    told = {"state": "Pending", "digest": "sha256:" + "0" * 64, "ref": ref}
    place.courses.has({"evidence": told})
    keeper = place.keeper()
    await place.run_until(keeper, lambda: place.state() == "Lost")
    assert counted(keeper) == counts(0, 0, 1)


async def test_a_store_that_hangs_delays_one_grading_and_no_other(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_IN_THE_WAY_SECONDS", 0.1)
    asked: list[str] = []

    @dataclass
    class Hanging:
        async def put(self, ref: str, _content: bytes) -> None:
            asked.append(ref)
            await asyncio.sleep(60)

    keeper = place.keeper()
    keeper.store = Hanging()  # type: ignore[assignment]  # scripted
    states = [(await keeper.keep(kims(ended=f"2026-11-26T17:00:0{n}Z")))["state"] for n in range(3)]
    assert states == ["Pending"] * 3
    assert len(asked) == 1


async def test_what_waits_outlives_the_process(place: Place) -> None:
    place.take_away()
    told = await place.keeper().keep(kims())
    place.courses.has({"evidence": told})
    place.give_back()
    await place.run_until(place.keeper(), lambda: place.state() == "Kept")


async def test_too_much_that_waits_is_lost_and_said_to_be(place: Place) -> None:
    place.take_away()
    place.limit = 10
    told = await place.keeper().keep(kims())
    assert told["state"] == "Lost"


async def test_evidence_that_cannot_be_written_down_is_lost_and_said_to_be(place: Place) -> None:
    odd = record({CONFIG: Found({"no JSON": object()})}, {})
    assert (await place.keeper().keep(kims(kept=odd)))["state"] == "Lost"


async def test_a_status_that_does_not_speak_of_it_yet_is_waited_for(place: Place) -> None:
    place.take_away()
    keeper = place.keeper()
    told = await keeper.keep(kims())
    place.courses.has({"result": "Grading"})
    place.give_back()
    await place.run_until(keeper, lambda: bool(keeper._untold))
    assert [digest for digest, _ in keeper.spool.waiting()] == [told["digest"]]
    place.courses.has({"evidence": told})
    await place.run_until(keeper, lambda: place.state() == "Kept" and not keeper.spool.waiting())
    assert place.courses.writes == 1


async def test_an_api_server_that_is_away_is_waited_for(place: Place) -> None:
    place.take_away()
    keeper = place.keeper()
    place.courses.has({"evidence": await keeper.keep(kims())})
    place.give_back()
    place.courses.away = True
    await place.run_until(keeper, lambda: bool(keeper._untold))
    assert place.state() == "Pending"
    place.courses.away = False
    await place.run_until(keeper, lambda: place.state() == "Kept")


async def test_a_submission_that_is_gone_or_another_holds_nothing_up(place: Place) -> None:
    place.take_away()
    keeper = place.keeper()
    await keeper.keep(kims())
    place.courses.has({})
    place.courses.bodies["kim-web"]["metadata"]["uid"] = "another"
    place.give_back()
    await place.run_until(keeper, lambda: not keeper.spool.waiting())
    assert place.courses.writes == 0


@pytest.mark.parametrize(("arrived", "state"), [(True, "Kept"), (False, "Lost")])
async def test_what_a_predecessor_left_pending_is_settled(
    place: Place, *, arrived: bool, state: str
) -> None:
    keeper = place.keeper()
    _, packed = written(kims())
    ref = str(ref_of(kims(), packed.digest))
    if arrived:
        await keeper.store.put(ref, packed.file)
    pending = {"state": "Pending", "digest": packed.digest, "ref": ref}
    place.courses.has({"history": [{"attempt": 1, "evidence": pending}, {"attempt": 1}]})

    def told() -> str:
        history = place.courses.bodies["kim-web"]["status"]["history"]
        return str(history[0]["evidence"]["state"])

    await place.run_until(keeper, lambda: told() == state)


async def test_only_the_last_gradings_of_a_submission_are_kept(place: Place) -> None:
    keeper = place.keeper()
    refs = [
        (await keeper.keep(kims(ended=f"2026-11-26T17:00:0{number}Z")))["ref"]
        for number in range(4)
    ]
    other = await keeper.keep(kims(submission=replace(HANDED, name="other")))
    await place.run_until(keeper, lambda: len(list(place.root.rglob("*.lab"))) == 3)
    assert await keeper.store.refs() == sorted([*refs[2:], other["ref"]])


async def test_what_a_killed_operator_left_unfinished_is_let_go(place: Place) -> None:
    keeper = place.keeper()
    told = await keeper.keep(kims())
    new = place.root / told["ref"].replace("kim", "lee")
    files = [new.with_name(f"{new.name}.part"), place.root / f"{told['ref']}.part"]
    files += [keeper.spool.folder / "aa.part"]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"ha")
    for file in files[1:]:
        os.utime(file, (0, 0))
    await place.run_until(keeper, lambda: not any(file.exists() for file in files[1:]))
    assert files[0].exists(), "it may still be written"
    assert await keeper.store.refs() == [told["ref"]]


async def test_a_store_that_holds_nothing_yet_is_no_trouble(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "_TIDY_SECONDS", -1.0)
    keeper = place.keeper()
    keeper._away = True
    await place.run_until(keeper, lambda: not keeper._away)
    assert (caplog.messages, place.root.exists()) == ([], False)
    told = await keeper.keep(kims())
    assert await keeper.store.refs() == [told["ref"]]


@pytest.mark.parametrize("waits", [True, False])
async def test_an_earlier_trys_evidence_is_taken_over(place: Place, *, waits: bool) -> None:
    if waits:
        place.take_away()
    keeper = place.keeper()
    before = record({CONFIG: NotThere()}, {"settled": {CONFIG: NotThere()}})
    status = {"evidence": await keeper.keep(kims(kept=before))}
    now = record({CALL: NotThere()}, {"open": {CALL: NotThere()}})
    both = await keeper.with_earlier(now, status, ["settled"])
    assert both.own("settled") == {CONFIG: NotThere()}
    assert both.own("open") == {CALL: NotThere()}
    assert await keeper.with_earlier(now, status, []) == now
    gone = {"evidence": {"digest": "sha256:" + "1" * 64, "ref": "x"}}
    assert await keeper.with_earlier(now, gone, ["settled"]) == now
