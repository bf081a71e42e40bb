"""Params of ``allows``: what a subject may do, and what it may not."""

from typing import Annotated, Literal

from pydantic import Field

from labgrader.api.base import Model, ObjectName
from labgrader.api.kinds.subject import Subject

VERB_PATTERN = r"^([a-z]+|[*])$"
API_GROUP_PATTERN = r"^([a-z0-9][a-z0-9.-]*|[*])?$"
RESOURCE_PATTERN = r"^([a-z0-9][a-z0-9.-]*|[*])(/([a-z0-9][a-z0-9-]*|[*]))?$"

Verb = Annotated[str, Field(max_length=63, pattern=VERB_PATTERN)]
ApiGroup = Annotated[str, Field(max_length=253, pattern=API_GROUP_PATTERN)]
Resource = Annotated[str, Field(max_length=127, pattern=RESOURCE_PATTERN)]


class Access(Model):
    """One row of the matrix: every verb on every resource."""

    verbs: Annotated[tuple[Verb, ...], Field(min_length=1, max_length=10)]
    """What is done: get, list, watch, create, update, patch, delete, deletecollection."""
    resources: Annotated[tuple[Resource, ...], Field(min_length=1, max_length=10)]
    """To what, as in a Role: pods, deployments, pods/log."""
    group: ApiGroup = ""
    """The API group of the resources; empty for pods, services and other core ones."""
    name: ObjectName | None = None
    """One object only; any of them where left out."""
    where: Literal["Namespace", "Cluster"] = "Namespace"
    """Namespace is the target namespace. Cluster is all namespaces, and what lies in none: only
    for what must not be allowed."""
    allowed: bool
    """Whether the subject may."""


class Allows(Model):
    """The subject may do what is listed as allowed, and may not do what is listed as not."""

    subject: Subject
    """Whose rights are asked for."""
    access: Annotated[tuple[Access, ...], Field(min_length=1, max_length=20)]
    """The matrix of verbs and resources, each row with yes or no."""
    nothing_beyond: bool = False
    """The subject may do nothing else: no other common verb on these resources, nothing by
    wildcards, nothing that a Role bound to it in the namespace gives besides, nothing of what is
    feared most or Kubernetes' own ClusterRoles give, and none of it in other namespaces."""
