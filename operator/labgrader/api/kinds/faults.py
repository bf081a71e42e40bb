"""Params of the faults of ``heals``: their names, and how an exercise says how an app is reached."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from labgrader.api.base import HttpPath, LabelName, Model, Port

FaultName = Literal[
    "DeletePod", "KillProcess", "FailLiveness", "EvictFromNode", "DrainNode", "StopNode"
]
INSIDE: frozenset[str] = frozenset({"KillProcess", "FailLiveness"})
"""The faults that happen inside a container: the same pod may recover from them."""
OF_A_NODE: frozenset[str] = frozenset({"EvictFromNode", "DrainNode", "StopNode"})
"""The faults of a node. They need a second node that can take pods."""
OF_OWN_CLUSTER: frozenset[str] = frozenset({"DrainNode", "StopNode"})
"""The faults that other learners of the same cluster would feel."""

Word = Annotated[str, Field(min_length=1, max_length=1024)]
Command = Annotated[tuple[Word, ...], Field(min_length=1, max_length=20)]
"""A program and its arguments; no shell reads them."""


class FaultMeans(Model):
    """How an app is ended or made sick: a command in its container, or a request to its pod."""

    container: LabelName | None = None
    """The container; the first where it is left out."""
    command: Command | None = None
    """A command and its arguments, run in the container without a shell."""
    path: HttpPath | None = None
    """A path that is asked for by GET at the pod's port."""
    port: Port | None = None
    """The port of the pod that path is asked at."""

    @model_validator(mode="after")
    def _says_one_way(self) -> "FaultMeans":
        if (self.command is None) == (self.path is None):
            raise ValueError("write either command, or path and port")
        if (self.path is None) != (self.port is None):
            raise ValueError("path and port belong together")
        return self
