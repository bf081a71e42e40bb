"""What is measured on disturbed and updated workloads, at each of its limits."""

from typing import Any

import pytest

from labgrader.checks.recovery import (
    WATCHED_MS,
    Fault,
    Served,
    bar,
    fault,
    healed_at,
    lowest,
    seconds,
    served,
)
from labgrader.checks.rollout import (
    Rollout,
    back_at,
    rollout,
    settled_at,
    updated_at,
    watched_until,
)
from labgrader.evidence.timeline import Action, PodsSeen, Sample, Timeline


def seen(at_ms: int, ready: str, others: str = "", wanted: int = 2) -> PodsSeen:
    return PodsSeen(at_ms, tuple(ready), tuple(others), wanted)


def deleted(*pods: PodsSeen, also: tuple[Action, ...] = ()) -> Timeline:
    return Timeline((Action(100, "pod-deleted", "a"), *also), pods=pods)


def test_what_was_seen_at_the_very_moment_was_before_it() -> None:
    at_once, after = seen(100, "ab"), seen(101, "bc")
    found = fault(deleted(seen(50, "a"), at_once, after))
    assert found == Fault(100, frozenset("a"), at_once)
    assert fault(Timeline((Action(1, "other", "x"),))) is None
    with pytest.raises(ValueError, match="without the pods before it"):
        fault(deleted(after))


def test_a_restart_counts_from_the_fault_on_and_the_first_of_each() -> None:
    again = [Action(at, "container-restarted", "a") for at in (99, 100, 105)]
    found = fault(deleted(seen(0, "ab"), also=tuple(again)))
    assert found is not None
    assert found.again == {"a": 100}
    assert found.restarted(seen(99, "")) == set()
    assert found.restarted(seen(100, "")) == {"a"}


def test_it_is_healed_only_after_the_fault() -> None:
    timeline = deleted(seen(0, "ab"), seen(100, "bc"), seen(200, "bc"))
    assert healed_at(timeline, Fault(100, frozenset("a"), seen(0, "ab"))) == 200
    assert healed_at(deleted(seen(0, "ab")), Fault(100, frozenset("a"), seen(0, "ab"))) is None


def test_the_lowest_number_of_ready_pods_is_one_of_the_meantime() -> None:
    found = Fault(100, frozenset("a"), seen(0, "abc"))
    during = (seen(0, "abc"), seen(100, ""), seen(150, "ab"), seen(200, "b"), seen(201, ""))
    assert lowest(deleted(*during), found, 200) == 1
    assert lowest(deleted(*during), found, 199) == 2
    assert lowest(deleted(seen(100, "")), found, 200) == 3
    stopped = (Action(120, "node-stopped", "n"),)
    assert lowest(deleted(*during, also=stopped), found, 199) == 1


@pytest.mark.parametrize(
    ("took", "gap"),
    [([500, 500], 0), ([501, 500], 501), ([2_000, 501], 551), ([2_000, 1_950], 2_000)],
)
def test_who_waits_long_for_a_good_answer_has_seen_a_gap(took: list[int], gap: int) -> None:
    """Until anybody gets one: of two, sent 50 ms apart."""
    asked = [Sample(50 * number, ms, 200) for number, ms in enumerate(took)]
    assert served(asked, 0, 60) == Served(2, 0, gap)


def test_a_stall_ends_with_the_first_answer_after_it() -> None:
    stalled = [Sample(50 * number, 1_000 - 50 * number, 200) for number in range(20)]
    assert served([*stalled, *samples("xx", 1_000)], 0, 1_010) == Served(22, 0, 1_000)
    one_slow = [Sample(0, 1_900, 200), *samples("xx", 50)]
    assert served(one_slow, 0, 60) == Served(3, 0, 50)
    always_slow = [Sample(50 * number, 1_900, 200) for number in range(100)]
    assert served(always_slow, 2_000, 4_000) == Served(41, 0, 0), "slow is no gap"


def test_an_answer_in_doubt_kept_nobody_waiting() -> None:
    late = [Sample(0, 1_900, 200, doubtful=True)]
    assert served(late, 0, 0) == Served(1, 0, 0)


def samples(answered: str, since_ms: int = 0) -> list[Sample]:
    """One every 10 ms; a dot is one without an answer."""
    return [
        Sample(since_ms + index * 10, 0, 200 if one == "x" else 0)
        for index, one in enumerate(answered)
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (samples("xx"), Served(2, 0, 0)),
        (samples(""), Served(0, 0, 0)),
        (samples("x.x"), Served(3, 1, 10, 10, 10)),
        (samples("..x."), Served(4, 3, 20, 0, 30)),
        (samples("x.."), Served(3, 2, 30, 10, 20)),
        (samples("x.xx."), Served(5, 2, 10, 10, 40)),
        (list(reversed(samples("x.x"))), Served(3, 1, 10, 10, 10)),
    ],
)
def test_what_clients_saw(asked: list[Sample], found: Served) -> None:
    assert served(asked, 0, 40) == found


def test_only_requests_of_the_time_count_and_from_its_beginning() -> None:
    asked = samples("..x..")
    assert served(asked, 10, 30) == Served(3, 2, 10, 0, 20)


def test_a_share_is_met_exactly() -> None:
    assert Served(1000, 10, 0).reaches(99_000)
    assert not Served(1000, 11, 0).reaches(99_000)
    assert Served(100_001, 1, 0).reaches(99_999)
    assert [Served(3, 1, 0).share, Served(0, 0, 0).share] == [66_666, 0]


def test_times_are_told_without_needless_digits() -> None:
    assert [seconds(ms) for ms in (0, 100, 101, 9_999)] == ["0.0", "0.1", "0.2", "10.0"]
    assert [bar(ms) for ms in (60_000, 500, 1_250)] == ["60", "0.5", "1.25"]


def updated(*pods: PodsSeen, wanted: int = 2, **more: Any) -> Rollout:
    """Of pods a and b to c and d, from 100 on."""
    actions = [Action(100, "updated", "x"), *(Action(110, "pod-new", one) for one in "cd")]
    actions += [Action(at, "pod-ending", uid) for uid, at in more.pop("ending", {}).items()]
    actions += [Action(at, "update-undone") for at in more.pop("undone", ())]
    found = rollout(Timeline(tuple(actions), pods=(seen(0, "ab", wanted=wanted), *pods)))
    assert found is not None
    return found


def test_no_update_is_no_rollout() -> None:
    assert rollout(Timeline((), pods=(seen(0, "a"),))) is None
    assert rollout(Timeline((Action(100, "updated"),), pods=(seen(101, "a"),))) is None
    at_once = rollout(Timeline((Action(100, "updated"),), pods=(seen(100, "a"),)))
    assert at_once is not None
    assert at_once.before == seen(100, "a")


def test_it_is_updated_when_new_pods_alone_live() -> None:
    assert updated_at(updated(seen(100, "cd"), seen(150, "cd"))) == 150
    assert updated_at(updated(seen(150, "ac"), seen(160, "c"), seen(170, "cd", "a"))) is None
    assert updated_at(updated(seen(170, "cd", "a"), ending={"a": 170})) == 170
    assert updated_at(updated(seen(170, "cd", "a"), ending={"a": 171})) is None
    assert updated_at(updated(seen(150, "c"), wanted=1)) == 150
    assert updated_at(updated(seen(150, ""), wanted=0)) is None
    assert updated_at(updated(seen(150, "c"), wanted=0)) == 150


def test_what_is_updated_only_after_the_undo_is_not() -> None:
    late = updated(seen(150, "c"), seen(200, "cd"), undone=(200,))
    assert updated_at(late) == 200
    assert updated_at(updated(seen(150, "c"), seen(201, "cd"), undone=(200,))) is None


def test_it_is_back_when_no_new_pod_lives() -> None:
    found = updated(seen(150, "cd"), seen(200, "ab"), seen(210, "ab"), undone=(200,))
    assert back_at(found) == 210
    assert back_at(updated(seen(250, "ab", "c"), undone=(200,))) is None
    assert back_at(updated(seen(250, "ab", "c"), undone=(200,), ending={"c": 250})) == 250
    assert back_at(updated(seen(250, "a"), undone=(200,), wanted=1)) == 250
    assert back_at(updated(seen(250, "a"), undone=(200,))) is None


def test_it_has_settled_when_none_of_the_others_is_left() -> None:
    found = updated(seen(150, "cd", "a"), seen(200, "cd"), ending={"a": 150})
    assert settled_at(found, 150) == settled_at(found, 200) == 200
    assert settled_at(found, 201) is None
    back = updated(seen(150, "ab", "c"), seen(200, "ab"), undone=(120,))
    assert settled_at(back, 150) == 200


def test_clients_are_watched_until_it_has_settled_or_long_enough() -> None:
    found = updated(seen(20_000, "cd", "a"), seen(31_000, "cd"))
    assert watched_until(found, 20_000) == 31_000
    assert watched_until(found, 15_000) == 30_000
    assert watched_until(updated(seen(20_000, "cd", "a")), 20_000) == 35_000
    assert watched_until(updated(seen(150, "cd")), 150) == 100 + WATCHED_MS
