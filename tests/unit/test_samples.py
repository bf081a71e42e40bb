"""From a sampler's lines to Samples: the pod's clock, what is missing, what was late."""

from typing import Any

from labgrader.cluster.experiments.job import Line
from labgrader.cluster.experiments.samples import collect, covered, steady, whole

RATE = 20


def line(n: int, *, ahead: int = 5_000, delay: int = 3, **more: Any) -> Line:
    """Request ``n`` of a sampler that began at ``ahead`` on our clock; RATE a second."""
    body: dict[str, Any] = {
        "n": n,
        "at": 50 * n,
        "late": 0,
        "took": 4,
        "status": 200,
        "error": "",
    } | more
    now = body["at"] + body["took"]
    return Line(ahead + now + delay, {**body, "now": now})


def test_puts_samples_on_our_clock_by_the_fastest_line() -> None:
    start = Line(5_900, {"start": "n", "now": 0})  # the first lines come late, in one piece
    lines = [start, line(1), line(0, delay=900), line(2, delay=40)]
    assert [sample.at_ms for sample in collect(lines)] == [5_003, 5_053, 5_103]
    assert collect([]) == ()


def test_waits_for_every_request_that_was_sent_before_the_decision() -> None:
    lines = [line(n) for n in range(20) if n != 7]
    assert not covered(lines, 5_003 + 800, RATE)  # number 7 may still fail
    assert covered([*lines, line(7, took=900)], 5_003 + 800, RATE)
    assert not covered([line(n) for n in range(10)], 5_003 + 800, RATE)  # not there yet


def test_what_comes_after_the_decision_need_not_be_complete() -> None:
    assert covered([line(n) for n in range(10)] + [line(12)], 5_003 + 480, RATE)


def test_a_request_that_was_sent_late_is_in_doubt() -> None:
    told = collect([line(0, late=250), line(1, late=251, took=260)])
    assert [sample.doubtful for sample in told] == [False, True]


def test_a_client_that_gave_up_late_may_have_had_its_answer() -> None:
    """Its timer should have ended it after 2 s: it got no CPU, and read nothing."""
    gave_up: dict[str, Any] = {"status": 0, "error": "timeout"}
    told = collect(
        [
            line(0, took=2_250, **gave_up),
            line(1, took=2_251, **gave_up),
            line(2, took=2_450, late=200, **gave_up),
            line(3, took=2_451, late=200, **gave_up),
            line(4, took=3_000, status=0, error="reset"),
        ]
    )
    assert [sample.doubtful for sample in told] == [False, True, False, True, False]


def test_a_request_that_nobody_told_of_is_in_doubt_at_the_moment_when_it_was_due() -> None:
    lines, until = [line(n) for n in (0, 1, 4, 6)], 5_003 + 200
    told = whole(lines, until, RATE)
    assert [(sample.at_ms, sample.error) for sample in told] == [
        (5_003, ""),
        (5_053, ""),
        (5_103, "unheard"),
        (5_153, "unheard"),
        (5_203, ""),
        (5_303, ""),  # what is due after the decision may still be on its way
    ]
    assert [sample.doubtful for sample in told] == [False, False, True, True, False, False]
    assert not any(sample.succeeded for sample in told if sample.doubtful)


def test_a_sampler_that_only_began_leaves_everything_in_doubt() -> None:
    told = whole([Line(5_000, {"start": "n", "now": 0})], 5_100, RATE)
    assert [sample.at_ms for sample in told] == [5_000, 5_050, 5_100]
    assert all(sample.doubtful for sample in told)


FAILED: dict[str, Any] = {"status": 0, "error": "refused"}


def test_clients_are_steady_after_enough_good_answers_in_a_row() -> None:
    good = [line(n) for n in range(20)]
    assert steady(good, 20)
    assert not steady(good[:19], 20)
    assert not steady([*good[:10], *good[11:], line(20)], 20), "the answer to one is on its way"
    assert not steady([], 1)


def test_clients_are_not_steady_soon_after_a_request_that_failed() -> None:
    lines = [line(0), line(1), line(2, **FAILED), *(line(n) for n in range(3, 8))]
    assert steady(lines, 5)
    assert not steady(lines, 6)
    assert not steady([*lines, line(8, **FAILED)], 5)


def test_how_soon_an_answer_comes_does_not_matter_for_whether_clients_are_steady() -> None:
    slow = [line(n, took=500) for n in range(0, 8, 2)]
    quick = [line(n) for n in range(1, 8, 2)]
    assert steady([*quick, *slow], 8)
    assert not steady([*quick, *slow[:-1]], 8)
