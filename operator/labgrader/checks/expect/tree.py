"""Comparing an expected tree with what an object really has.

Called by ``checks.matches``. Maps are compared by key, lists by ``expect.lists``, scalars by
``expect.operators``. What is not there is not there, never an error; a field whose value is
null counts as not there, and so does an empty list; where a field is not there, nothing below it
is. Must not make sentences.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from labgrader.checks.expect.lists import Pairing, in_force, pair, pair_in_order
from labgrader.checks.expect.operators import ABSENT, holds
from labgrader.checks.expect.places import Place, holds_quantity, into, item, label, shown

_PROGRAM = "command"
"""Its first word says what runs; the words after another first word may mean anything."""
_IN_ORDER = frozenset({_PROGRAM, "args"})
_VARIABLES = "env"
_MISSING: Final = object()


class How(Enum):
    """In which way an object is not as expected."""

    MISSING = "a field is not there"
    UNWANTED = "a field is there that must not be"
    DIFFERENT = "a field has another value"
    NO_ITEM = "no item of a list is as expected"
    TOO_FEW = "one item cannot fulfil two expectations"
    ORDER = "command or args lack something, or have it in another order"


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where an object is not as expected.

    ``agreed`` counts the scalars below it that did agree, to tell which item was meant.
    """

    how: How
    path: str
    expected: str
    seen: str
    agreed: int = 0


def fulfils(expected: Any, seen: Any) -> bool:
    """Whether the object has all that is expected."""
    return _fulfils(expected, seen, ())


def first_difference(expected: Any, seen: Any) -> Difference | None:
    """The first difference; None where there is none."""
    return None if fulfils(expected, seen) else _difference(expected, seen, (), "")


def _fulfils(expected: Any, seen: Any, place: Place) -> bool:
    if seen is _MISSING or seen is None:
        return _wants_nothing(expected)
    if isinstance(expected, dict):
        return isinstance(seen, dict) and all(
            _fulfils(value, seen.get(key, _MISSING), (*place, key))
            for key, value in expected.items()
        )
    if expected == ABSENT:  # resources of others keep a list that has nothing in it
        return isinstance(seen, list | tuple) and not seen
    if isinstance(expected, list | tuple):
        return isinstance(seen, list | tuple) and _pairing(expected, seen, place).unmatched is None
    return holds(expected, seen, quantity=holds_quantity(place))


def _wants_nothing(expected: Any) -> bool:
    """Whether a field that is not there fulfils this.

    A map with nothing in it asks for the field itself.
    """
    if isinstance(expected, dict):
        return bool(expected) and all(_wants_nothing(value) for value in expected.values())
    return bool(expected == ABSENT)


def _pairing(expected: Any, seen: Any, place: Place) -> Pairing:
    def fits(want: Any, candidate: Any) -> bool:
        return _fulfils(want, candidate, place)

    if not place or place[-1] not in _IN_ORDER:
        return pair(expected, _counting(seen, place), fits)
    return pair_in_order(expected, seen, fits, from_first=place[-1] == _PROGRAM)


def _counting(seen: Any, place: Place) -> Sequence[Any]:
    """The items of a list that have an effect."""
    return in_force(seen) if place[-1:] == (_VARIABLES,) else seen


def _difference(expected: Any, seen: Any, place: Place, path: str) -> Difference:
    """The first difference of what is known to differ."""
    if expected == ABSENT:
        return Difference(How.UNWANTED, path, "", shown(seen))
    if seen is _MISSING or seen is None:
        return _missing(expected, path)
    if isinstance(expected, dict) and isinstance(seen, dict):
        return _in_map(expected, seen, place, path)
    if isinstance(expected, list | tuple) and isinstance(seen, list | tuple):
        return _in_list(expected, seen, place, path)
    return Difference(How.DIFFERENT, path, shown(expected), shown(seen))


def _in_map(
    expected: Mapping[str, Any], seen: Mapping[str, Any], place: Place, path: str
) -> Difference:
    first, agreed = None, 0
    for key, value in expected.items():
        there, below = seen.get(key, _MISSING), (*place, key)
        if _fulfils(value, there, below):
            agreed += _scalars(value)
            continue
        found = _difference(value, there, below, into(path, key))
        agreed += found.agreed
        first = first or found
    if first is None:
        raise ValueError(f"nothing differs at {path}")
    return Difference(first.how, first.path, first.expected, first.seen, agreed)


def _in_list(expected: Any, seen: Any, place: Place, path: str) -> Difference:
    if place and place[-1] in _IN_ORDER:
        if place[-1] == _PROGRAM and seen and not _fulfils(expected[0], seen[0], place):
            return _difference(expected[0], seen[0], place, item(path, None, 0))
        return Difference(How.ORDER, path, shown(expected), shown(seen))
    seen = _counting(seen, place)
    pairing = _pairing(expected, seen, place)
    if pairing.unmatched is None:
        raise ValueError(f"nothing differs at {path}")
    agreed = sum(_scalars(expected[index]) for index in pairing.taken.values())
    lonely = expected[pairing.unmatched]
    if any(_fulfils(lonely, candidate, place) for candidate in seen):
        return Difference(How.TOO_FEW, path, shown(lonely), shown(seen), agreed)
    free = [(i, thing) for i, thing in enumerate(seen) if i not in pairing.taken]
    near = _in_nearest(lonely, free, place, path)
    if near is not None:
        return Difference(near.how, near.path, near.expected, near.seen, agreed + near.agreed)
    return Difference(How.NO_ITEM, item(path, label(lonely)), shown(lonely), _names(seen), agreed)


def _in_nearest(
    lonely: Any, free: list[tuple[int, Any]], place: Place, path: str
) -> Difference | None:
    """What differs in the item that was most likely meant; None where no item is alike."""
    if not isinstance(lonely, dict):
        return None
    wanted = label(lonely)
    same = [(i, thing) for i, thing in free if wanted and label(thing, wanted[0]) == wanted]
    found = [
        _difference(lonely, thing, place, item(path, label(thing), index))
        for index, thing in same or free
        if isinstance(thing, dict)
    ]
    best = max(found, key=lambda difference: difference.agreed, default=None)
    return best if best is not None and (same or best.agreed) else None


def _missing(expected: Any, path: str) -> Difference:
    """Names the first field that is expected, not only the map around it."""
    while isinstance(expected, dict):
        wanted = [(key, value) for key, value in expected.items() if not _wants_nothing(value)]
        if not wanted:
            break
        key, expected = wanted[0]
        path = into(path, key)
    return Difference(How.MISSING, path, shown(expected), "")


def _names(seen: Any) -> str:
    labels = [label(thing) for thing in seen]
    named = [value for value in labels if value is not None]
    if named and len(named) == len(labels):
        return ", ".join(value for _, value in named)
    return shown(list(seen))


def _scalars(expected: Any) -> int:
    if isinstance(expected, dict):
        return sum(_scalars(value) for value in expected.values())
    if isinstance(expected, list | tuple):
        return sum(_scalars(value) for value in expected)
    return 1
