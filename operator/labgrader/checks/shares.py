"""How many of N requests an endpoint may get where each of k is equally likely to get each.

Called by ``checks.balances``. kube-proxy chooses an endpoint for every new connection by itself
and with equal chances, so the count of one endpoint is binomial, B(N, 1/k), and all counts
together are multinomial. A count is accepted where neither of its exact tails, P(X <= x) and
P(X >= x), is below a / 2k. By Boole's inequality (the union over k endpoints and two tails) a fair
balancer is then accused with a probability of at most a, whatever N and k: the exact test of
Clopper and Pearson (Biometrika 26, 1934), with Bonferroni's correction for k of them. There is
no normal approximation in it, and no floating point: the tails are compared as whole numbers,
so a verdict is the same on every machine. A proxy that takes turns (IPVS "rr") stays within, too.
"""

from functools import cache
from math import comb

FALSE_ALARM = 1_000_000
"""A fair balancer is accused once in so many times, at most."""


@cache
def accepted(requests: int, endpoints: int) -> range:
    """The counts that one of so many endpoints may get."""
    return range(_lowest(requests, endpoints), _highest(requests, endpoints) + 1)


def _lowest(requests: int, endpoints: int) -> int:
    """The least x with P(X <= x) >= a / 2k."""
    enough, tail, x = _bar(requests, endpoints), 0, 0
    while True:
        tail += _ways(requests, endpoints, x)
        if tail * 2 * endpoints * FALSE_ALARM >= enough:
            return x
        x += 1


def _highest(requests: int, endpoints: int) -> int:
    """The greatest x with P(X >= x) >= a / 2k."""
    enough, tail, x = _bar(requests, endpoints), 0, requests
    while True:
        tail += _ways(requests, endpoints, x)
        if tail * 2 * endpoints * FALSE_ALARM >= enough:
            return x
        x -= 1


def _bar(requests: int, endpoints: int) -> int:
    return int(endpoints**requests)


def _ways(requests: int, endpoints: int, x: int) -> int:
    """P(X = x), times k to the power of N."""
    return int(comb(requests, x) * (endpoints - 1) ** (requests - x))
