"""Who is meant: a service account of the target namespace, a user, or a group.

Part of the params of ``allows`` and ``rejects``.
"""

from typing import Annotated, Literal

from pydantic import Field

from labgrader.api.base import Model

SubjectName = Annotated[str, Field(min_length=1, max_length=253)]


class Subject(Model):
    """Whose rights are asked for."""

    kind: Literal["ServiceAccount", "User", "Group"]
    """ServiceAccount of the target namespace, User or Group."""
    name: SubjectName
    """The name, as the API server knows it."""


class Creator(Model):
    """Who creates the object."""

    kind: Literal["ServiceAccount", "User"]
    """ServiceAccount of the target namespace, or User."""
    name: SubjectName
    """The name, as the API server knows it."""
