"""Params of ``unchanged``: an object that the exercise gave is still as it was given."""

from typing import Annotated

from pydantic import Field, model_validator

from labgrader.api.base import Model, ObjectRef

FIELD_PATTERN = r'^([A-Za-z0-9_][A-Za-z0-9_-]*|\["[^"]+"\])([.][A-Za-z0-9_-]+|\["[^"]+"\])*$'

FieldPath = Annotated[str, Field(min_length=1, max_length=253, pattern=FIELD_PATTERN)]


class Unchanged(Model):
    """The object is still as spec.given made it. True at the start: it must need a real check."""

    object: ObjectRef
    """The object, one of spec.given."""
    fields: Annotated[tuple[FieldPath, ...], Field(max_length=20)] = ()
    """Look at these fields only, such as spec.ports or data["app.conf"]; items of lists add
    nothing to a path."""
    leaving_out: Annotated[tuple[FieldPath, ...], Field(max_length=20)] = ()
    """Look at everything but these fields."""

    @model_validator(mode="after")
    def _one_way(self) -> "Unchanged":
        if self.fields and self.leaving_out:
            raise ValueError("write the paths under fields or under leavingOut, not under both")
        return self
