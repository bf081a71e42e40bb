"""Params of ``exists`` and ``absent``: an object is there, or is not."""

from labgrader.api.base import Model, ObjectRef


class Exists(Model):
    """The object is there and is not being deleted."""

    object: ObjectRef
    """The object that must be there."""


class Absent(Model):
    """The object is not there. True of an empty namespace, so it must need a positive check."""

    object: ObjectRef
    """The object that must not be there."""
