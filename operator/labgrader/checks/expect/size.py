"""How much comparing an object with an expectation would cost.

Called by ``checks.matches`` and ``expect.problems``. A learner writes the object: one with
tens of thousands of list items must cost the grader a message, not minutes.
"""

from collections.abc import Iterable, Mapping
from typing import Any

MOST_COMPARISONS = 2_000_000
"""Each expected node meets each node of the object at most once in a pass; seconds, not minutes."""


def comparable(trees: Iterable[Any], seen: Mapping[str, Any]) -> bool:
    """Whether comparing an object with all these expectations stays within the budget.

    Maps are followed by key, so without a list in an expectation there is nothing to search,
    and what it does not name at its first level is never looked at.
    """
    return sum(_comparisons(tree, seen) for tree in trees) <= MOST_COMPARISONS


def _comparisons(expected: Any, seen: Mapping[str, Any]) -> int:
    if not isinstance(expected, Mapping) or not _has_list(expected):
        return 0
    looked_at = {name: seen.get(name) for name in expected}
    return nodes(expected) * nodes(looked_at)


def _has_list(value: Any) -> bool:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list | tuple):
            return True
        if isinstance(one, dict):
            waiting.extend(one.values())
    return False


def nodes(value: Any) -> int:
    """How many values a tree has, without recursion."""
    count, waiting = 1, [value]
    while waiting:
        inside = below(waiting.pop())
        count += len(inside)
        waiting.extend([one for one in inside if isinstance(one, dict | list | tuple)])
    return count


def below(value: Any) -> list[Any]:
    """The values directly in a value."""
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple) else []
