"""Places in an object: how they are written for people, and which of them hold quantities.

Called by ``expect.tree``. Must not compare anything.
"""

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

Place = tuple[str, ...]
"""The keys that lead to a value; items of lists add none."""
Label = tuple[str, str]
"""The field that names an item of a list, and its value there."""

_LIST_KEYS = (
    "name",
    "containerPort",
    "mountPath",
    "port",
    "ip",
    "topologyKey",
    "type",
    "key",
    "uid",
)
"""The list-map keys of the built-in kinds, by how well they tell items apart."""
_AMOUNTS = frozenset({"limits", "requests", "hard", "used", "capacity", "allocatable", "podFixed"})
_BOUNDS = frozenset({"max", "min", "default", "defaultRequest", "maxLimitRequestRatio"})
_QUANTITIES = frozenset({"sizeLimit", "averageValue", "divisor"})
_AUTOSCALED: Mapping[Place, frozenset[str]] = MappingProxyType(
    {
        ("containerPolicies",): frozenset({"minAllowed", "maxAllowed"}),
        ("containerRecommendations",): frozenset(
            {"lowerBound", "target", "uncappedTarget", "upperBound"}
        ),
    }
)
"""Maps of quantities in the lists of a VerticalPodAutoscaler, kept as they were written."""
_LONGEST = 240
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LIKE_ANOTHER_TYPE = re.compile(r"|[+-]?[0-9.]+([eE][+-]?[0-9]+)?|true|false|null|.*\s|\s.*")


def holds_quantity(place: Place) -> bool:
    """Whether Kubernetes keeps a quantity there, so that ``0.5`` and ``500m`` are the same."""
    if not place:
        return False
    above = place[-2] if len(place) > 1 else ""
    return (
        place[-1] in _QUANTITIES
        or above in _AMOUNTS
        or place[-2:] == ("target", "value")
        or (above in _BOUNDS and place[-3:-2] == ("limits",))
        or above in _AUTOSCALED.get(place[-3:-2], ())
    )


def label(item: Any, key: str = "") -> Label | None:
    """What names an item: ``key``, or the first list key that it has as a plain value."""
    if not isinstance(item, dict):
        return None
    for name in (key,) if key else _LIST_KEYS:
        value = item.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool):
            return name, str(value)
    return None


def into(path: str, key: str) -> str:
    """The path one key deeper."""
    if not _PLAIN_KEY.fullmatch(key):
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key


def item(path: str, named: Label | None, index: int | None = None) -> str:
    """The path of a list's item: by name, by another key, or by index; ``[]`` where unknown."""
    if named is not None:
        key, value = named
        return f"{path}[{value}]" if key == "name" else f"{path}[{key}={value}]"
    return f"{path}[{'' if index is None else index}]"


def shown(value: Any) -> str:
    """A value as one short line. Texts that look like a number or a truth value are quoted."""
    if isinstance(value, str) and not _LIKE_ANOTHER_TYPE.fullmatch(value):
        text = value
    else:
        text = json.dumps(value, ensure_ascii=False, default=str)
    text = " ".join(text.split("\n"))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
