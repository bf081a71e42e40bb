"""What the record of a stopped pod shows, at each of its limits."""

from typing import Any

import pytest

from labgrader.checks.draining import Stop, stop, under_way
from labgrader.evidence.timeline import Action, EndpointsSeen, Sample, Timeline

TOLD = Action(1_000, "pod-stopped", "p")
WORK = Sample(850, 150, 200)


def stopped(*actions: Action, **more: Any) -> Stop:
    found = stop(Timeline((Action(10, "other"), TOLD, *actions), **more))
    assert found is not None
    return found


def test_nothing_stopped_is_no_stop() -> None:
    assert stop(Timeline((Action(1, "pod-gone", "p"),))) is None


def test_what_did_not_happen_has_no_time() -> None:
    assert stopped() == Stop(1_000, "p", (), None, None, (), None)


def test_times_count_from_when_the_pod_was_told() -> None:
    found = stopped(
        Action(1_700, "container-ended", "side car 0"),
        Action(1_600, "container-ended", "web 137"),
        Action(1_650, "container-ended", "odd ?"),
        Action(2_500, "pod-gone", "p"),
        Action(2_600, "pod-gone", "p"),
        direct=(WORK,),
        endpoints=(
            EndpointsSeen(900, ()),
            EndpointsSeen(1_100, ("p", "q")),
            EndpointsSeen(1_200, ("q",)),
            EndpointsSeen(1_300, ()),
        ),
    )
    assert found == Stop(
        at_ms=1_000,
        uid="p",
        under_way=(WORK,),
        unready_ms=200,
        ended_ms=600,
        exit_codes=(("side car", 0), ("web", 137), ("odd", -1)),
        gone_ms=1_500,
    )


def test_without_its_containers_a_pod_ended_when_it_was_gone() -> None:
    assert stopped(Action(2_500, "pod-gone", "p")).ended_ms == 1_500


def test_what_was_seen_before_by_another_clock_was_at_once() -> None:
    found = stopped(Action(900, "container-ended", "web 0"), Action(950, "pod-gone", "p"))
    assert (found.ended_ms, found.gone_ms) == (0, 0)
    same = stopped(endpoints=(EndpointsSeen(1_000, ()),))
    assert same.unready_ms == 0


@pytest.mark.parametrize(
    ("sample", "is_under_way"),
    [
        (Sample(850, 150, 200), True),
        (Sample(851, 999, 200), False),
        (Sample(849, 151, 200), True),
        (Sample(800, 199, 200), False),
        (Sample(800, 200, 0, "reset"), True),
    ],
)
def test_a_request_is_under_way_if_it_was_surely_sent_before(
    sample: Sample, *, is_under_way: bool
) -> None:
    assert under_way((sample,), 1_000) == ((sample,) if is_under_way else ())


@pytest.mark.parametrize(
    ("sample", "broken_off"),
    [
        (Sample(1_001, 5, 0, "reset"), True),
        (Sample(1_000, 5, 0, "reset"), False),
        (Sample(1_001, 5, 0, "refused"), False),
        (Sample(900, 500, 0, "reset"), False),
    ],
)
def test_only_what_was_sent_later_was_broken_off(sample: Sample, *, broken_off: bool) -> None:
    assert stopped(direct=(WORK, sample)).broken_off is broken_off


def test_a_cut_request_has_no_good_answer() -> None:
    bad, error = Sample(800, 300, 0, "reset"), Sample(810, 300, 500)
    found = stopped(direct=(WORK, bad, error))
    assert found.cut == (bad, error)
    assert (found.after_ms(bad), found.after_ms(WORK)) == (100, 0)
