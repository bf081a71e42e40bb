"""Params of ``matches``: an object has the fields that the exercise expects."""

from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from labgrader.api.base import Model, ObjectRef

Expected = Annotated[
    dict[str, Any],
    Field(min_length=1),
    WithJsonSchema(
        {"type": "object", "minProperties": 1, "x-kubernetes-preserve-unknown-fields": True}
    ),
]


class Matches(Model):
    """The object contains the expected tree."""

    object: ObjectRef
    """The object to look at."""
    expect: Expected
    """What it must contain: maps by key, lists of objects one-to-one, scalars as values or
    operators such as ">=2", "<=256Mi", "~=^web-", "(present)", "(absent)"."""
