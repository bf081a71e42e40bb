"""Params of ``updatesWithoutDowntime``, ``survivesBadUpdate`` and ``rollsBack``."""

from typing import Annotated

from pydantic import Field, model_validator

from labgrader.api.base import LabelName, Model, ObjectRef, PositiveDuration
from labgrader.api.kinds.curve import Curve
from labgrader.api.kinds.heals import Availability
from labgrader.api.kinds.isolation import Isolated

Image = Annotated[str, Field(min_length=1, max_length=512, pattern=r"^[A-Za-z0-9][!-~]*$")]
AnnotationName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=317,
        pattern=r"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
    ),
]


class ImageTo(Model):
    """A container's other image."""

    container: LabelName
    """The container's name."""
    image: Image
    """The image that it gets."""


class UpdateTo(Model):
    """What the update changes: a container's image, or an annotation of the pods."""

    container: LabelName | None = None
    """The container whose image is changed."""
    image: Image | None = None
    """The image that it gets."""
    annotation: AnnotationName | None = None
    """The annotation of the pod template that gets a new value, as for a restart."""

    @model_validator(mode="after")
    def _says_one_way(self) -> "UpdateTo":
        if (self.image is None) == (self.annotation is None):
            raise ValueError("write either container and image, or annotation")
        if (self.image is None) != (self.container is None):
            raise ValueError("container and image belong together")
        return self


class UpdatesWithoutDowntime(Isolated):
    """The Deployment takes another version, and clients do not notice."""

    object: ObjectRef
    """The Deployment that is updated."""
    to: UpdateTo
    """The other version."""
    within: PositiveDuration
    """How long it may take until only pods of the new version go on."""
    availability: Availability
    """What clients must see meanwhile."""
    longest_gap: PositiveDuration | None = None
    """For how long at most no request may succeed."""
    curve: Curve | None = None
    """How many of the points the measurement earns: updateTime, longestGap or availability."""


class SurvivesBadUpdate(Isolated):
    """A version that never becomes Ready does not take the old one down."""

    object: ObjectRef
    """The Deployment that is updated."""
    to: ImageTo
    """The bad version, such as an image that does not exist."""
    during: PositiveDuration
    """For how long it is watched. After that the old version is put back."""
    availability: Availability
    """What clients must see meanwhile."""


class RollsBack(Isolated):
    """The Deployment is updated and the update is undone: the old version serves again."""

    object: ObjectRef
    """The Deployment that is updated."""
    to: UpdateTo
    """The other version."""
    within: PositiveDuration
    """How long the update may take, and how long the way back."""
    availability: Availability
    """What clients must see meanwhile."""
    curve: Curve | None = None
    """How many of the points the measurement earns: recoveryTime, from the undo on, longestGap or
    availability."""
