"""The parts of which ``evidence.documented`` describes objects.

A shape takes a value and gives it back: the same where it is well, a copy without what is not of
its type, or ``BAD`` where nothing of it is. Must not know any kind.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

Json = Mapping[str, Any]
Shape = Callable[[Any], Any]

BAD = object()
"""What is not of its shape."""
_MOST = 2**63 - 1


def text(value: Any) -> Any:
    """A text."""
    return value if isinstance(value, str) else BAD


def whole(value: Any) -> Any:
    """A whole number of 64 bits."""
    is_whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MOST
    return value if is_whole else BAD


def truth(value: Any) -> Any:
    """True or false."""
    return value if isinstance(value, bool) else BAD


def whole_or_text(value: Any) -> Any:
    """What the API calls an IntOrString, and quantities."""
    return value if whole(value) is value or isinstance(value, str) else BAD


def list_of(shape: Shape) -> Shape:
    """A list; items of another shape are not in it."""

    def hold(value: Any) -> Any:
        if not isinstance(value, list | tuple):
            return BAD
        held = [shape(item) for item in value]
        for new, old in zip(held, value, strict=True):
            if new is not old:
                return [item for item in held if item is not BAD]
        return value

    return hold


def map_of(shape: Shape) -> Shape:
    """A map with any keys."""

    def hold(value: Any) -> Any:
        if not isinstance(value, Mapping):
            return BAD
        for below in value.values():
            if shape(below) is not below:
                held = {key: shape(below) for key, below in value.items()}
                return {key: below for key, below in held.items() if below is not BAD}
        return value

    return hold


def fields(
    always: Mapping[str, tuple[Shape, Any]] = MappingProxyType({}),
    needed: Mapping[str, Shape] = MappingProxyType({}),
    **sometimes: Shape,
) -> Shape:
    """A map with known fields.

    ``always`` are there whatever happens, with what stands for them; without one of ``needed`` it
    is no such map.
    """
    known = {**sometimes, **needed, **{name: shape for name, (shape, _) in always.items()}}
    filling = {name: shape(empty) for name, (shape, empty) in always.items()}

    def hold(value: Any) -> Any:
        # Nearly every object is well, and every judge reads through here: no work before need.
        if type(value) is not dict and not isinstance(value, Mapping):
            return BAD
        changes: dict[str, Any] = {}
        for name, old in value.items():
            shape = known.get(name)
            if shape is not None and (new := shape(old)) is not old:
                changes[name] = new
        for name in needed:
            if name not in value or changes.get(name) is BAD:
                return BAD
        for name, empty in filling.items():
            if name not in value or changes.get(name) is BAD:
                changes[name] = empty
        if not changes:
            return value
        return {k: v for k, v in {**value, **changes}.items() if v is not BAD}

    return hold


def filled_text() -> tuple[Shape, Any]:
    """A text that is always there."""
    return text, ""
