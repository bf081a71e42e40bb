"""Fills ``${name}`` in an exercise's JSON with a learner's values, before it is parsed.

Called by ``api.exercise`` for exercises with parameters, and for the objects beside them. One
rule: ``${name}`` is the value, ``$${`` is the text ``${``. Where nothing else stands in a value
and the schema takes a number there, or says nothing (as in ``expect``), a number stays a
number; ``${name.text}`` is always text. Where the schema takes no template (names of checks,
durations), nothing is filled, and the models refuse what stands there. Pure.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from labgrader.api.base import Model
from labgrader.api.parameters import Values
from labgrader.api.schema.structural import Schema, structural

_TEMPLATE = re.compile(r"\$\$\{|\$\{([^{}]*)\}?")
_ALONE = re.compile(r"\$\{([^{}]*)\}")
_AS_TEXT = ".text"
_DEEPEST = 100
"""An expectation may have 32 levels; what is deeper is refused as such, or here."""
_ANYTHING: Schema = {"x-kubernetes-preserve-unknown-fields": True}

Place = tuple[str | int, ...]


class CannotFill(ValueError):
    """A text asks for what is no parameter, or stands too deep to be looked at."""

    def __init__(self, place: Place, why: str) -> None:
        self.place = place
        super().__init__(why)


@cache
def schema_of(model: type[Model]) -> Schema:
    """The structural schema of a model. Made once: it takes longer than filling."""
    return structural(model, rules=False, described=False)


def filled(written: Any, values: Values, schema: Schema = _ANYTHING) -> Any:
    """A copy with the values in it. Raises CannotFill."""
    return _fill(written, values, schema, ())


def defaulted(written: Any, schema: Schema) -> Any:
    """What the API server makes of it: defaults filled in, nulls left out."""
    if isinstance(written, list):
        return [defaulted(item, schema.get("items", _ANYTHING)) for item in written]
    if not isinstance(written, Mapping) or "properties" not in schema:
        return written
    known = schema["properties"]
    whole = {name: below["default"] for name, below in known.items() if "default" in below}
    whole |= {name: value for name, value in written.items() if value is not None}
    return {name: defaulted(value, known.get(name, _ANYTHING)) for name, value in whole.items()}


def templated_keys(written: Any, place: Place = ()) -> Iterator[Place]:
    """Where a key looks like a template; only values are filled."""
    if isinstance(written, Mapping):
        for key, value in written.items():
            if "${" in str(key):
                yield (*place, str(key))
            yield from templated_keys(value, (*place, str(key)))
    elif isinstance(written, list):
        for index, value in enumerate(written):
            yield from templated_keys(value, (*place, index))


def _fill(written: Any, values: Values, schema: Schema, place: Place) -> Any:
    if len(place) > _DEEPEST:
        raise CannotFill(place[:_DEEPEST], f"is nested deeper than {_DEEPEST} levels")
    if isinstance(written, Mapping):
        return {
            key: _fill(value, values, _below(schema, str(key)), (*place, str(key)))
            for key, value in written.items()
        }
    if isinstance(written, list):
        items = schema.get("items", _ANYTHING)
        return [_fill(item, values, items, (*place, i)) for i, item in enumerate(written)]
    if not isinstance(written, str) or "${" not in written or not _takes(schema, written):
        return written
    alone = _ALONE.fullmatch(written)
    if alone and _takes_numbers(schema) and isinstance(values.get(alone[1]), int):
        return values[alone[1]]
    return _TEMPLATE.sub(lambda found: _value(found, values, place), written)


def _value(found: re.Match[str], values: Values, place: Place) -> str:
    if found[0] == "$${":
        return "${"
    name = found[1].removesuffix(_AS_TEXT)
    if not found[0].endswith("}") or name not in values:
        why = f"{found[0]} is no parameter; write ${found[0]} for the text itself"
        raise CannotFill(place, why)
    return str(values[name])


def _below(schema: Schema, key: str) -> Schema:
    known: Schema = schema.get("properties", {})
    if key in known:
        return dict(known[key])
    if "additionalProperties" in schema:
        return dict(schema["additionalProperties"])
    return {} if known else _ANYTHING


def _takes(schema: Schema, template: str) -> bool:
    if "enum" in schema or schema.get("type", "string") != "string":
        return False
    pattern = schema.get("pattern")
    return pattern is None or re.search(pattern, template) is not None


def _takes_numbers(schema: Schema) -> bool:
    return bool(
        schema.get("x-kubernetes-preserve-unknown-fields")
        or schema.get("x-kubernetes-int-or-string")
    )
