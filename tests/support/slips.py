"""The ways in which one field of a specimen can be wrong, as its schema tells them.

The contract tests send them to a real API server, the unit tests to the models: both must
refuse the same things.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.specimens import Json, Path, written


@dataclass(frozen=True)
class Slip:
    """One value just outside what the schema allows, and how the server says so."""

    path: Path
    value: Any
    complaint: str

    @property
    def name(self) -> str:
        """Where, as the server writes it."""
        return written(self.path)


_NUMBERS = {
    "minimum": (-1, "should be greater than or equal to {}"),
    "maximum": (+1, "should be less than or equal to {}"),
}


def slips(schema: Mapping[str, Any], value: Any, path: Path) -> Iterator[Slip]:
    """Every way to break one limit of ``schema`` once, starting from the right ``value``."""
    for keyword, (step, complaint) in _NUMBERS.items():
        if keyword in schema:
            yield Slip(path, schema[keyword] + step, complaint.format(schema[keyword]))
    if "enum" in schema:
        yield Slip(path, "Nonsense", "Unsupported value")
    if schema.get("type") == "string":
        yield from _text_slips(schema, path)
    if schema.get("type") == "integer":
        yield Slip(path, "many", "must be of type integer")
    if schema.get("x-kubernetes-int-or-string"):
        yield Slip(path, "many", "should match")
        yield Slip(path, "x" * (schema["maxLength"] + 1), "Too long")
    if schema.get("type") == "array":
        yield from _list_slips(schema, value, path)
    if schema.get("type") == "object":
        yield from _object_slips(schema, value, path)


def _text_slips(schema: Mapping[str, Any], path: Path) -> Iterator[Slip]:
    yield Slip(path, 5, f"must be of type {schema.get('format', 'string')}")
    if "maxLength" in schema:
        yield Slip(path, "x" * (schema["maxLength"] + 1), "Too long")
    if "minLength" in schema:
        yield Slip(path, "", "should be at least 1 chars long")
    if "pattern" in schema:
        yield Slip(path, "-no-", "should match")
    if schema.get("format") == "date-time":
        yield Slip(path, "yesterday", "must be of type date-time")


def _list_slips(schema: Mapping[str, Any], value: list[Any], path: Path) -> Iterator[Slip]:
    if "maxItems" in schema:
        longer = value[:1] * (schema["maxItems"] + 1)
        yield Slip(path, longer, f"must have at most {schema['maxItems']} items")
    if "minItems" in schema:
        yield Slip(path, [], f"should have at least {schema['minItems']} items")
    for index, item in enumerate(value):
        yield from slips(schema["items"], item, (*path, index))


def _object_slips(schema: Mapping[str, Any], value: Json, path: Path) -> Iterator[Slip]:
    for name in schema.get("required", ()):
        if name in value:
            yield Slip((*path, name), None, "Required value")
    for name, item in value.items():
        inner = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
        if inner:
            yield from slips(inner, item, (*path, name))
    if "maxProperties" in schema:
        many = {f"key-{index}": "x" for index in range(schema["maxProperties"] + 1)}
        yield Slip(path, many, f"must have at most {schema['maxProperties']} items")


def fields(schema: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """The path of every field that ``schema`` knows, without list positions."""
    for name, inner in schema.get("properties", {}).items():
        yield f"{at}.{name}"
        yield from fields(inner, f"{at}.{name}")
    if "items" in schema:
        yield from fields(schema["items"], at)


def fields_of(value: Any, at: str = "") -> Iterator[str]:
    """The path of every field that ``value`` has, without list positions."""
    if isinstance(value, list):
        for item in value:
            yield from fields_of(item, at)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield f"{at}.{name}"
            yield from fields_of(inner, f"{at}.{name}")
