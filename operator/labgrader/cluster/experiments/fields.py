"""Fields of an object by the paths of managedFields, and who owns them. Pure.

Used by ``change``. A path is a tuple of steps as ``fieldsV1`` writes them: ``f:spec`` is a key,
``k:{"name":"web"}`` the item of a list that has this key. So one path finds the value, whatever
stands before it in a list, and its owner.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

import orjson

Json = Mapping[str, Any]
Steps = tuple[str, ...]

_AROUND = "around"
ABSENT = object()
"""What stands where nothing does."""


def field(*keys: str) -> Steps:
    """The path of a key in keys."""
    return tuple(f"f:{key}" for key in keys)


def item(name: str) -> str:
    """The step into the list item of that name."""
    return f"k:{orjson.dumps({'name': name}).decode()}"


def value(body: Any, steps: Steps) -> Any:
    """What stands there, or ABSENT."""
    at = _pointer(body, steps)
    if at is None:
        return ABSENT
    for key in at:
        body = body[key]
    return body


def setting(body: Json, steps: Steps, wanted: Any) -> list[Json] | None:
    """The JSON patch that sets the field, or removes it for ABSENT; None where it cannot stand.

    It tests what stands there now.
    """
    now = _pointer(body, steps)
    if now is not None:
        at, stands = _written(now), value(body, steps)
        test = {"op": "test", "path": at, "value": stands}
        if wanted is ABSENT:
            return [test, {"op": "remove", "path": at}]
        return [test, {"op": "replace", "path": at, "value": wanted}]
    if wanted is ABSENT:
        return []
    for depth in range(len(steps) - 1, -1, -1):
        parent = _pointer(body, steps[:depth])
        if parent is None:
            continue
        missing = steps[depth:]
        holder = value(body, steps[:depth])
        if not isinstance(holder, Mapping) or not all(s.startswith("f:") for s in missing):
            return None
        for step in reversed(missing[1:]):
            wanted = {step[2:]: wanted}
        return [{"op": "add", "path": _written((*parent, missing[0][2:])), "value": wanted}]
    return None


def settings(body: Json, wanted: Mapping[Steps, Any]) -> list[Json] | None:
    """The JSON patch that sets all of them; None where one cannot stand."""
    after: Any = deepcopy(body)
    patch: list[Json] = []
    for steps, one in wanted.items():
        found = setting(after, steps, one)
        if found is None:
            return None
        patch += found
        _put(after, steps, one)
    return patch


def _put(body: Any, steps: Steps, wanted: Any) -> None:
    """Set a field of a body in place, with the maps that it needs."""
    for step in steps[:-1]:
        key = next(_inside(body, step), None)
        body = body.setdefault(step[2:], {}) if key is None else body[key]
    body[steps[-1][2:]] = wanted


def owners(body: Json, steps: Steps) -> list[Json]:
    """The entries of managedFields that own the field, without what else they own.

    Each says, where it is so, that it also owns the map around the field: an owner loses that with
    the last field in it.
    """
    return [
        {
            **{key: of for key, of in entry.items() if key != "fieldsV1"},
            **({_AROUND: True} if _owns(entry, _map_around(steps)) else {}),
        }
        for entry in _entries(body)
        if _owns(entry, steps)
    ]


def _map_around(steps: Steps) -> Steps:
    """The path by which the map around a field is owned itself; list items keep theirs."""
    return (*steps[:-1], "." if steps[-2].startswith("f:") else "-")


def handed_back(
    body: Json, manager: str, fields: Sequence[tuple[Steps, Sequence[Json]]]
) -> list[Json] | None:
    """The managedFields where ``manager`` owns these fields no more, but those owners do.

    None where the manager owns none of them.
    """
    entries = deepcopy(_entries(body))
    changed = False
    for steps, before in fields:
        ours = [entry for entry in entries if entry.get("manager") == manager]
        if not any(_owns(entry, steps) for entry in ours):
            continue
        changed = True
        for entry in ours:
            _drop(entry["fieldsV1"], steps)
        for owner in before:
            _give(entries, owner, steps)
    return [entry for entry in entries if entry.get("fieldsV1")] if changed else None


def _entries(body: Json) -> list[Any]:
    return [
        entry
        for entry in body["metadata"].get("managedFields") or ()
        if isinstance(entry.get("fieldsV1"), dict)
    ]


def _owns(entry: Json, steps: Steps) -> bool:
    owned: Any = entry["fieldsV1"]
    for step in steps:
        key = _key(owned, step)
        if key is None:
            return False
        owned = owned[key]
    return True


def _drop(owned: dict[str, Any], steps: Steps) -> None:
    """Without the field, and without what only held it."""
    key = _key(owned, steps[0])
    if key is None:
        return
    if len(steps) > 1:
        _drop(owned[key], steps[1:])
    if len(steps) == 1 or not owned[key] or set(owned[key]) == {"."}:
        del owned[key]


def _give(entries: list[Any], owner: Json, steps: Steps) -> None:
    entry = next((one for one in entries if _identity(one) == _identity(owner)), None)
    if entry is None:
        entry = {**owner, "fieldsV1": {}}
        entry.pop(_AROUND, None)
        entries.append(entry)
    owned = entry["fieldsV1"]
    for step in steps[:-1]:
        owned = owned.setdefault(_key(owned, step) or step, {})
    owned[steps[-1]] = {}
    if owner.get(_AROUND):
        owned["."] = {}


def _identity(entry: Json) -> tuple[Any, ...]:
    return tuple(entry.get(key) for key in ("manager", "operation", "apiVersion", "subresource"))


def _key(owned: Any, step: str) -> str | None:
    """The key that means the step: the keys of an item may be written in another way."""
    if not isinstance(owned, Mapping):
        return None
    if step in owned:
        return step
    if not step.startswith("k:"):
        return None
    wanted = orjson.loads(step[2:])
    return next((k for k in owned if k.startswith("k:") and _same(k[2:], wanted)), None)


def _same(written: str, wanted: Any) -> bool:
    try:
        return bool(orjson.loads(written) == wanted)
    except orjson.JSONDecodeError:
        return False


def _pointer(body: Any, steps: Steps) -> tuple[Any, ...] | None:
    """The keys and indices that lead to the field, or None where there is none."""
    found: list[Any] = []
    for step in steps:
        key = next(_inside(body, step), None)
        if key is None:
            return None
        found.append(key)
        body = body[key]
    return tuple(found)


def _inside(body: Any, step: str) -> Iterator[Any]:
    if step.startswith("f:"):
        if isinstance(body, Mapping) and step[2:] in body:
            yield step[2:]
        return
    wanted = orjson.loads(step[2:])
    for index, one in enumerate(body if isinstance(body, list) else ()):
        if isinstance(one, Mapping) and all(one.get(key) == of for key, of in wanted.items()):
            yield index


def _written(keys: Sequence[Any]) -> str:
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in keys)
