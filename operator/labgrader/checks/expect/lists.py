"""Which item of a list fulfils which expectation, one-to-one.

Called by ``expect.tree``. Needs no list keys: an item that fulfils an expectation also has
the key that it names. Must not know what fulfilling means.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Fits = Callable[[Any, Any], bool]


@dataclass(frozen=True, slots=True)
class Pairing:
    """``taken`` maps indexes of seen items to the indexes of the expectations they fulfil.

    ``unmatched`` is the first expectation that is left without an item; None where all have one.
    """

    taken: Mapping[int, int]
    unmatched: int | None


def in_force(entries: Sequence[Any]) -> Sequence[Any]:
    """Of entries of one name the last: of variables, it hides the others."""
    last = {_name(entry): index for index, entry in enumerate(entries)}
    return [
        entry
        for index, entry in enumerate(entries)
        if _name(entry) is None or last[_name(entry)] == index
    ]


def _name(entry: Any) -> str | None:
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return name if isinstance(name, str) else None


def pair(expected: Sequence[Any], seen: Sequence[Any], fits: Fits) -> Pairing:
    """Give as many expectations as possible an item of their own (a maximum matching)."""
    candidates = [[j for j, item in enumerate(seen) if fits(want, item)] for want in expected]
    taken: dict[int, int] = {}
    unmatched = [i for i in range(len(expected)) if not _give(i, candidates, taken)]
    return Pairing(taken, unmatched[0] if unmatched else None)


def pair_in_order(
    expected: Sequence[Any], seen: Sequence[Any], fits: Fits, *, from_first: bool = False
) -> Pairing:
    """Items that follow each other as the expectations do; others may stand between them.

    ``from_first`` has the first item fulfil the first expectation: nothing stands before it.
    """
    if from_first and expected and not (seen and fits(expected[0], seen[0])):
        return Pairing({}, 0)
    taken: dict[int, int] = {}
    position = 0
    for index, want in enumerate(expected):
        while position < len(seen) and not fits(want, seen[position]):
            position += 1
        if position == len(seen):
            return Pairing(taken, index)
        taken[position] = index
        position += 1
    return Pairing(taken, None)


def _give(start: int, candidates: Sequence[Sequence[int]], taken: dict[int, int]) -> bool:
    """Find an item for an expectation, moving earlier ones to other items where that helps."""
    reached_from: dict[int, int] = {}
    waiting = deque([start])
    while waiting:
        index = waiting.popleft()
        for item in candidates[index]:
            if item in reached_from:
                continue
            reached_from[item] = index
            if item not in taken:
                _hand_over(item, start, reached_from, taken)
                return True
            waiting.append(taken[item])
    return False


def _hand_over(
    free: int, start: int, reached_from: Mapping[int, int], taken: dict[int, int]
) -> None:
    holds = {index: item for item, index in taken.items()}
    item = free
    while True:
        index = reached_from[item]
        taken[item] = index
        if index == start:
            return
        item = holds[index]
