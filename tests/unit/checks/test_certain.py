"""Requests in doubt take a finding back only where they could have changed it."""

from collections.abc import Callable, Collection
from dataclasses import replace

import pytest

from labgrader.checks.certain import certain, in_doubt
from labgrader.checks.finding import Finding, Outcome, failed, passed
from labgrader.checks.recovery import served
from labgrader.evidence.timeline import UNHEARD, Sample, Timeline

URL = "http://web:80/"
MANY = 400


def timeline(
    lost: Collection[int] = (), doubtful: Collection[int] = (), *, kept_rate: bool = True
) -> Timeline:
    """Requests, 50 ms apart: those that failed, and those that were sent late."""
    return Timeline(
        actions=(),
        samples=tuple(
            Sample(50 * n, 0, 0 if n in lost else 200, doubtful=n in doubtful) for n in range(MANY)
        ),
        kept_rate=kept_rate,
    )


def at_least(percent: int) -> Callable[[Timeline], Finding]:
    """A judge that wants so many percent of the requests to succeed."""

    def judge(seen: Timeline) -> Finding:
        counted = served(seen.samples, 0, 50 * MANY)
        if counted.reaches(percent * 1000):
            return passed("Fine", lost=counted.failed)
        return failed("Bad", lost=counted.failed)

    return judge


def curve(seen: Timeline) -> Finding:
    """A judge that gives points for the longest time without an answer."""
    gap_ms = served(seen.samples, 0, 50 * MANY).longest_gap_ms
    return failed("Partly", credit=100_000 - 10 * gap_ms)


@pytest.mark.parametrize(
    ("lost", "late", "percent", "outcome"),
    [
        ((), range(20), 95, Outcome.PASSED),  # all of them lost, it were still 95 %
        ((), range(21), 95, Outcome.UNKNOWN),
        (range(41), range(41, 61), 90, Outcome.FAILED),  # all of them answered, still 89.75 %
        (range(41), range(40, 60), 90, Outcome.UNKNOWN),  # the last lost one is itself in doubt
        ((), range(4), 100, Outcome.PASSED),  # one percent is no question
        ((), range(5), 100, Outcome.UNKNOWN),
    ],
)
def test_stands_where_the_doubtful_requests_cannot_change_it(
    lost: range, late: range, percent: int, outcome: Outcome
) -> None:
    finding = certain(timeline(lost, late), URL, 0, at_least(percent))
    assert finding.outcome is outcome


def test_what_came_before_dilutes_no_doubt() -> None:
    seen = timeline((), range(MANY - 4, MANY))
    assert certain(seen, URL, 0, at_least(100)).outcome is Outcome.PASSED
    assert certain(seen, URL, 50 * (MANY - 100), at_least(100)).outcome is Outcome.UNKNOWN


def test_tells_what_was_seen_and_not_what_might_have_been() -> None:
    finding = certain(timeline(range(3), range(10, 20)), URL, 0, at_least(90))
    assert (finding.reason, dict(finding.params)["lost"]) == ("Fine", "3")


def test_a_request_that_nobody_told_of_is_not_told_as_failed() -> None:
    unheard = tuple(
        replace(sample, status=0, error=UNHEARD, doubtful=True) for sample in timeline().samples[:4]
    )
    seen = replace(timeline(), samples=(*unheard, *timeline().samples[4:]))
    finding = certain(seen, URL, 0, at_least(100))
    assert (finding.outcome, dict(finding.params)["lost"]) == (Outcome.PASSED, "0")
    assert [sample.at_ms for sample in seen.heard] == [50 * n for n in range(4, MANY)]
    more = replace(seen, samples=(*unheard, *unheard, *timeline().samples[8:]))
    assert certain(more, URL, 0, at_least(100)).outcome is Outcome.UNKNOWN
    assert certain(more, URL, 0, at_least(98)).outcome is Outcome.PASSED


def test_what_stays_open_may_be_looked_at_again() -> None:
    finding = certain(timeline((), range(100)), URL, 0, at_least(90))
    assert (finding.reason, finding.transient) == ("SamplerBehind", True)
    assert dict(finding.params)["detail"] == URL


def test_part_of_the_points_is_as_open_as_all_of_them() -> None:
    assert certain(timeline(range(4)), URL, 0, curve).credit == 98_000
    assert certain(timeline(range(10, 14), range(10)), URL, 0, curve).outcome is Outcome.UNKNOWN


def test_a_sampler_that_ended_early_proves_nothing() -> None:
    ended = timeline(kept_rate=False)
    assert certain(ended, URL, 0, at_least(0)).reason == "SamplerBehind"
    assert in_doubt(ended)
    assert not in_doubt(timeline(doubtful=range(4)))
    assert in_doubt(timeline(doubtful=range(5)))


def test_the_judge_is_shown_the_worst_and_the_best() -> None:
    seen = timeline(doubtful=range(10))
    gave_up = replace(seen.samples[0], status=0, error="timeout")
    shown: list[tuple[int, str]] = []

    def judge(one: Timeline) -> Finding:
        shown.append((one.samples[0].status, one.samples[0].error))
        return passed("Fine")

    certain(replace(seen, samples=(gave_up, *seen.samples[1:])), URL, 0, judge)
    assert shown == [(0, "timeout"), (0, ""), (200, "")]


def test_the_first_request_counts() -> None:
    first = tuple(Sample(50 * n, 0, 200, doubtful=n < 3) for n in range(50))
    assert in_doubt(Timeline((), samples=first))
    assert not in_doubt(Timeline((), samples=first[1:]))
