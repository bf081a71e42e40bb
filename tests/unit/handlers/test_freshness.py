"""Whether the watches are alive: told from what two re-scans in a row found and they did not."""

from typing import Any

from labgrader.handlers.freshness import Freshness


def body(uid: str, generation: int) -> dict[str, Any]:
    return {"metadata": {"uid": uid, "generation": generation}}


def test_what_the_watch_brought_is_no_reason_to_doubt_it() -> None:
    freshness = Freshness()
    freshness.saw(body("a", 2))
    for _ in range(5):
        freshness.scanned({"a": 2})
    assert freshness.alive


def test_a_watch_that_is_a_moment_behind_is_alive() -> None:
    freshness = Freshness()
    for generation in range(1, 6):
        freshness.scanned({"a": generation})  # something newer each time
        freshness.saw(body("a", generation))
    assert freshness.alive


def test_a_watch_that_brings_nothing_is_dead_and_may_come_back() -> None:
    freshness = Freshness()
    lives = []
    for _ in range(3):
        freshness.scanned({"a": 1})
        lives.append(freshness.alive)
    freshness.saw(body("a", 1))
    freshness.scanned({"a": 1})
    assert [*lives, freshness.alive] == [True, True, False, True]


def test_what_is_gone_is_forgotten() -> None:
    freshness = Freshness()
    assert freshness.saw(body("a", 1))
    assert not freshness.saw(body("a", 2))
    freshness.scanned({})
    assert freshness.saw(body("a", 1))
