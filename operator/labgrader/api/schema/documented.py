"""What the models' source says of their fields: the text below each field.

Called where a schema is written for people. The running program has no use for these texts, and
reading the sources when the models are made takes as long as making them; so it is done here.
"""

import ast
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from labgrader.api.base import Model


def texts(model: type[Model]) -> dict[str, str]:
    """The text of each field that has one, by the field's own name."""
    found: dict[str, str] = {}
    for part in reversed(model.__mro__):
        if issubclass(part, Model):
            found.update(_texts(part))
    return found


class Documented(GenerateJsonSchema):
    """Makes a JSON schema with these texts as descriptions."""

    def model_schema(self, schema: Any) -> dict[str, Any]:
        """As pydantic makes it, and the descriptions."""
        written = super().model_schema(schema)
        model = schema["cls"]
        for name, text in texts(model).items():
            written["properties"][model.model_fields[name].alias]["description"] = text
        return written


@cache
def _texts(part: type[Model]) -> Mapping[str, str]:
    """Of the class itself. The same classes stand in many schemas, and a source is read slowly."""
    return dict(_read(part))


def _read(part: type[Model]) -> Iterator[tuple[str, str]]:
    (made,) = ast.parse(dedent(inspect.getsource(part))).body
    assert isinstance(made, ast.ClassDef)  # noqa: S101 (what inspect promises)
    for field, below in pairwise(made.body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            match below:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    yield field.target.id, inspect.cleandoc(text)
