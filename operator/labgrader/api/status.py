"""What has come of submissions and checks, and how large a status may grow.

Read by everything that reports, and by ``status_fields``, of which the CRDs are made.
"""

from enum import StrEnum

MAX_TASK_BYTES = 16 * 1024
MAX_MESSAGE = 4096
MAX_LIVE_MESSAGE = 1024
MAX_PARAM = 1024
MAX_PARAMS = 20
MAX_CAUSES = 10
MAX_HISTORY = 50
MAX_PROBLEMS = 20


class Result(StrEnum):
    """What has come of the submission, for people and columns; derived from the conditions."""

    PENDING = "Pending"
    GRADING = "Grading"
    PASSED = "Passed"
    FAILED = "Failed"
    INCONCLUSIVE = "Inconclusive"
    STALLED = "Stalled"


class Outcome(StrEnum):
    """What came of a check."""

    PASSED = "Passed"
    """All of its points."""
    FAILED = "Failed"
    """From no point to one short of all."""
    ERROR = "Error"
    """The check or the exercise is broken."""
    UNKNOWN = "Unknown"
    """It could not be looked at."""
    SKIPPED = "Skipped"
    """A check that it needs did not pass."""


class EvidenceState(StrEnum):
    """Where evidence is."""

    KEPT = "Kept"
    """In the store, under its ref."""
    PENDING = "Pending"
    """It waits for the store, which is away or full, and will be delivered."""
    LOST = "Lost"
    """It could not be kept. The score stands; it cannot be judged again."""
