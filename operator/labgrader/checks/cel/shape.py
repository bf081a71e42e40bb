"""What is known of a value before it is computed: how large it can be, and what it can be.

Made and combined by ``cost``. A value out of a real object is known itself; of a computed
value only bounds are known. Must not know the syntax of expressions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_LETTERS = 16
"""Letters that weigh as much as one value."""
ORDINARY_ITEMS = 10
"""How many items a list of an object has that nobody has seen yet."""
_ORDINARY_WEIGHT = 2000


@dataclass(frozen=True, slots=True)
class Shape:
    """Bounds of a value.

    ``weight`` counts the values in it, and its letters by sixteen; ``count`` its items.
    ``known`` are the values that it can be where it comes out of an object, at ``path`` (empty
    where that cannot be told in a few words).
    ``item`` is the shape of its items where that is known. ``no_order``: its items stand in
    the accidental order of a map's keys. ``is_list``: it is certainly no map. ``unseen``: of an
    object that is not there yet.
    """

    weight: int
    count: int
    known: tuple[Any, ...] | None = None
    path: str = ""
    item: "Shape | None" = None
    no_order: bool = False
    is_list: bool = False
    unseen: bool = False

    @property
    def keyed(self) -> bool:
        """Whether going through its items may be going through a map's keys."""
        if self.known is not None:
            return any(isinstance(value, Mapping) for value in self.known)
        return not (self.is_list or self.unseen)

    def items(self) -> "Shape":
        """One of its items (of a map: a key)."""
        if self.item is not None:
            return self.item
        if self.known is not None:
            path = _under(self.path, "[*]") if self.is_list else ""
            return real(tuple(x for value in self.known for x in _walked(value)), path)
        if self.unseen:
            return unseen(max(4, self.weight // ORDINARY_ITEMS))
        return computed(self.weight)

    def at(self, key: str) -> "Shape":
        """The value of a key."""
        if self.known is not None:
            path = _under(self.path, f".{key}" if key.isidentifier() else f'["{key}"]')
            found = (v[key] for v in self.known if isinstance(v, Mapping) and key in v)
            return real(tuple(found), path)
        return self.inside()

    def inside(self) -> "Shape":
        """The value of some key or index."""
        if self.known is not None:
            return real(tuple(x for value in self.known for x in _below(value)), "")
        if self.unseen:
            return self
        return self.item or computed(self.weight)

    def lacks(self, key: str) -> bool:
        """Whether a map that it can be has no such key."""
        return any(isinstance(v, Mapping) and key not in v for v in self.known or ())


def real(values: tuple[Any, ...], path: str) -> Shape:
    """What stands at a place of an object."""
    weight = max(map(weigh, values), default=1)
    is_list = bool(values) and not any(isinstance(value, Mapping) for value in values)
    return Shape(weight, max(map(_length, values), default=0), values, path, is_list=is_list)


def unseen(weight: int = _ORDINARY_WEIGHT) -> Shape:
    """What may stand at a place of an ordinary object."""
    return Shape(weight, ORDINARY_ITEMS, unseen=True)


def computed(weight: int) -> Shape:
    """Any value up to a weight."""
    return Shape(weight, weight)


def either(one: Shape, other: Shape) -> Shape:
    """One of two values."""
    both = one.known is not None and other.known is not None
    known = (
        (*one.known, *other.known) if one.known is not None and other.known is not None else None
    )
    return Shape(
        weight=max(one.weight, other.weight),
        count=max(one.count, other.count),
        known=known,
        path=one.path if both and one.path == other.path else "",
        item=item_of(one, other),
        no_order=one.no_order or other.no_order,
        is_list=one.is_list and other.is_list,
        unseen=one.unseen and other.unseen,
    )


def item_of(one: Shape, other: Shape) -> Shape | None:
    """An item of one of two lists; None where nothing is known of it."""
    items = [
        shape.item if shape.known is None else shape.items()
        for shape in (one, other)
        if shape.count
    ]
    if len(items) < 2:  # noqa: PLR2004 (of the two, one is empty)
        return items[0] if items else None
    return either(items[0], items[1]) if items[0] and items[1] else None


def weigh(value: Any) -> int:
    """The weight of JSON, without recursion."""
    weight, waiting = 0, [value]
    while waiting:
        one = waiting.pop()
        weight += 1
        if isinstance(one, str):
            weight += len(one) // _LETTERS
        elif isinstance(one, Mapping):
            weight += sum(1 + len(key) // _LETTERS for key in one)
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return weight


def _under(path: str, step: str) -> str:
    """A path one step further; no path where there was none."""
    return path and path + step


def _length(value: Any) -> int:
    return len(value) if isinstance(value, list | Mapping) else 0


def _walked(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | Mapping) else []


def _below(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []
