"""Whether an object is still as it was written: what was set is there, and nothing was added.

Called by ``checks.unchanged``. What the API server fills in by itself must not count as a change,
so a field that was not written is not compared; except in maps and lists that mean something as a
whole: one more key of a ConfigMap, one more label in a selector, one more port of a Service. Values
are literal, compared by ``expect.tree``. Must not make sentences.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from labgrader.checks.expect.defaults import with_defaults
from labgrader.checks.expect.operators import literal
from labgrader.checks.expect.places import Place, into, item, label, shown
from labgrader.checks.expect.tree import Difference, How, first_difference

_WHOLE = frozenset(
    {"data", "binaryData", "selector", "matchLabels", "hard", "podSelector", "namespaceSelector"}
)
"""Maps to which nobody but people adds a key."""
_DROPPED_EMPTY = _WHOLE - {"podSelector", "namespaceSelector"} | {
    "metadata", "labels", "annotations", "nodeSelector", "limits", "requests"
}  # fmt: skip
"""Maps that the API server leaves out where they are empty."""
_FALSE_MATTERS = frozenset({"automountServiceAccountToken", "allowPrivilegeEscalation"})
"""Without these, something else than false holds."""
_ALL_RULES = frozenset({"NetworkPolicy", "ResourceQuota"})
"""Kinds of whose spec every field is a rule, so that one more is another rule."""
_OWN_DATA: Mapping[str, Any] = MappingProxyType({"data": {}, "binaryData": {}})
_PART = re.compile(r'\["([^"]+)"\]|([A-Za-z0-9_-]+)')
_NOTHING: Final = object()


def place_of(path: str) -> Place:
    """The keys in a path such as ``spec.ports`` or ``data["app.conf"]``."""
    return tuple(found[1] or found[2] for found in _PART.finditer(path))


@dataclass(frozen=True, slots=True)
class Looks:
    """Which places are looked at: all of them, or some, or all but some."""

    only: tuple[Place, ...] = ()
    leaving_out: tuple[Place, ...] = ()

    def at(self, place: Place) -> bool:
        """Whether this place is looked at, as far as it does not go deeper."""
        if any(place[: len(left)] == left for left in self.leaving_out):
            return False
        return not self.only or any(place[: len(one)] == one for one in self.only)


def leads_somewhere(written: Mapping[str, Any], place: Place) -> bool:
    """Whether there is anything at a place; items of lists add nothing to it."""
    found: list[Any] = [_comparable(written)]
    for key in place:
        found = [one for value in found for one in _items(value)]
        found = [value[key] for value in found if isinstance(value, Mapping) and key in value]
    return bool(found)


def expectation(written: Mapping[str, Any], looks: Looks) -> Mapping[str, Any]:
    """What ``expect.tree`` is to find, of what is looked at."""
    made = _expected(_comparable(written), (), looks)
    return made if isinstance(made, Mapping) else {}


def first_change(
    written: Mapping[str, Any], seen: Mapping[str, Any], looks: Looks
) -> Difference | None:
    """The first place that is not as it was written; None where there is none."""
    kind = str(written.get("kind"))
    seen = with_defaults(kind, seen)
    changed = first_difference(expectation(written, looks), seen)
    if changed is not None:
        return changed
    comparison = _Beyond(kind, looks)
    return next(comparison.found(_comparable(written), seen, (), ""), None)


def _comparable(written: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without what names the object, and with what it means by saying nothing."""
    rest = {key: value for key, value in written.items() if key not in {"apiVersion", "kind"}}
    metadata = written.get("metadata")
    named = metadata if isinstance(metadata, Mapping) else {}
    rest["metadata"] = {key: value for key, value in named.items() if key != "name"}
    if written.get("kind") == "ConfigMap":
        return {**_OWN_DATA, **rest}
    return with_defaults(str(written.get("kind")), rest)


def _items(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _expected(value: Any, place: Place, looks: Looks) -> Any:
    """The expectation of a value; nothing where none is to be, or where it may be left out."""
    if isinstance(value, Mapping):
        below = {key: _expected(inner, (*place, key), looks) for key, inner in value.items()}
        kept = {key: inner for key, inner in below.items() if inner is not _NOTHING}
        alone = not value and looks.at(place) and place[-1:] and place[-1] not in _DROPPED_EMPTY
        return kept if kept or alone else _NOTHING
    if isinstance(value, list | tuple):
        return _expected_list(value, place, looks)
    if not looks.at(place) or (not value and place[-1] not in _FALSE_MATTERS):
        return _NOTHING
    return literal(value) if isinstance(value, str) else value


def _expected_list(value: Any, place: Place, looks: Looks) -> Any:
    """Items keep what names them, so that the one that was meant is compared."""
    made = [_expected(one, place, looks) for one in value]
    if not looks.at(place) and all(one is _NOTHING for one in made):
        return _NOTHING
    return [_whole(one, e) for one, e in zip(value, made, strict=True)] or _NOTHING


def _whole(one: Any, expected: Any) -> Any:
    if isinstance(one, list | tuple):
        return [] if expected is _NOTHING else expected
    if not isinstance(one, Mapping):
        return literal(one) if isinstance(one, str) else one
    named = label(one)
    kept = {} if expected is _NOTHING else expected
    return {named[0]: one[named[0]], **kept} if named else kept


@dataclass(frozen=True, slots=True)
class _Beyond:
    """What was added to an object that has everything that was written."""

    kind: str
    looks: Looks

    def found(self, written: Any, seen: Any, place: Place, path: str) -> Iterator[Difference]:
        """Every addition, in the order of what was written."""
        if isinstance(written, Mapping):
            yield from self._in_map(written, seen, place, path)
        elif isinstance(written, list | tuple):
            yield from self._in_list(written, seen, place, path)
        elif not written and written != seen and self.looks.at(place):
            yield Difference(How.DIFFERENT, path, shown(written), shown(seen))

    def _in_map(
        self, written: Mapping[str, Any], seen: Any, place: Place, path: str
    ) -> Iterator[Difference]:
        there = seen if isinstance(seen, Mapping) else {}
        rules = self.kind in _ALL_RULES and place[:1] == ("spec",)
        if rules or (place and place[-1] in _WHOLE):
            for key in (key for key in there if key not in written):
                if self.looks.at((*place, key)):
                    yield Difference(How.UNWANTED, into(path, key), "", shown(there[key]))
        for key, value in written.items():
            if there.get(key) is not None:
                yield from self.found(value, there[key], (*place, key), into(path, key))

    def _in_list(self, written: Any, seen: Any, place: Place, path: str) -> Iterator[Difference]:
        there = list(seen) if isinstance(seen, list | tuple) else []
        pairs = list(_pairs(written, there))
        if len(there) > len(written) and self.kind != "Pod" and self.looks.at(place):
            index, added = _added(written, there, pairs)
            at = item(path, label(added), index)
            yield Difference(How.UNWANTED, at, "", shown(added))
        for one, other in pairs:
            yield from self.found(one, other, place, item(path, label(one), written.index(one)))


def _added(written: Any, seen: list[Any], pairs: list[tuple[Any, Any]]) -> tuple[int, Any]:
    """The first item that was not written, and where it stands; there are more than were written."""
    paired = [id(one) for _, one in pairs]
    plain = [one for one in written if not isinstance(one, Mapping | list)]
    added: list[tuple[int, Any]] = []
    for index, one in enumerate(seen):
        if one in plain:
            plain.remove(one)
        elif id(one) not in paired:
            added.append((index, one))
    return added[0]


def _pairs(written: Any, seen: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Items that belong together: by what names them, and by where they stand.

    Two may have one name, as the same port of TCP and of UDP.
    """
    for index, one in enumerate(written):
        beside = seen[index : index + 1]
        named = label(one)
        same = [other for other in (*beside, *seen) if named and label(other, named[0]) == named]
        if isinstance(one, Mapping | list) and (same or beside):
            yield one, (same or beside)[0]
