"""From a sampler's lines to Samples: the pod's clock, what is missing, what was late."""

from typing import Any

from labgrader.cluster.experiments.job import Line
from labgrader.cluster.experiments.samples import collect, covered, kept_rate

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


def test_a_sampler_that_sends_late_or_loses_lines_did_not_keep_its_rate() -> None:
    whole, until = [line(n) for n in range(100)], 5_003 + 99 * 50
    assert kept_rate(whole, until, RATE)
    assert kept_rate([*whole[:50], *whole[52:]], until, RATE)
    assert not kept_rate([*whole[:50], *whole[53:]], until, RATE)
    assert not kept_rate([*whole, *(line(100 + n, late=251) for n in range(3))], until, RATE)
    assert not kept_rate([], until, RATE)
