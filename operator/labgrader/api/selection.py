"""Which objects a check speaks about, where it may be more than one.

Used by the params models of check kinds; resolved by ``checks.selection``. A selection never
means "none": what it finds nothing for is not there.
"""

from typing import Annotated

from pydantic import Field

from labgrader.api.base import KIND_PATTERN, Model, ObjectName, ObjectRef

Labels = Annotated[
    dict[str, Annotated[str, Field(max_length=63)]],
    Field(max_length=20),
]


class Selection(Model):
    """Objects in the learner's namespace, by kind and whatever else is given."""

    api_version: Annotated[str, Field(max_length=317)] | None = None
    """Group and version, for example apps/v1; may be left out for kinds built into Kubernetes."""
    kind: Annotated[str, Field(min_length=1, max_length=63, pattern=KIND_PATTERN)]
    """The kind, for example Deployment."""
    name: ObjectName | None = None
    """Only the object of this name."""
    labels: Labels = Field(default_factory=dict)
    """Only objects that carry all of these labels."""
    owner: ObjectRef | None = None
    """Only objects that belong to this one by its uid; the pods of a Deployment through its
    ReplicaSets."""
