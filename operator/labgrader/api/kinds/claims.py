"""Params of ``claims``: a PersistentVolumeClaim is bound and used."""

from typing import Annotated, Literal

from pydantic import Field

from labgrader.api.base import Model, ObjectName, ObjectRef
from labgrader.api.kinds.configures import Quantity

AccessMode = Literal["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]


class Size(Model):
    """How large it must be."""

    min: Quantity
    """At least so much, as a quantity: 1Gi. What counts is the capacity that was given."""


class Claims(Model):
    """The claim has a volume, and the workload uses it."""

    claim: ObjectName
    """The PersistentVolumeClaim, or the volumeClaimTemplate of the StatefulSet in usedBy: then
    the claims of all its replicas are looked at."""
    used_by: ObjectRef | None = None
    """The workload whose running pods must have it mounted."""
    storage_class: ObjectName | None = None
    """The StorageClass it must be of."""
    size: Size | None = None
    """How large it must be."""
    access_modes: Annotated[tuple[AccessMode, ...], Field(max_length=4)] = ()
    """The access modes that it must ask for: ReadWriteOnce, ReadOnlyMany, ReadWriteMany or
    ReadWriteOncePod. It may ask for others beside them."""
