"""A check kind's fields as a table, from the schema that its CRD has, too.

Used by ``page``. Reads types, limits, defaults, docstrings, and the rules' sentences.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from labgrader.api.base import Model
from labgrader.api.schema.structural import Schema, structural

_TYPES: Mapping[str, str] = {
    "string": "text",
    "integer": "number",
    "boolean": "true or false",
    "object": "object",
}
_LIMITS = (
    ("minimum", "maximum", ""),
    ("minLength", "maxLength", " characters"),
    ("minItems", "maxItems", " items"),
    ("minProperties", "maxProperties", " keys"),
)


def fields_table(params: type[Model]) -> str:
    """The table of all fields, nested ones by their paths."""
    rows = ["| field | type | required, or default | what it is |", "|---|---|---|---|"]
    for path, schema, need in _all_fields(params):
        cells = (f"`{path}`", _type(schema), need, _told(schema))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def whole_rules(params: type[Model]) -> list[str]:
    """The sentences with which the API server refuses fields that do not go together."""
    found = [rule["message"] for rule in structural(params).get("x-kubernetes-validations", ())]
    for path, schema, _ in _all_fields(params):
        inner = schema.get("items", schema)
        if inner.get("type") == "object":
            rules = inner.get("x-kubernetes-validations", ())
            found += [f"`{path}`: {rule['message']}" for rule in rules]
    return list(dict.fromkeys(found))


def _all_fields(params: type[Model]) -> Iterator[tuple[str, Schema, str]]:
    document = params.model_json_schema()
    return _Fields(document.get("$defs", {})).below(structural(params), document, "")


@dataclass(frozen=True)
class _Fields:
    """Walks a schema beside the models' own, which alone knows a default that is false."""

    definitions: Mapping[str, Schema]

    def below(self, schema: Schema, own: Schema, path: str) -> Iterator[tuple[str, Schema, str]]:
        required = schema.get("required", ())
        for name, field in schema.get("properties", {}).items():
            written = own["properties"][name]
            below, inner, model = f"{path}{name}", field, self.model(written)
            yield below, field, "required" if name in required else _default(field, written)
            while inner.get("type") == "array":
                below, inner, model = f"{below}[]", inner["items"], self.model(model["items"])
            if "properties" in inner:
                yield from self.below(inner, model, f"{below}.")

    def model(self, own: Schema) -> Schema:
        """What is meant by a reference, and by a choice between something and nothing."""
        choices = [one for one in own.get("anyOf", ()) if one != {"type": "null"}]
        own = choices[0] if choices else own
        reference = own.get("$ref")
        return self.definitions[reference.removeprefix("#/$defs/")] if reference else own


def _default(field: Schema, written: Schema) -> str:
    value = field.get("default", False if written.get("default") is False else None)
    return "" if value is None else f"`{_plain(value)}`"


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_plain(inner)}" for key, inner in value.items()) + "}"
    return str(value).lower() if isinstance(value, bool) else str(value) or '""'


def _type(schema: Schema) -> str:
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}{_limits(schema, (2,))}"
    if "enum" in schema:
        return "one of " + ", ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("x-kubernetes-int-or-string"):
        return f"number{_limits(schema, (0,))}, or `${{…}}`"
    if schema.get("x-kubernetes-preserve-unknown-fields"):
        return "tree"
    if isinstance(schema.get("additionalProperties"), Mapping):
        return f"map to {_type(schema['additionalProperties'])}{_limits(schema, (3,))}"
    return _TYPES[schema["type"]] + _limits(schema, (0, 1))


def _limits(schema: Schema, which: tuple[int, ...]) -> str:
    for least_key, most_key, unit in (_LIMITS[index] for index in which):
        least, most = schema.get(least_key), schema.get(most_key)
        if least is not None and most is not None:
            return f" ({least}–{most}{unit})"
        if most is not None:
            return f" (at most {most}{unit})"
        if least is not None:
            return f" (at least {least}{unit})"
    return ""


def _told(schema: Schema) -> str:
    """The docstring; the rules and the pattern of a scalar."""
    told = [schema.get("description", "")]
    inner = schema.get("items", schema)
    if inner.get("type") != "object":
        told += [f"({rule['message']})" for rule in inner.get("x-kubernetes-validations", ())]
        pattern = inner.get("pattern", "")
        if pattern and "${" not in pattern and "[$]" not in pattern:
            told.append(f"Pattern: `{pattern}`")
    return " ".join(part for part in told if part)
