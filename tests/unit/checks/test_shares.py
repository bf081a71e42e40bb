"""What share of the requests is fair: exact tails, held against sums of fractions."""

from fractions import Fraction
from math import comb
from random import Random

import pytest

from labgrader.checks.shares import FALSE_ALARM, accepted


def likelihood(requests: int, endpoints: int, counts: range) -> Fraction:
    """How likely one endpoint's count lies in a range, as the textbook has it."""
    share = Fraction(1, endpoints)
    return sum(
        (comb(requests, x) * share**x * (1 - share) ** (requests - x) for x in counts),
        Fraction(0),
    )


@pytest.mark.parametrize(("requests", "endpoints"), [(100, 2), (400, 2), (400, 3), (400, 13)])
def test_a_fair_balancer_is_hardly_ever_accused(requests: int, endpoints: int) -> None:
    fair = accepted(requests, endpoints)
    outside = 1 - likelihood(requests, endpoints, fair)
    assert endpoints * outside <= Fraction(1, FALSE_ALARM)


@pytest.mark.parametrize(("requests", "endpoints"), [(100, 2), (400, 2), (400, 3), (400, 13)])
def test_no_narrower_range_would_do(requests: int, endpoints: int) -> None:
    fair, bar = accepted(requests, endpoints), Fraction(1, 2 * endpoints * FALSE_ALARM)
    assert likelihood(requests, endpoints, range(fair[0] + 1)) >= bar
    assert likelihood(requests, endpoints, range(fair[0])) < bar
    assert likelihood(requests, endpoints, range(fair[-1], requests + 1)) >= bar
    assert likelihood(requests, endpoints, range(fair[-1] + 1, requests + 1)) < bar


def test_so_many_requests_as_are_sent_for_each_pod_miss_none_by_chance() -> None:
    assert all(accepted(max(100, 30 * endpoints), endpoints)[0] > 0 for endpoints in range(2, 41))


def test_a_thousand_fair_balancers_are_all_accepted() -> None:
    chance, fair = Random(7), accepted(400, 3)  # noqa: S311 (the same every time)
    for _ in range(1000):
        counts = [0, 0, 0]
        for _ in range(400):
            counts[chance.randrange(3)] += 1
        assert all(count in fair for count in counts)


def test_one_that_favours_a_pod_twice_over_is_found() -> None:
    chance, fair, found = Random(7), accepted(400, 2), 0  # noqa: S311 (the same every time)
    for _ in range(100):
        first = sum(chance.randrange(3) < 2 for _ in range(400))
        found += first not in fair
    assert found >= 95
