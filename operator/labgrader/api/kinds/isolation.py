"""Where an experiment is tried: a field of every check kind that can be tried on a copy."""

from typing import Literal

from labgrader.api.base import Model

Isolation = Literal["InPlace", "Clone"]


class Isolated(Model):
    """An experiment on the learner's own objects, or on a copy of them."""

    isolation: Isolation = "InPlace"
    """Where it is tried: InPlace on the learner's own objects; Clone on a copy of the workload and
    what belongs to it, in a namespace of the grader's that is removed again."""
