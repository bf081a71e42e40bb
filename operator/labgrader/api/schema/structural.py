"""Turns a pydantic model into a structural OpenAPI schema, the only form a CRD may have.

Called by ``crds`` and ``editor``. It writes references out in place, because a CRD may not
refer; it leaves out what a CRD refuses; and it stops at any keyword that it does not know
rather than dropping a limit without a word. Must not know any particular model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from labgrader.api.base import Model
from labgrader.api.schema.documented import Documented
from labgrader.api.schema.rules import FIELDS, LISTS, MODELS, PATTERNS, Rule

Schema = dict[str, Any]

_KEPT = frozenset(
    {
        "type",
        "format",
        "enum",
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
        "required",
    }
)
_LEFT_OUT = frozenset({"$ref", "$defs", "title", "uniqueItems", "propertyNames"})


class UnsupportedSchemaError(ValueError):
    """A model uses something that no structural schema can say."""


def structural(model: type[Model], *, rules: bool = True, described: bool = True) -> Schema:
    """The structural schema of ``model``.

    With ``rules``, patterns that explain nothing become CEL rules with a sentence; without,
    they stay patterns. Without ``described``, no sources are read for what fields are.
    Raises UnsupportedSchemaError.
    """
    generator = Documented if described else GenerateJsonSchema
    document = model.model_json_schema(schema_generator=generator)
    return _Writer(document.get("$defs", {}), rules).model(model.__name__, document)


@dataclass(frozen=True)
class _Writer:
    definitions: Mapping[str, Schema]
    rules: bool

    def model(self, name: str, node: Schema) -> Schema:
        """The schema of the model called ``name``, with the rules for it and its fields."""
        written = self.node(node, name)
        for field, schema in written.get("properties", {}).items():
            schema.update(LISTS.get((name, field), {}))
            written["properties"][field] = _with_rules(schema, FIELDS.get((name, field), ()))
        return _with_rules(written, MODELS.get(name, ()))

    def node(self, node: Schema, path: str) -> Schema:
        node = _without_null(node, path)
        written: Schema = {}
        if reference := node.get("$ref"):
            name = reference.removeprefix("#/$defs/")
            written = self.model(name, self.definitions[name])
        for keyword, value in node.items():
            written.update(self.keyword(keyword, value, path))
        if self.rules:
            written = _pattern_as_rule(written)
        if written.get("type") == "array":
            written.setdefault("x-kubernetes-list-type", "atomic")
        return written

    def keyword(self, keyword: str, value: Any, path: str) -> Schema:
        if keyword == "properties":
            return {keyword: {name: self.node(value[name], f"{path}.{name}") for name in value}}
        if keyword in {"items", "additionalProperties"} and isinstance(value, dict):
            return {keyword: self.node(value, f"{path}[]")}
        return _flat(keyword, value, path)


def _flat(keyword: str, value: Any, path: str) -> Schema:
    """A keyword that holds no schemas, as a CRD says it."""
    if keyword == "description":
        return {keyword: " ".join(value.split())}
    if keyword == "const":
        return {"enum": [value]}
    if keyword in _LEFT_OUT:
        return {}
    if keyword == "default":
        said = _said(value)
        return {} if said is False or said in (None, [], {}) else {keyword: said}
    if keyword in _KEPT or keyword.startswith("x-kubernetes-"):
        return {keyword: value}
    if keyword == "additionalProperties":
        return {}
    raise UnsupportedSchemaError(f"{path}: a CRD cannot say {keyword}: {value!r}")


def _said(value: Any) -> Any:
    """A default without what it leaves open, which a model writes as null."""
    if not isinstance(value, dict):
        return value
    return {key: _said(inner) for key, inner in value.items() if inner is not None}


def _without_null(node: Schema, path: str) -> Schema:
    """An optional field is one that may be left out, so ``null`` goes from its choices."""
    if "anyOf" not in node:
        return node
    choices: list[Schema] = [choice for choice in node["anyOf"] if choice != {"type": "null"}]
    if len(choices) != 1:
        raise UnsupportedSchemaError(f"{path}: a CRD cannot choose among {len(choices)} types")
    beside = {key: value for key, value in node.items() if key != "anyOf"}
    return choices[0] | beside


def _pattern_as_rule(schema: Schema) -> Schema:
    """A rule with a sentence in place of a pattern that says little to people."""
    message = PATTERNS.get(schema.get("pattern", ""))
    if message is None:
        return schema
    rest = {key: value for key, value in schema.items() if key != "pattern"}
    return _with_rules(rest, (Rule(f"self.matches('{schema['pattern']}')", message),))


def _with_rules(schema: Schema, rules: tuple[Rule, ...]) -> Schema:
    if not rules:
        return schema
    before = schema.get("x-kubernetes-validations", [])
    return schema | {"x-kubernetes-validations": [*before, *(rule.write() for rule in rules)]}
