"""Params of ``logs``: what a workload's containers have written."""

from typing import Annotated

from pydantic import Field, model_validator

from labgrader.api.base import Count, LabelName, Model, ObjectRef

Pattern = Annotated[str, Field(min_length=1, max_length=1024)]


class Logs(Model):
    """The logs have the lines that they must have, and none that they must not.

    Learners write their own logs: a line proves only that somebody let it be printed.
    """

    object: ObjectRef
    """A Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob or Pod."""
    container: LabelName | None = None
    """The container whose log is read; all that run beside each other where it is left out."""
    include: Pattern | None = None
    """An RE2 pattern that must be found in at least count.min lines."""
    count: Count = Count()
    """How many lines must fit include, in all pods together."""
    exclude: Pattern | None = None
    """An RE2 pattern that no line may fit. There must be lines."""
    previous: bool = False
    """Whether to read the run before the last restart instead of the present one."""
    lines: Annotated[int, Field(ge=1, le=1000)] = 200
    """How many of its last lines are read of each log."""

    @model_validator(mode="after")
    def _asks_something(self) -> "Logs":
        if self.include is None and self.exclude is None:
            raise ValueError("say which lines the logs must include, or exclude, or both")
        return self
