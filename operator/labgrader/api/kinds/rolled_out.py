"""Params of ``rolledOut``: how a workload is updated, and that it has been."""

from typing import Annotated, Literal

from pydantic import Field

from labgrader.api.base import ROLLOUT_NUMBER_PATTERN, LabelName, Model, ObjectRef

RolloutNumber = Annotated[str, Field(min_length=1, max_length=7, pattern=ROLLOUT_NUMBER_PATTERN)]


class Strategy(Model):
    """How pods are replaced. Numbers are compared as what they come to in pods."""

    type: Literal["RollingUpdate", "Recreate", "OnDelete"] | None = None
    """The strategy's type: RollingUpdate, Recreate or OnDelete."""
    max_surge: RolloutNumber | None = None
    """How many pods more than wanted there may be meanwhile, as text: "1", "25%", ">=1"."""
    max_unavailable: RolloutNumber | None = None
    """How many pods may be missing meanwhile, as text: "0", "25%", "<=1"."""


class Revisions(Model):
    """The versions of the template that the cluster still has."""

    min: Annotated[int, Field(ge=2, le=20)]
    """At least so many different ones, with the present one."""


class ImageChange(Model):
    """A container's image now, and in an earlier version of the template."""

    container: LabelName
    """The container's name."""
    before: Annotated[str, Field(min_length=1, max_length=1024)]
    """The image in some earlier version: a value, or an operator such as "~=web:1$"."""
    now: Annotated[str, Field(min_length=1, max_length=1024)]
    """The image in the present version: a value, or an operator."""


class RolledOut(Model):
    """The workload was updated as the exercise asks, and the rollout is finished."""

    object: ObjectRef
    """A Deployment, StatefulSet or DaemonSet."""
    strategy: Strategy | None = None
    """How pods must be replaced."""
    revisions: Revisions | None = None
    """How many versions of the template there must have been."""
    image: ImageChange | None = None
    """From which image to which a container must have been updated."""
    rolled_back: bool | None = None
    """Whether the present version must be an earlier one that was taken up again; either where
    it is left out."""
    paused: bool | None = None
    """Whether a Deployment's rollout must be paused; either where it is left out."""
    finished: bool = True
    """Whether the rollout must be finished, as for ready. Not looked at with paused: true."""
