"""Params of ``answers``: a Service answers an HTTP request from inside the cluster."""

from typing import Annotated

from pydantic import Field

from labgrader.api.base import HttpPath, Model, ObjectName, Port


class Answers(Model):
    """The Service answers as expected."""

    service: ObjectName
    """The Service."""
    port: Port
    """The Service's port."""
    path: HttpPath = "/"
    """The path to ask for."""
    status: Annotated[int, Field(ge=100, le=599)] = 200
    """The HTTP status that must come back."""
    body: Annotated[str, Field(max_length=1024)] | None = None
    """What the answer's text must be: a value, or an operator such as "~=^hello"."""
