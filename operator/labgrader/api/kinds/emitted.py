"""Params of ``emitted``: Events about an object."""

from typing import Annotated, Literal

from pydantic import Field

from labgrader.api.base import Count, Model, ObjectRef


class Emitted(Model):
    """There are Events about the object, the one that is there now.

    Kubernetes forgets Events after an hour or so.
    """

    object: ObjectRef
    """The object that the Events are about."""
    reason: Annotated[str, Field(min_length=1, max_length=128)]
    """The Events' reason, for example Completed or SuccessfulCreate."""
    type: Literal["Normal", "Warning"] | None = None
    """The Events' type: Normal or Warning; either where it is left out."""
    note: Annotated[str, Field(min_length=1, max_length=1024)] | None = None
    """An RE2 pattern that must be found in the Events' text."""
    by: Annotated[str, Field(min_length=1, max_length=253)] | None = None
    """The component that must have written them, for example job-controller."""
    count: Count = Count()
    """How often; an Event that tells of many occurrences counts for so many."""
