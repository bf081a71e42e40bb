"""Params of ``rejects``: what the API server must refuse to create, and what it must take."""

from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema, model_validator

from labgrader.api.base import Model
from labgrader.api.kinds.subject import Creator

Manifest = Annotated[
    dict[str, Any],
    Field(min_length=1),
    WithJsonSchema(
        {"type": "object", "minProperties": 1, "x-kubernetes-preserve-unknown-fields": True}
    ),
]


class Refuser(Model):
    """Which rule must refuse it."""

    kind: Literal[
        "ResourceQuota", "LimitRange", "PodSecurity", "ValidatingAdmissionPolicy", "Webhook"
    ]
    """ResourceQuota, LimitRange, PodSecurity, ValidatingAdmissionPolicy or Webhook."""
    name: Annotated[str, Field(min_length=1, max_length=253)] | None = None
    """Its name; of PodSecurity the level. The API server tells no name of a LimitRange."""
    message: Annotated[str, Field(min_length=1, max_length=1024)] | None = None
    """An RE2 pattern that must be found in what the API server says."""


class Rejects(Model):
    """The API server refuses the one manifest, or takes the other, or both."""

    refused: Manifest | None = None
    """What must be refused: an object of a namespaced kind, without a namespace. A workload is
    also tried as the Pod of its template."""
    by: Refuser | None = None
    """Which rule must refuse it; any of them where left out. What is invalid, forbidden by
    roles, or already there is never refused by a rule."""
    admitted: Manifest | None = None
    """What must be taken: best a variant of the other that keeps the rule."""
    subject: Creator | None = None
    """Who creates it; somebody with a learner's rights where left out."""

    @model_validator(mode="after")
    def _tries_something(self) -> "Rejects":
        if self.refused is None and self.admitted is None:
            raise ValueError("write a manifest under refused, under admitted, or under both")
        return self
