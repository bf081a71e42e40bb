"""What makes a check's params unusable, found before anything is graded.

Made by the ``problems`` functions of check modules, gathered by ``grading.plan`` into the
LabExercise's conditions.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """``reason`` is a Reason of the LabExercise's conditions; ``text`` names what is wrong."""

    reason: str
    text: str
